//! The ledger: the transfers are exactly those that payments, allocations and documents ask for,
//! and the balances are their sums.

use super::Scope;
use super::books::Books;
use super::checkouts;
use super::subscriptions::{carried, confirmations};
use abono_domain::document::credit_note::Positions;
use abono_domain::document::{Document, DocumentKind, DocumentStatus, DocumentView};
use abono_domain::ids::{LegalEntityId, PaymentId};
use abono_domain::ledger::{Account, Cause, Transfer, balance_of};
use abono_domain::licence::{Placement, unused};
use abono_domain::money::{Currency, Money};
use abono_domain::payment::settle::crediting as crediting_of;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A transfer without its identity: whose books, why, from where, to where, how much, when.
pub(super) type Fact = (LegalEntityId, Cause, Account, Account, Currency, i64, i64);

pub(super) fn check(scope: &mut Scope<'_>, books: &Books) {
    let mut expected: Vec<Fact> = expected(books);
    let mut found: Vec<Fact> = books.transfers.iter().map(fact).collect();
    expected.sort();
    found.sort();
    for (fact, problem) in [
        (missing(&expected, &found), "a transfer that follows from the books is missing"),
        (missing(&found, &expected), "a transfer follows from nothing in the books"),
    ] {
        let place = || fact.map(|fact| describe(fact, books)).unwrap_or_default();
        scope.require(fact.is_none(), place, problem);
    }
    check_allocations(scope, books);
    check_balances(scope, books);
}

/// What was set aside from a payment came with it, and is no more than it.
fn check_allocations(scope: &mut Scope<'_>, books: &Books) {
    let mut used: BTreeMap<PaymentId, i128> = BTreeMap::new();
    for allocation in &books.allocations {
        let place = || format!("allocation {}", allocation.id);
        let at = allocation.at;
        let from = |id| books.payments.iter().find(|payment| payment.id == id);
        let came = match allocation.payment {
            Some(id) => {
                *used.entry(id).or_default() += i128::from(allocation.minor);
                from(id).is_some_and(|payment| payment.received_at == at)
            }
            None => {
                let issued = books.documents.iter().any(|view| view.document.created_at == at);
                // What the credit covers is paid from it where the buyer goes to pay.
                let paid = books.paid_at(allocation.document) == Some(at);
                issued || paid || books.payments.iter().any(|payment| payment.received_at == at)
            }
        };
        scope.require(came, place, "it did not come with its payment");
    }
    for (id, sum) in used {
        let payment = books.payments.iter().find(|payment| payment.id == id);
        let covered = payment.is_some_and(|payment| sum <= i128::from(payment.amount.minor));
        let place = || format!("payment {id}");
        scope.require(covered, place, "more was set aside from it than it brought");
    }
}

fn fact(transfer: &Transfer) -> Fact {
    (
        transfer.legal_entity,
        transfer.cause,
        transfer.debit,
        transfer.credit,
        transfer.amount.currency,
        transfer.amount.minor,
        transfer.at.as_microsecond(),
    )
}

/// A transfer as an accountant reads it.
fn describe(fact: &Fact, books: &Books) -> String {
    let (_, cause, debit, credit, currency, minor, at) = *fact;
    let (why, id) = cause.parts();
    let number = books.documents.iter().find(|view| view.document.id.0 == id);
    let of = number.map_or_else(|| id.to_string(), |view| view.document.number());
    let amount = Money::new(minor, currency);
    let at = Timestamp::from_microsecond(at).unwrap_or_default();
    let buyer = books.customer.as_ref().map(|c| c.code.as_str()).unwrap_or_default();
    let (debit, credit) = (debit.word(), credit.word());
    format!("customer {buyer}, {why} of {of} at {at}: {amount} from {debit} to {credit}")
}

/// The first of `wanted` that `there` doesn't hold as often. Both are sorted.
fn missing<'f>(wanted: &'f [Fact], there: &[Fact]) -> Option<&'f Fact> {
    let mut there = there.iter().peekable();
    wanted.iter().find(|fact| {
        while there.next_if(|other| other < fact).is_some() {}
        there.next_if(|other| other == fact).is_none()
    })
}

