//! Records money that came in for a document: all of it counts, whatever became of the document.

use super::refusal::AMOUNT_MAX;
use super::settle::{self, SettleError};
use super::{Payment, PaymentRefusal, PaymentSource, PaymentView};
use crate::decision::{Change, Claim, Decision, Draft, EventKind, Outcome};
use crate::document::void::void;
use crate::document::{DocumentKind, DocumentStatus, DocumentView};
use crate::ids::{DocumentId, PaymentId};
use crate::ledger::{Account, Balance, Cause, Purse};
use crate::licence::Holding;
use crate::moment::Moment;
use crate::money::Money;
use crate::seller::Seller;
use jiff::Timestamp;

/// Record `amount` for `document`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPayment {
    /// For which document.
    pub document: DocumentId,
    /// How much came in.
    pub amount: Money,
    /// How.
    pub source: PaymentSource,
    /// Its name at the source; the payment's own id where it has none.
    pub reference: Option<String>,
}

/// What has to be known.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// What the seller has set.
    pub seller: &'a Seller,
    /// Who buys, and what it has of the product of the document.
    pub holding: Holding<'a>,
    /// The document.
    pub view: &'a DocumentView,
    /// The customer's balances.
    pub balances: &'a [Balance],
    /// Whether the reference is known already.
    pub reference_taken: bool,
}

/// Puts the money to the customer's credit, and from there to the document while it waits for
/// money; after its last day, or where the licence isn't any more what the document was made for,
/// it is voided instead, whether the worker has come by or not. When that
/// makes it paid in full, the licence follows.
///
/// # Errors
/// [`PaymentRefusal`].
pub fn decide(
    command: &RecordPayment,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, PaymentRefusal> {
    check(command, facts)?;
    let mut draft = Draft::new(moment);
    let outcome = receive(&mut draft, command, facts)?;
    Ok(draft.done(Outcome::Payment(outcome)))
}

/// What [`decide`] does, as a part of a larger decision.
///
/// # Errors
/// [`PaymentRefusal`].
pub(crate) fn receive(
    draft: &mut Draft,
    command: &RecordPayment,
    facts: &Facts<'_>,
) -> Result<PaymentView, PaymentRefusal> {
    let moment = draft.moment;
    let mut payment = payment(command, facts, draft);
    let mut view = facts.view.clone();
    let currency = command.amount.currency;
    let owner = (facts.holding.customer.id, payment.legal_entity);
    let mut purse = Purse::open(owner.0, owner.1, currency, facts.balances);
    let cause = Cause::Payment(payment.id);
    let (cash, credit) = (payment.source.cash(), Account::CustomerCredit);
    purse.transfer(cash, credit, payment.amount, cause, draft.hand())?;
    let place = draft.place();

    let is_own = view.document.total.currency == currency;
    let is_request = view.document.kind == DocumentKind::PaymentRequest;
    let waits = |view: &DocumentView| is_own && view.state.status == DocumentStatus::Pending;
    let may_be_over = is_request && !crate::planted::is("paid-after-its-last-day");
    if may_be_over && waits(&view) && is_over(&view, facts.seller, facts.holding, moment)? {
        void(draft, &mut view, &mut purse)?;
    }
    let before = view.state.paid;
    let fresh = Some((payment.id, payment.amount));
    if is_request && waits(&view) {
        let by = (facts.seller, facts.holding);
        settle::allocate(draft, &mut view, &mut purse, fresh, by)?;
    } else if waits(&view) {
        settle::pay_invoice(draft, &mut view, &mut purse, fresh)?;
    }
    // What is left of it makes good what is owed for money that was taken back.
    let allocated = view.state.paid.minus(before)?;
    let used = if is_own { allocated.at_most(payment.amount) } else { Money::zero(currency) };
    let rest = payment.amount.minus(used)?;
    payment.recouped = purse.owed().at_most(purse.credit()).at_most(rest);
    purse.transfer(credit, Account::ReturnedPayment, payment.recouped, cause, draft.hand())?;
    let left = purse.credit();
    draft.close(purse);
    draft.push_before(place, Change::PaymentReceived(payment.clone()));
    draft.event(EventKind::PaymentReceived, payment.id.0);
    Ok(PaymentView { payment, allocated, credit: left, document: view })
}

/// Whether a request can't be paid any more: the work that falls due then may not have been done
/// yet.
pub(crate) fn is_over(
    view: &DocumentView,
    seller: &Seller,
    holding: Holding<'_>,
    moment: Moment,
) -> Result<bool, PaymentRefusal> {
    let fits = view.document.still_fits(holding, moment.now);
    let fits = fits.map_err(SettleError::from)?;
    Ok(!fits || moment.now >= ends_at(view, seller)?)
}

/// The first instant at which the document can't be paid any more.
fn ends_at(view: &DocumentView, seller: &Seller) -> Result<Timestamp, PaymentRefusal> {
    let issuer = seller.legal_entity(view.document.series.legal_entity);
    Ok(view.document.ends_at(issuer.ok_or(PaymentRefusal::UnknownIssuer)?)?)
}

/// Whether it may be recorded.
///
/// # Errors
/// [`PaymentRefusal`].
pub(crate) fn check(command: &RecordPayment, facts: &Facts<'_>) -> Result<(), PaymentRefusal> {
    if command.amount.minor <= 0 {
        return Err(PaymentRefusal::NotPositive);
    }
    if command.amount.minor > AMOUNT_MAX {
        return Err(PaymentRefusal::TooLarge);
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

fn payment(command: &RecordPayment, facts: &Facts<'_>, draft: &mut Draft) -> Payment {
    let id = PaymentId(draft.ids.fresh());
    let reference = command.reference.clone().unwrap_or_else(|| id.to_string());
    draft.claim(Claim::payment_reference(command.source, &reference));
    Payment {
        id,
        customer: facts.holding.customer.id,
        legal_entity: facts.view.document.series.legal_entity,
        source: command.source,
        reference,
        amount: command.amount,
        received_at: draft.moment.now,
        recouped: Money::zero(command.amount.currency),
    }
}
