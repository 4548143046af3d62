//! Bills the next cycle of a subscription at its start, once; or ends it, where that was agreed.

use super::{BilledCycle, Cycle, Facts, State, Status, StatusStep, SubscriptionRefusal, invoice};
use crate::calendar::CalendarError;
use crate::decision::{Change, Decision, Draft, EventKind, Job, JobKind, Outcome};
use crate::document::lines;
use crate::ids::{DocumentId, JobId, SubscriptionId};
use crate::licence::grant::{Given, give};
use crate::licence::{Origin, Placement};
use crate::moment::Moment;
use crate::product_group::{self, Charge};
use crate::quote::Quote;
use crate::termination::{TerminationSource, end_with_it, overtake};
use jiff::Timestamp;
use jiff::civil::Date;

/// Bill what begins with the end of the cycle that was billed last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillCycle {
    /// Which subscription.
    pub subscription: SubscriptionId,
    /// The due work that asks for it.
    pub job: JobId,
}

/// Invoices the cycle, gives the plan for its days, and plans the next one. What can't be billed,
/// because the seller has no price for it, is held for a day and tried again.
///
/// # Errors
/// [`SubscriptionRefusal::NotItsTurn`] before the cycle begins, or before a change that is due
/// earlier was done.
pub fn decide(
    command: &BillCycle,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, SubscriptionRefusal> {
    let first = facts.state.billed_until;
    let starts_at = facts.agreement.midnight(first)?;
    let is_due = facts.state.job == Some(command.job) && starts_at <= moment.now;
    if !is_due || waits(facts, starts_at) {
        return Err(SubscriptionRefusal::NotItsTurn);
    }
    let mut draft = Draft::new(moment);
    draft.push(Change::JobDone(command.job));
    if facts.is_over(first) {
        return end(draft, facts);
    }
    let cycle = facts.agreement.cycle_on(first)?;
    match charges(facts, &cycle, (first, starts_at)) {
        Ok(charged) => {
            let billed = Billed { first, last: cycle.part.to, starts_at };
            let state = bill(&mut draft, facts, &charged, billed)?;
            draft.push(Change::SubscriptionSet(facts.agreement.subscription.id, state));
            Ok(draft.done(outcome(facts, None)))
        }
        Err(refusal) => hold(draft, facts, &refusal),
    }
}

/// Whether something has to be done before the cycle that begins at an instant is billed.
fn waits(facts: &Facts<'_>, starts_at: Timestamp) -> bool {
    let mut changes = facts.changes.iter().filter(|it| it.is_scheduled());
    let mut ends = facts.terminations.iter().filter(|it| it.is_scheduled());
    if crate::planted::is("cycle-before-its-change") {
        return false;
    }
    changes.any(|change| change.state.due_at <= starts_at)
        || ends.any(|end| end.termination.scheduled_at <= starts_at)
}

/// What a cycle is charged.
#[derive(Debug)]
pub(super) struct Charged<'a> {
    /// For the plan.
    pub(super) plan: Quote,
    /// For what was added to it.
    pub(super) groups: Vec<Charge<'a>>,
}

/// What the cycle of a first day is charged: the plan, and what was added.
fn charges<'a>(
    facts: &Facts<'a>,
    cycle: &Cycle,
    (first, starts_at): (Date, Timestamp),
) -> Result<Charged<'a>, SubscriptionRefusal> {
    let placed = (cycle, Placement::Behind);
    let plan = facts.quote(facts.state.plan, placed, facts.holding, starts_at)?;
    let groups = product_group::charges(facts, cycle, (first, starts_at))?;
    Ok(Charged { plan, groups })
}

/// Which days are billed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Billed {
    /// The first.
    pub(super) first: Date,
    /// The first that isn't.
    pub(super) last: Date,
    /// The instant from which they are given.
    pub(super) starts_at: Timestamp,
}

