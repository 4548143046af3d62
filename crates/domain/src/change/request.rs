//! Asks for another plan: now, at the start of the next cycle, or on a day.

use super::carry_out::{carry_out, open, replace, schedule};
use super::{ChangeRefusal, ChangeState, ChangeStatus, ChangeView, PlanChange, inputs, price};
use crate::catalogue::{Effect, Plan, Product};
use crate::decision::{Decision, Draft, Outcome};
use crate::ids::{ChangeId, PlanId, RiskDecisionId, SubscriptionId};
use crate::moment::Moment;
use crate::quote::Quote;
use crate::risk::{Decider, Opinion, RiskDecision, Verdict, assess, lapses_on};
use crate::subscription::Facts;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

/// How many changes of a subscription may wait at once.
pub const WAITING_MAX: usize = 24;
/// How many years ahead a change can be scheduled.
const YEARS_MAX: i64 = 5;

/// Ask for a change to `plan`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePlan {
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// To which plan.
    pub plan: PlanId,
    /// From which day on; by the seller's rule for the two plans where nothing is said.
    pub on: Option<Date>,
    /// What an outside service says about the risk, where one was asked.
    pub opinion: Option<Opinion>,
}

/// When a change takes effect.
#[derive(Clone, Copy, Debug)]
struct Timing {
    on: Date,
    at: Timestamp,
}

/// Decides about the risk and schedules the change; one whose day is today is done at once, unless
/// something that is due has to be done before it. The same request twice is one change.
///
/// # Errors
/// [`ChangeRefusal`].
pub fn decide(
    command: &ChangePlan,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, ChangeRefusal> {
    let product = facts.seller.catalogue.product(facts.agreement.subscription.product);
    let product = product.ok_or(ChangeRefusal::UnknownPlan)?;
    let to = product.plan(command.plan).ok_or(ChangeRefusal::UnknownPlan)?;
    let timing = timing(command, facts, (product, to), moment.now)?;
    let mut draft = Draft::new(moment);
    if let Some(same) = same(facts, to.id, timing.on) {
        return Ok(draft.done(Outcome::Change { view: Box::new(same.clone()), quote: None }));
    }
    let before = facts.plan_before(timing.on);
    let from = product.plan(before).ok_or(ChangeRefusal::UnknownPlan)?;
    check(facts, (product, from, to), timing)?;
    let quote = price(facts, (before, to.id), timing.at)?;
    let mut view = assessed(&mut draft, command, facts, (before, timing), quote.as_ref())?;
    let is_now = timing.at <= moment.now;
    let quote = match view.state.status {
        ChangeStatus::Scheduled => {
            replace(&mut draft, facts, &view, timing.on);
            if is_now && facts.is_turn(timing.at, &view)? {
                open(&mut draft, &view);
                carry_out(&mut draft, facts, &mut view)?
            } else {
                schedule(&mut draft, &mut view);
                open(&mut draft, &view);
                quote
            }
        }
        ChangeStatus::Review => {
            replace(&mut draft, facts, &view, timing.on);
            open(&mut draft, &view);
            quote
        }
        ChangeStatus::Rejected
        | ChangeStatus::Done
        | ChangeStatus::Withdrawn
        | ChangeStatus::Replaced
        | ChangeStatus::Failed => {
            open(&mut draft, &view);
            quote
        }
    };
    let (view, quote) = (Box::new(view), quote.map(Box::new));
    Ok(draft.done(Outcome::Change { view, quote }))
}

/// The day that is asked for; else, by the rule for the plan in force and the one asked for, today
/// or the start of the next cycle.
fn timing(
    command: &ChangePlan,
    facts: &Facts<'_>,
    (product, to): (&Product, &Plan),
    now: Timestamp,
) -> Result<Timing, ChangeRefusal> {
    let today = facts.agreement.day(now)?;
    let last = today.checked_add(YEARS_MAX.years()).unwrap_or(Date::MAX);
    let effect = || {
        let from = product.plan(facts.state.plan);
        from.and_then(|from| product.effect(from, to)).unwrap_or_default()
    };
    let on = match command.on {
        Some(day) => day,
        // What is in force can only be the same request once more.
        None if to.id == facts.state.plan || effect() == Effect::Immediate => today,
        None => facts.state.billed_until.max(today),
    };
    if on < today {
        return Err(ChangeRefusal::Past(today));
    }
    if on > last {
        return Err(ChangeRefusal::TooFar(last));
    }
    let at = facts.agreement.midnight(on)?.max(now);
    Ok(Timing { on, at })
}

/// The same target on the same day: it waits, or was done today and is still in force.
fn same<'a>(facts: &Facts<'a>, to: PlanId, on: Date) -> Option<&'a ChangeView> {
    let is_same = |view: &&ChangeView| {
        (view.change.to, view.change.effective_on) == (to, on)
            && match view.state.status {
                ChangeStatus::Review | ChangeStatus::Scheduled => true,
                ChangeStatus::Done => facts.state.plan == to,
                ChangeStatus::Withdrawn
                | ChangeStatus::Replaced
                | ChangeStatus::Rejected
                | ChangeStatus::Failed => false,
            }
    };
    facts.changes.iter().rev().find(is_same)
}

