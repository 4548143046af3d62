//! Licences: each is the fold of its grants, and each grant was paid for or given by hand.

use super::books::Books;
use super::subscriptions::confirmations;
use super::{Scope, product_groups};
use crate::commands::{GRANT_LICENCE, START_TRIAL};
use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::document::{Document, DocumentKind, DocumentStatus, Line};
use abono_domain::ids::{CommandId, DocumentId, ProductId};
use abono_domain::licence::{Grant, Origin, Period, Placement, Term, fold};
use abono_store::nouns::journal;
use jiff::Timestamp;

pub(super) async fn check(
    engine: &Engine,
    scope: &mut Scope<'_>,
    books: &Books,
) -> Result<(), Failure> {
    for (grant, command) in &books.grants {
        let place = || format!("grant {}", grant.id);
        match &grant.origin {
            Origin::Paid(document) => {
                let paid = is_paid_for(books, grant, *document);
                scope.require(paid, place, "no paid document gives it");
            }
            Origin::Billed { document, position } => {
                let billed = is_billed(books, grant, (*document, *position));
                scope.require(billed, place, "nothing that was billed gives it");
            }
            Origin::ByHand(_) => {
                let given = is_given(engine, books, grant, (*command, GRANT_LICENCE)).await?;
                scope.require(given, place, "nobody gave it by hand");
            }
            Origin::Trial => {
                let given = is_given(engine, books, grant, (*command, START_TRIAL)).await?;
                scope.require(given, place, "nobody started this trial");
                let own = books.grants.iter().find(|(it, _)| it.subscription == grant.subscription);
                let is_first = own.is_some_and(|(first, _)| first.id == grant.id);
                scope.require(is_first, place, "it isn't the first that was given");
            }
        }
    }
    check_paid_documents(scope, books);
    check_periods(scope, books);
    Ok(())
}

/// Whether the document is paid and sells just this.
fn is_paid_for(books: &Books, grant: &Grant, id: DocumentId) -> bool {
    let view = books.documents.iter().find(|view| view.document.id == id);
    view.is_some_and(|view| {
        matches!(view.state.status, DocumentStatus::Paid | DocumentStatus::Refunded)
            && grant.placement == view.document.placement
            && Some(grant.given_at) == books.paid_at(id)
            && view.document.charges().any(|line| sells(books, line, grant))
    })
}

/// Whether a line sells just this.
fn sells(books: &Books, line: &Line, grant: &Grant) -> bool {
    let product = Some(line.licence.product);
    (product, line.licence.plan, line.quantity, line.licence.term)
        == (product_of(books, grant), grant.plan, grant.quantity, grant.term)
}

/// Whether a line of an invoice or an order confirmation charges just this, from the instant from
/// which that is in force: the first line for the subscription itself.
fn is_billed(books: &Books, grant: &Grant, (id, position): (DocumentId, i64)) -> bool {
    let Some(view) = books.view(id) else { return false };
    let document = &view.document;
    let mut lines = document.charges();
    let line = lines.find(|line| line.position == position);
    let is_sold =
        document.placement == grant.placement && line.is_some_and(|line| sells(books, line, grant));
    if let Some((group, _)) = books.recurring.group(grant.subscription) {
        return is_sold && product_groups::is_billed(books, (grant, group), document);
    }
    let agreement = books.recurring.agreement(grant.subscription);
    let from = match document.kind {
        DocumentKind::Invoice => books.recurring.billed_by(id).and_then(|cycle| {
            let starts_at = agreement?.0.midnight(cycle.starts_on).ok()?;
            // The first cycle begins when the subscription does.
            Some(if cycle.seq == 1 { agreement?.0.subscription.created_at } else { starts_at })
        }),
        DocumentKind::OrderConfirmation => {
            books.recurring.confirmed(id).map(|(_, state, _)| state.due_at)
        }
        DocumentKind::PaymentRequest | DocumentKind::CreditNote => None,
    };
    is_sold
        && position == 1
        && document.subscription == Some(grant.subscription)
        && from == Some(grant.given_at)
}

