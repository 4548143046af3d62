//! The rows of what a seller measures changes by: the policy of a version, whole.

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{Immutable, Query};
use abono_domain::exact::Exact;
use abono_domain::ids::TenantId;
use abono_domain::risk::{Measure, RiskPolicy, Rule, Verdict};

statements! {
    SELLER_RISK = "select valid_days, service_fallback from risk_policy
        where tenant_id = $1 and since <= $2 order by since desc limit 1", [Uuid, Int]
        => [Int, Text];
    SELLER_RISK_RULES = "select r.code, r.measure, r.days, r.review, r.rejected from risk_rule r
        where r.tenant_id = $1 and r.since = (select cast(max(p.since) as bigint)
          from risk_policy p where p.tenant_id = $1 and p.since <= $2)
        order by r.place", [Uuid, Int] => [Text, Text, Int, Text, Text];
    RISK_WRITE = "insert into risk_policy (tenant_id, since, valid_days, service_fallback)
        values ($1, $2, $3, $4)", [Uuid, Int, Int, Text] => [];
    RISK_RULE_WRITE = "insert into risk_rule (tenant_id, since, place, code, measure, days, review,
          rejected)
        values ($1, $2, $3, $4, $5, $6, $7, $8)",
        [Uuid, Int, Int, Text, Text, Int, Text, Text] => [];
}

/// The policy as of a version.
pub(super) fn policy(tenant: TenantId, version: i64) -> Query<RiskPolicy, Immutable> {
    let head = Query::maybe(bind!(SELLER_RISK, tenant, version), |mut row: Row| {
        let days = row.maybe_int()?;
        let fallback = row.maybe_text()?.map(|word| Verdict::parse(&word));
        Ok((days, fallback.map(|it| it.ok_or_else(|| row.wrong())).transpose()?))
    });
    let rules = Query::rows(bind!(SELLER_RISK_RULES, tenant, version), rule);
    head.and(rules).map(|(head, rules)| {
        let (valid_days, service_fallback) = head.unwrap_or_default();
        Ok(RiskPolicy { rules, valid_days, service_fallback })
    })
}

fn rule(mut row: Row) -> Result<Rule, StoreError> {
    Ok(Rule {
        code: row.text()?,
        measure: row.read(Measure::parse)?,
        days: row.int()?,
        review: row.maybe_exact()?,
        rejected: row.maybe_exact()?,
    })
}

pub(super) fn rows(tenant: TenantId, since: i64, policy: &RiskPolicy) -> Vec<Bound> {
    let fallback = policy.service_fallback.map(|it| it.as_str().to_owned());
    let text = |limit: Option<Exact>| limit.map(|it| it.to_string());
    let mut rows = vec![bind!(RISK_WRITE, tenant, since, policy.valid_days, fallback)];
    rows.extend((1_i64..).zip(&policy.rules).map(|(place, rule)| {
        let (code, measure, days) = (rule.code.as_str(), rule.measure.as_str(), rule.days);
        let (review, rejected) = (text(rule.review), text(rule.rejected));
        bind!(RISK_RULE_WRITE, tenant, since, place, code, measure, days, review, rejected)
    }));
    rows
}
