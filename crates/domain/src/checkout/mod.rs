//! A buyer's attempt to pay at a payment provider, and what providers tell about it.
//!
//! An attempt has its key, which is its id, before the provider is called, so that a call whose end
//! nobody heard can be made again. What providers tell is kept as it was heard, once for each event
//! and once for each payment, refund and dispute; the books follow from what is kept, whatever the
//! order in which it came. Money that is asked to go back has its key likewise.

pub mod answer_refund;
pub mod ask_refund;
pub mod book;
pub mod claim_refund;
mod fold;
pub mod hear;
mod notice;
pub mod record;
pub mod refund;
mod refusal;
pub mod start;

pub use fold::{status, waits};
pub use notice::{Kind, Notice, Noticed, Parts, Returned, Undone};
pub use refusal::CheckoutRefusal;

use crate::ids::{CheckoutId, CustomerId, DocumentId};
use crate::language::Language;
use crate::money::Money;
use crate::words::words;
use jiff::Timestamp;

/// A buyer's attempt to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkout {
    /// Its identity, and the key under which the provider knows it.
    pub id: CheckoutId,
    /// Of which customer.
    pub customer: CustomerId,
    /// For which document.
    pub document: DocumentId,
    /// At which provider, by its name in addresses.
    pub provider: String,
    /// How much, more than zero.
    pub amount: Money,
    /// What the buyer reads there.
    pub language: Language,
    /// When it began, in business time.
    pub started_at: Timestamp,
}

/// Where an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckoutStatus {
    /// The provider is being asked, or nobody heard what it answered.
    Starting,
    /// The buyer can pay there, or has paid and nobody knows yet.
    Open,
    /// The provider didn't take it on: nothing was started.
    Refused,
    /// Nobody paid in time.
    Expired,
    /// A payment was tried and didn't come.
    Failed,
    /// It is paid.
    Paid,
}

words!(CheckoutStatus {
    Starting => "starting",
    Open => "open",
    Refused => "refused",
    Expired => "expired",
    Failed => "failed",
    Paid => "paid",
});

impl CheckoutStatus {
    /// Whether nobody knows yet how it ends.
    pub const fn is_running(self) -> bool {
        match self {
            Self::Starting | Self::Open => true,
            Self::Refused | Self::Expired | Self::Failed | Self::Paid => false,
        }
    }
}

/// The state of an attempt: the one part that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutState {
    /// Where it stands.
    pub status: CheckoutStatus,
    /// Its id at the provider, where that is known.
    pub external_id: Option<String>,
    /// Where the buyer pays, while it is open.
    pub url: Option<String>,
    /// What stood in its way last.
    pub trouble: Option<String>,
    /// How often the provider was asked how it stands.
    pub asked: i64,
    /// Machine time at which it is asked next; nothing where nobody has to ask.
    pub next_at: Option<Timestamp>,
    /// When it last changed, in business time.
    pub updated_at: Timestamp,
}

/// An attempt and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutView {
    /// The attempt.
    pub checkout: Checkout,
    /// Where it stands.
    pub state: CheckoutState,
}

/// The longest text of a provider's that is kept, in characters.
const TEXT_MAX: usize = 1_000;

/// What others wrote, as both databases can keep it: without NUL, and of bounded length.
fn storable(text: &str) -> String {
    text.chars().filter(|it| *it != '\0').take(TEXT_MAX).collect()
}
