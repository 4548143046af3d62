//! What will come back on a day that is still to come: of the cycle that is billed, or of one that
//! isn't yet, by the prices of now.

use super::credit::credited;
use super::{Termination, TerminationRefusal};
use crate::ids::DocumentId;
use crate::licence::{DiscountUse, Holding, Period, Placement, Unused, Value};
use crate::product_group::{Group, quote};
use crate::proration::Behaviour;
use crate::subscription::{Cycle, Facts, SubscriptionRefusal, projected};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

/// What will come back by a termination that waits. What can't be priced won't be billed, and
/// nothing of it will come back.
pub(super) fn foreseen(
    facts: &Facts<'_>,
    group: &Group,
    termination: &Termination,
) -> Result<Vec<Unused>, TerminationRefusal> {
    let own = group.holding(facts.holding);
    // The cycle that ends at that instant counts, not the one that begins.
    let last = termination.scheduled_at.checked_sub(SignedDuration::from_micros(1));
    let last = facts.agreement.day(last.unwrap_or(termination.scheduled_at))?;
    let cycle = facts.agreement.cycle_on(last)?;
    let is_billed = group.state.billed_until.is_none_or(|until| cycle.part.to <= until);
    if is_billed || termination.credit.behaviour == Behaviour::None {
        return Ok(credited(termination, own)?);
    }
    let (period, value) = match to_come(facts, group, &cycle) {
        Ok(to_come) => to_come,
        Err(SubscriptionRefusal::Quote(_)) => return Ok(Vec::new()),
        Err(refusal) => return Err(refusal.into()),
    };
    let (periods, values) = ([period], [value]);
    Ok(credited(termination, Holding { periods: &periods, values: &values, ..own })?)
}

/// What a product group will give and cost in a cycle that isn't billed yet.
fn to_come(
    facts: &Facts<'_>,
    group: &Group,
    cycle: &Cycle,
) -> Result<(Period, Value), SubscriptionRefusal> {
    let starts_at = facts.agreement.midnight(cycle.part.from)?;
    let uses = used_by_then(facts, group, cycle)?;
    let periods = going_on(group, starts_at);
    let own = group.holding(facts.holding);
    let own = Holding { periods: &periods, discounts_used: &uses, ..own };
    let quote = quote(facts.agreement, &group.group, cycle, (facts.parties()?, own), starts_at)?;
    let payer = facts.customer().payer(None).ok_or(SubscriptionRefusal::NoPayer)?;
    let agreement = facts.agreement.of_group(&group.group.subscription);
    projected((facts.seller, &agreement), &quote, payer, (cycle, starts_at))
}

/// The periods of a product group, as if it was billed up to an instant: it keeps its price.
fn going_on(group: &Group, until: Timestamp) -> Vec<Period> {
    let mut periods = group.periods.clone();
    if let Some(last) = periods.last_mut() {
        last.ends_at = last.ends_at.max(until);
    }
    periods
}

/// The discounts that will have been given when a cycle is billed: each cycle before it takes of
/// those that are given for some periods only.
fn used_by_then(
    facts: &Facts<'_>,
    group: &Group,
    cycle: &Cycle,
) -> Result<Vec<DiscountUse>, SubscriptionRefusal> {
    let mut uses = facts.holding.discounts_used.to_vec();
    let mut first = group.state.billed_until.unwrap_or(cycle.part.from);
    let mut invoices: u128 = 0;
    while first < cycle.part.from {
        let between = facts.agreement.cycle_on(first)?;
        let at = facts.agreement.midnight(first)?;
        let periods = going_on(group, at);
        let own = group.holding(facts.holding);
        let own = Holding { periods: &periods, discounts_used: &uses, ..own };
        let added = quote(facts.agreement, &group.group, &between, (facts.parties()?, own), at)?;
        let main = Holding { discounts_used: &uses, ..facts.holding };
        let main = facts.quote(facts.state.plan, (&between, Placement::Behind), main, at)?;
        invoices = invoices.saturating_add(1);
        let document = DocumentId(Uuid::from_u128(invoices));
        let given = main.charge.discounts.into_iter().chain(added.charge.discounts);
        uses.extend(given.map(|it| DiscountUse { code: it.code, document }));
        first = between.part.to;
    }
    Ok(uses)
}
