//! Asks for money to go back through the provider by which it came: written before the provider is
//! called.

use super::refund::{
    ProviderRefund, ProviderRefundState, ProviderRefundStatus, ProviderRefundView, gone,
};
use super::{CheckoutRefusal, Notice, Noticed, book, fold};
use crate::decision::{Change, Claim, Decision, Draft, Outcome};
use crate::ids::{DocumentId, NoticeId, ProviderRefundId};
use crate::moment::Moment;
use crate::money::Money;
use crate::payment::{Payment, PaymentRefusal};

/// Give back what was paid at a provider for `document`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskRefund {
    /// For which document.
    pub document: DocumentId,
    /// Of which payment, by its reference; needed only where several have something left.
    pub payment: Option<String>,
    /// How much; all that is left of the payment where nothing is said.
    pub amount: Option<Money>,
    /// Its name in the books; its own id where it has none.
    pub reference: Option<String>,
    /// Why.
    pub reason: String,
}

/// What has to be known.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// What booking a notice about the document has to know.
    pub books: book::Books<'a>,
    /// What was asked for of the customer's payments before.
    pub asked: &'a [ProviderRefundView],
    /// Whether the reference is known already.
    pub reference_taken: bool,
}

/// Writes down what is to go back: at most what is left of the payment, and only what the books can
/// give without the customer owing it.
///
/// # Errors
/// [`CheckoutRefusal`].
pub fn decide(
    command: &AskRefund,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, CheckoutRefusal> {
    check(command, facts)?;
    let (payment, paid, left) = payment(command, facts)?;
    let amount = command.amount.unwrap_or(left);
    let is_too_much = amount.currency != left.currency || amount.minor > left.minor;
    if is_too_much || left.minor == 0 {
        return Err(PaymentRefusal::MoreThanPaid(left).into());
    }
    if amount.minor <= 0 {
        return Err(PaymentRefusal::NotPositive.into());
    }
    let mut draft = Draft::new(moment);
    let id = ProviderRefundId(draft.ids.fresh());
    let reference = command.reference.clone().unwrap_or_else(|| id.to_string());
    let refund = ProviderRefund {
        id,
        customer: payment.customer,
        document: command.document,
        payment: payment.id,
        provider: paid.provider.clone(),
        paid_as: paid.what.reference().unwrap_or_default().to_owned(),
        amount,
        reference,
        reason: command.reason.clone(),
        asked_at: moment.now,
    };
    check_books(&refund, payment, facts, moment)?;
    draft.claim(Claim::refund_reference(&refund.reference));
    let state = ProviderRefundState {
        status: ProviderRefundStatus::Pending,
        known_as: None,
        trouble: None,
        calls: 0,
        called_at: None,
        next_at: Some(moment.machine),
        updated_at: moment.now,
    };
    let view = ProviderRefundView { refund, state };
    draft.push(Change::RefundAsked(Box::new(view.clone())));
    Ok(draft.done(Outcome::ProviderRefund { view: Box::new(view), claimed_until: None }))
}

/// Whether it may be asked for, whatever was paid.
fn check(command: &AskRefund, facts: &Facts<'_>) -> Result<(), PaymentRefusal> {
    if !(1..=500).contains(&command.reason.chars().count()) {
        return Err(PaymentRefusal::BadReason);
    }
    let Some(reference) = &command.reference else { return Ok(()) };
    if !(1..=140).contains(&reference.chars().count()) {
        return Err(PaymentRefusal::BadReference);
    }
    if facts.reference_taken {
        return Err(PaymentRefusal::Duplicate(reference.clone()));
    }
    Ok(())
}

/// The payment that is meant, the notice that told of it, and what is left of it. Of several, the
/// one that is named, or the only one of which something is left.
fn payment<'a>(
    command: &AskRefund,
    facts: &Facts<'a>,
) -> Result<(&'a Payment, &'a Notice, Money), CheckoutRefusal> {
    let mut found = Vec::new();
    for paid in facts.books.heard {
        let Noticed::Paid { reference, .. } = &paid.what else { continue };
        let name = Notice::name(&paid.provider, reference);
        let is_meant = |it: &String| *it == name || it == reference;
        let payment = facts.books.payments.iter().find(|payment| payment.reference == name);
        if let Some(payment) = payment.filter(|_| command.payment.as_ref().is_none_or(is_meant)) {
            found.push((payment, paid, left(payment, facts)?));
        }
    }
    if found.len() > 1 {
        found.retain(|(_, _, left)| left.minor > 0);
    }
    if found.len() > 1 {
        let name =
            |(it, _, left): &(&Payment, &Notice, Money)| format!("{} ({left})", it.reference);
        let names: Vec<String> = found.iter().map(name).collect();
        return Err(CheckoutRefusal::WhichPayment(names.join(", ")));
    }
    found.pop().ok_or(CheckoutRefusal::NotByProvider)
}

/// What is left of a payment at its provider after what went back, and what is still to go.
fn left(payment: &Payment, facts: &Facts<'_>) -> Result<Money, CheckoutRefusal> {
    let books = &facts.books;
    let mut left = payment.amount;
    for told in books.heard.iter().filter(|it| it.what.is_return()) {
        if fold::payment_of(told, books.payments).is_some_and(|it| it.id == payment.id) {
            left = left.minus(gone(told, books.heard)?)?;
        }
    }
    for it in pending(payment, facts) {
        left = left.minus(it.refund.amount)?;
    }
    let nothing = Money::zero(left.currency);
    Ok(if left.minor < 0 { nothing } else { left })
}

fn pending<'a>(
    payment: &Payment,
    facts: &Facts<'a>,
) -> impl Iterator<Item = &'a ProviderRefundView> {
    let id = payment.id;
    facts.asked.iter().filter(move |it| it.is_pending() && it.refund.payment == id)
}

/// Books it for trial, with all that is still to go of its payment: what the books couldn't give
/// isn't asked for.
fn check_books(
    refund: &ProviderRefund,
    payment: &Payment,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<(), CheckoutRefusal> {
    let mut sum = refund.amount;
    for it in pending(payment, facts) {
        sum = sum.plus(it.refund.amount)?;
    }
    let whole = ProviderRefund { amount: sum, ..refund.clone() };
    let notice = Notice {
        id: NoticeId(refund.id.0),
        provider: refund.provider.clone(),
        event: refund.event(),
        checkout: None,
        document: refund.document,
        what: whole.notice(refund.id.to_string()),
        heard_at: moment.now,
    };
    let books = book::Facts { notice: &notice, books: facts.books.clone() };
    let owed = book::owed_for(&books, payment, moment)?;
    if owed.minor > 0 {
        let most = refund.amount.minus(owed.at_most(refund.amount))?;
        return Err(PaymentRefusal::MoreThanPaid(most).into());
    }
    Ok(())
}
