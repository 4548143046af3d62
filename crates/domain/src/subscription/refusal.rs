//! Why a subscription can't be started, billed or ended.

use crate::calendar::CalendarError;
use crate::document::DocumentRefusal;
use crate::money::MoneyError;
use crate::quote::QuoteRefusal;

/// Why a subscription can't be started, billed or ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubscriptionRefusal {
    /// There is no such subscription.
    #[error("the subscription is unknown")]
    Unknown,
    /// It is over, or its end is agreed.
    #[error("the subscription has ended, or its end is agreed")]
    Ended,
    /// There is no such bundle.
    #[error("the bundle is unknown")]
    UnknownBundle,
    /// A figure is out of its range.
    #[error("{what} must be from {least} to {most}")]
    OutOfRange {
        /// Which.
        what: &'static str,
        /// Its lower bound.
        least: i64,
        /// Its upper bound.
        most: i64,
    },
    /// It was sold after today, or long before.
    #[error("the day of sale is today or up to ten years before")]
    BadSaleDay,
    /// A number of the line isn't one.
    #[error("{0} is not 5 to 22 digits")]
    BadLine(&'static str),
    /// A reason is empty or too long.
    #[error("the reason must have 1 to 500 characters")]
    BadReason,
    /// The customer has no payer.
    #[error("the customer has no default payer")]
    NoPayer,
    /// The seller has no company that could issue its invoices.
    #[error("the seller has no legal entity that issues documents")]
    NoIssuer,
    /// The cycle isn't over, or a change before it has to be done first.
    #[error("it is not the cycle's turn yet")]
    NotItsTurn,
    /// The plan can't be sold like this.
    #[error(transparent)]
    Quote(#[from] QuoteRefusal),
    /// A document can't be made.
    #[error(transparent)]
    Document(#[from] DocumentRefusal),
    /// A figure doesn't fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A date doesn't fit.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}
