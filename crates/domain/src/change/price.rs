//! What a change costs: inside a cycle a charge for the days that are left and a credit for what is
//! unused; at the start of a cycle nothing, since that is billed at the new plan.

use crate::ids::PlanId;
use crate::licence::{Holding, Period, Placement, Value};
use crate::quote::Quote;
use crate::subscription::{Cycle, Facts, SubscriptionRefusal, projected};
use jiff::Timestamp;

/// What a change to the plan `to` costs at an instant, where `before` is in force until then.
///
/// Inside the cycle that is billed it is reckoned from what was billed. A later cycle isn't billed
/// yet, nor is a plan that is to come: there from what it will be billed at by the prices of now.
///
/// # Errors
/// Why the plan can't be sold like this.
pub fn price(
    facts: &Facts<'_>,
    (before, to): (PlanId, PlanId),
    at: Timestamp,
) -> Result<Option<Quote>, SubscriptionRefusal> {
    let day = facts.agreement.day(at)?;
    let cycle = facts.agreement.cycle_on(day)?;
    if at == facts.agreement.midnight(cycle.part.from)? {
        return Ok(None);
    }
    let placed = (&cycle, Placement::Within);
    let is_billed = cycle.part.to <= facts.state.billed_until;
    if is_billed && before == facts.state.plan {
        return facts.quote(to, placed, facts.holding, at).map(Some);
    }
    let (period, value) = billed(facts, before, &cycle)?;
    let (periods, values) = ([period], [value]);
    let holding = Holding { laying: 1, periods: &periods, values: &values, ..facts.holding };
    facts.quote(to, placed, holding, at).map(Some)
}

/// What a plan would give and cost in all of a cycle.
fn billed(
    facts: &Facts<'_>,
    plan: PlanId,
    cycle: &Cycle,
) -> Result<(Period, Value), SubscriptionRefusal> {
    let starts_at = facts.agreement.midnight(cycle.part.from)?;
    // As if the cycle was still to be billed.
    let before = |period: &&Period| period.ends_at <= starts_at;
    let periods: Vec<Period> = facts.holding.periods.iter().filter(before).cloned().collect();
    let holding = Holding { periods: &periods, ..facts.holding };
    let quote = facts.quote(plan, (cycle, Placement::Behind), holding, starts_at)?;
    let payer = facts.customer().payer(None).ok_or(SubscriptionRefusal::NoPayer)?;
    projected((facts.seller, facts.agreement), &quote, payer, (cycle, starts_at))
}