/// Invoices a cycle, gives the plan for its days and plans the next one.
pub(super) fn bill(
    draft: &mut Draft,
    facts: &Facts<'_>,
    charged: &Charged<'_>,
    days: Billed,
) -> Result<State, SubscriptionRefusal> {
    let id = facts.agreement.subscription.id;
    let mut own = lines(&charged.plan, facts.seller, &facts.customer().profile.language)?;
    for charge in &charged.groups {
        own.extend(charge.lines(facts)?);
    }
    // What is quoted has a line of its own.
    let invoice = invoice(draft, facts, own)?.ok_or(CalendarError::OutOfRange)?;
    let seq = facts.state.cycle.saturating_add(1);
    let cycle = BilledCycle { seq, starts_on: days.first, ends_on: days.last, invoice };
    draft.push(Change::CycleBilled(id, cycle));
    provide(draft, facts, &charged.plan, (invoice, days.starts_at))?;
    for (position, charge) in (2..).zip(&charged.groups) {
        product_group::provide(draft, facts, charge, (invoice, position), days.starts_at)?;
        product_group::billed(draft, charge.group, days.last);
    }
    let due_at = facts.agreement.midnight(days.last)?;
    let job = plan(draft, id, due_at);
    Ok(State {
        cycle: seq,
        billed_until: days.last,
        job: Some(job),
        updated_at: draft.moment.now,
        ..facts.state.clone()
    })
}

/// Gives what was quoted, from an instant on.
pub(crate) fn provide(
    draft: &mut Draft,
    facts: &Facts<'_>,
    quote: &Quote,
    (document, at): (DocumentId, Timestamp),
) -> Result<(), CalendarError> {
    let given = Given {
        customer: facts.customer().id,
        zone: &facts.agreement.zone,
        at,
        product: quote.order.product,
        plan: quote.order.plan,
        quantity: quote.order.quantity,
        term: quote.lay.term,
        placement: quote.lay.placement,
        origin: Origin::Billed { document, position: 1 },
    };
    give(draft, given, facts.holding).map(drop)
}

fn plan(draft: &mut Draft, subscription: SubscriptionId, due_at: Timestamp) -> JobId {
    let id = JobId(draft.ids.fresh());
    draft.push(Change::JobScheduled(Job { id, kind: JobKind::BillCycle(subscription), due_at }));
    id
}

/// Tries again on the next day of the subscription's wall.
fn hold(
    mut draft: Draft,
    facts: &Facts<'_>,
    refusal: &SubscriptionRefusal,
) -> Result<Decision, SubscriptionRefusal> {
    let id = facts.agreement.subscription.id;
    let today = facts.agreement.day(draft.moment.now)?;
    let tomorrow = today.tomorrow().map_err(|_| CalendarError::OutOfRange)?;
    let due_at = facts.agreement.midnight(tomorrow)?;
    let job = Some(plan(&mut draft, id, due_at));
    let state = State { job, updated_at: draft.moment.now, ..facts.state.clone() };
    draft.push(Change::SubscriptionSet(id, state));
    draft.event(EventKind::BillingHeld, id.0);
    Ok(draft.done(outcome(facts, Some(refusal.to_string()))))
}

/// Ends the subscription, and what was added to it: what changes charged and credited is still
/// billed.
fn end(mut draft: Draft, facts: &Facts<'_>) -> Result<Decision, SubscriptionRefusal> {
    let id = facts.agreement.subscription.id;
    // However late the work is done, it ended when its last day began.
    let at = facts.agreement.midnight(facts.state.billed_until)?;
    invoice(&mut draft, facts, Vec::new())?;
    for group in facts.groups.iter().filter(|group| group.is_active()) {
        end_with_it(&mut draft, group, TerminationSource::CustomerExpiration, at);
    }
    for view in facts.terminations.iter().filter(|view| view.is_scheduled()) {
        overtake(&mut draft, view);
    }
    let steps = facts.state.steps.saturating_add(1);
    let (from, to) = (Some(facts.state.status), Status::Ended);
    let reason = facts.state.end_reason.clone();
    draft.push(Change::SubscriptionStepped(id, StatusStep { seq: steps, from, to, reason, at }));
    let state =
        State { status: to, job: None, steps, updated_at: draft.moment.now, ..facts.state.clone() };
    draft.push(Change::SubscriptionSet(id, state));
    draft.event(EventKind::SubscriptionEnded, id.0);
    Ok(draft.done(outcome(facts, None)))
}

fn outcome(facts: &Facts<'_>, held: Option<String>) -> Outcome {
    Outcome::Cycle { subscription: facts.agreement.subscription.id, held }
}
