//! Sets a customer's credit aside for a document, and settles it when that pays it in full.

use super::Allocation;
use crate::calendar::CalendarError;
use crate::decision::{Change, Draft, EventKind};
use crate::document::credit_note::{self, left_over};
use crate::document::void::void_stale;
use crate::document::{Document, DocumentKind, DocumentStatus, DocumentView};
use crate::ids::{AllocationId, PaymentId};
use crate::ledger::{Account, Cause, Purse};
use crate::licence::grant::{Given, give};
use crate::licence::{self, Holding, Origin, Placement, Unused};
use crate::money::{Money, MoneyError};
use crate::proration::ProrationError;
use crate::seller::Seller;
use crate::tax::LineTax;

/// Why settling failed: a figure or a date out of range.
#[derive(Debug)]
pub enum SettleError {
    /// A figure.
    Money(MoneyError),
    /// A date.
    Calendar(CalendarError),
}

/// Says for each refusal how a failed settlement is one of it.
macro_rules! settle_error_into {
    ($($refusal:ty),*) => {$(
        impl From<SettleError> for $refusal {
            fn from(error: SettleError) -> Self {
                match error {
                    SettleError::Money(error) => Self::Money(error),
                    SettleError::Calendar(error) => Self::Calendar(error),
                }
            }
        }
    )*};
}
settle_error_into!(crate::document::DocumentRefusal, super::PaymentRefusal);

impl From<SettleError> for crate::checkout::CheckoutRefusal {
    fn from(error: SettleError) -> Self {
        Self::Payment(error.into())
    }
}

/// Periods that were laid have a length, and their parts lie in them: nothing else is left to fail.
impl From<ProrationError> for SettleError {
    fn from(error: ProrationError) -> Self {
        match error {
            ProrationError::Money(error) => Self::Money(error),
            ProrationError::Calendar(error) => Self::Calendar(error),
            ProrationError::EmptyPeriod(..)
            | ProrationError::PartOutside(..)
            | ProrationError::AtOutside(..)
            | ProrationError::CutsOutOfOrder(_)
            | ProrationError::NewPeriodElsewhere(..)
            | ProrationError::Negative(_) => Self::Calendar(CalendarError::OutOfRange),
        }
    }
}

impl From<MoneyError> for SettleError {
    fn from(error: MoneyError) -> Self {
        Self::Money(error)
    }
}
impl From<CalendarError> for SettleError {
    fn from(error: CalendarError) -> Self {
        Self::Calendar(error)
    }
}

/// Sets aside as much credit as the document still needs, `payment` being what has just been added
/// to it; with the last of it, settles.
///
/// # Errors
/// [`SettleError`].
pub fn allocate(
    draft: &mut Draft,
    view: &mut DocumentView,
    purse: &mut Purse,
    payment: Option<(PaymentId, Money)>,
    (seller, holding): (&Seller, Holding<'_>),
) -> Result<(), SettleError> {
    cover(draft, view, purse, payment)?;
    if view.outstanding().minor == 0 {
        credit(draft, view, purse, (seller, holding))?;
        post(draft, view, purse)?;
        draft.step(view, DocumentStatus::Paid);
        draft.event(EventKind::PaymentRequestPaid, view.document.id.0);
        void_rivals(draft, view, purse, holding)?;
        grant(draft, view, holding)?;
    } else {
        view.state.updated_at = draft.moment.now;
        draft.push(Change::DocumentStateSet(view.document.id, view.state.clone()));
    }
    Ok(())
}

/// Pays as much of an invoice as the customer's credit covers, `payment` being what has just been
/// added to it.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub(crate) fn pay_invoice(
    draft: &mut Draft,
    view: &mut DocumentView,
    purse: &mut Purse,
    payment: Option<(PaymentId, Money)>,
) -> Result<(), MoneyError> {
    let before = view.state.paid;
    cover(draft, view, purse, payment)?;
    if view.outstanding().minor == 0 {
        draft.step(view, DocumentStatus::Paid);
        draft.event(EventKind::InvoicePaid, view.document.id.0);
    } else if view.state.paid != before {
        view.state.updated_at = draft.moment.now;
        draft.push(Change::DocumentStateSet(view.document.id, view.state.clone()));
    }
    Ok(())
}

/// Sets aside as much credit as the document still needs: first what has just come in for it, so
/// that what is taken back of a payment is asked of what it paid; then what was there before.
fn cover(
    draft: &mut Draft,
    view: &mut DocumentView,
    purse: &mut Purse,
    payment: Option<(PaymentId, Money)>,
) -> Result<(), MoneyError> {
    let amount = purse.credit().at_most(view.outstanding());
    let fresh = payment.as_ref().map_or(Money::zero(amount.currency), |(_, fresh)| *fresh);
    let from_payment = fresh.at_most(amount);
    set_aside(draft, view, purse, payment.map(|(id, _)| id), from_payment)?;
    if crate::planted::is("credit-is-left-alone") {
        return Ok(());
    }
    set_aside(draft, view, purse, None, amount.minus(from_payment)?)
}

