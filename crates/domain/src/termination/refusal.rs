//! Why a product group can't be terminated.

use crate::calendar::CalendarError;
use crate::money::MoneyError;
use crate::payment::settle::SettleError;
use crate::proration::ProrationError;
use crate::quote::QuoteRefusal;
use crate::subscription::SubscriptionRefusal;
use jiff::civil::Date;

/// Why a product group can't be terminated, or its termination not be taken back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TerminationRefusal {
    /// There is no such product group on the subscription.
    #[error("the product group is unknown")]
    UnknownGroup,
    /// There is no such termination.
    #[error("the termination is unknown")]
    Unknown,
    /// There is no such reason on the seller's list.
    #[error("the termination reason is unknown")]
    UnknownReason,
    /// It is over.
    #[error("the product group has ended")]
    Ended,
    /// It comes with the plan, and goes with it.
    #[error("the product group is included in the plan and ends with it")]
    Included,
    /// Its end is agreed.
    #[error("the product group is to end already; withdraw that termination first")]
    AlreadyTerminated,
    /// It is bound, or the notice isn't over.
    #[error("the product group is bound until {0}, and can end on that day at the earliest")]
    Bound(Date),
    /// The comment is too long.
    #[error("the comment must have at most {0} characters")]
    CommentTooLong(usize),
    /// There are too many texts for an invoice line.
    #[error("there must be at most {0} invoice line texts")]
    TooManyTexts(usize),
    /// One of them is too long.
    #[error("an invoice line text must have at most {0} characters")]
    TextTooLong(usize),
    /// An anchor only says from when on what is unused comes back.
    #[error("an anchor goes only with the proration of what is unused")]
    AnchorWithoutProration,
    /// It was carried out, taken back or overtaken.
    #[error("the termination does not wait any more")]
    NotOpen,
    /// Something that is due has to be done first.
    #[error("the subscription's cycle is being billed; try again")]
    NotItsTurn,
    /// It can't be billed.
    #[error("{0}")]
    NotBillable(String),
    /// Its price is gone.
    #[error(transparent)]
    Quote(#[from] QuoteRefusal),
    /// A figure doesn't fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A date doesn't fit.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

/// A failure of the subscription's own rooms, in the words of a termination.
impl From<SubscriptionRefusal> for TerminationRefusal {
    fn from(refusal: SubscriptionRefusal) -> Self {
        match refusal {
            SubscriptionRefusal::Quote(refusal) => Self::Quote(refusal),
            SubscriptionRefusal::Money(error) => Self::Money(error),
            SubscriptionRefusal::Calendar(error) => Self::Calendar(error),
            SubscriptionRefusal::NotItsTurn => Self::NotItsTurn,
            SubscriptionRefusal::Ended => Self::Ended,
            SubscriptionRefusal::Unknown
            | SubscriptionRefusal::UnknownBundle
            | SubscriptionRefusal::OutOfRange { .. }
            | SubscriptionRefusal::BadSaleDay
            | SubscriptionRefusal::BadLine(_)
            | SubscriptionRefusal::BadReason
            | SubscriptionRefusal::NoPayer
            | SubscriptionRefusal::NoIssuer
            | SubscriptionRefusal::Document(_) => Self::NotBillable(refusal.to_string()),
        }
    }
}

impl From<SettleError> for TerminationRefusal {
    fn from(error: SettleError) -> Self {
        match error {
            SettleError::Money(error) => Self::Money(error),
            SettleError::Calendar(error) => Self::Calendar(error),
        }
    }
}

impl From<ProrationError> for TerminationRefusal {
    fn from(error: ProrationError) -> Self {
        SettleError::from(error).into()
    }
}
