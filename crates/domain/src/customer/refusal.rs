//! Why a customer can't be written.

use crate::calendar::CalendarError;
use crate::reference::IdentityError;

/// Why a customer can't be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CustomerRefusal {
    /// There is no such customer.
    #[error("the customer is unknown")]
    Unknown,
    /// A code is empty, too long, or used twice.
    #[error("`{0}` is not a usable code: 1 to 64 characters, used once")]
    BadCode(String),
    /// A text is empty or too long.
    #[error("{0} must have 1 to 300 characters")]
    BadText(&'static str),
    /// A tax or register number is wrong.
    #[error("payer `{payer}`: {error}")]
    BadReference {
        /// The payer's code.
        payer: String,
        /// What is wrong.
        error: IdentityError,
    },
    /// The default payer is not among the payers.
    #[error("the default payer `{0}` is not among the payers")]
    UnknownDefaultPayer(String),
    /// More discounts than are looked at.
    #[error("a customer has at most {0} discounts")]
    TooManyDiscounts(usize),
    /// It would break running agreements.
    #[error("{0} can't change: running agreements and issued documents stand on it")]
    Fixed(&'static str),
    /// The zone is unknown.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}
