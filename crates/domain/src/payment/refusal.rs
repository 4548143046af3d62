//! Why a payment can't be recorded.

use crate::calendar::CalendarError;
use crate::money::MoneyError;

/// The most that one payment may be, in minor units: a thousand billion roubles.
pub(super) const AMOUNT_MAX: i64 = 100_000_000_000_000;

/// Why a payment can't be recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaymentRefusal {
    /// There is no such document.
    #[error("the payment request is unknown")]
    UnknownDocument,
    /// The company that issued the document isn't the seller's.
    #[error("the company that issued the payment request is unknown")]
    UnknownIssuer,
    /// Nothing, or less.
    #[error("the amount must be more than zero")]
    NotPositive,
    /// More than anybody pays at once: more likely a typing error.
    #[error("the amount is above {AMOUNT_MAX} minor units")]
    TooLarge,
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
