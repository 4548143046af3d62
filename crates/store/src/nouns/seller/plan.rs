//! The rows of a plan: itself, with its terms, and what comes with it.

use super::Row4;
use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{Immutable, Query};
use abono_domain::calendar::Trial;
use abono_domain::catalogue::{
    Article, Billing, ChangeMode, CommitmentTerms, CreditTerms, Plan, PlanKind, PlanTerms,
};
use abono_domain::ids::{PlanId, ProductId, TenantId};
use abono_domain::language::Names;
use abono_domain::money::Money;
use abono_domain::proration::{Behaviour, DayCount};

statements! {
    SELLER_PLANS = "select product_id, id, since, place, code, archived, billing, trial_unit,
          trial_length, change_mode, credit, day_count, number, changes_limited, commitment_months,
          commitment_penalty, commitment_currency, notice_days, kind, article, external_id
        from plan where tenant_id = $1 and since <= $2 order by product_id, since, place",
        [Uuid, Int]
        => [Uuid, Uuid, Int, Int, Text, Bool, Text, Text, Int, Text, Text, Text, Int, Bool, Int,
            Int, Text, Int, Text, Text, Text];
    SELLER_PLAN_INCLUDES = "select plan_id, since, article from plan_include
        where tenant_id = $1 and since <= $2 order by plan_id, since, place", [Uuid, Int]
        => [Uuid, Int, Text];
    PLAN_WRITE = "insert into plan (tenant_id, product_id, id, since, place, code, archived,
          billing, trial_unit, trial_length, change_mode, credit, day_count, number,
          changes_limited, commitment_months, commitment_penalty, commitment_currency,
          notice_days, kind, article, external_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
          $19, $20, $21, $22)",
        [Uuid, Uuid, Uuid, Int, Int, Text, Bool, Text, Text, Int, Text, Text, Text, Int, Bool, Int,
         Int, Text, Int, Text, Text, Text] => [];
    PLAN_INCLUDE_WRITE = "insert into plan_include (tenant_id, plan_id, since, place, article)
        values ($1, $2, $3, $4, $5)", [Uuid, Uuid, Int, Int, Text] => [];
}

/// The plans of products up to a version, without names, features, rules, what they include, and
/// prices.
pub(super) fn of_products(tenant: TenantId, version: i64) -> Query<Vec<Row4<Plan>>, Immutable> {
    Query::rows(bind!(SELLER_PLANS, tenant, version), read)
}

/// What comes with plans up to a version, in the order in which it was written.
pub(super) fn includes(tenant: TenantId, version: i64) -> Query<Vec<Row4<String>>, Immutable> {
    Query::rows(bind!(SELLER_PLAN_INCLUDES, tenant, version), |mut row: Row| {
        let (owner, since) = (row.uuid()?, row.int()?);
        Ok(Row4 { owner, since, place: 0, thing: row.text()? })
    })
}

fn read(mut row: Row) -> Result<Row4<Plan>, StoreError> {
    let owner = row.uuid()?;
    let id = PlanId(row.uuid()?);
    let (since, place, code, archived) = (row.int()?, row.int()?, row.text()?, row.bool()?);
    let terms = terms(&mut row)?;
    let number = row.int()?;
    let terms = bound(&mut row, terms)?;
    let article = Article {
        kind: row.read(PlanKind::parse)?,
        number: row.maybe_text()?,
        external_id: row.maybe_text()?,
    };
    let (features, prices) = (Vec::new(), Vec::new());
    let names = Names::default();
    let thing = Plan { id, number, code, archived, names, article, features, terms, prices };
    Ok(Row4 { owner, since, place, thing })
}

fn terms(row: &mut Row) -> Result<PlanTerms, StoreError> {
    let billing = row.read(Billing::parse)?;
    let (unit, length) = (row.maybe_text()?, row.maybe_int()?);
    let length = length.map(|it| u32::try_from(it).map_err(|_| row.wrong())).transpose()?;
    let trial = match (unit.as_deref(), length) {
        (None, None) => None,
        (Some("days"), Some(days)) => Some(Trial::Days(days)),
        (Some("months"), Some(months)) => Some(Trial::Months(months)),
        _ => return Err(row.wrong()),
    };
    let change = row.read(ChangeMode::parse)?;
    let (behaviour, day_count) = (row.read(Behaviour::parse)?, row.read(DayCount::parse)?);
    let credit = CreditTerms { behaviour, day_count };
    Ok(PlanTerms { billing, trial, change, credit, ..PlanTerms::default() })
}

/// The terms, with whether their changes are limited, what they bind to, and the notice.
fn bound(row: &mut Row, terms: PlanTerms) -> Result<PlanTerms, StoreError> {
    let changes_to = row.bool()?.then(Vec::new);
    let (months, minor, currency) = (row.maybe_int()?, row.maybe_int()?, row.maybe_text()?);
    let commitment = match (months, minor, currency) {
        (None, None, None) => None,
        (Some(months), Some(minor), Some(currency)) => {
            let currency = currency.parse().map_err(|_| row.wrong())?;
            Some(CommitmentTerms { months, penalty: Money::new(minor, currency) })
        }
        _ => return Err(row.wrong()),
    };
    Ok(PlanTerms { changes_to, commitment, notice_days: row.int()?, ..terms })
}

/// The rows of a plan and of what comes with it.
pub(super) fn rows(
    tenant: TenantId,
    product: ProductId,
    since: i64,
    place: i64,
    plan: &Plan,
) -> Vec<Bound> {
    let mut rows = vec![row(tenant, product, since, place, plan)];
    rows.extend((1_i64..).zip(&plan.terms.includes).map(|(place, article)| {
        bind!(PLAN_INCLUDE_WRITE, tenant, plan.id, since, place, article.as_str())
    }));
    rows
}

fn row(tenant: TenantId, product: ProductId, since: i64, place: i64, plan: &Plan) -> Bound {
    let (terms, article) = (&plan.terms, &plan.article);
    let (unit, length) = match terms.trial {
        None => (None, None),
        Some(Trial::Days(days)) => (Some("days".to_owned()), Some(i64::from(days))),
        Some(Trial::Months(months)) => (Some("months".to_owned()), Some(i64::from(months))),
    };
    bind!(
        PLAN_WRITE,
        tenant,
        product,
        plan.id,
        since,
        place,
        plan.code.as_str(),
        plan.archived,
        terms.billing.as_str(),
        unit,
        length,
        terms.change.as_str(),
        terms.credit.behaviour.as_str(),
        terms.credit.day_count.as_str(),
        plan.number,
        terms.changes_to.is_some(),
        terms.commitment.map(|it| it.months),
        terms.commitment.map(|it| it.penalty.minor),
        terms.commitment.map(|it| it.penalty.currency),
        terms.notice_days,
        article.kind.as_str(),
        article.number.clone(),
        article.external_id.clone(),
    )
}
