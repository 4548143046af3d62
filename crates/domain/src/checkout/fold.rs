//! What follows from everything that was heard, whatever its order.

use super::{CheckoutStatus, Notice, Noticed, Returned, Undone};
use crate::ids::CheckoutId;
use crate::payment::Payment;

/// Where an attempt stands after all that was heard about it: paid, if anything says so; else
/// failed, else expired, else what the calls to the provider came to.
pub fn status(of: CheckoutId, called: CheckoutStatus, heard: &[Notice]) -> CheckoutStatus {
    let own = heard.iter().filter(|notice| notice.checkout == Some(of));
    let said = own.filter_map(|notice| match notice.what {
        Noticed::Paid { .. } => Some(CheckoutStatus::Paid),
        Noticed::Failed { .. } => Some(CheckoutStatus::Failed),
        Noticed::Expired => Some(CheckoutStatus::Expired),
        Noticed::Refunded { .. }
        | Noticed::RefundFailed { .. }
        | Noticed::Disputed { .. }
        | Noticed::DisputeWon { .. }
        | Noticed::Other => None,
    });
    said.fold(called, CheckoutStatus::max)
}

/// The notices that can be booked by now and aren't: money taken back of a payment that is there,
/// and money given again that was booked as taken back.
pub fn waits<'a>(
    heard: &'a [Notice],
    payments: &'a [Payment],
    returned: &'a [Returned],
    undone: &'a [Undone],
) -> impl Iterator<Item = &'a Notice> {
    heard.iter().filter(move |notice| {
        if notice.what.is_return() {
            let is_booked = returned.iter().any(|it| it.notice == notice.id);
            return !is_booked && payment_of(notice, payments).is_some();
        }
        let undoes = undone_by(notice, heard);
        let is_taken = undoes.is_some_and(|it| returned.iter().any(|r| r.notice == it.id));
        is_taken && !undone.iter().any(|it| it.notice == notice.id)
    })
}

/// The payment that a notice is about, where it is there and in the currency that the notice names.
pub(crate) fn payment_of<'a>(notice: &Notice, payments: &'a [Payment]) -> Option<&'a Payment> {
    let reference = Notice::name(&notice.provider, notice.what.payment()?);
    let named = payments.iter().find(|payment| payment.reference == reference)?;
    let is_same = |it: crate::money::Money| it.currency == named.amount.currency;
    notice.what.amount().is_none_or(is_same).then_some(named)
}

/// The notice of money taken back that a notice undoes.
pub(crate) fn undone_by<'a>(notice: &Notice, heard: &'a [Notice]) -> Option<&'a Notice> {
    let own = heard.iter().filter(|it| it.provider == notice.provider);
    own.into_iter().find(|it| notice.what.undoes(&it.what))
}

impl Notice {
    /// A provider's name for a payment, a refund or a dispute, as the books call it.
    pub fn name(provider: &str, reference: &str) -> String {
        format!("{provider}/{reference}")
    }
}