/// The transfers that must be there.
fn expected(books: &Books) -> Vec<Fact> {
    use Account::{CustomerAllocated, CustomerCredit};
    let mut all = Vec::new();
    for payment in &books.payments {
        let at = payment.received_at.as_microsecond();
        let (amount, cause) = (payment.amount, Cause::Payment(payment.id));
        let (entity, currency) = (payment.legal_entity, amount.currency);
        let cash = payment.source.cash();
        all.push((entity, cause, cash, CustomerCredit, currency, amount.minor, at));
        let recouped = payment.recouped.minor;
        let owed = Account::ReturnedPayment;
        all.push((entity, cause, CustomerCredit, owed, currency, recouped, at));
    }
    all.extend(checkouts::booked(books));
    all.retain(|(.., minor, _)| *minor != 0);
    for view in &books.documents {
        let (document, state) = (&view.document, &view.state);
        let (entity, currency) = (document.series.legal_entity, document.total.currency);
        let own = || books.allocations.iter().filter(|a| a.document == document.id);
        let cause = Cause::Allocation(document.id);
        let is_invoice = document.kind == DocumentKind::Invoice;
        let to = if is_invoice { Account::Receivable } else { CustomerAllocated };
        all.extend(own().map(|a| {
            let at = a.at.as_microsecond();
            (entity, cause, CustomerCredit, to, currency, a.minor, at)
        }));
        if is_invoice {
            all.extend(invoiced(books, document));
            continue;
        }
        all.extend(noted(books, document));
        match state.status {
            DocumentStatus::Pending | DocumentStatus::Issued => {}
            DocumentStatus::Paid | DocumentStatus::Refunded => {
                let posted = posted(books, view);
                all.extend(refunded(books, view, &posted));
                all.extend(posted);
            }
            DocumentStatus::Canceled => {
                let sum: i128 = own().map(|a| i128::from(a.minor)).sum();
                let sum = i64::try_from(sum).unwrap_or(i64::MAX);
                let cause = Cause::Release(document.id);
                let at = state.updated_at.as_microsecond();
                if sum != 0 {
                    all.push((entity, cause, CustomerAllocated, CustomerCredit, currency, sum, at));
                }
            }
        }
    }
    all
}

/// What an invoice posted when it was issued: what it charges, and what it left over of credits.
fn invoiced(books: &Books, document: &Document) -> Vec<Fact> {
    let (entity, currency) = (document.series.legal_entity, document.total.currency);
    let at = document.created_at.as_microsecond();
    let fact = |cause, (from, to, amount): (Account, Account, Money)| {
        (entity, cause, from, to, currency, amount.minor, at)
    };
    let moved = document.invoicing().unwrap_or_default().into_iter();
    let mut all: Vec<Fact> = moved.map(|it| fact(Cause::Invoicing(document.id), it)).collect();
    let left_over = carried(books, document).map(|carried| carried.left_over.postings());
    all.extend(left_over.unwrap_or_default().into_iter().map(|(from, amount)| {
        fact(Cause::Crediting(document.id), (from, Account::CustomerCredit, amount))
    }));
    all.retain(|(.., minor, _)| *minor != 0);
    all
}

/// What a note posted when it was issued by itself: on a termination, or on what was credited and
/// no invoice carried. Every other note says what another document posted.
fn noted(books: &Books, document: &Document) -> Vec<Fact> {
    let is_own = books.recurring.terminated_by(document.id).is_some()
        || !confirmations(books, document.id).is_empty();
    if document.kind != DocumentKind::CreditNote || !is_own {
        return Vec::new();
    }
    let (entity, currency) = (document.series.legal_entity, document.total.currency);
    let (cause, at) = (Cause::Crediting(document.id), document.created_at.as_microsecond());
    let positions = Positions { lines: Vec::new(), taxes: document.taxes.clone() };
    let taken = positions.postings().into_iter().map(|(from, amount)| {
        (entity, cause, from, Account::CustomerCredit, currency, amount.minor, at)
    });
    taken.filter(|(.., minor, _)| *minor != 0).collect()
}

/// What was posted for a document when it was paid.
fn posted(books: &Books, view: &DocumentView) -> Vec<Fact> {
    let document = &view.document;
    let (entity, currency) = (document.series.legal_entity, document.total.currency);
    let paid_at = books.paid_at(document.id).unwrap_or_default();
    let (cause, at) = (Cause::Settlement(document.id), paid_at.as_microsecond());
    let moved = document.settlement().unwrap_or_default().into_iter();
    let settled =
        moved.map(|(from, to, amount)| (entity, cause, from, to, currency, amount.minor, at));
    settled.chain(crediting(books, view, paid_at)).collect()
}

