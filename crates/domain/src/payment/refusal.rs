//! Why a payment can't be recorded.

use crate::calendar::CalendarError;
use crate::money::MoneyError;

/// Why a payment can't be recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaymentRefusal {
    /// There is no such document.
    #[error("the payment request is unknown")]
    UnknownDocument,
    /// Nothing, or less.
    #[error("the amount must be more than zero")]
    NotPositive,
    /// It was recorded before.
    #[error("a payment with the reference `{0}` is already recorded")]
    Duplicate(String),
    /// The reference is empty or longer than 140 characters.
    #[error("the reference must have 1 to 140 characters")]
    BadReference,
    /// The amount doesn't fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The date doesn't fit.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}
