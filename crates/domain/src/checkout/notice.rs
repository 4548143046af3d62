//! What providers tell, and what it came to in the books.

use crate::ids::{CheckoutId, DocumentId, NoticeId, PaymentId, RefundId};
use crate::money::Money;
use crate::words::words;
use jiff::Timestamp;

/// What happened at a provider. Every `payment` is the reference of a [`Noticed::Paid`]; what has
/// the same reference of its own is the same thing told again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Noticed {
    /// A checkout is paid.
    Paid {
        /// The payment's id at the provider.
        reference: String,
        /// How much came.
        amount: Money,
    },
    /// A payment was tried and didn't come.
    Failed {
        /// Why.
        why: String,
    },
    /// Nobody paid in time, and nobody can any more.
    Expired,
    /// Money went back to the buyer.
    Refunded {
        /// Of which payment.
        payment: String,
        /// The refund's id at the provider.
        reference: String,
        /// How much, in this one refund.
        amount: Money,
    },
    /// A refund that was taken on didn't reach the buyer: the money is the seller's again.
    RefundFailed {
        /// Of which payment.
        payment: String,
        /// The refund's id at the provider.
        reference: String,
        /// Why.
        why: String,
    },
    /// The buyer's bank takes the money back, or has taken it for good.
    Disputed {
        /// Of which payment.
        payment: String,
        /// The dispute's id at the provider.
        reference: String,
        /// How much is disputed.
        amount: Money,
    },
    /// The dispute ended in the seller's favour. Whatever arrives of it after this is older.
    DisputeWon {
        /// Of which payment.
        payment: String,
        /// The dispute's id at the provider.
        reference: String,
        /// How much came back.
        amount: Money,
    },
    /// Something that changes nothing here.
    Other,
}

/// The kind of what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// [`Noticed::Paid`].
    Paid,
    /// [`Noticed::Failed`].
    Failed,
    /// [`Noticed::Expired`].
    Expired,
    /// [`Noticed::Refunded`].
    Refunded,
    /// [`Noticed::RefundFailed`].
    RefundFailed,
    /// [`Noticed::Disputed`].
    Disputed,
    /// [`Noticed::DisputeWon`].
    DisputeWon,
    /// [`Noticed::Other`].
    Other,
}

words!(Kind {
    Paid => "paid",
    Failed => "failed",
    Expired => "expired",
    Refunded => "refunded",
    RefundFailed => "refund_failed",
    Disputed => "disputed",
    DisputeWon => "dispute_won",
    Other => "other",
});

/// What a notice consists of, as it is kept: kind, payment, reference, amount, why.
pub type Parts = (Kind, Option<String>, Option<String>, Option<Money>, Option<String>);