fn check(
    facts: &Facts<'_>,
    (product, from, to): (&Product, &Plan, &Plan),
    timing: Timing,
) -> Result<(), ChangeRefusal> {
    if facts.is_over(timing.on) {
        return Err(ChangeRefusal::Ended);
    }
    if from.id == to.id {
        return Err(ChangeRefusal::SamePlan);
    }
    if product.effect(from, to).is_none() {
        return Err(ChangeRefusal::Incompatible);
    }
    if to.archived || product.archived {
        return Err(ChangeRefusal::Withdrawn);
    }
    let open = facts.changes.iter().filter(|view| view.state.status.is_open());
    if open.count() >= WAITING_MAX {
        return Err(ChangeRefusal::TooMany(WAITING_MAX));
    }
    Ok(())
}

/// The change, with what the rules make of it.
fn assessed(
    draft: &mut Draft,
    command: &ChangePlan,
    facts: &Facts<'_>,
    (from, timing): (PlanId, Timing),
    quote: Option<&Quote>,
) -> Result<ChangeView, ChangeRefusal> {
    let now = draft.moment.now;
    let policy = &facts.seller.risk;
    let today = facts.agreement.day(now)?;
    let requested_on = facts.requested_on(None, today)?;
    let inputs = inputs(facts, (from, command.plan), (timing.on, quote), &requested_on, now)?;
    let assessment = assess(policy, (&inputs, &requested_on), command.opinion.as_ref(), today)?;
    let id = ChangeId(draft.ids.fresh());
    let status = match assessment.verdict {
        Verdict::Accepted => ChangeStatus::Scheduled,
        Verdict::Review => ChangeStatus::Review,
        Verdict::Rejected => ChangeStatus::Rejected,
    };
    Ok(ChangeView {
        change: PlanChange {
            id,
            number: 0,
            subscription: command.subscription,
            from,
            to: command.plan,
            effective_on: timing.on,
            requested_at: now,
        },
        state: ChangeState {
            status,
            due_at: timing.at,
            job: None,
            confirmation: None,
            steps: 1,
            updated_at: now,
        },
        reason: None,
        risk: RiskDecision {
            id: RiskDecisionId(draft.ids.fresh()),
            change: id,
            verdict: assessment.verdict,
            by: Decider::Rules,
            note: None,
            decided_at: now,
            lapses_on: lapses_on(policy, today),
            inputs,
            findings: assessment.findings,
        },
    })
}

impl Facts<'_> {
    /// The plan that is in force right before a day, where what is scheduled until then is done.
    pub fn plan_before(&self, day: Date) -> PlanId {
        let mut earlier: Vec<&ChangeView> = self
            .changes
            .iter()
            .filter(|view| view.is_scheduled() && view.change.effective_on < day)
            .collect();
        earlier.sort_by_key(|view| view.turn());
        earlier.last().map_or(self.state.plan, |view| view.change.to)
    }
}
