//! On which instant a termination takes effect: after the notice, and not before what binds is
//! over.

use super::request::TerminateProduct;
use super::{TerminationRefusal, TerminationType};
use crate::calendar::CalendarError;
use crate::licence::Placement;
use crate::product_group::{Group, charges};
use crate::subscription::{Agreement, Facts, Status, SubscriptionRefusal};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

/// The rule by which the day is found, and the instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timing {
    pub(super) kind: TerminationType,
    pub(super) at: Timestamp,
}

/// When a product group ends that is terminated at `now`: at the instant at which it ended
/// elsewhere; else by a rule, or, where none is said, at once if it is free, else on the day on
/// which it is.
///
/// # Errors
/// [`TerminationRefusal::Bound`], for one that is to end at once and isn't free;
/// [`TerminationRefusal::NotItsTurn`], where what is due has to be billed first.
pub(super) fn timing(
    facts: &Facts<'_>,
    group: &Group,
    command: &TerminateProduct,
    now: Timestamp,
) -> Result<Timing, TerminationRefusal> {
    let timing = match command.ended_at {
        Some(at) => Timing { kind: TerminationType::Immediately, at },
        None => by_rule(facts, group, command.kind, now)?,
    };
    let billed_until = facts.agreement.midnight(facts.state.billed_until)?;
    if timing.at > now || now < billed_until || facts.state.status == Status::Ended {
        return Ok(timing);
    }
    // What is due is billed first, and credited then. Where it can't be billed, it ended before.
    if is_billable(facts, billed_until)? {
        return Err(TerminationRefusal::NotItsTurn);
    }
    Ok(Timing { at: timing.at.min(billed_until), ..timing })
}

/// Whether the cycle that is due can be priced, so that the worker is about to bill it.
fn is_billable(facts: &Facts<'_>, at: Timestamp) -> Result<bool, SubscriptionRefusal> {
    let first = facts.state.billed_until;
    let cycle = facts.agreement.cycle_on(first)?;
    let placed = (&cycle, Placement::Behind);
    let plan = facts.quote(facts.state.plan, placed, facts.holding, at).map(drop);
    let priced = plan.and_then(|()| charges(facts, &cycle, (first, at)).map(drop));
    match priced {
        Ok(()) => Ok(true),
        Err(SubscriptionRefusal::Quote(_)) => Ok(false),
        Err(refusal) => Err(refusal),
    }
}

fn by_rule(
    facts: &Facts<'_>,
    group: &Group,
    wanted: Option<TerminationType>,
    now: Timestamp,
) -> Result<Timing, TerminationRefusal> {
    use TerminationType::{AtBindingPeriodEnd, AtSubscriptionBillingPeriodEnd, Immediately};
    let agreement = facts.agreement;
    let today = agreement.day(now)?;
    let free_on = free_on(facts, group, today)?;
    let is_free = free_on <= today;
    let at = |kind, day| Ok(Timing { kind, at: agreement.midnight(day)? });
    match wanted {
        None | Some(Immediately) if is_free => Ok(Timing { kind: Immediately, at: now }),
        Some(Immediately) => Err(TerminationRefusal::Bound(free_on)),
        Some(AtBindingPeriodEnd) if is_free => {
            at(AtBindingPeriodEnd, cycle_end(agreement, today, today)?)
        }
        None | Some(AtBindingPeriodEnd) => at(AtBindingPeriodEnd, free_on),
        Some(AtSubscriptionBillingPeriodEnd) => {
            at(AtSubscriptionBillingPeriodEnd, cycle_end(agreement, free_on.max(today), today)?)
        }
    }
}

/// The first day on which nothing binds it any more, and the notice is over.
fn free_on(facts: &Facts<'_>, group: &Group, today: Date) -> Result<Date, CalendarError> {
    let product = facts.seller.catalogue.product(group.group.subscription.product);
    let plan = product.and_then(|product| product.plan(group.group.plan));
    let notice = plan.map_or(0, |plan| plan.terms.notice_days);
    let noticed = today.checked_add(notice.days()).map_err(|_| CalendarError::OutOfRange)?;
    let bound = group.commitments.iter().map(|it| it.ends_on);
    Ok(bound.fold(noticed, Date::max))
}

/// The first end of a cycle after today that isn't before a day.
fn cycle_end(agreement: &Agreement, day: Date, today: Date) -> Result<Date, CalendarError> {
    let cycle = agreement.cycle_on(day)?;
    // A cycle that begins on a later day ends the one before; that of today has yet to end.
    Ok(if day > today && cycle.part.from == day { day } else { cycle.part.to })
}
