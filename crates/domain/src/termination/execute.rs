//! Carries a termination out whose day has begun.

use super::carry_out::{carry_out, overtake};
use super::{TerminationRefusal, TerminationView};
use crate::decision::{Change, Decision, Draft, EventKind, Outcome};
use crate::ids::{JobId, SubscriptionId, TerminationId};
use crate::moment::Moment;
use crate::product_group::BalanceChange;
use crate::subscription::{Facts, Status};

/// Carry a termination out, for which `job` has fallen due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecuteTermination {
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// Which termination.
    pub termination: TerminationId,
    /// The due work that asks for it.
    pub job: JobId,
}

/// Does it as of its instant, however late that is.
///
/// # Errors
/// [`TerminationRefusal::NotItsTurn`] before its instant, or where a cycle before it isn't billed.
pub fn decide(
    command: &ExecuteTermination,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, TerminationRefusal> {
    let mut view = facts.termination(command.termination)?.clone();
    let at = view.termination.scheduled_at;
    let billed_until = facts.agreement.midnight(facts.state.billed_until)?;
    let is_billed = at <= billed_until || facts.state.status == Status::Ended;
    let is_due = view.is_scheduled() && view.state.job == Some(command.job) && at <= moment.now;
    if !is_due || !is_billed {
        return Err(TerminationRefusal::NotItsTurn);
    }
    let group = facts.group(view.termination.group).ok_or(TerminationRefusal::UnknownGroup)?;
    let mut draft = Draft::new(moment);
    let nothing = BalanceChange::nothing(facts.customer().profile.currency);
    if !group.is_active() {
        overtake(&mut draft, &view);
        return Ok(draft.done(Outcome::Termination { view: Box::new(view), change: nothing }));
    }
    draft.push(Change::JobDone(command.job));
    let change = carry_out(&mut draft, facts, group, &mut view)?;
    draft.push(Change::TerminationSet(view.termination.id, view.state.clone()));
    draft.event(EventKind::TerminationUpdated, view.termination.id.0);
    Ok(draft.done(Outcome::Termination { view: Box::new(view), change }))
}

impl Facts<'_> {
    /// A termination of one of its product groups.
    pub(super) fn termination(
        &self,
        id: TerminationId,
    ) -> Result<&TerminationView, TerminationRefusal> {
        let found = self.terminations.iter().find(|view| view.termination.id == id);
        found.ok_or(TerminationRefusal::Unknown)
    }
}
