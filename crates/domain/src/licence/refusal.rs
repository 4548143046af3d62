//! Why a licence can't be given.

use crate::calendar::CalendarError;
use crate::money::MoneyError;
use crate::quote::QuoteRefusal;

/// Why a licence can't be given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LicenceRefusal {
    /// What is given isn't in the catalogue, or a figure is out of range.
    #[error(transparent)]
    Quote(#[from] QuoteRefusal),
    /// The plan can't be tried.
    #[error("the plan has no trial")]
    NoTrial,
    /// A product is tried once, and before anything of it was bought or given.
    #[error("the customer has had a licence of this product")]
    HadLicence,
    /// No reason is given, or one longer than 500 characters.
    #[error("the reason must have 1 to 500 characters")]
    BadReason,
    /// An amount doesn't fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The date doesn't fit.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}
