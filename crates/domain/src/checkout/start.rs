//! Begins an attempt to pay, before the provider is called.

use super::{Checkout, CheckoutRefusal, CheckoutState, CheckoutStatus, CheckoutView};
use crate::decision::{Change, Decision, Draft, Outcome};
use crate::document::void::void;
use crate::document::{DocumentKind, DocumentStatus, DocumentView};
use crate::ids::{CheckoutId, DocumentId};
use crate::language::Language;
use crate::ledger::{Account, Balance, Purse, balance_of};
use crate::licence::Holding;
use crate::moment::Moment;
use crate::money::{Money, MoneyError};
use crate::payment::record::is_over;
use crate::payment::settle;
use crate::seller::Seller;

/// Begin to pay `document` at `provider`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartCheckout {
    /// For which document.
    pub document: DocumentId,
    /// At which provider.
    pub provider: String,
    /// What the buyer reads.
    pub language: Language,
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
    /// The newest attempt for the document.
    pub newest: Option<&'a CheckoutView>,
}

/// Begins an attempt over what is due beside the customer's credit. One that runs already over the
/// same amount is given instead, so that two clicks are one attempt, unless nobody heard of its
/// start before the provider forgot its key; and where the credit covers all of it, it is paid from
/// there at once. What can't be paid any more is voided, as a payment would void it, so that the
/// buyer can see it.
///
/// # Errors
/// [`CheckoutRefusal`].
pub fn decide(
    command: &StartCheckout,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, CheckoutRefusal> {
    let mut view = facts.view.clone();
    let is_request = view.document.kind == DocumentKind::PaymentRequest;
    if !is_request || view.state.status != DocumentStatus::Pending {
        return Err(CheckoutRefusal::NotPayable);
    }
    let mut draft = Draft::new(moment);
    let amount = due(&view, facts.balances)?;
    let is_over = is_over(&view, facts.seller, facts.holding, moment)?;
    if is_over || amount.minor == 0 {
        let (entity, currency) = (view.document.series.legal_entity, amount.currency);
        let mut purse = Purse::open(view.document.customer, entity, currency, facts.balances);
        if is_over {
            void(&mut draft, &mut view, &mut purse)?;
        } else {
            let by = (facts.seller, facts.holding);
            settle::allocate(&mut draft, &mut view, &mut purse, None, by)?;
        }
        draft.close(purse);
        return Ok(draft.done(Outcome::PaymentRequest { view, quote: None }));
    }
    let goes_on = |it: &&CheckoutView| {
        let own = (&it.checkout.provider, it.checkout.amount);
        // Nobody was led to what a forgotten key may have started; started again, it would be two.
        let is_starting = it.state.status == CheckoutStatus::Starting;
        let is_forgotten = is_starting && !it.checkout.is_fresh(moment.machine);
        it.state.status.is_running() && !is_forgotten && own == (&command.provider, amount)
    };
    if let Some(running) = facts.newest.filter(goes_on) {
        return Ok(draft.done(Outcome::Checkout(Box::new(running.clone()))));
    }
    let id = CheckoutId(draft.ids.fresh());
    let view = begin(command, id, &view, amount, moment);
    draft.push(Change::CheckoutStarted(Box::new(view.clone())));
    Ok(draft.done(Outcome::Checkout(Box::new(view))))
}

/// What is due beside the customer's credit.
fn due(view: &DocumentView, balances: &[Balance]) -> Result<Money, MoneyError> {
    let outstanding = view.outstanding();
    let entity = view.document.series.legal_entity;
    let credit = balance_of(balances, entity, Account::CustomerCredit, outstanding.currency);
    outstanding.minus(credit.at_most(outstanding))
}

fn begin(
    command: &StartCheckout,
    id: CheckoutId,
    view: &DocumentView,
    amount: Money,
    moment: Moment,
) -> CheckoutView {
    let checkout = Checkout {
        id,
        customer: view.document.customer,
        document: view.document.id,
        provider: command.provider.clone(),
        amount,
        language: command.language.clone(),
        started_at: moment.now,
    };
    let state = CheckoutState {
        status: CheckoutStatus::Starting,
        external_id: None,
        url: None,
        trouble: None,
        asked: 0,
        next_at: None,
        updated_at: moment.now,
    };
    CheckoutView { checkout, state }
}
