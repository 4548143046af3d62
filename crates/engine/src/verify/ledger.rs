//! The ledger: the transfers are exactly those that payments, allocations and documents ask for,
//! and the balances are their sums.

use super::Scope;
use super::books::Books;
use abono_domain::document::{DocumentStatus, DocumentView};
use abono_domain::ids::{LegalEntityId, PaymentId};
use abono_domain::ledger::{Account, Cause, Transfer, balance_of};
use abono_domain::licence::{Grant, Holding, Origin, Placement, Value, fold, unused};
use abono_domain::money::{Currency, Money};
use abono_domain::tax;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A transfer without its identity: whose books, why, from where, to where, how much, when.
type Fact = (LegalEntityId, Cause, Account, Account, Currency, i64, i64);

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
                issued || books.payments.iter().any(|payment| payment.received_at == at)
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
    use Account::{CashBank, CustomerAllocated, CustomerCredit};
    let mut all = Vec::new();
    for payment in &books.payments {
        let at = payment.received_at.as_microsecond();
        let (amount, cause) = (payment.amount, Cause::Payment(payment.id));
        let (entity, currency) = (payment.legal_entity, amount.currency);
        all.push((entity, cause, CashBank, CustomerCredit, currency, amount.minor, at));
    }
    for view in &books.documents {
        let (document, state) = (&view.document, &view.state);
        let (entity, currency) = (document.series.legal_entity, document.total.currency);
        let own = || books.allocations.iter().filter(|a| a.document == document.id);
        let cause = Cause::Allocation(document.id);
        all.extend(own().map(|a| {
            let at = a.at.as_microsecond();
            (entity, cause, CustomerCredit, CustomerAllocated, currency, a.minor, at)
        }));
        let at = state.updated_at.as_microsecond();
        match state.status {
            DocumentStatus::Pending | DocumentStatus::Refunded => {}
            DocumentStatus::Paid => {
                let cause = Cause::Settlement(document.id);
                let postings = document.postings().unwrap_or_default();
                let moved = postings.into_iter().filter(|(_, amount)| amount.minor != 0);
                all.extend(moved.map(|(to, amount)| {
                    (entity, cause, CustomerAllocated, to, currency, amount.minor, at)
                }));
                all.extend(crediting(books, view));
            }
            DocumentStatus::Canceled => {
                let sum: i128 = own().map(|a| i128::from(a.minor)).sum();
                let sum = i64::try_from(sum).unwrap_or(i64::MAX);
                let cause = Cause::Release(document.id);
                if sum != 0 {
                    all.push((entity, cause, CustomerAllocated, CustomerCredit, currency, sum, at));
                }
            }
        }
    }
    all
}

/// What a change took back of the licence that it changed, at the moment at which it was paid: the
/// grants that were given before then, laid without it, say what was unused.
fn crediting(books: &Books, view: &DocumentView) -> Vec<Fact> {
    use Account::{CustomerAllocated, CustomerCredit, DeferredRevenue, Goodwill, TaxPayable};
    let document = &view.document;
    let (Some(customer), Placement::Instead) = (&books.customer, document.placement) else {
        return Vec::new();
    };
    let now = view.state.updated_at;
    let own = books.grants.iter().find(|(g, _)| g.origin == Origin::Paid(document.id));
    let Some((own, _)) = own else { return Vec::new() };
    let earlier = books.grants.iter().map(|(grant, _)| grant);
    let earlier = earlier.filter(|g| g.subscription == own.subscription && g.given_at < now);
    let periods = fold(&earlier.cloned().collect::<Vec<Grant>>()).unwrap_or_default();
    let values: Vec<Value> = books.values();
    let holding =
        Holding { customer, subscription: None, periods: &periods, values: &values, changes: &[] };
    let (entity, currency) = (document.series.legal_entity, document.total.currency);
    let cause = Cause::Crediting(document.id);
    let fact = |from, to, minor| (entity, cause, from, to, currency, minor, now.as_microsecond());
    let (mut all, mut back) = (Vec::new(), 0_i64);
    for unused in unused(holding, now).unwrap_or_default() {
        let Ok(split) = tax::split_inclusive(unused.value, unused.rate) else { continue };
        all.push(fact(DeferredRevenue, CustomerCredit, split.base.minor));
        all.extend(split.rate.map(|r| fact(TaxPayable(r), CustomerCredit, split.tax.minor)));
        back = back.saturating_add(unused.value.minor);
    }
    let printed = document.credited().map_or(0, |credited| credited.minor);
    all.push(fact(Goodwill, CustomerCredit, printed.saturating_sub(back).max(0)));
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