fn set_aside(
    draft: &mut Draft,
    view: &mut DocumentView,
    purse: &mut Purse,
    payment: Option<PaymentId>,
    amount: Money,
) -> Result<(), MoneyError> {
    if amount.minor == 0 {
        return Ok(());
    }
    let document = view.document.id;
    // What an invoice asks for is owed already; what a request asks for is only set aside.
    let to = match view.document.kind {
        DocumentKind::Invoice => Account::Receivable,
        DocumentKind::PaymentRequest
        | DocumentKind::CreditNote
        | DocumentKind::OrderConfirmation => Account::CustomerAllocated,
    };
    let from = Account::CustomerCredit;
    purse.transfer(from, to, amount, Cause::Allocation(document), draft.hand())?;
    view.state.paid = view.state.paid.plus(amount)?;
    let id = AllocationId(draft.ids.fresh());
    let at = draft.moment.now;
    draft.push(Change::Allocated(Allocation { id, payment, document, amount, at }));
    Ok(())
}

/// A change takes back what is unused of the licence by now: from there come the credits that were
/// printed. What is unused beyond them, because the charge was their cap or the licence was renewed
/// since, is the customer's credit, and has a credit note.
fn credit(
    draft: &mut Draft,
    view: &DocumentView,
    purse: &mut Purse,
    (seller, holding): (&Seller, Holding<'_>),
) -> Result<(), SettleError> {
    let document = &view.document;
    if document.placement == Placement::Behind {
        return Ok(());
    }
    let cause = Cause::Crediting(document.id);
    let unused = licence::unused(holding, draft.moment.now)?;
    for (from, amount) in crediting(document, &unused)? {
        purse.transfer(from, Account::CustomerCredit, amount, cause, draft.hand())?;
    }
    let (from, to) = (Account::CustomerCredit, Account::CustomerAllocated);
    purse.transfer(from, to, document.credited()?, cause, draft.hand())?;
    let left = left_over::leftovers(document, &unused)?;
    let customer = holding.customer;
    for (payer, left) in left_over::by_payer(&left) {
        let positions = left_over::positions(&left, seller, &customer.profile.language)?;
        let (follows, said) = ((document.into(), None), (payer, positions));
        credit_note::issue(draft, follows, said, seller, customer)?;
    }
    Ok(())
}

/// What a change takes back for the customer's credit, and from where: of each grant what is unused
/// of it now, net and tax; and where the document credits more, because days were used up since,
/// the rest as goodwill, with the tax that the document says.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn crediting(
    document: &Document,
    unused: &[Unused],
) -> Result<Vec<(Account, Money)>, MoneyError> {
    let mut taken = Vec::new();
    let mut take = |base: (Account, Money), of: LineTax, tax: Money| {
        taken.push(base);
        taken.extend(of.rate.map(|rate| (Account::TaxPayable(rate), tax)));
    };
    for unused in unused {
        let split = unused.of.tax.split(unused.value)?;
        take((Account::DeferredRevenue, split.base), split.of, split.tax);
    }
    for (line, credit) in document.credits() {
        let zero = Money::zero(line.total.currency);
        let printed = zero.minus(line.total)?;
        let left = unused.iter().find(|unused| unused.of.grant == credit.grant);
        let left = left.map_or(zero, |unused| unused.value).at_most(printed);
        let (printed, left) = (line.tax.split(printed)?, line.tax.split(left)?);
        let base = printed.base.minus(left.base)?;
        take((Account::Goodwill, base), line.tax, printed.tax.minus(left.tax)?);
    }
    Ok(taken)
}

/// A running period is credited by one paid request only: the other changes that wait are void. A
/// renewal moves the end, so that what was to keep it, or to follow it up to a fixed day, is void.
fn void_rivals(
    draft: &mut Draft,
    view: &DocumentView,
    purse: &mut Purse,
    holding: Holding<'_>,
) -> Result<(), MoneyError> {
    let is_moved = |rival: &&DocumentView| match view.document.placement {
        Placement::Instead | Placement::Within => true,
        Placement::Behind => rival.document.placement != Placement::Instead,
    };
    let others = holding.changes.iter().filter(|rival| rival.document.id != view.document.id);
    void_stale(draft, others.filter(is_moved), &view.document, purse)
}

/// The paying commit moves the money to deferred revenue and tax payable (DESIGN law 7): the taxes
/// of the document, and those of its credits, which stand in it with a minus. Rounding may leave a
/// minor unit to come back from one of them; that comes first.
fn post(draft: &mut Draft, view: &DocumentView, purse: &mut Purse) -> Result<(), MoneyError> {
    let cause = Cause::Settlement(view.document.id);
    for (from, to, amount) in view.document.settlement()? {
        purse.transfer(from, to, amount, cause, draft.hand())?;
    }
    Ok(())
}

fn grant(
    draft: &mut Draft,
    view: &DocumentView,
    holding: Holding<'_>,
) -> Result<(), CalendarError> {
    for line in view.document.charges() {
        let given = Given {
            customer: holding.customer.id,
            zone: &holding.customer.profile.zone,
            at: draft.moment.now,
            product: line.licence.product,
            plan: line.licence.plan,
            quantity: line.quantity,
            term: line.licence.term,
            placement: view.document.placement,
            origin: Origin::Paid(view.document.id),
        };
        give(draft, given, holding)?;
    }
    Ok(())
}
