//! What payment providers told, and attempts to pay: each attempt stands where what was heard puts
//! it, each payment that came through one was told of, and each return is booked as it was told.

use super::Scope;
use super::books::Books;
use super::ledger::Fact;
use super::told::Told;
use abono_domain::checkout::{
    Checkout, CheckoutStatus, CheckoutView, Notice, Noticed, Returned, status, waits,
};
use abono_domain::document::Document;
use abono_domain::ids::NoticeId;
use abono_domain::ledger::{Account, Cause};
use abono_domain::money::Money;
use abono_domain::payment::{Payment, PaymentSource};
use jiff::Timestamp;

/// The transfers that returns, and what was given again, ask for.
pub(super) fn booked(books: &Books) -> Vec<Fact> {
    use Account::{CashProvider, CustomerCredit, ReturnedPayment};
    let mut all = Vec::new();
    let mut fact = |(notice, at): (NoticeId, Timestamp), payment: &Payment, from, to, it: Money| {
        let (entity, cause) = (payment.legal_entity, Cause::Notice(notice));
        all.push((entity, cause, from, to, it.currency, it.minor, at.as_microsecond()));
    };
    for it in &books.told.returned {
        let Some(payment) = payment(books, it) else { continue };
        let of = (it.notice, it.at);
        fact(of, payment, CustomerCredit, CashProvider, it.from_credit);
        fact(of, payment, ReturnedPayment, CashProvider, it.owed);
    }
    for it in &books.told.undone {
        let returned = books.told.returned.iter().find(|returned| returned.notice == it.returned);
        let Some(payment) = returned.and_then(|it| payment(books, it)) else { continue };
        let of = (it.notice, it.at);
        fact(of, payment, CashProvider, ReturnedPayment, it.recouped);
        fact(of, payment, CashProvider, CustomerCredit, it.to_credit);
    }
    all
}

fn payment<'b>(books: &'b Books, of: &Returned) -> Option<&'b Payment> {
    books.payments.iter().find(|payment| payment.id == of.payment)
}

pub(super) fn check(scope: &mut Scope<'_>, books: &Books) {
    let count = i64::try_from(books.told.checkouts.len()).unwrap_or(i64::MAX);
    let buyer = || {
        let code = books.customer.as_ref().map(|customer| customer.code.as_str());
        format!("checkouts of customer {}", code.unwrap_or_default())
    };
    scope.require(count == books.told.checkouts_started, buyer, "one of them has no state");
    for view in &books.told.checkouts {
        let place = || format!("checkout {}", view.checkout.id);
        scope.require(stands(view, books), place, "it does not stand where what was heard puts it");
    }
    for payment in &books.payments {
        let place = || format!("payment {}", payment.id);
        let told = books.told.notices.iter().any(|notice| tells_of(notice, payment));
        let holds = told == (payment.source == PaymentSource::Checkout);
        scope.require(holds, place, "no provider told of it, or of another one");
    }
    check_notices(scope, books);
    check_returns(scope, books);
}

fn check_notices(scope: &mut Scope<'_>, books: &Books) {
    for notice in &books.told.notices {
        let place = || format!("notice {}", notice.id);
        let attempt = |id| books.told.checkouts.iter().find(|view| view.checkout.id == id);
        let own = notice.checkout.and_then(attempt);
        let is_its = own.is_none_or(|view| view.checkout.document == notice.document);
        scope.require(is_its, place, "its attempt is for something else");
        let is_paid = matches!(notice.what, Noticed::Paid { .. });
        let holds = !is_paid || books.payments.iter().any(|payment| tells_of(notice, payment));
        scope.require(holds, place, "the payment that it tells of is missing");
    }
    let Told { notices, returned, undone, due, .. } = &books.told;
    let payments = books.payments.iter().filter(|it| it.source == PaymentSource::Checkout);
    let payments: Vec<Payment> = payments.cloned().collect();
    for notice in waits(notices, &payments, returned, undone) {
        let place = || format!("notice {}", notice.id);
        let is_due = due.contains(&notice.id);
        scope.require(is_due, place, "it waits to be booked, and never falls due");
    }
}

fn check_returns(scope: &mut Scope<'_>, books: &Books) {
    for it in &books.told.returned {
        let place = || format!("return {}", it.notice);
        scope.require(is_as_told(it, books), place, "it is not what the provider told");
    }
    for it in &books.told.undone {
        let place = || format!("return {} undone", it.returned);
        let taken = books.told.returned.iter().find(|returned| returned.notice == it.returned);
        let sum = it.recouped.plus(it.to_credit).ok();
        let taken_sum = taken.and_then(|it| it.from_credit.plus(it.owed).ok());
        let fits = sum.zip(taken_sum).is_some_and(|(sum, taken)| sum.minor <= taken.minor);
        let own = notice(books, it.notice).zip(notice(books, it.returned));
        let holds = fits && own.is_some_and(|(own, taken)| own.what.undoes(&taken.what));
        scope.require(holds, place, "it is not what the provider told");
    }
}

fn notice(books: &Books, id: NoticeId) -> Option<&Notice> {
    books.told.notices.iter().find(|notice| notice.id == id)
}

fn stands(view: &CheckoutView, books: &Books) -> bool {
    let is_heard = |status| match status {
        CheckoutStatus::Expired | CheckoutStatus::Failed | CheckoutStatus::Paid => true,
        CheckoutStatus::Starting | CheckoutStatus::Open | CheckoutStatus::Refused => false,
    };
    let now = view.state.status;
    // What calls came to stands only where nothing was heard.
    let called = if is_heard(now) { CheckoutStatus::Starting } else { now };
    let is_open = now == CheckoutStatus::Open;
    let leads = (view.state.url.is_some(), view.state.next_at.is_some()) == (is_open, is_open);
    let Checkout { customer, document, amount, .. } = view.checkout;
    let is_own = books.view(document).is_some_and(|it| {
        let Document { customer: own, total, .. } = it.document;
        own == customer && amount.currency == total.currency && amount.minor <= total.minor
    });
    status(view.checkout.id, called, &books.told.notices) == now && leads && is_own
}

/// Whether a notice tells of this payment: by name, to the cent, when it was recorded.
fn tells_of(notice: &Notice, payment: &Payment) -> bool {
    let Noticed::Paid { reference, amount } = &notice.what else { return false };
    let name = Notice::name(&notice.provider, reference);
    (name, *amount, notice.heard_at)
        == (payment.reference.clone(), payment.amount, payment.received_at)
}

fn is_as_told(it: &Returned, books: &Books) -> bool {
    let (Some(notice), Some(payment)) = (notice(books, it.notice), payment(books, it)) else {
        return false;
    };
    let name = notice.what.payment().map(|of| Notice::name(&notice.provider, of));
    let sum = it.from_credit.plus(it.owed).ok();
    let is_given = it.refund.is_none_or(|id| {
        let refund = books.refunds.iter().find(|refund| refund.id == id);
        refund.is_some_and(|refund| (refund.document, refund.at) == (notice.document, it.at))
    });
    // What is posted at one instant is posted by one command.
    let mut given = books.refunds.iter().filter(|refund| refund.at == it.at);
    let is_named = given.all(|refund| it.refund == Some(refund.id));
    let is_booked = sum.is_some() && sum == notice.what.amount() && name.is_some();
    let is_of_payment = notice.what.is_return() && name.as_ref() == Some(&payment.reference);
    is_of_payment && is_booked && is_given && is_named
}
