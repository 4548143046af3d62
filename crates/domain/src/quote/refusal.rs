//! Why something can't be quoted.

use crate::calendar::CalendarError;
use crate::discount::DiscountRefusal;
use crate::money::MoneyError;
use crate::pricing::PriceRefusal;
use crate::proration::ProrationError;
use crate::tax::ChargeError;

/// Why something can't be quoted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuoteRefusal {
    /// The catalogue has no such product.
    #[error("the product is unknown")]
    UnknownProduct,
    /// The product has no such plan, or none that is sold by itself.
    #[error("the plan is not one of this product that is sold by itself")]
    UnknownPlan,
    /// The product or the plan is no longer sold.
    #[error("the plan is archived and no longer sold")]
    Archived,
    /// The plan has no price for this period in the customer's currency today.
    #[error("the plan is not sold for this period in the customer's currency")]
    PeriodNotSold,
    /// A figure is too small or too large.
    #[error("{what} must be from 1 to {most}")]
    OutOfRange {
        /// Which figure.
        what: &'static str,
        /// Its upper bound.
        most: i64,
    },
    /// A change that keeps the end of the licence is priced by its own period.
    #[error("the licence keeps its end: it can be changed for its own period, months: {0}")]
    OtherPeriod(i64),
    /// The licence that it would change was paid in another currency.
    #[error("the running licence was paid in another currency")]
    OtherCurrency,
    /// The licence that it would change was sold by another company of the seller.
    #[error("the running licence was sold by another company")]
    OtherIssuer,
    /// What is unused of the running licence can't be reckoned.
    #[error("the unused part of the running licence can't be reckoned: {0}")]
    Unused(ProrationError),
    /// The model of the price can't price it.
    #[error(transparent)]
    Price(#[from] PriceRefusal),
    /// A discount can't be taken off.
    #[error(transparent)]
    Discount(#[from] DiscountRefusal),
    /// The seller's country has no such tax.
    #[error(transparent)]
    Tax(#[from] ChargeError),
    /// The amount doesn't fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The date doesn't fit.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

impl From<ProrationError> for QuoteRefusal {
    fn from(error: ProrationError) -> Self {
        match error {
            ProrationError::Calendar(error) => Self::Calendar(error),
            ProrationError::Money(error) => Self::Money(error),
            ProrationError::EmptyPeriod(..)
            | ProrationError::PartOutside(..)
            | ProrationError::AtOutside(..)
            | ProrationError::CutsOutOfOrder(_)
            | ProrationError::NewPeriodElsewhere(..)
            | ProrationError::Negative(_) => Self::Unused(error),
        }
    }
}
