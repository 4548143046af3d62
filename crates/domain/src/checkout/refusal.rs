//! Why nothing can be done about an attempt to pay.

use crate::calendar::CalendarError;
use crate::money::MoneyError;
use crate::payment::PaymentRefusal;

/// Why nothing can be done about an attempt to pay, or with what a provider told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckoutRefusal {
    /// There is no such attempt.
    #[error("the attempt to pay is unknown")]
    Unknown,
    /// What it would pay isn't to be paid, or not any more.
    #[error("the payment request can't be paid any more")]
    NotPayable,
    /// What was told waits for something else, or was booked already.
    #[error("what the provider told is booked already, or waits for what comes before it")]
    NotItsTurn,
    /// No such payment came for the document through a provider.
    #[error(
        "no such payment came for it through a payment provider: \
         what came by bank goes back by bank"
    )]
    NotByProvider,
    /// Several payments came, and which of them goes back is not said.
    #[error("several payments came for it, say which one goes back: {0}")]
    WhichPayment(String),
    /// What was said is out of range.
    #[error("{0} is out of range")]
    OutOfRange(&'static str),
    /// The payment can't be recorded.
    #[error(transparent)]
    Payment(#[from] PaymentRefusal),
}

impl From<MoneyError> for CheckoutRefusal {
    fn from(error: MoneyError) -> Self {
        Self::Payment(error.into())
    }
}

impl From<CalendarError> for CheckoutRefusal {
    fn from(error: CalendarError) -> Self {
        Self::Payment(error.into())
    }
}
