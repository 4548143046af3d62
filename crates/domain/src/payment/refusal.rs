//! Why a payment can't be recorded.

use crate::calendar::CalendarError;
use crate::money::{Money, MoneyError};

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
    /// Only what is paid in full can go back.
    #[error("the document is not paid in full, or all of it went back already")]
    NotPaid,
    /// More than is left of it.
    #[error("at most {0} can go back")]
    MoreThanPaid(Money),
    /// Another way would give it back twice.
    #[error("some of it is going back through a payment provider: wait until that is settled")]
    UnderWay,
    /// A change of the licence that is paid took the place of what it gave, or credits it.
    #[error("a later change stands on what it gave: refund that one first")]
    ChangedLater,
    /// What follows it can't be moved.
    #[error("what was bought behind it ends on a fixed day and can't be moved: refund that first")]
    FollowedByFixedEnd,
    /// Months can be taken only from what is counted in months.
    #[error("what it gave ends on a fixed day: no months can be taken from it")]
    FixedEnd,
    /// What the change left over is spent.
    #[error("the customer has used the credit that the change left: it can't be undone")]
    CreditUsed,
    /// Not what a part of a refund can leave.
    #[error("a refund of a part leaves 1 to {quantity} units for 1 to {months} months, and fewer")]
    BadKeep {
        /// The units there are.
        quantity: i64,
        /// The months there are.
        months: i64,
    },
    /// No reason is given, or one longer than 500 characters.
    #[error("the reason must have 1 to 500 characters")]
    BadReason,
    /// Nothing, or less.
    #[error("the amount must be more than zero")]
    NotPositive,
    /// More than anybody pays at once: more likely a typing error.
    #[error("the amount is above {AMOUNT_MAX} minor units")]
    TooLarge,
    /// It was recorded before.
    #[error("the reference `{0}` is already recorded")]
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
