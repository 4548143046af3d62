//! Carries a change out, or ends it with what stands in its way; and the steps of its status.

use super::{
    ChangeRefusal, ChangeState, ChangeStatus, ChangeStep, ChangeView, Obstacle, inputs, price,
};
use crate::decision::{Change, Draft, EventKind, Job, JobKind};
use crate::ids::{JobId, PlanId, RiskDecisionId};
use crate::product_group::include;
use crate::quote::Quote;
use crate::risk::{Decider, RiskDecision, Verdict, assess, lapses_on};
use crate::subscription::bill::provide;
use crate::subscription::start::commit;
use crate::subscription::{Facts, State, Status, SubscriptionRefusal, confirm};
use jiff::Timestamp;
use jiff::civil::Date;

impl Facts<'_> {
    /// Whether nothing has to be done before a change that takes effect at an instant: the cycles
    /// that began before it are billed, and no other change comes first.
    pub(super) fn is_turn(&self, at: Timestamp, of: &ChangeView) -> Result<bool, ChangeRefusal> {
        let mut others = self.changes.iter().filter(|it| it.is_scheduled());
        let is_first = !others.any(|other| {
            other.change.id != of.change.id && other.turn() < of.turn() && other.state.due_at <= at
        });
        // What takes effect with a cycle comes before its bill; where none will come, at its time.
        let billed_until = self.agreement.midnight(self.state.billed_until)?;
        let is_billed = at <= billed_until || self.state.status == Status::Ended;
        Ok(is_first && is_billed)
    }
}

/// Carries a change out at the instant at which it is due, or ends it; gives what it charges and
/// credits.
pub(super) fn carry_out(
    draft: &mut Draft,
    facts: &Facts<'_>,
    view: &mut ChangeView,
) -> Result<Option<Quote>, ChangeRefusal> {
    match possible(draft, facts, view)? {
        Err(obstacle) => {
            step(draft, view, ChangeStatus::Failed, Some(obstacle.as_str().to_owned()));
            Ok(None)
        }
        Ok(quote) => {
            apply(draft, facts, view, quote.as_ref())?;
            Ok(quote)
        }
    }
}

/// What it charges and credits, or what stands in its way.
fn possible(
    draft: &mut Draft,
    facts: &Facts<'_>,
    view: &mut ChangeView,
) -> Result<Result<Option<Quote>, Obstacle>, ChangeRefusal> {
    let (at, change) = (view.state.due_at, &view.change);
    let day = facts.agreement.day(at)?;
    if facts.is_over(day) {
        return Ok(Err(Obstacle::SubscriptionEnded));
    }
    let product = facts.seller.catalogue.product(facts.agreement.subscription.product);
    let plans = product.and_then(|it| Some((it, it.plan(facts.state.plan)?, it.plan(change.to)?)));
    let Some((product, from, to)) = plans else { return Ok(Err(Obstacle::PlanWithdrawn)) };
    if to.archived || product.archived {
        return Ok(Err(Obstacle::PlanWithdrawn));
    }
    if product.effect(from, to).is_none() {
        return Ok(Err(Obstacle::PlanIncompatible));
    }
    let plans = (from.id, to.id);
    let quote = match price(facts, plans, at) {
        Ok(quote) => quote,
        Err(refusal) => return Ok(Err(obstacle(&refusal))),
    };
    // At the start of a cycle there is nothing to quote, but a price there has to be.
    let requested_on = facts.requested_on(Some(change.id), day)?;
    let effect = (day, quote.as_ref());
    let measured = match inputs(facts, plans, effect, &requested_on, draft.moment.now) {
        Ok(measured) => measured,
        Err(ChangeRefusal::Quote(_)) => return Ok(Err(Obstacle::NotSold)),
        Err(refusal) => return Err(refusal),
    };
    if holds(view, day, from.id) {
        return Ok(Ok(quote));
    }
    let assessment = assess(&facts.seller.risk, (&measured, &requested_on), None, day)?;
    let verdict = assessment.verdict;
    view.risk = RiskDecision {
        id: RiskDecisionId(draft.ids.fresh()),
        change: view.change.id,
        verdict,
        by: Decider::Rules,
        note: None,
        decided_at: draft.moment.now,
        lapses_on: lapses_on(&facts.seller.risk, day),
        inputs: measured,
        findings: assessment.findings,
    };
    draft.push(Change::RiskDecided(Box::new(view.risk.clone())));
    let lapsed = verdict != Verdict::Accepted;
    Ok(if lapsed { Err(Obstacle::RiskDecisionLapsed) } else { Ok(quote) })
}

/// Whether what was decided about the risk still holds: not for ever, and what the rules made of a
/// change from one plan says nothing of one from another. Somebody who decided knew the timeline.
fn holds(view: &ChangeView, day: Date, from: PlanId) -> bool {
    let is_same = view.risk.by != Decider::Rules || view.change.from == from;
    is_same && view.risk.lapses_on.is_none_or(|lapses| day < lapses)
}

/// What a plan that can't be priced on its day comes to.
const fn obstacle(refusal: &SubscriptionRefusal) -> Obstacle {
    if let SubscriptionRefusal::Money(_) | SubscriptionRefusal::Calendar(_) = refusal {
        Obstacle::OutOfRange
    } else {
        Obstacle::NotSold
    }
}

