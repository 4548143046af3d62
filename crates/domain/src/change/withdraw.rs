//! Takes a change back before it is done.

use super::carry_out::step;
use super::{ChangeRefusal, ChangeStatus, ChangeView};
use crate::decision::{Decision, Draft, Outcome};
use crate::ids::{ChangeId, SubscriptionId};
use crate::moment::Moment;
use crate::subscription::Facts;

/// Withdraw a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawChange {
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// Which change.
    pub change: ChangeId,
    /// Why, for those who read the log later.
    pub reason: Option<String>,
}

/// Withdraws any change that waits, for its day or for a decision.
///
/// # Errors
/// [`ChangeRefusal::NotOpen`], also for one that was withdrawn before.
pub fn decide(
    command: &WithdrawChange,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, ChangeRefusal> {
    check_text("the reason", command.reason.as_ref())?;
    let found = facts.changes.iter().find(|view| view.change.id == command.change);
    let mut view: ChangeView = found.ok_or(ChangeRefusal::Unknown)?.clone();
    if !view.state.status.is_open() {
        return Err(ChangeRefusal::NotOpen);
    }
    let mut draft = Draft::new(moment);
    step(&mut draft, &mut view, ChangeStatus::Withdrawn, command.reason.clone());
    Ok(draft.done(Outcome::Change { view: Box::new(view), quote: None }))
}

/// What people write has 1 to 500 characters.
pub(super) fn check_text(what: &'static str, text: Option<&String>) -> Result<(), ChangeRefusal> {
    let is_usable = |text: &String| (1..=500).contains(&text.trim().chars().count());
    if text.is_none_or(is_usable) { Ok(()) } else { Err(ChangeRefusal::BadText(what)) }
}
