//! Carries a change out whose day has begun.

use super::carry_out::carry_out;
use super::{ChangeRefusal, ChangeView};
use crate::decision::{Decision, Draft, Outcome};
use crate::ids::{ChangeId, JobId, SubscriptionId};
use crate::moment::Moment;
use crate::subscription::Facts;

/// Carry `change` out, for which `job` has fallen due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecuteChange {
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// Which change.
    pub change: ChangeId,
    /// The due work that asks for it.
    pub job: JobId,
}

/// Does it as of its instant, however late that is, or ends it with what stands in its way.
///
/// # Errors
/// [`ChangeRefusal::NotItsTurn`] before its instant, or where something before it isn't done.
pub fn decide(
    command: &ExecuteChange,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, ChangeRefusal> {
    let found = facts.changes.iter().find(|view| view.change.id == command.change);
    let mut view: ChangeView = found.ok_or(ChangeRefusal::Unknown)?.clone();
    let at = view.state.due_at;
    let is_due = view.is_scheduled() && view.state.job == Some(command.job) && at <= moment.now;
    if !is_due || !facts.is_turn(at, &view)? {
        return Err(ChangeRefusal::NotItsTurn);
    }
    let mut draft = Draft::new(moment);
    let quote = carry_out(&mut draft, facts, &mut view)?.map(Box::new);
    Ok(draft.done(Outcome::Change { view: Box::new(view), quote }))
}