/// From now on the plan is in force; inside a cycle for the days that are left of it, at what is
/// quoted.
fn apply(
    draft: &mut Draft,
    facts: &Facts<'_>,
    view: &mut ChangeView,
    quote: Option<&Quote>,
) -> Result<(), ChangeRefusal> {
    let at = view.state.due_at;
    let quoted = quote.map(|quote| {
        let confirmation = confirm(draft, facts, quote)?;
        provide(draft, facts, quote, (confirmation, at))?;
        Ok::<_, SubscriptionRefusal>(confirmation)
    });
    view.state.confirmation = quoted.transpose().map_err(ChangeRefusal::from)?;
    let state = State { plan: view.change.to, updated_at: draft.moment.now, ..facts.state.clone() };
    draft.push(Change::SubscriptionSet(facts.agreement.subscription.id, state));
    let product = facts.seller.catalogue.product(facts.agreement.subscription.product);
    if let Some(plan) = product.and_then(|product| product.plan(view.change.to)) {
        commit(draft, facts.agreement, plan, facts.agreement.day(at)?)?;
        include(draft, (facts.seller, facts.agreement), facts.groups, plan, at);
    }
    step(draft, view, ChangeStatus::Done, None);
    Ok(())
}

/// Writes a change that was just asked for, with its first step and what was decided about it.
pub(super) fn open(draft: &mut Draft, view: &ChangeView) {
    let (id, at) = (view.change.id, draft.moment.now);
    draft.push(Change::ChangeRequested(view.change.clone()));
    draft.push(Change::ChangeOpened(id, view.state.clone()));
    let to = view.state.status;
    draft.push(Change::ChangeStepped(ChangeStep {
        change: id,
        seq: 1,
        from: None,
        to,
        reason: None,
        at,
    }));
    draft.push(Change::RiskDecided(Box::new(view.risk.clone())));
    draft.event(EventKind::ChangeRequested, id.0);
}

/// Moves a change to another status; work that waits for it is done with, unless it is scheduled.
pub(super) fn step(
    draft: &mut Draft,
    view: &mut ChangeView,
    to: ChangeStatus,
    reason: Option<String>,
) {
    let (change, at) = (view.change.id, draft.moment.now);
    let seq = view.state.steps.saturating_add(1);
    let from = Some(view.state.status);
    if to != ChangeStatus::Scheduled
        && let Some(job) = view.state.job
    {
        draft.push(Change::JobDone(job));
        view.state.job = None;
    }
    view.state = ChangeState { status: to, steps: seq, updated_at: at, ..view.state.clone() };
    view.reason.clone_from(&reason);
    draft.push(Change::ChangeStepped(ChangeStep { change, seq, from, to, reason, at }));
    draft.push(Change::ChangeSet(change, view.state.clone()));
    draft.event(EventKind::ChangeUpdated, change.0);
}

/// Plans the work that carries a change out.
pub(super) fn schedule(draft: &mut Draft, view: &mut ChangeView) {
    let id = JobId(draft.ids.fresh());
    let (kind, due_at) = (JobKind::ExecuteChange(view.change.id), view.state.due_at);
    draft.push(Change::JobScheduled(Job { id, kind, due_at }));
    view.state.job = Some(id);
}

/// Of one day only one change waits: the later takes the place of the earlier. One that somebody
/// has yet to look at leaves what is scheduled where it is.
pub(super) fn replace(draft: &mut Draft, facts: &Facts<'_>, by: &ChangeView, day: Date) {
    let gives_way = |other: &&ChangeView| match other.state.status {
        ChangeStatus::Scheduled => by.state.status == ChangeStatus::Scheduled,
        ChangeStatus::Review => true,
        ChangeStatus::Done
        | ChangeStatus::Withdrawn
        | ChangeStatus::Replaced
        | ChangeStatus::Rejected
        | ChangeStatus::Failed => false,
    };
    let others = facts.changes.iter().filter(|other| other.change.id != by.change.id);
    for other in others.filter(|other| other.change.effective_on == day).filter(gives_way) {
        step(draft, &mut other.clone(), ChangeStatus::Replaced, None);
    }
}

/// A failure of the subscription's own rooms, in the words of a change.
impl From<SubscriptionRefusal> for ChangeRefusal {
    fn from(refusal: SubscriptionRefusal) -> Self {
        match refusal {
            SubscriptionRefusal::Quote(refusal) => Self::Quote(refusal),
            SubscriptionRefusal::Money(error) => Self::Money(error),
            SubscriptionRefusal::Calendar(error) => Self::Calendar(error),
            SubscriptionRefusal::Unknown => Self::UnknownSubscription,
            SubscriptionRefusal::Ended => Self::Ended,
            SubscriptionRefusal::UnknownBundle
            | SubscriptionRefusal::OutOfRange { .. }
            | SubscriptionRefusal::BadSaleDay
            | SubscriptionRefusal::BadLine(_)
            | SubscriptionRefusal::BadReason
            | SubscriptionRefusal::NoPayer
            | SubscriptionRefusal::NoIssuer
            | SubscriptionRefusal::NotItsTurn
            | SubscriptionRefusal::Document(_) => Self::NotBillable(refusal.to_string()),
        }
    }
}