/// The product of the agreement that a grant is given on.
fn product_of(books: &Books, grant: &Grant) -> Option<ProductId> {
    let mut subscriptions = books.subscriptions.iter();
    subscriptions.find(|s| s.id == grant.subscription).map(|s| s.product)
}

/// Whether the journal says so: one command, at that moment, gave just this one.
async fn is_given(
    engine: &Engine,
    books: &Books,
    grant: &Grant,
    (command, name): (CommandId, &str),
) -> Result<bool, Failure> {
    let entry = engine.store.query(journal::by_id(books.tenant.id, command)).await?;
    let customer = books.customer.as_ref().map(|customer| customer.id);
    let once = books.grants.iter().filter(|(_, by)| *by == command).count() == 1;
    let seller = engine.seller(books.tenant.id).await?;
    let product = product_of(books, grant).and_then(|id| seller.catalogue.product(id));
    let sold = product.is_some_and(|product| product.plan(grant.plan).is_some());
    Ok(once
        && sold
        && entry.is_some_and(|e| {
            e.command == name && e.customer == customer && e.business_at == grant.given_at
        }))
}

/// A document gave as many grants as it has lines that charge: a request when it was paid, an
/// invoice without what it carries.
fn check_paid_documents(scope: &mut Scope<'_>, books: &Books) {
    for view in &books.documents {
        let document = &view.document;
        let of = |grant: &Grant| match grant.origin {
            Origin::Paid(id) | Origin::Billed { document: id, .. } => id == document.id,
            Origin::ByHand(_) | Origin::Trial => false,
        };
        let given = books.grants.iter().filter(|(grant, _)| of(grant)).count();
        let is_paid = match view.state.status {
            DocumentStatus::Paid | DocumentStatus::Refunded => true,
            DocumentStatus::Pending | DocumentStatus::Canceled | DocumentStatus::Issued => false,
        };
        let wanted = match document.kind {
            DocumentKind::PaymentRequest if is_paid => document.charges().count(),
            DocumentKind::PaymentRequest | DocumentKind::CreditNote => 0,
            DocumentKind::Invoice => {
                let carried = confirmations(books, document.id);
                let carried = carried.iter().flat_map(Document::charges).count();
                document.charges().count().saturating_sub(carried)
            }
            DocumentKind::OrderConfirmation => document.charges().count(),
        };
        let place = || format!("document {} ({})", document.number(), document.id);
        let problem = format!("it gave {given} grants and should have given {wanted}");
        scope.require(given == wanted, place, &problem);
        if view.state.status == DocumentStatus::Refunded {
            let is_gone = |(grant, _): &&(Grant, CommandId)| of(grant);
            let left = books.grants.iter().filter(is_gone).any(|(grant, _)| {
                let now = books.grants_at(grant.subscription, Timestamp::MAX);
                now.iter().any(|left| left.id == grant.id)
            });
            scope.require(!left, place, "it was refunded, and what it gave is still there");
        }
    }
}

fn check_periods(scope: &mut Scope<'_>, books: &Books) {
    for subscription in &books.subscriptions {
        let grants = books.grants_at(subscription.id, Timestamp::MAX);
        let laid: Vec<&Period> =
            books.periods.iter().filter(|p| p.subscription == subscription.id).collect();
        let laying = laid.first().map_or(1, |period| period.laying);
        let folded = fold(laying, &grants).unwrap_or_default();
        let place = || format!("licence of subscription {}", subscription.id);
        let stretched = laid.iter().any(|period| is_stretched(period, &grants));
        scope.require(!stretched, place, "it has more than was to be had up to a fixed day");
        let same = folded.iter().eq(laid);
        scope.require(same, place, "its periods are not the fold of its grants");
    }
}

/// Whether a period that ends on a fixed day begins before it was to: before the end of what it
/// follows, or before it was given.
fn is_stretched(period: &Period, grants: &[Grant]) -> bool {
    let grant = grants.iter().find(|grant| grant.id == period.grant);
    grant.is_some_and(|grant| match (grant.term, grant.placement) {
        (Term::Until { follows: Some(follows), .. }, Placement::Behind) => {
            period.starts_at < follows
        }
        (Term::Until { .. }, _) => period.starts_at < grant.given_at,
        (Term::Months(_) | Term::Days(_), _) => false,
    })
}
