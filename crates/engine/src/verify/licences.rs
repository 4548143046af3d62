//! Licences: each is the fold of its grants, and each grant was paid for or given by hand.

use super::Scope;
use super::books::Books;
use crate::commands::GRANT_LICENCE;
use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::document::DocumentStatus;
use abono_domain::ids::{CommandId, DocumentId, ProductId};
use abono_domain::licence::{Grant, Origin, Period, fold};
use abono_store::nouns::journal;

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
            Origin::ByHand(_) => {
                let given = is_given(engine, books, grant, *command).await?;
                scope.require(given, place, "nobody gave it by hand");
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
        view.state.status == DocumentStatus::Paid
            && view.document.charges().any(|line| {
                let product = Some(line.licence.product);
                (product, line.licence.plan, line.quantity, line.licence.months)
                    == (product_of(books, grant), grant.plan, grant.quantity, grant.months)
            })
    })
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
    command: CommandId,
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
            e.command == GRANT_LICENCE && e.customer == customer && e.business_at == grant.given_at
        }))
}

/// A paid document gave as many grants as it has lines that charge.
fn check_paid_documents(scope: &mut Scope<'_>, books: &Books) {
    for view in &books.documents {
        let document = &view.document;
        let of = |grant: &Grant| grant.origin == Origin::Paid(document.id);
        let given = books.grants.iter().filter(|(grant, _)| of(grant)).count();
        let wanted = match view.state.status {
            DocumentStatus::Paid => document.charges().count(),
            DocumentStatus::Pending | DocumentStatus::Canceled | DocumentStatus::Refunded => 0,
        };
        let place = || format!("document {} ({})", document.number(), document.id);
        let problem = format!("it gave {given} grants and should have given {wanted}");
        scope.require(given == wanted, place, &problem);
    }
}

fn check_periods(scope: &mut Scope<'_>, books: &Books) {
    for subscription in &books.subscriptions {
        let own = books.grants.iter().filter(|(grant, _)| grant.subscription == subscription.id);
        let grants: Vec<Grant> = own.map(|(grant, _)| grant.clone()).collect();
        let laid: Vec<&Period> =
            books.periods.iter().filter(|p| p.subscription == subscription.id).collect();
        let folded = fold(&grants).unwrap_or_default();
        let place = || format!("licence of subscription {}", subscription.id);
        let same = folded.iter().eq(laid);
        scope.require(same, place, "its periods are not the fold of its grants");
    }
}
