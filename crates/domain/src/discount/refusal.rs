//! Why a discount can't be given.

use super::LIST_MAX;
use crate::money::MoneyError;

/// Why a discount can't be given. Discounts are numbered from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiscountRefusal {
    /// More than everything, or a surcharge.
    #[error("the percentage of discount {0} is outside 0 to 100")]
    Percent(usize),
    /// A surcharge.
    #[error("the amount of discount {0} is below zero")]
    Negative(usize),
    /// A list of that length is not reckoned.
    #[error("{0} entries were given where at most {LIST_MAX} are expected")]
    TooMany(usize),
    /// A figure that doesn't fit, or of another currency.
    #[error(transparent)]
    Money(#[from] MoneyError),
}
