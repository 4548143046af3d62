//! Money that goes back through payment providers: each has a state, each that is done was told of,
//! and no more goes back of a payment than came.

use super::Scope;
use super::books::Books;
use abono_domain::checkout::refund::{ProviderRefundStatus, ProviderRefundView, asked_of};
use abono_domain::checkout::{Notice, Noticed};
use abono_domain::payment::Payment;

pub(super) fn check(scope: &mut Scope<'_>, books: &Books) {
    let (refunds, notices) = (&books.told.refunds, &books.told.notices);
    let count = i64::try_from(refunds.len()).unwrap_or(i64::MAX);
    let buyer = || {
        let code = books.customer.as_ref().map(|customer| customer.code.as_str());
        format!("provider refunds of customer {}", code.unwrap_or_default())
    };
    scope.require(count == books.told.refunds_asked, buyer, "one of them has no state");
    for view in refunds {
        let place = || format!("provider refund {}", view.refund.id);
        scope.require(is_of_payment(view, books), place, "its payment came another way");
        let is_done = view.state.status == ProviderRefundStatus::Done;
        let is_told = notices.iter().any(|notice| view.is_told_by(notice));
        scope.require(is_told == is_done, place, "it is done, and nothing told of it");
    }
    for payment in &books.payments {
        let place = || format!("payment {}", payment.id);
        let sum = asked_of((payment.id, payment.amount), refunds, notices);
        let holds = sum.is_ok_and(|sum| sum.minor <= payment.amount.minor);
        scope.require(holds, place, "more of it goes back through its provider than came");
    }
}

/// Whether it is of a payment that its provider told of, for its document.
fn is_of_payment(view: &ProviderRefundView, books: &Books) -> bool {
    let refund = &view.refund;
    let name = Notice::name(&refund.provider, &refund.paid_as);
    let is_own = |it: &&Payment| it.id == refund.payment && it.reference == name;
    let payment = books.payments.iter().find(is_own);
    let tells = |it: &Notice| match &it.what {
        Noticed::Paid { reference, .. } => {
            (&it.provider, reference, it.document)
                == (&refund.provider, &refund.paid_as, refund.document)
        }
        Noticed::Failed { .. }
        | Noticed::Expired
        | Noticed::Refunded { .. }
        | Noticed::RefundFailed { .. }
        | Noticed::Disputed { .. }
        | Noticed::DisputeWon { .. }
        | Noticed::Other => false,
    };
    payment.is_some_and(|it| it.amount.currency == refund.amount.currency)
        && books.told.notices.iter().any(tells)
}
