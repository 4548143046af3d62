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
use jiff::{SignedDuration, Timestamp};

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

/// For how long a provider is counted on to know a key: an hour less than it promises.
pub const KEY_LIVES: SignedDuration = SignedDuration::from_hours(23);

impl Checkout {
    /// Whether a provider still knows its key, by machine time: it does for a day. Its id tells
    /// when it was made.
    pub fn is_fresh(&self, machine: Timestamp) -> bool {
        let made = self.id.0.get_timestamp().map(|it| it.to_unix().0);
        let made = made.and_then(|seconds| i64::try_from(seconds).ok());
        made.is_some_and(|made| machine.as_second().saturating_sub(made) < KEY_LIVES.as_secs())
    }
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

/// The longest words of a provider's that are kept, in characters.
const WORDS_MAX: usize = 1_000;

/// What others wrote, as both databases can keep it: without NUL, and of bounded length.
fn storable(words: &str) -> String {
    without_nul(words).chars().take(WORDS_MAX).collect()
}

/// What is of use only as a whole, as both databases can keep it.
fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}
