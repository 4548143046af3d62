//! The rows of what a plan may be changed to.

use super::Row4;
use crate::db::{Bound, Row, bind, statements};
use crate::query::{Immutable, Query};
use abono_domain::catalogue::{Effect, Plan, PlanRule};
use abono_domain::ids::TenantId;

statements! {
    SELLER_PLAN_RULES = "select plan_id, since, to_code, effect from plan_rule
        where tenant_id = $1 and since <= $2 order by plan_id, since, place", [Uuid, Int]
        => [Uuid, Int, Text, Text];
    PLAN_RULE_WRITE = "insert into plan_rule (tenant_id, plan_id, since, place, to_code, effect)
        values ($1, $2, $3, $4, $5, $6)", [Uuid, Uuid, Int, Int, Text, Text] => [];
}

/// The rules of plans up to a version, in the order in which they were written.
pub(super) fn of_plans(tenant: TenantId, version: i64) -> Query<Vec<Row4<PlanRule>>, Immutable> {
    Query::rows(bind!(SELLER_PLAN_RULES, tenant, version), |mut row: Row| {
        let (owner, since) = (row.uuid()?, row.int()?);
        let thing = PlanRule { to: row.text()?, effect: row.read(Effect::parse)? };
        Ok(Row4 { owner, since, place: 0, thing })
    })
}

pub(super) fn rows(tenant: TenantId, since: i64, plan: &Plan) -> impl Iterator<Item = Bound> {
    let rules = plan.terms.changes_to.as_deref().unwrap_or_default();
    (1_i64..).zip(rules).map(move |(place, rule)| {
        let (to, effect) = (rule.to.as_str(), rule.effect.as_str());
        bind!(PLAN_RULE_WRITE, tenant, plan.id, since, place, to, effect)
    })
}
