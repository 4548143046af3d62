//! Money that is to go back through the provider by which it came.
//!
//! What is asked for never changes; where it stands is kept beside it. Its id is the key under
//! which the provider is asked, so that a call whose end nobody heard can be made again. What it
//! came to is booked as if the provider had told of it.

use super::{Notice, Noticed};
use crate::ids::{CustomerId, DocumentId, PaymentId, ProviderRefundId};
use crate::money::{Money, MoneyError};
use crate::words::words;
use jiff::Timestamp;

/// Money that is to go back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRefund {
    /// Its identity, and the key under which the provider knows it.
    pub id: ProviderRefundId,
    /// To which customer.
    pub customer: CustomerId,
    /// Of what was paid for which document.
    pub document: DocumentId,
    /// Of which payment.
    pub payment: PaymentId,
    /// The provider by which that came.
    pub provider: String,
    /// The provider's name for that payment.
    pub paid_as: String,
    /// How much, more than zero.
    pub amount: Money,
    /// Its name in the books; the same one goes back only once.
    pub reference: String,
    /// Why, for those who read the books later.
    pub reason: String,
    /// When it was asked for, in business time.
    pub asked_at: Timestamp,
}

impl ProviderRefund {
    /// Our name for the message that its answer is heard as: no provider's begins so.
    pub fn event(&self) -> String {
        format!("give-back:{}", self.id)
    }

    /// What its answer tells.
    pub fn notice(&self, reference: String) -> Noticed {
        Noticed::Refunded { payment: self.paid_as.clone(), reference, amount: self.amount }
    }
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProviderRefundStatus {
    /// The provider is to be asked, for the first time or again.
    Pending,
    /// The provider has taken it on.
    Done,
    /// The provider refused it: nothing went back.
    Refused,
    /// Nobody heard what came of it, and the provider doesn't know its key any more: it can't be
    /// asked again, and what the provider tells of its own accord counts.
    Unknown,
}

words!(ProviderRefundStatus {
    Pending => "pending",
    Done => "done",
    Refused => "refused",
    Unknown => "unknown",
});

/// The state of it: the one part that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRefundState {
    /// Where it stands.
    pub status: ProviderRefundStatus,
    /// The provider's name for it, where it is done.
    pub known_as: Option<String>,
    /// What stood in its way last.
    pub trouble: Option<String>,
    /// How often the provider was asked.
    pub calls: i64,
    /// Machine time at which the provider was asked first: from then on it knows the key.
    pub called_at: Option<Timestamp>,
    /// Machine time before which it isn't asked: a pause, or the end of a claim. Nothing where it
    /// is settled.
    pub next_at: Option<Timestamp>,
    /// When it last changed, in business time.
    pub updated_at: Timestamp,
}

/// Money that is to go back, and where that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRefundView {
    /// What is to go back.
    pub refund: ProviderRefund,
    /// Where it stands.
    pub state: ProviderRefundState,
}

impl ProviderRefundView {
    /// Whether the provider is still to be asked.
    pub fn is_pending(&self) -> bool {
        self.state.status == ProviderRefundStatus::Pending
    }

    /// Whether a notice tells of it.
    pub fn is_told_by(&self, notice: &Notice) -> bool {
        let known_as = self.state.known_as.clone();
        let told = known_as.map(|reference| self.refund.notice(reference));
        notice.provider == self.refund.provider && told.as_ref() == Some(&notice.what)
    }

    /// Whether it counts as gone: it is still to go, or went and didn't come back.
    fn holds(&self, heard: &[Notice]) -> bool {
        match self.state.status {
            ProviderRefundStatus::Pending => true,
            ProviderRefundStatus::Done => {
                let told = heard.iter().find(|it| self.is_told_by(it));
                told.is_none_or(|told| gone(told, heard).is_ok_and(|gone| gone.minor > 0))
            }
            ProviderRefundStatus::Refused | ProviderRefundStatus::Unknown => false,
        }
    }
}

/// How much of what a notice tells that was taken didn't come back.
pub(super) fn gone(told: &Notice, heard: &[Notice]) -> Result<Money, MoneyError> {
    let taken = told.what.amount().ok_or(MoneyError::OutOfRange)?;
    let mut own = heard.iter().filter(|it| it.provider == told.provider);
    let Some(undone) = own.find(|it| it.what.undoes(&told.what)) else { return Ok(taken) };
    let back = undone.what.amount().filter(|it| it.currency == taken.currency);
    taken.minus(back.unwrap_or(taken).at_most(taken))
}

/// How much of a payment goes back by what was asked for: what is still to go, and what went and
/// didn't come back.
///
/// # Errors
/// [`MoneyError`].
pub fn asked_of(
    payment: (PaymentId, Money),
    all: &[ProviderRefundView],
    heard: &[Notice],
) -> Result<Money, MoneyError> {
    let own = all.iter().filter(|it| it.refund.payment == payment.0 && it.holds(heard));
    Money::sum(payment.1.currency, own.map(|it| it.refund.amount))
}
