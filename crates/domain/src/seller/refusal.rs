//! Why a seller can't be published.

use crate::calendar::CalendarError;
use crate::pricing::PriceRefusal;
use crate::reference::IdentityError;

/// Why a seller can't be published. Each names where it is wrong, as in [`super::Difference`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SellerRefusal {
    /// A slug or code can't be used.
    #[error("{0}: a slug has 2 to 40 lower-case letters, digits and hyphens")]
    BadSlug(String),
    /// Another tenant has the slug.
    #[error("the slug `{0}` belongs to another tenant")]
    SlugTaken(String),
    /// A code is empty, too long, or used twice.
    #[error("{at}: `{code}` is not a usable code: 1 to 64 characters, used once")]
    BadCode {
        /// Where.
        at: String,
        /// The code.
        code: String,
    },
    /// A number is taken, or not one.
    #[error("{0}: a number is above 0, and names one thing")]
    BadNumber(String),
    /// A text is empty or too long.
    #[error("{0} must have 1 to 300 characters")]
    BadText(String),
    /// A tax, register or bank number is wrong.
    #[error("{at}: {error}")]
    BadReference {
        /// Where.
        at: String,
        /// What is wrong.
        error: IdentityError,
    },
    /// There is nobody to issue documents.
    #[error("a seller needs at least one legal entity")]
    NoLegalEntity,
    /// Printed numbers would not be told apart.
    #[error("the prefix `{0}`: each company has its own for each series, and none ends in a digit")]
    BadPrefix(String),
    /// One id names two things.
    #[error("the id {0} names two things")]
    SharedId(uuid::Uuid),
    /// A price, or the terms of a plan or a discount, make no sense.
    #[error("{at}: {reason}")]
    BadTerms {
        /// Where.
        at: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// The model of a price can't price.
    #[error("{at}: {error}")]
    BadModel {
        /// Where.
        at: String,
        /// What is wrong.
        error: PriceRefusal,
    },
    /// Something is left out that agreements may stand on.
    #[error("{what} is missing: agreements may stand on it; {instead} instead of leaving it out")]
    Removed {
        /// What.
        what: String,
        /// What can be done.
        instead: &'static str,
    },
    /// Something changes that agreements or issued documents stand on.
    #[error("{0} can't change: running agreements and issued documents stand on it")]
    Fixed(String),
    /// More rows than one publication may write.
    #[error("the change is too large: {0} rows, at most {1}; publish it in parts")]
    TooLarge(usize, usize),
    /// A zone is unknown.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}
