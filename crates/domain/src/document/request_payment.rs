//! Asks a payer for money: prices an order and makes the numbered request.

use super::{
    Document, DocumentKind, DocumentRefusal, DocumentState, DocumentStatus, DocumentView, Issued,
    Line, LineCredit, LineLicence, PayerSnapshot, Series, Step,
};
use crate::calendar;
use crate::customer::{Customer, Payer};
use crate::decision::{Change, Decision, Draft, EventKind, Job, JobKind, Outcome};
use crate::ids::{DocumentId, JobId, PayerId};
use crate::ledger::{Balance, Purse};
use crate::licence::Holding;
use crate::moment::Moment;
use crate::money::{Money, MoneyError};
use crate::payment::settle;
use crate::quote::{self, Credit, Order, Quote};
use crate::seller::{LegalEntity, Seller};
use crate::tax::{self, TaxRate, TaxSubtotal};
use std::collections::BTreeMap;

/// The version of the rules by which documents are priced; written on each.
pub const RULES_VERSION: i64 = 1;

/// Ask for the price of `order`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestPayment {
    /// What is bought.
    pub order: Order,
    /// Who pays; the customer's default payer where nobody is named.
    pub payer: Option<PayerId>,
}

/// What has to be known.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// What the seller has set.
    pub seller: &'a Seller,
    /// Who buys, and what it has of the product.
    pub holding: Holding<'a>,
    /// The customer's balances.
    pub balances: &'a [Balance],
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
    let quote = quote::calculate(order, seller, facts.holding, moment.now)?;
    let issuer = seller.issuer().ok_or(DocumentRefusal::NoIssuer)?;

    let mut draft = Draft::new(moment);
    let id = DocumentId(draft.ids.fresh());
    let document = document(id, &quote, facts, issuer, payer, moment)?;
    let mut view = DocumentView {
        state: DocumentState {
            status: DocumentStatus::Pending,
            paid: Money::zero(document.total.currency),
            refunded: Money::zero(document.total.currency),
            steps: 1,
            updated_at: moment.now,
        },
        document,
    };
    issue(&mut draft, &view, issuer)?;
    let currency = view.document.total.currency;
    let purse = Purse::open(customer.id, issuer.id, currency, facts.balances);
    let covered = purse.credit().minor >= view.document.total.minor;
    if covered {
        settle::allocate(&mut draft, &mut view, purse, None, facts.holding)?;
    }
    Ok(draft.done(Outcome::PaymentRequest { view, quote: Some(quote) }))
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
    id: DocumentId,
    quote: &Quote,
    facts: &Facts<'_>,
    issuer: &LegalEntity,
    payer: &Payer,
    moment: Moment,
) -> Result<Document, DocumentRefusal> {
    let today = calendar::zone(&issuer.zone)?.to_datetime(moment.now).date();
    let days = u32::try_from(facts.seller.settings.payment_request_days).unwrap_or(0);
    let lines = lines(quote, facts, issuer.tax_regime.rate(today))?;
    Ok(Document {
        id,
        customer: facts.holding.customer.id,
        kind: DocumentKind::PaymentRequest,
        series: Series {
            legal_entity: issuer.id,
            series: DocumentKind::PaymentRequest.as_str().to_owned(),
            year: String::new(),
        },
        prefix: issuer.payment_request_prefix.clone(),
        issued: Issued { number: 0, on: today },
        valid_until: calendar::after_banking_days(&issuer.identity.country, today, days)?,
        total: quote.total,
        payer: PayerSnapshot {
            id: payer.id,
            revision: payer.revision,
            name: payer.identity.name.clone(),
            tax_id: payer.identity.tax_id.clone(),
            tax_registration: payer.identity.tax_registration.clone(),
        },
        placement: quote.placement,
        taxes: taxes(&lines)?,
        lines,
        profile_revision: facts.holding.customer.profile.revision,
        created_at: moment.now,
        seller_version: facts.seller.version,
        rules_version: RULES_VERSION,
    })
}

/// The charge, then each credit as a position of its own with a negative sum.
fn lines(
    quote: &Quote,
    facts: &Facts<'_>,
    rate: Option<TaxRate>,
) -> Result<Vec<Line>, DocumentRefusal> {
    let Order { product, plan, months, quantity } = quote.order;
    let charge = Line {
        position: 1,
        name: String::new(),
        quantity,
        unit_price: quote.unit_price,
        total: quote.charge,
        licence: LineLicence { product, plan, months },
        rate,
        credit: None,
    };
    let mut lines = vec![charge];
    for (credit, position) in quote.credits.iter().zip(2..) {
        lines.push(credit_line(credit, position)?);
    }
    let language = &facts.holding.customer.profile.language;
    for line in &mut lines {
        line.name = line.title(facts.seller, language);
    }
    Ok(lines)
}

fn credit_line(credit: &Credit, position: i64) -> Result<Line, DocumentRefusal> {
    let unused = &credit.unused;
    let amount = Money::zero(credit.amount.currency).minus(credit.amount)?;
    Ok(Line {
        position,
        name: String::new(),
        quantity: 1,
        unit_price: amount,
        total: amount,
        licence: unused.of.licence.clone(),
        rate: unused.of.rate,
        credit: Some(LineCredit::of(unused)),
    })
}

/// The tax inside the lines of each rate together (EN 16931, BR-CO-17), a credit at the rate of
/// what it credits.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn taxes(lines: &[Line]) -> Result<Vec<TaxSubtotal>, MoneyError> {
    let mut gross: BTreeMap<Option<TaxRate>, Money> = BTreeMap::new();
    for line in lines {
        let sum = gross.entry(line.rate).or_insert(Money::zero(line.total.currency));
        *sum = sum.plus(line.total)?;
    }
    gross.into_iter().map(|(rate, gross)| tax::split_inclusive(gross, rate)).collect()
}

fn issue(
    draft: &mut Draft,
    view: &DocumentView,
    issuer: &LegalEntity,
) -> Result<(), DocumentRefusal> {
    let document = &view.document;
    draft.push(Change::DocumentIssued(Box::new(document.clone())));
    draft.push(Change::DocumentStateOpened(document.id, document.total, view.state.clone()));
    draft.push(Change::Stepped(Step {
        document: document.id,
        seq: 1,
        from: None,
        to: DocumentStatus::Pending,
        at: document.created_at,
    }));
    draft.event(EventKind::PaymentRequestCreated, document.id.0);
    let job = Job {
        id: JobId(draft.ids.fresh()),
        kind: JobKind::ExpireRequest(document.id),
        due_at: document.ends_at(issuer)?,
    };
    draft.push(Change::JobScheduled(job));
    Ok(())
}
