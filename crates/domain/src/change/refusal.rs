//! Why a change can't be asked for or decided about.

use crate::calendar::CalendarError;
use crate::money::MoneyError;
use crate::quote::QuoteRefusal;
use jiff::civil::Date;

/// Why a change can't be asked for or decided about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefusal {
    /// There is no such subscription.
    #[error("the subscription is unknown")]
    UnknownSubscription,
    /// There is no such change.
    #[error("the change is unknown")]
    Unknown,
    /// The product has no such plan.
    #[error("the plan is not one of the subscription's product")]
    UnknownPlan,
    /// The subscription is over by then.
    #[error("the subscription has ended by then")]
    Ended,
    /// The plan that is in force then doesn't change to it.
    #[error("the plan that is in force then can't be changed to this one")]
    Incompatible,
    /// It is in force by then.
    #[error("the plan is in force by then already")]
    SamePlan,
    /// The plan is no longer sold.
    #[error("the plan is no longer sold")]
    Withdrawn,
    /// The day is over.
    #[error("the day is over: it is {0} now")]
    Past(Date),
    /// The day is too far away.
    #[error("a change can be scheduled up to {0}")]
    TooFar(Date),
    /// Too many changes wait.
    #[error("at most {0} changes of a subscription can wait")]
    TooMany(usize),
    /// It doesn't wait any more.
    #[error("the change doesn't wait any more")]
    NotOpen,
    /// It doesn't wait for a decision.
    #[error("the change doesn't wait for a decision")]
    NotInReview,
    /// It isn't due, or something before it has to be done first.
    #[error("it is not the change's turn yet")]
    NotItsTurn,
    /// A name or note is empty or too long.
    #[error("{0} must have 1 to 500 characters")]
    BadText(&'static str),
    /// It can't be billed: the customer has no payer, say.
    #[error("the change can't be billed: {0}")]
    NotBillable(String),
    /// The plan can't be sold like this.
    #[error(transparent)]
    Quote(#[from] QuoteRefusal),
    /// A figure doesn't fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A date doesn't fit.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}
