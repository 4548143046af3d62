//! Decides about a change that the rules have put to somebody.

use super::carry_out::{carry_out, replace, schedule, step};
use super::withdraw::check_text;
use super::{ChangeRefusal, ChangeStatus, ChangeView};
use crate::decision::{Change, Decision, Draft, EventKind, Outcome};
use crate::ids::{ChangeId, RiskDecisionId, SubscriptionId};
use crate::moment::Moment;
use crate::risk::{Decider, RiskDecision, Verdict, lapses_on};
use crate::subscription::Facts;

/// Approve a change, or reject it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecideRisk {
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// Which change.
    pub change: ChangeId,
    /// Whether it may be done.
    pub approve: bool,
    /// Who decides.
    pub by: String,
    /// Why, for those who read the log later.
    pub note: Option<String>,
}

/// Keeps the decision beside the one of the rules, with what was found then. What is approved is
/// scheduled for its day, in the place of what is scheduled for that day already; it is done at
/// once where the day is over.
///
/// # Errors
/// [`ChangeRefusal::NotInReview`].
pub fn decide(
    command: &DecideRisk,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, ChangeRefusal> {
    check_text("the name of who decides", Some(&command.by))?;
    check_text("the note", command.note.as_ref())?;
    let found = facts.changes.iter().find(|view| view.change.id == command.change);
    let mut view: ChangeView = found.ok_or(ChangeRefusal::Unknown)?.clone();
    if view.state.status != ChangeStatus::Review {
        return Err(ChangeRefusal::NotInReview);
    }
    let mut draft = Draft::new(moment);
    let today = facts.agreement.day(moment.now)?;
    view.risk = RiskDecision {
        id: RiskDecisionId(draft.ids.fresh()),
        verdict: if command.approve { Verdict::Accepted } else { Verdict::Rejected },
        by: Decider::Operator(command.by.clone()),
        note: command.note.clone(),
        decided_at: moment.now,
        lapses_on: lapses_on(&facts.seller.risk, today),
        ..view.risk.clone()
    };
    draft.push(Change::RiskDecided(Box::new(view.risk.clone())));
    draft.event(EventKind::RiskDecided, view.change.id.0);
    if !command.approve {
        step(&mut draft, &mut view, ChangeStatus::Rejected, command.note.clone());
        return Ok(draft.done(Outcome::Change { view: Box::new(view), quote: None }));
    }
    let is_past = view.state.due_at <= moment.now;
    view.state.due_at = view.state.due_at.max(moment.now);
    let is_turn = is_past && facts.is_turn(view.state.due_at, &view)?;
    if !is_turn {
        schedule(&mut draft, &mut view);
    }
    step(&mut draft, &mut view, ChangeStatus::Scheduled, command.note.clone());
    let day = view.change.effective_on;
    replace(&mut draft, facts, &view, day);
    let quote = if is_turn { carry_out(&mut draft, facts, &mut view)? } else { None };
    Ok(draft.done(Outcome::Change { view: Box::new(view), quote: quote.map(Box::new) }))
}
