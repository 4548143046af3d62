//! The end of a payment request that isn't paid in full: the buyer voids it, or its last day is
//! over.

use super::{Document, DocumentStatus, DocumentView};
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

/// Voids requests for changes of a licence that isn't any more what they would change. `purse` is
/// in the books of `of`; one that has money in other books stays: it can't be paid from these.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub(crate) fn void_stale<'a>(
    draft: &mut Draft,
    changes: impl Iterator<Item = &'a DocumentView>,
    of: &Document,
    purse: &mut Purse,
) -> Result<(), MoneyError> {
    let books = |it: &Document| (it.series.legal_entity, it.total.currency);
    for stale in changes {
        if stale.state.paid.minor == 0 {
            close(draft, &mut stale.clone());
        } else if books(&stale.document) == books(of) {
            void(draft, &mut stale.clone(), purse)?;
        }
    }
    Ok(())
}
