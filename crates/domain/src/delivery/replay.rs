//! Has a delivery sent again that has failed.

use super::{DeliveryRefusal, DeliveryStatus, Facts};
use crate::decision::{Decision, Draft, Outcome};
use crate::ids::DeliveryId;
use crate::moment::Moment;

/// Send a delivery again that has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayDelivery {
    /// Which.
    pub delivery: DeliveryId,
}

/// Puts it back in its place, as though it had never been sent; under the same id, so that the
/// other side knows it where it has done it after all. What stood in its way is kept until it is
/// settled.
///
/// # Errors
/// [`DeliveryRefusal::NotFailed`].
pub fn decide(
    _: &ReplayDelivery,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, DeliveryRefusal> {
    let mut view = facts.view.clone();
    if view.state.status != DeliveryStatus::Failed {
        return Err(DeliveryRefusal::NotFailed);
    }
    view.state.status = DeliveryStatus::Pending;
    view.state.attempts = 0;
    view.state.next_at = Some(moment.machine);
    view.state.replayed_at = Some(moment.now);
    view.state.updated_at = moment.now;
    let mut draft = Draft::new(moment);
    view.write(&mut draft, facts);
    Ok(draft.done(Outcome::Delivery { view: Box::new(view), claimed: None }))
}
