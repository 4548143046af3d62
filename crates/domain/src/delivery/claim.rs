//! Claims a delivery before it is sent, so that two nodes don't send it at once.

use super::{DeliveryRefusal, DeliveryStatus, DeliveryView, Facts};
use crate::decision::{Decision, Draft, Outcome};
use crate::ids::DeliveryId;
use crate::moment::Moment;
use jiff::{SignedDuration, Timestamp};

/// Claim a delivery whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimDelivery {
    /// Which.
    pub delivery: DeliveryId,
}

/// How long a claim holds: longer than any call may take, so that a second one begins only where
/// the first has died.
pub const LEASE: SignedDuration = SignedDuration::from_mins(2);

/// What whoever has claimed a delivery needs to send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The end of the claim, machine time.
    pub until: Timestamp,
    /// For a termination: what the other side calls the product group that it takes away.
    pub added_as: Option<String>,
}

/// Claims it. One that waits for another is put aside until that is settled; and one that takes
/// away what was never added there has failed, since the other side has nothing to take away.
///
/// # Errors
/// [`DeliveryRefusal::NotItsTurn`].
pub fn decide(
    command: &ClaimDelivery,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, DeliveryRefusal> {
    let mut view = facts.view.clone();
    let is_due = view.state.next_at.is_some_and(|at| at <= moment.machine);
    if !view.is_pending() || !is_due {
        return Err(DeliveryRefusal::NotItsTurn);
    }
    let state = &mut view.state;
    state.updated_at = moment.now;
    let claimed = if facts.head == Some(command.delivery) {
        match added_as(facts) {
            Ok(added_as) => Some(Claimed { until: lease_from(moment.machine)?, added_as }),
            Err(trouble) => {
                state.status = DeliveryStatus::Failed;
                state.trouble = Some(trouble.to_owned());
                None
            }
        }
    } else {
        None
    };
    state.next_at = claimed.as_ref().map(|claimed| claimed.until);
    let mut draft = Draft::new(moment);
    view.write(&mut draft, facts);
    Ok(draft.done(Outcome::Delivery { view: Box::new(view), claimed }))
}

/// What the other side calls the product group that is to be taken away; nothing for an addition.
fn added_as(facts: &Facts<'_>) -> Result<Option<String>, &'static str> {
    if facts.view.delivery.order.is_addition() {
        return Ok(None);
    }
    let addition: &DeliveryView =
        facts.addition.ok_or("what it terminates was never sent to the billing system behind")?;
    let missing = "the billing system behind gave no id for what it terminates";
    match addition.state.status {
        DeliveryStatus::Delivered => addition.state.external_id.clone().ok_or(missing).map(Some),
        DeliveryStatus::Failed | DeliveryStatus::Pending => {
            Err("what it terminates was not delivered: send that again first, then this")
        }
    }
}

fn lease_from(machine: Timestamp) -> Result<Timestamp, DeliveryRefusal> {
    machine.checked_add(LEASE).map_err(|_| DeliveryRefusal::OutOfRange("the end of the claim"))
}
