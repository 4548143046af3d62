//! The end of a run: whether the books have what the provider knows, once.

use super::truth::{Capture, End, Truth};
use super::{Checkouts, NAME, Request, simple};
use crate::executor::alone;
use crate::run::{Failed, Marks, failed};
use abono_domain::checkout::{CheckoutStatus, CheckoutView};
use abono_domain::document::{DocumentStatus, DocumentView};
use abono_domain::ids::{CustomerId, DocumentId, GrantId, PaymentId, TransferId};
use abono_domain::ledger::{Account, Transfer};
use abono_domain::licence::{Grant, Origin, Period};
use abono_domain::payment::{Payment, PaymentSource};
use abono_domain::seller::Tenant;
use abono_engine::Engine;
use abono_engine::views::{Filter, PageRequest};
use abono_store::nouns::{checkout, ledger, licence, payment};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What the books say of a customer.
struct Books {
    requests: Vec<DocumentView>,
    checkouts: Vec<CheckoutView>,
    payments: Vec<Payment>,
    transfers: Vec<Transfer>,
    grants: BTreeMap<GrantId, Grant>,
    periods: Vec<Period>,
}

/// What is true of a customer.
pub(super) struct Own<'a> {
    pub(super) requests: Vec<Request>,
    /// Each capture, with the request that it was made for.
    pub(super) captures: Vec<(DocumentId, &'a Capture)>,
    /// What came by transfer, and for which request.
    pub(super) transfers: Vec<(DocumentId, i64)>,
    granted: usize,
}

const ALL: i64 = i64::MAX / 2;

impl Books {
    fn read(engine: &Engine, tenant: &Tenant, customer: CustomerId) -> Result<Self, Failed> {
        let page = PageRequest { filter: Filter::ALL, after: None, limit: ALL, count: false };
        let requests = alone(engine.payment_requests(tenant, customer, page)).map_err(failed)?;
        let store = engine.store();
        let id = tenant.id;
        let checkouts = alone(store.query(checkout::of_customer(id, customer))).map_err(failed)?;
        let list = payment::list(id, customer, PaymentId(Uuid::nil()), ALL);
        let payments = alone(store.query(list)).map_err(failed)?;
        let list = ledger::transfers(id, customer, TransferId(Uuid::nil()), ALL);
        let transfers = alone(store.query(list)).map_err(failed)?;
        let grants = alone(store.query(licence::grants(id, customer))).map_err(failed)?;
        let grants = grants.into_iter().map(|(grant, _)| (grant.id, grant)).collect();
        let periods = alone(store.query(licence::periods(id, customer))).map_err(failed)?;
        let requests = requests.items;
        Ok(Self { requests, checkouts, payments, transfers, grants, periods })
    }

    /// What is on an account, counted as an asset.
    fn on(&self, account: Account) -> i64 {
        let side = |transfer: &Transfer| {
            let is = |side: Account| i64::from(side == account);
            (is(transfer.debit) - is(transfer.credit)) * transfer.amount.minor
        };
        self.transfers.iter().map(side).sum()
    }

    fn request(&self, id: DocumentId) -> Option<&DocumentView> {
        self.requests.iter().find(|view| view.document.id == id)
    }
}

pub(super) fn compare(
    trade: &Checkouts<'_>,
    engine: &Engine,
    tenant: &Tenant,
    marks: &mut Marks,
) -> Result<(), Failed> {
    let inner = trade.provider.lock();
    let truth = &inner.truth;
    marks.add(&inner.marks);
    if let Some(wrong) = truth.wrong.first() {
        return Err(Failed(wrong.clone()));
    }
    let mut written = 0;
    for customer in &trade.market.customers {
        let books = Books::read(engine, tenant, *customer)?;
        let own = own(trade, truth, *customer, &books)?;
        written += own.captures.len();
        let of = |found: String| Failed(format!("{customer}: {found}"));
        attempts(truth, &books).map_err(of)?;
        doubles(truth, &books).map_err(of)?;
        payments(&own, &books).map_err(of)?;
        money(&own, &books).map_err(of)?;
        licences(&own, &books).map_err(of)?;
        let statuses = |id| books.request(id).map(|view| view.state.status);
        simple::compare(&own, statuses, marks).map_err(of)?;
    }
    if written != truth.captures.len() {
        return Err(Failed("a payment has an attempt that nobody wrote".to_owned()));
    }
    Ok(())
}

/// What is true of a customer, whose the attempts are being read from the books.
fn own<'a>(
    trade: &Checkouts<'_>,
    truth: &'a Truth,
    customer: CustomerId,
    books: &Books,
) -> Result<Own<'a>, Failed> {
    let requests = trade.requests.iter().filter(|it| it.customer == customer).copied().collect();
    let of_key = |key: Uuid| {
        let own = books.checkouts.iter().find(|view| view.checkout.id.0 == key);
        own.map(|view| view.checkout.document)
    };
    let captures = truth.captures.iter();
    let captures = captures.filter_map(|it| Some((of_key(it.key)?, it))).collect();
    let transfers = trade.transfers.iter().filter(|(it, _)| it.customer == customer);
    let transfers = transfers.map(|(it, minor)| (it.document, *minor)).collect();
    let granted = trade.granted.iter().filter(|it| **it == customer).count();
    let own = Own { requests, captures, transfers, granted };
    if own.requests.len() != books.requests.len() {
        return Err(Failed(format!("{customer} has requests that nobody was told of")));
    }
    Ok(own)
}

