//! The end of a payment request that isn't paid in full: the buyer voids it, or its last day is
//! over.

use super::{DocumentStatus, DocumentView};
use crate::decision::{Draft, EventKind};
use crate::ledger::{Account, Cause, Purse};
use crate::money::{Money, MoneyError};

/// Voids a pending request; money set aside for it becomes credit again.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub(crate) fn void(
    draft: &mut Draft,
    view: &mut DocumentView,
    purse: &mut Purse,
) -> Result<(), MoneyError> {
    let (from, to) = (Account::CustomerAllocated, Account::CustomerCredit);
    let cause = Cause::Release(view.document.id);
    purse.transfer(from, to, view.state.paid, cause, draft.hand())?;
    view.state.paid = Money::zero(view.document.total.currency);
    close(draft, view);
    Ok(())
}

/// Voids a pending request that nothing is set aside for.
pub(crate) fn close(draft: &mut Draft, view: &mut DocumentView) {
    draft.step(view, DocumentStatus::Canceled);
    draft.event(EventKind::PaymentRequestCanceled, view.document.id.0);
}
