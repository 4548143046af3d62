//! Why a product can't be added.

use crate::calendar::CalendarError;
use crate::money::MoneyError;
use crate::quote::QuoteRefusal;
use crate::subscription::SubscriptionRefusal;

/// Why a product can't be added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupRefusal {
    /// There is no such article, or it is a plan that is no article.
    #[error("the article is unknown")]
    UnknownArticle,
    /// There is no such subscription.
    #[error("the subscription is unknown")]
    UnknownSubscription,
    /// The subscription is over, or its end has come.
    #[error("the subscription has ended")]
    Ended,
    /// The subscription's own cycle has to be billed first.
    #[error("the subscription's cycle is being billed; try again")]
    NotItsTurn,
    /// It has as many as it can have.
    #[error("a subscription has at most {0} product groups that run")]
    TooMany(usize),
    /// It can't be billed.
    #[error("{0}")]
    NotBillable(String),
    /// It can't be sold like this.
    #[error(transparent)]
    Quote(#[from] QuoteRefusal),
    /// A figure doesn't fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A date doesn't fit.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

/// A failure of the subscription's own rooms, in the words of a product that is added.
impl From<SubscriptionRefusal> for GroupRefusal {
    fn from(refusal: SubscriptionRefusal) -> Self {
        match refusal {
            SubscriptionRefusal::Quote(refusal) => Self::Quote(refusal),
            SubscriptionRefusal::Money(error) => Self::Money(error),
            SubscriptionRefusal::Calendar(error) => Self::Calendar(error),
            SubscriptionRefusal::Unknown => Self::UnknownSubscription,
            SubscriptionRefusal::Ended => Self::Ended,
            SubscriptionRefusal::NotItsTurn => Self::NotItsTurn,
            SubscriptionRefusal::UnknownBundle
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