impl Noticed {
    /// Its kind.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Paid { .. } => Kind::Paid,
            Self::Failed { .. } => Kind::Failed,
            Self::Expired => Kind::Expired,
            Self::Refunded { .. } => Kind::Refunded,
            Self::RefundFailed { .. } => Kind::RefundFailed,
            Self::Disputed { .. } => Kind::Disputed,
            Self::DisputeWon { .. } => Kind::DisputeWon,
            Self::Other => Kind::Other,
        }
    }

    /// The payment that it is about, where it is about one that has come.
    pub fn payment(&self) -> Option<&str> {
        match self {
            Self::Refunded { payment, .. }
            | Self::RefundFailed { payment, .. }
            | Self::Disputed { payment, .. }
            | Self::DisputeWon { payment, .. } => Some(payment),
            Self::Paid { .. } | Self::Failed { .. } | Self::Expired | Self::Other => None,
        }
    }

    /// By which the same thing told again is known; nothing where it moves no money.
    pub fn reference(&self) -> Option<&str> {
        match self {
            Self::Paid { reference, .. }
            | Self::Refunded { reference, .. }
            | Self::RefundFailed { reference, .. }
            | Self::Disputed { reference, .. }
            | Self::DisputeWon { reference, .. } => Some(reference),
            Self::Failed { .. } | Self::Expired | Self::Other => None,
        }
    }

    /// How much it says that moved.
    pub const fn amount(&self) -> Option<Money> {
        match self {
            Self::Paid { amount, .. }
            | Self::Refunded { amount, .. }
            | Self::Disputed { amount, .. }
            | Self::DisputeWon { amount, .. } => Some(*amount),
            Self::Failed { .. } | Self::Expired | Self::RefundFailed { .. } | Self::Other => None,
        }
    }

    /// What it is kept as.
    pub fn parts(&self) -> Parts {
        let why = match self {
            Self::Failed { why } | Self::RefundFailed { why, .. } => Some(super::storable(why)),
            Self::Paid { .. }
            | Self::Expired
            | Self::Refunded { .. }
            | Self::Disputed { .. }
            | Self::DisputeWon { .. }
            | Self::Other => None,
        };
        let owned = |text: Option<&str>| text.map(str::to_owned);
        (self.kind(), owned(self.payment()), owned(self.reference()), self.amount(), why)
    }

    /// What is kept, read again; nothing where a part is missing or too many.
    pub fn from_parts(parts: Parts) -> Option<Self> {
        Some(match parts {
            (Kind::Paid, None, Some(reference), Some(amount), None) => {
                Self::Paid { reference, amount }
            }
            (Kind::Failed, None, None, None, Some(why)) => Self::Failed { why },
            (Kind::Expired, None, None, None, None) => Self::Expired,
            (Kind::Refunded, Some(payment), Some(reference), Some(amount), None) => {
                Self::Refunded { payment, reference, amount }
            }
            (Kind::RefundFailed, Some(payment), Some(reference), None, Some(why)) => {
                Self::RefundFailed { payment, reference, why }
            }
            (Kind::Disputed, Some(payment), Some(reference), Some(amount), None) => {
                Self::Disputed { payment, reference, amount }
            }
            (Kind::DisputeWon, Some(payment), Some(reference), Some(amount), None) => {
                Self::DisputeWon { payment, reference, amount }
            }
            (Kind::Other, None, None, None, None) => Self::Other,
            _ => return None,
        })
    }

    /// Whether money was taken back.
    pub const fn is_return(&self) -> bool {
        matches!(self, Self::Refunded { .. } | Self::Disputed { .. })
    }

    /// Whether it undoes what `other` told.
    pub fn undoes(&self, other: &Self) -> bool {
        let is_answer = matches!(
            (self, other),
            (Self::RefundFailed { .. }, Self::Refunded { .. })
                | (Self::DisputeWon { .. }, Self::Disputed { .. })
        );
        is_answer && self.reference() == other.reference() && self.payment() == other.payment()
    }
}

/// What a provider told, as it was heard first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its identity.
    pub id: NoticeId,
    /// Which provider.
    pub provider: String,
    /// Its name for the message.
    pub event: String,
    /// Which attempt it is about; nothing where only a document was named.
    pub checkout: Option<CheckoutId>,
    /// Which document it is about.
    pub document: DocumentId,
    /// What happened.
    pub what: Noticed,
    /// When it was heard, in business time.
    pub heard_at: Timestamp,
}

/// Money that a provider took back, as it was booked: the document gave to the customer's credit
/// what it had to, the credit paid the provider, and the customer owes what was missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Which notice.
    pub notice: NoticeId,
    /// Of which payment.
    pub payment: PaymentId,
    /// What the document gave, where it gave something.
    pub refund: Option<RefundId>,
    /// How much was paid from the customer's credit.
    pub from_credit: Money,
    /// How much the customer owes for it.
    pub owed: Money,
    /// When, in business time.
    pub at: Timestamp,
}

/// Money that a provider had taken back and gave again, as it was booked: what the customer owed
/// was made good, the rest is the customer's credit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// Which notice.
    pub notice: NoticeId,
    /// The notice of what it undoes.
    pub returned: NoticeId,
    /// How much was made good.
    pub recouped: Money,
    /// How much is the customer's credit.
    pub to_credit: Money,
    /// When, in business time.
    pub at: Timestamp,
}
