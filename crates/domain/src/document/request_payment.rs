//! Asks a payer for money: prices an order and makes the numbered request.

use super::issue::{self, New};
use super::{DocumentKind, DocumentRefusal, DocumentView, PayerSnapshot, lines};
use crate::calendar::{self, CalendarError};
use crate::customer::{Customer, Payer};
use crate::decision::{Change, Decision, Draft, EventKind, Job, JobKind, Outcome};
use crate::ids::{JobId, PayerId};
use crate::ledger::Purse;
use crate::licence::{Facts, Placement, Term};
use crate::moment::Moment;
use crate::payment::settle;
use crate::quote::{self, Order, Parties, Quote};
use crate::seller::LegalEntity;
use crate::tax::subtotals;
use jiff::SignedDuration;
use jiff::civil::Date;

/// The version of the rules by which documents are priced; written on each.
pub const RULES_VERSION: i64 = 3;

/// Ask for the price of `order`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestPayment {
    /// What is bought.
    pub order: Order,
    /// Who pays; the customer's default payer where nobody is named.
    pub payer: Option<PayerId>,
}

/// Makes the request, and pays it at once where the customer's credit covers it.
///
/// # Errors
/// Why it can't be sold like this.
pub fn decide(
    command: &RequestPayment,
    facts: &Facts<'_>,
    moment: Moment,
) -> Result<Decision, DocumentRefusal> {
    let order = &command.order;
    let (seller, customer) = (facts.seller, facts.holding.customer);
    quote::find(seller, order.product, order.plan)?;
    let payer = payer(customer, command.payer)?;
    let issuer = seller.issuer().ok_or(DocumentRefusal::NoIssuer)?;
    let parties = Parties { seller, issuer, country: &payer.identity.country, kind: payer.kind };
    let quote = quote::calculate(order, parties, facts.holding, moment.now)?;

    let mut draft = Draft::new(moment);
    let mut view = document(&mut draft, &quote, facts, issuer, payer)?;
    issue(&mut draft, &view, issuer)?;
    let currency = view.document.total.currency;
    let mut purse = Purse::open(customer.id, issuer.id, currency, facts.balances);
    let covered = purse.credit().minor >= view.document.total.minor;
    if covered {
        settle::allocate(&mut draft, &mut view, &mut purse, None, (seller, facts.holding))?;
        draft.close(purse);
    }
    Ok(draft.done(Outcome::PaymentRequest { view, quote: Some(Box::new(quote)) }))
}

fn payer(customer: &Customer, named: Option<PayerId>) -> Result<&Payer, DocumentRefusal> {
    let missing = if named.is_some() || customer.profile.default_payer.is_some() {
        DocumentRefusal::UnknownPayer
    } else {
        DocumentRefusal::NoPayer
    };
    customer.payer(named).ok_or(missing)
}

fn document(
    draft: &mut Draft,
    quote: &Quote,
    facts: &Facts<'_>,
    issuer: &LegalEntity,
    payer: &Payer,
) -> Result<DocumentView, DocumentRefusal> {
    let settings = &facts.seller.settings;
    let days = u32::try_from(settings.payment_request_days).unwrap_or(0);
    let profile = &facts.holding.customer.profile;
    let lines = lines(quote, facts.seller, &profile.language)?;
    let taxed = lines.iter().map(|line| (line.tax, line.total));
    let total = quote.total;
    let taxes = subtotals(taxed, settings.tax_rounding)?;
    let valid_until = valid_until(quote, issuer, issue::today(draft, issuer)?, days)?;
    let new = New {
        kind: DocumentKind::PaymentRequest,
        seller: facts.seller,
        issuer,
        customer: facts.holding.customer,
        payer: PayerSnapshot::of(payer),
        subscription: None,
        valid_until: Some(valid_until),
        due_on: None,
        follows: None,
        refund: None,
        placement: quote.lay.placement,
        lines,
        taxes,
        total,
    };
    Ok(issue::make(draft, new)?)
}

/// So many banking days, but no longer than what is asked for can be given: up to its own fixed
/// end, and to the end of what it follows.
fn valid_until(
    quote: &Quote,
    issuer: &LegalEntity,
    today: Date,
    days: u32,
) -> Result<Date, DocumentRefusal> {
    let last = calendar::after_banking_days(&issuer.identity.country, today, days)?;
    let Term::Until { ends_at, follows, .. } = quote.lay.term else { return Ok(last) };
    let follows = follows.filter(|_| quote.lay.placement == Placement::Behind);
    let over = follows.unwrap_or(ends_at);
    let zone = calendar::zone(&issuer.zone)?;
    let before = over.checked_sub(SignedDuration::from_micros(1));
    let before = before.map_err(|_| CalendarError::OutOfRange)?;
    Ok(last.min(zone.to_datetime(before).date()).max(today))
}

fn issue(
    draft: &mut Draft,
    view: &DocumentView,
    issuer: &LegalEntity,
) -> Result<(), DocumentRefusal> {
    draft.open(view.clone(), EventKind::PaymentRequestCreated);
    let job = Job {
        id: JobId(draft.ids.fresh()),
        kind: JobKind::ExpireRequest(view.document.id),
        due_at: view.document.ends_at(issuer)?,
    };
    draft.push(Change::JobScheduled(job));
    Ok(())
}
