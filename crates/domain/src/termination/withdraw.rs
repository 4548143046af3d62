//! Takes a termination back before its day.

use super::carry_out::close;
use super::{TerminationRefusal, TerminationStatus};
use crate::decision::{Decision, Draft, Outcome};
use crate::ids::{SubscriptionId, TerminationId};
use crate::moment::Moment;
use crate::product_group::BalanceChange;
use crate::subscription::Facts;

/// Withdraw a termination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithdrawTermination {
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// Which termination.
    pub termination: TerminationId,
}

/// Withdraws a termination that waits for its day: the product group goes on.
///
/// # Errors
/// [`TerminationRefusal::NotOpen`], also for one that was withdrawn before, or whose day has come.
pub fn decide(
    command: &WithdrawTermination,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, TerminationRefusal> {
    let mut view = facts.termination(command.termination)?.clone();
    if !view.is_scheduled() || view.termination.scheduled_at <= moment.now {
        return Err(TerminationRefusal::NotOpen);
    }
    let mut draft = Draft::new(moment);
    view.state = close(&mut draft, &view, TerminationStatus::Withdrawn);
    let change = BalanceChange::nothing(facts.customer().profile.currency);
    Ok(draft.done(Outcome::Termination { view: Box::new(view), change }))
}