/// Each attempt stands where its checkout at the provider ended.
fn attempts(truth: &Truth, books: &Books) -> Result<(), String> {
    use CheckoutStatus::{Expired, Failed, Open, Paid, Refused, Starting};
    for view in &books.checkouts {
        let (id, status) = (view.checkout.id, view.state.status);
        let end = truth.end_of(id.0);
        let fits = match status {
            // No call arrived, or none was taken on.
            Starting | Refused => end.is_none(),
            Open => false,
            // A question learns only that it ended.
            Failed => matches!(end, Some(End::Declined | End::Expired)),
            Expired => end == Some(End::Expired),
            Paid => end == Some(End::Paid),
        };
        if !fits {
            return Err(format!("attempt {id} is {status:?}, at the provider it is {end:?}"));
        }
        let mut sessions = truth.sessions.iter().filter(|it| it.contents.key == id.0);
        if let Some(other) = sessions.find(|it| it.contents.amount != view.checkout.amount) {
            return Err(format!("attempt {id} was started over {}", other.contents.amount));
        }
    }
    Ok(())
}

/// A buyer is led to one attempt after the other. Only where what is due has changed meanwhile,
/// there may be another.
fn doubles(truth: &Truth, books: &Books) -> Result<(), String> {
    for (first, second) in &truth.doubles {
        let mut all = books.checkouts.iter().map(|view| &view.checkout);
        let Some(own) = all.find(|it| it.id.0 == *second) else { continue };
        let same = |view: &CheckoutView| {
            view.checkout.document != own.document || view.checkout.amount == own.amount
        };
        if books.checkouts.iter().all(same) {
            return Err(format!("attempt {second} was begun while {first} could be paid"));
        }
    }
    Ok(())
}

/// Exactly one payment for each capture and each transfer.
fn payments(own: &Own<'_>, books: &Books) -> Result<(), String> {
    let captured = own.captures.iter();
    let mut told: Vec<_> =
        captured.map(|(_, it)| (format!("{NAME}/{}", it.reference), it.minor)).collect();
    let through = books.payments.iter().filter(|it| it.source == PaymentSource::Checkout);
    let mut booked: Vec<_> = through.map(|it| (it.reference.clone(), it.amount.minor)).collect();
    told.sort();
    booked.sort();
    if told == booked {
        return Ok(());
    }
    Err(format!("the provider captured {told:?}, the books have {booked:?}"))
}

/// Every cent is where it has to be.
fn money(own: &Own<'_>, books: &Books) -> Result<(), String> {
    let kept: i64 = own.captures.iter().map(|(_, capture)| capture.kept()).sum();
    let transferred: i64 = own.transfers.iter().map(|(_, minor)| minor).sum();
    let same = |what: &str, truth: i64, booked: i64| {
        let differ = || format!("{what} is {truth}, the books have {booked}");
        (truth == booked).then_some(()).ok_or_else(differ)
    };
    same("the provider's money", kept, books.on(Account::CashProvider))?;
    same("the bank's money", transferred, books.on(Account::CashBank))?;
    let (credit, set_aside) =
        (-books.on(Account::CustomerCredit), -books.on(Account::CustomerAllocated));
    let owed = books.on(Account::ReturnedPayment);
    if credit < 0 || set_aside < 0 || owed < 0 {
        return Err(format!("credit {credit}, set aside {set_aside}, owed {owed}"));
    }
    // What was paid for requests is all that was not kept as credit.
    let paid = |view: &DocumentView| view.state.paid.minor - view.state.refunded.minor;
    let bought: i64 = books.requests.iter().map(paid).sum();
    same("what came in and wasn't given back", kept + transferred + owed, bought + credit)
}

/// A licence runs only where its request is paid and not all given back, or where it was given.
fn licences(own: &Own<'_>, books: &Books) -> Result<(), String> {
    let mut given = 0;
    for grant in books.grants.values() {
        let lies = books.periods.iter().any(|period| period.grant == grant.id);
        let has_to = match &grant.origin {
            Origin::Paid(id) => {
                let status = books.request(*id).map(|view| view.state.status);
                status == Some(DocumentStatus::Paid)
            }
            Origin::ByHand(_) => {
                given += 1;
                true
            }
            Origin::Billed { .. } | Origin::Trial => false,
        };
        if lies != has_to {
            return Err(format!("licence {lies}, though {:?}", grant.origin));
        }
    }
    if given != own.granted {
        return Err(format!("{} licences were given, the books have {given}", own.granted));
    }
    let known = |period: &Period| books.grants.contains_key(&period.grant);
    if !books.periods.iter().all(known) {
        return Err("a licence runs that nobody gave".to_owned());
    }
    for view in &books.requests {
        let own = Origin::Paid(view.document.id);
        let count = books.grants.values().filter(|grant| grant.origin == own).count();
        let is_paid = view.state.status == DocumentStatus::Paid;
        if count > 1 || (is_paid && count == 0) {
            return Err(format!("{} gave {count} licences", view.document.id));
        }
    }
    Ok(())
}
