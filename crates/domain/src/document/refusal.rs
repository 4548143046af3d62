//! Why a document can't be made or changed.

use crate::calendar::CalendarError;
use crate::money::MoneyError;
use crate::quote::QuoteRefusal;

/// Why a document can't be made or changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentRefusal {
    /// What is asked for can't be sold.
    #[error(transparent)]
    Quote(#[from] QuoteRefusal),
    /// The named payer is not one of this customer.
    #[error("the payer is not one of this customer")]
    UnknownPayer,
    /// No payer is named and the customer has no default payer.
    #[error("no payer is named and the customer has no default payer")]
    NoPayer,
    /// The seller has no company that could issue it.
    #[error("the seller has no legal entity that issues documents")]
    NoIssuer,
    /// There is no such document.
    #[error("the document is unknown")]
    Unknown,
    /// It doesn't wait for money any more.
    #[error("the document is not pending")]
    NotPending,
    /// Some of it is paid, or was.
    #[error("the document is paid in full or in part")]
    PaidFor,
    /// Its last day has not passed.
    #[error("the document is still valid")]
    StillValid,
    /// The amount doesn't fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The date doesn't fit.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}
