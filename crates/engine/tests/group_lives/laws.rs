//! What must hold at any time of any life.

use crate::books::Books;
use crate::seller::Setup;
use abono_domain::decision::Outcome;
use abono_domain::document::{Document, DocumentKind, Line};
use abono_domain::ids::{DocumentId, GrantId};
use abono_domain::ledger::Account;
use abono_domain::product_group::{BalanceChange, GroupKind, GroupStatus, GroupView};
use abono_domain::termination::{CreditKind, TerminationStatus, TerminationView};

/// The items of a change add up, to the cent.
pub(crate) fn assert_sums(change: &BalanceChange) {
    let sum = |of: fn(&abono_domain::product_group::BalanceItem) -> i64| {
        change.items.iter().map(of).sum::<i64>()
    };
    assert_eq!(sum(|item| item.total.minor), change.total.minor, "{change:?}");
    assert_eq!(sum(|item| item.discount.minor), change.discount.minor, "{change:?}");
    for item in &change.items {
        assert_eq!(item.amount.minor - item.discount.minor, item.total.minor, "{item:?}");
    }
}

/// What a command answered is what it did.
pub(crate) fn assert_told(books: &Books, outcome: &Outcome) {
    match outcome {
        Outcome::Group(view) => assert_added(books, view),
        Outcome::Termination { view, change } => assert_terminated(books, view, change),
        Outcome::PaymentRequest { .. }
        | Outcome::Payment(_)
        | Outcome::Checkout(_)
        | Outcome::ProviderRefund { .. }
        | Outcome::Heard { .. }
        | Outcome::Licence { .. }
        | Outcome::Subscription { .. }
        | Outcome::Cycle { .. }
        | Outcome::Change { .. }
        | Outcome::Delivery { .. }
        | Outcome::Seller { .. }
        | Outcome::Customer { .. }
        | Outcome::Key(_)
        | Outcome::Clock(_) => {}
    }
}

/// What was added changes what its line brings; where the invoice carries nothing else, that is
/// what was posted to revenue.
fn assert_added(books: &Books, view: &GroupView) {
    assert_sums(&view.change);
    let grants = books.grants.iter();
    let mut own = grants.filter(|grant| grant.subscription == view.group.subscription.id);
    let (document, line) = books.charged(own.next().expect("it is given"));
    assert_eq!(view.change.total.minor, base(line, line.total.minor), "{line:?}");
    if !books.carried.values().any(|by| *by == document.id) {
        assert_eq!(document.lines.len(), 1);
        assert_eq!(view.change.total.minor, books.revenue_of(document.id), "{line:?}");
    }
}

/// What ended changes what its document takes back of revenue.
fn assert_terminated(books: &Books, view: &TerminationView, change: &BalanceChange) {
    assert_sums(change);
    assert!(change.total.minor <= 0, "{change:?}");
    if view.state.status != TerminationStatus::Done {
        return;
    }
    let Some(document) = view.state.document else {
        assert_eq!(change.total.minor, 0, "{view:?}");
        return;
    };
    let document = books.document(document);
    assert_eq!(document.lines.len(), 1, "{document:?}");
    let line = &document.lines[0];
    match view.termination.credit.kind {
        CreditKind::Normal => {
            assert_eq!(document.kind, DocumentKind::CreditNote);
            assert_eq!(change.total.minor, books.revenue_of(document.id), "{document:?}");
        }
        CreditKind::Internal => {
            assert_eq!(document.kind, DocumentKind::OrderConfirmation);
            assert_eq!(change.total.minor, base(line, line.total.minor), "{line:?}");
            assert_eq!(books.revenue_of(document.id), 0, "nothing is posted before it is carried");
        }
    }
}

/// What is left of an amount of a line without its tax.
fn base(line: &Line, minor: i64) -> i64 {
    let amount = abono_domain::money::Money::new(minor, line.total.currency);
    line.tax.split(amount).expect("in range").base.minor
}

/// What must hold after every step.
pub(crate) fn assert_laws(books: &Books, setup: &Setup) {
    assert_ends_once(books);
    assert_credited_once(books);
    assert_billed_as_far(books);
    assert_revenue(books, setup);
    assert!(books.balance(Account::CustomerCredit) >= 0, "credit");
}

/// What runs has no termination that was carried out, what has ended has one; and it was given,
/// and billed, nothing from then on.
fn assert_ends_once(books: &Books) {
    for group in books.groups() {
        let own = books.terminations.iter().filter(|it| it.termination.group == group.id());
        let done: Vec<_> = own.filter(|it| it.state.status == TerminationStatus::Done).collect();
        match group.state.status {
            GroupStatus::Active => assert!(done.is_empty(), "{:?}", group.id()),
            GroupStatus::Terminated => {
                assert_eq!(done.len(), 1, "{:?}", group.id());
                let at = group.state.ended_at.expect("an end");
                assert_eq!(done[0].termination.scheduled_at, at);
                assert!(group.periods.iter().all(|period| period.starts_at < at), "{at}");
            }
        }
    }
}

