//! The port to payment providers: what they are asked, what they can answer, and what they tell of
//! their own accord.
//!
//! A key is written before the call that carries it. The same key asked again is the same thing
//! done once, so what came of a call that nobody heard the end of can always be asked for again.

pub use abono_domain::checkout::Noticed;
use abono_domain::language::Language;
use abono_domain::money::Money;
use jiff::Timestamp;
use std::future::Future;
use std::pin::Pin;
use uuid::Uuid;

/// What a buyer is to pay at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkout {
    /// By which the provider knows a repetition: the attempt's id.
    pub key: Uuid,
    /// How much, above zero.
    pub amount: Money,
    /// What for, in the buyer's words: one line.
    pub description: String,
    /// What the buyer reads.
    pub language: Language,
    /// The address to which the buyer returns, however it went.
    pub back: String,
}

/// What came of starting a checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Started {
    /// The buyer can go there.
    Ready {
        /// Its id at the provider.
        external_id: String,
        /// Where the buyer pays.
        url: String,
    },
    /// It is refused, and nothing was started.
    Refused {
        /// What was wrong.
        trouble: String,
    },
    /// It may be started or not: to be asked again with the same key.
    Unknown {
        /// What was wrong.
        trouble: String,
    },
}

/// How a checkout stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The buyer can still pay there.
    Open {
        /// Where.
        url: String,
    },
    /// It is paid.
    Paid {
        /// The payment's id at the provider.
        reference: String,
        /// How much came.
        amount: Money,
    },
    /// It isn't paid and won't be.
    Ended {
        /// Why.
        why: String,
    },
    /// Nobody can say: the money is under way, or the provider doesn't answer. To be asked again.
    Unknown {
        /// What was wrong.
        trouble: String,
    },
}

/// What came of giving money back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returned {
    /// The provider has taken it on. Should it fail later, it tells with [`Noticed::RefundFailed`].
    Done {
        /// The refund's id at the provider.
        reference: String,
    },
    /// It is refused, and nothing was given back under this key, now or before.
    Refused {
        /// What was wrong.
        trouble: String,
    },
    /// It may be given back or not: to be asked again with the same key, within a day.
    Unknown {
        /// What was wrong.
        trouble: String,
    },
}

/// What a provider tells of its own accord, maybe twice, late and in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// By which a repetition of the same message is known.
    pub event: String,
    /// The checkout's key, where it is told.
    pub attempt: Option<Uuid>,
    /// The checkout's id at the provider, where it is told.
    pub external_id: Option<String>,
    /// What happened.
    pub what: Noticed,
}

/// Why a message is not heard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// Nobody signed it.
    #[error("the message is not signed")]
    NoSignature,
    /// It is signed by somebody else, or changed on its way.
    #[error("the signature doesn't belong to the message")]
    BadSignature,
    /// It was signed long ago, or will be.
    #[error("the message was not signed just now")]
    TooOld,
    /// It is the provider's, and can't be read.
    #[error("the message can't be read: {0}")]
    Malformed(String),
}

/// One header of a message: its name in any case, and its value as it came.
pub type Header<'a> = (&'a str, &'a [u8]);

/// An answer that comes within the provider's own time limit, or says that it didn't.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A payment provider.
pub trait PaymentProvider: Send + Sync {
    /// Its name in addresses and records: lower-case ASCII letters.
    fn name(&self) -> &str;

    /// Starts a checkout. Started again with the same key and contents within a day, it is the same
    /// checkout. After a day providers may have forgotten the key: what is still unknown then is
    /// left to what they tell of their own accord, and a buyer who tries again gets a new key.
    fn start(&self, checkout: Checkout) -> Answer<'_, Started>;

    /// How a checkout stands that was started.
    fn look_up(&self, external_id: String) -> Answer<'_, Standing>;

    /// Gives back so much of a payment. Asked again with the same key, it is the same refund.
    fn give_back(&self, payment: String, amount: Money, key: Uuid) -> Answer<'_, Returned>;

    /// Reads a message of the provider's, as raw bytes, at this machine time. What was heard before
    /// is read again like the first time: the event tells.
    ///
    /// # Errors
    /// [`Unread`].
    fn read(
        &self,
        headers: &[Header<'_>],
        body: &[u8],
        now: Timestamp,
    ) -> Result<Vec<Notice>, Unread>;
}
