//! Why something can't be quoted.

use crate::calendar::CalendarError;
use crate::money::MoneyError;

/// Why something can't be quoted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuoteRefusal {
    /// The catalogue has no such product.
    #[error("the product is unknown")]
    UnknownProduct,
    /// The product has no such plan.
    #[error("the plan is not one of this product")]
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
    /// Another plan or quantity runs; changing it is not sold yet.
    #[error("a licence of another plan or quantity is running; it can be renewed as it is")]
    LicenceRuns,
    /// The amount doesn't fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The date doesn't fit.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}