/// What the refunds of a document posted: a part out of revenue and tax, all of it as what was
/// posted before, turned round; and the money that went back.
fn refunded(books: &Books, view: &DocumentView, posted: &[Fact]) -> Vec<Fact> {
    let document = &view.document;
    let refunds: Vec<_> = books.refunds.iter().filter(|r| r.document == document.id).collect();
    let (mut open, mut all) = (posted.to_vec(), Vec::new());
    for (place, refund) in refunds.iter().enumerate() {
        let (entity, currency) = (document.series.legal_entity, document.total.currency);
        let (cause, at) = (Cause::Refund(refund.id), refund.at.as_microsecond());
        let fact = |from, to, minor| (entity, cause, from, to, currency, minor, at);
        let is_last = place.saturating_add(1) == refunds.len();
        if is_last && view.state.status == DocumentStatus::Refunded {
            let turned = open.iter().map(|(_, _, from, to, _, minor, _)| fact(*to, *from, *minor));
            all.extend(turned.collect::<Vec<_>>());
        } else {
            let charge = document.charges().next();
            let split = charge.and_then(|line| line.tax.split(refund.amount).ok());
            let Some(split) = split else { continue };
            let rate = split.of.rate;
            let to = Account::CustomerAllocated;
            let mut part = vec![fact(Account::DeferredRevenue, to, split.base.minor)];
            part.extend(rate.map(|rate| fact(Account::TaxPayable(rate), to, split.tax.minor)));
            open.extend(part.iter().copied());
            all.extend(part);
        }
        let to = refund.to.account();
        all.push(fact(Account::CustomerAllocated, to, refund.amount.minor));
    }
    all.retain(|(.., minor, _)| *minor != 0);
    all
}

/// What a change took back of the licence that it changed, at the moment at which it was paid: the
/// grants that were given before then, laid without it, say what was unused.
fn crediting(books: &Books, view: &DocumentView, now: Timestamp) -> Vec<Fact> {
    use Account::{CustomerAllocated, CustomerCredit};
    let document = &view.document;
    let product = document.charges().next().map(|line| line.licence.product);
    let past = product.and_then(|product| books.past(product, document.profile_revision, now));
    let Some(past) = past.filter(|_| document.placement != Placement::Behind) else {
        return Vec::new();
    };
    let (entity, currency) = (document.series.legal_entity, document.total.currency);
    let cause = Cause::Crediting(document.id);
    let fact = |from, to, minor| (entity, cause, from, to, currency, minor, now.as_microsecond());
    let taken =
        unused(past.holding(), now).ok().and_then(|unused| crediting_of(document, &unused).ok());
    let taken = taken.unwrap_or_default().into_iter();
    let mut all: Vec<Fact> =
        taken.map(|(from, amount)| fact(from, CustomerCredit, amount.minor)).collect();
    let printed = document.credited().map_or(0, |credited| credited.minor);
    all.push(fact(CustomerCredit, CustomerAllocated, printed));
    all.retain(|(.., minor, _)| *minor != 0);
    all
}

fn check_balances(scope: &mut Scope<'_>, books: &Books) {
    let mut sums: BTreeMap<(LegalEntityId, Account, Currency), i128> = BTreeMap::new();
    for transfer in &books.transfers {
        let amount = transfer.amount;
        let minor = i128::from(amount.minor);
        for (account, minor) in [(transfer.credit, minor), (transfer.debit, -minor)] {
            let minor = if account.is_asset() { -minor } else { minor };
            if account.has_balance() {
                *sums.entry((transfer.legal_entity, account, amount.currency)).or_default() +=
                    minor;
            }
        }
    }
    let kept = books.balances.iter().map(|b| (b.legal_entity, b.account, b.amount.currency));
    let all: BTreeSet<_> = sums.keys().copied().chain(kept).collect();
    for (entity, account, currency) in all {
        let kept = i128::from(balance_of(&books.balances, entity, account, currency).minor);
        let sum = sums.get(&(entity, account, currency)).copied().unwrap_or(0);
        let buyer = books.customer.as_ref().map(|c| c.code.as_str()).unwrap_or_default();
        let place = || format!("customer {buyer}, balance {} in {currency}", account.word());
        let problem = format!("it is {kept}, its transfers sum to {sum}");
        scope.require(kept == sum && kept >= 0, place, &problem);
    }
}
