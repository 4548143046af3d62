//! Documents: they add up, re-derive from their inputs, and are paid by what was set aside for
//! them.

use super::Scope;
use super::books::Books;
use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::calendar;
use abono_domain::customer::Profile;
use abono_domain::decision::check_document;
use abono_domain::document::{Document, DocumentStatus, DocumentView};
use abono_domain::ledger::Cause;
use abono_domain::seller::Seller;
use abono_domain::tax;
use abono_store::nouns::seller;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) async fn check(
    engine: &Engine,
    scope: &mut Scope<'_>,
    books: &Books,
) -> Result<(), Failure> {
    let mut sellers: BTreeMap<i64, Option<Arc<Seller>>> = BTreeMap::new();
    scope.require(books.customer.is_some(), || "a customer".to_owned(), "it has no profile");
    for view in &books.documents {
        let document = &view.document;
        let version = document.seller_version;
        if let std::collections::btree_map::Entry::Vacant(vacant) = sellers.entry(version) {
            let found = engine.store.query(seller::as_of(books.tenant.id, version)).await?;
            vacant.insert(found.map(Arc::new));
        }
        let place = || format!("document {} ({})", document.number(), document.id);
        scope.require(
            check_document(document).is_ok(),
            place,
            "lines and taxes do not add up to its total",
        );
        let intact = books.hashes.get(&document.id) == Some(&document.content_hash());
        scope.require(intact, place, "it is not what was issued: its hash differs");
        let seller = sellers.get(&version).cloned().flatten();
        let profile = books.profiles.iter().find(|p| p.revision == document.profile_revision);
        let holds = seller.zip(profile).is_some_and(|(s, profile)| derives(document, &s, profile));
        scope.require(
            holds,
            place,
            "it does not re-derive from the catalogue version it was priced with",
        );
        check_state(scope, books, view);
    }
    Ok(())
}

/// Whether every line has the price that the catalogue gave, and every tax its rate.
fn derives(document: &Document, seller: &Seller, profile: &Profile) -> bool {
    let Ok(zone) = calendar::zone(&profile.zone) else { return false };
    let day = zone.to_datetime(document.created_at).date();
    let lines = document.lines.iter().all(|line| {
        let licence = &line.licence;
        let plan = seller.catalogue.product(licence.product).and_then(|p| p.plan(licence.plan));
        let price =
            plan.and_then(|p| p.price(profile.currency, licence.months, line.quantity, day));
        price.is_some_and(|price| price.final_price == line.unit_price)
            && licence.name(seller, &profile.language) == line.name
    });
    lines && !document.lines.is_empty() && taxes_derive(document, seller)
}

fn taxes_derive(document: &Document, seller: &Seller) -> bool {
    let issuer = seller.legal_entity(document.series.legal_entity);
    let derived = issuer.and_then(|issuer| {
        let zone = calendar::zone(&issuer.zone).ok()?;
        let day = zone.to_datetime(document.created_at).date();
        tax::split_inclusive(document.total, issuer.tax_regime.rate(day)).ok()
    });
    derived.is_some_and(|derived| document.taxes == [derived])
}

fn check_state(scope: &mut Scope<'_>, books: &Books, view: &DocumentView) {
    let (document, state) = (&view.document, &view.state);
    let place = || format!("document {} ({})", document.number(), document.id);
    let own = books.allocations.iter().filter(|a| a.document == document.id);
    let set_aside: i128 = own.map(|a| i128::from(a.minor)).sum();
    let release = Cause::Release(document.id);
    let back = books.transfers.iter().filter(|transfer| transfer.cause == release);
    let released: i128 = back.map(|transfer| i128::from(transfer.amount.minor)).sum();
    scope.require(
        i128::from(state.paid.minor) == set_aside - released,
        place,
        "what is paid on it is not what was set aside for it",
    );
    check_steps(scope, books, view);
    let paid_in_full = state.paid == document.total;
    let status_holds = match state.status {
        DocumentStatus::Pending => !paid_in_full,
        DocumentStatus::Paid => paid_in_full,
        DocumentStatus::Canceled => state.paid.minor == 0,
        DocumentStatus::Refunded => true,
    };
    scope.require(status_holds, place, "its status does not follow from what is paid on it");
}

/// The steps of a document are as many as its state says, from its issue to where it stands.
fn check_steps(scope: &mut Scope<'_>, books: &Books, view: &DocumentView) {
    let (document, state) = (&view.document, &view.state);
    let place = || format!("document {} ({})", document.number(), document.id);
    let steps: Vec<_> = books.steps.iter().filter(|s| s.document == document.id).collect();
    let count = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    let first = steps.first().is_some_and(|step| step.at == document.created_at);
    let last = steps.last().is_some_and(|step| step.to == state.status);
    let chained = steps.windows(2).all(|pair| match pair {
        [before, after] => after.from == Some(before.to) && before.at <= after.at,
        _ => true,
    });
    let holds = count == state.steps && first && last && chained;
    scope.require(holds, place, "its status is not where its steps lead");
}
