//! Claims money that is to go back before the provider is called, so that two nodes don't ask at
//! once.

use super::refund::{ProviderRefundStatus, ProviderRefundView};
use super::{CheckoutRefusal, KEY_LIVES, storable};
use crate::decision::{Change, Decision, Draft, Outcome};
use crate::delivery::claim::LEASE;
use crate::ids::ProviderRefundId;
use crate::moment::Moment;
use jiff::{SignedDuration, Timestamp};

/// Claim what is to go back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRefund {
    /// Which.
    pub refund: ProviderRefundId,
    /// Why it can't be asked for here, where it can't: then it is put off.
    pub hindrance: Option<String>,
}

/// How long it is put off where it can't be asked for.
const HINDERED: SignedDuration = SignedDuration::from_mins(10);

/// Claims it. What nobody heard the end of while its key was known is given up: to ask with a key
/// that the provider has forgotten could give the money back twice.
///
/// # Errors
/// [`CheckoutRefusal::NotItsTurn`].
pub fn decide(
    command: &ClaimRefund,
    view: &ProviderRefundView,
    moment: Moment,
) -> Result<Decision, CheckoutRefusal> {
    let mut view = view.clone();
    let state = &mut view.state;
    let is_due = state.next_at.is_some_and(|at| at <= moment.machine);
    if state.status != ProviderRefundStatus::Pending || !is_due {
        return Err(CheckoutRefusal::NotItsTurn);
    }
    state.updated_at = moment.now;
    let mut claimed_until = None;
    if is_forgotten(state.called_at, moment.machine)? {
        state.status = ProviderRefundStatus::Unknown;
        state.next_at = None;
        let trouble = || "nobody heard what came of it".to_owned();
        state.trouble = Some(state.trouble.take().unwrap_or_else(trouble));
    } else if let Some(hindrance) = &command.hindrance {
        state.trouble = Some(storable(hindrance));
        state.next_at = Some(after(moment.machine, HINDERED)?);
    } else {
        claimed_until = Some(after(moment.machine, LEASE)?);
        state.next_at = claimed_until;
        state.called_at = state.called_at.or(Some(moment.machine));
        state.calls = state.calls.saturating_add(1);
    }
    let mut draft = Draft::new(moment);
    draft.push(Change::RefundSet(view.refund.id, view.state.clone()));
    Ok(draft.done(Outcome::ProviderRefund { view: Box::new(view), claimed_until }))
}

fn is_forgotten(called_at: Option<Timestamp>, machine: Timestamp) -> Result<bool, CheckoutRefusal> {
    let until = called_at.map(|at| after(at, KEY_LIVES)).transpose()?;
    Ok(until.is_some_and(|until| machine >= until))
}

fn after(at: Timestamp, time: SignedDuration) -> Result<Timestamp, CheckoutRefusal> {
    at.checked_add(time).map_err(|_| CheckoutRefusal::OutOfRange("the time of the next call"))
}