/// The lines that credit a grant, on notes of terminations and on order confirmations.
fn credits(books: &Books) -> impl Iterator<Item = (&Document, GrantId, &Line)> {
    let documents = books.documents.iter().map(|view| &view.document);
    let says = |document: &&Document| {
        document.kind == DocumentKind::OrderConfirmation || is_note(books, document.id)
    };
    documents.filter(says).flat_map(credits_of)
}

fn credits_of(document: &Document) -> Vec<(&Document, GrantId, &Line)> {
    let lines = document.lines.iter();
    lines.filter_map(|line| Some((document, line.credit?.grant, line))).collect()
}

/// Whether a document is the note of a termination.
fn is_note(books: &Books, id: DocumentId) -> bool {
    books
        .terminations
        .iter()
        .any(|it| it.state.document == Some(id) && it.termination.credit.kind == CreditKind::Normal)
}

/// No more comes back than was charged for that cycle; of what was added, once.
fn assert_credited_once(books: &Books) {
    for grant in &books.grants {
        let own: Vec<_> = credits(books).filter(|(_, of, _)| *of == grant.id).collect();
        let back: i64 = own.iter().map(|(_, _, line)| line.total.minor.abs()).sum();
        let (_, charge) = books.charged(grant);
        assert!(back <= charge.total.minor, "{back} of {charge:?}");
        assert!(books.group_of(grant).is_none() || own.len() <= 1, "{own:?}");
    }
}

/// What runs is billed as far as its subscription is; periods lie end to end.
fn assert_billed_as_far(books: &Books) {
    for group in books.groups() {
        if group.group.kind == GroupKind::Included {
            assert_eq!((group.state.billed_until, group.values.len()), (None, 0));
            continue;
        }
        if group.state.status == GroupStatus::Active {
            assert_eq!(group.state.billed_until, Some(books.state().billed_until));
        }
        let last = group.periods.last().expect("a period").ends_at;
        let until = books.agreement().day(last).expect("in range");
        assert_eq!(group.state.billed_until, Some(until));
        for pair in group.periods.windows(2) {
            assert_eq!(pair[0].ends_at, pair[1].starts_at, "{pair:?}");
        }
    }
}

/// Revenue is what all lines that were posted say, less what was credited: to the cent where tax is
/// rounded for each line; else within the rounding of each document.
fn assert_revenue(books: &Books, setup: &Setup) {
    let is_posted = |document: &&Document| document.kind != DocumentKind::OrderConfirmation;
    let documents: Vec<_> = books.documents.iter().map(|view| &view.document).collect();
    let sign = |document: &Document| match document.kind {
        DocumentKind::CreditNote => -1,
        DocumentKind::Invoice | DocumentKind::OrderConfirmation | DocumentKind::PaymentRequest => 1,
    };
    let mut said = 0;
    let posted: Vec<_> = documents.iter().copied().filter(is_posted).collect();
    for document in &posted {
        let lines = document.lines.iter();
        said += sign(document) * lines.map(|line| base(line, line.total.minor)).sum::<i64>();
    }
    let apart = (said - books.balance(Account::DeferredRevenue)).abs();
    // A credit that is split over an invoice and a note is rounded on both.
    let split = posted.iter().filter(|it| it.kind == DocumentKind::CreditNote).count();
    let most = if setup.by_line { split } else { 2 * posted.len() };
    assert!(apart <= i64::try_from(most).expect("few"), "{said} is {apart} apart");
}

/// At the end of a life everything that was credited on the next invoice is carried: each once, by
/// invoices and notes that say all of it.
pub(crate) fn assert_all_is_carried(books: &Books) {
    for view in &books.terminations {
        let Some(id) = view.state.document else { continue };
        if view.termination.credit.kind != CreditKind::Internal {
            continue;
        }
        assert!(books.carried.contains_key(&id), "{view:?}");
        let (_, grant, said) = credits_of(books.document(id)).remove(0);
        let posted = books.documents.iter().map(|view| &view.document);
        let posted = posted.filter(|it| it.kind != DocumentKind::OrderConfirmation);
        let lines = posted.flat_map(credits_of).filter(|(_, of, _)| *of == grant);
        let carried: i64 = lines.map(|(_, _, line)| line.total.minor.abs()).sum();
        assert_eq!(carried, said.total.minor.abs(), "{view:?}");
    }
    assert!(books.jobs.is_empty(), "{:?}", books.jobs);
}
