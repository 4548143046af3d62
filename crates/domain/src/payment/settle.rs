//! Sets a customer's credit aside for a document, and settles it when that pays it in full.

use super::Allocation;
use crate::calendar::CalendarError;
use crate::decision::{Change, Draft, EventKind};
use crate::document::{DocumentStatus, DocumentView};
use crate::ids::{AllocationId, PaymentId};
use crate::ledger::{Account, Cause, Purse};
use crate::licence::grant::{Given, give};
use crate::licence::{Holding, Origin};
use crate::money::{Money, MoneyError};

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
/// to it; with the last of it, settles. Gives back the credit that is left.
///
/// # Errors
/// [`SettleError`].
pub fn allocate(
    draft: &mut Draft,
    view: &mut DocumentView,
    mut purse: Purse,
    payment: Option<(PaymentId, Money)>,
    holding: Holding<'_>,
) -> Result<Money, SettleError> {
    let amount = purse.credit().at_most(view.outstanding());
    // The customer's credit is used up first, then what has just come in.
    let fresh = payment.as_ref().map_or(Money::zero(amount.currency), |(_, fresh)| *fresh);
    let from_credit = purse.credit().minus(fresh)?.at_most(amount);
    set_aside(draft, view, &mut purse, None, from_credit)?;
    let from_payment = amount.minus(from_credit)?;
    set_aside(draft, view, &mut purse, payment.map(|(id, _)| id), from_payment)?;
    if view.outstanding().minor == 0 {
        post(draft, view, &mut purse)?;
        draft.step(view, DocumentStatus::Paid);
        draft.event(EventKind::PaymentRequestPaid, view.document.id.0);
        grant(draft, view, holding)?;
    } else {
        view.state.updated_at = draft.moment.now;
        draft.push(Change::DocumentStateSet(view.document.id, view.state.clone()));
    }
    let left = purse.credit();
    draft.close(purse);
    Ok(left)
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
    let (from, to) = (Account::CustomerCredit, Account::CustomerAllocated);
    purse.transfer(from, to, amount, Cause::Allocation(document), draft.hand())?;
    view.state.paid = view.state.paid.plus(amount)?;
    let id = AllocationId(draft.ids.fresh());
    let at = draft.moment.now;
    draft.push(Change::Allocated(Allocation { id, payment, document, amount, at }));
    Ok(())
}

/// The paying commit moves the money to deferred revenue and tax payable (DESIGN law 7).
fn post(draft: &mut Draft, view: &DocumentView, purse: &mut Purse) -> Result<(), MoneyError> {
    let from = Account::CustomerAllocated;
    let cause = Cause::Settlement(view.document.id);
    for tax in &view.document.taxes {
        purse.transfer(from, Account::DeferredRevenue, tax.base, cause, draft.hand())?;
        if let Some(rate) = tax.rate {
            purse.transfer(from, Account::TaxPayable(rate), tax.tax, cause, draft.hand())?;
        }
    }
    Ok(())
}

fn grant(
    draft: &mut Draft,
    view: &DocumentView,
    holding: Holding<'_>,
) -> Result<(), CalendarError> {
    let mut subscription = holding.subscription.cloned();
    let mut last = holding.last_period.cloned();
    for line in &view.document.lines {
        let given = Given {
            customer: holding.customer,
            product: line.licence.product,
            plan: line.licence.plan,
            quantity: line.quantity,
            months: line.licence.months,
            origin: Origin::Paid(view.document.id),
        };
        let (now, period) = give(draft, given, subscription.as_ref(), last.as_ref())?;
        subscription = Some(now);
        last = Some(period);
    }
    Ok(())
}
