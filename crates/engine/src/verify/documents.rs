//! Documents: they add up, re-derive from their inputs, and are paid by what was set aside for
//! them.

use super::Scope;
use super::books::Books;
use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::calendar;
use abono_domain::customer::Profile;
use abono_domain::decision::check_document;
use abono_domain::document::request_payment::taxes;
use abono_domain::document::{Document, DocumentStatus, DocumentView, LineCredit, LineLicence};
use abono_domain::ledger::Cause;
use abono_domain::licence::{Holding, fold};
use abono_domain::quote::{Order, terms};
use abono_domain::seller::Seller;
use abono_domain::tax::TaxRate;
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
        let holds =
            seller.zip(profile).is_some_and(|(s, profile)| derives(books, document, &s, profile));
        scope.require(
            holds,
            place,
            "it does not re-derive from the catalogue version it was priced with",
        );
        check_state(scope, books, view);
    }
    Ok(())
}

/// Whether every line has the price that the catalogue gave, every credit its share, and every tax
/// its rate.
fn derives(books: &Books, document: &Document, seller: &Seller, profile: &Profile) -> bool {
    let Ok(zone) = calendar::zone(&profile.zone) else { return false };
    let day = zone.to_datetime(document.created_at).date();
    let mut charges = document.charges();
    let charged = charges.by_ref().all(|line| {
        let licence = &line.licence;
        let plan = seller.catalogue.product(licence.product).and_then(|p| p.plan(licence.plan));
        let price =
            plan.and_then(|p| p.price(profile.currency, licence.months, line.quantity, day));
        price.is_some_and(|price| price.final_price == line.unit_price)
            && Some(line.rate) == rate(document, seller)
    });
    let is_charge_first = document.lines.first().is_some_and(|line| line.credit.is_none());
    let credited = credits_derive(books, document);
    let titles = document.lines.iter().all(|l| l.title(seller, &profile.language) == l.name);
    let taxes = taxes(&document.lines).is_ok_and(|taxes| taxes == document.taxes);
    charged && credited && is_charge_first && titles && taxes
}

/// The rate that the company charged on the day of issue.
fn rate(document: &Document, seller: &Seller) -> Option<Option<TaxRate>> {
    let issuer = seller.legal_entity(document.series.legal_entity)?;
    let zone = calendar::zone(&issuer.zone).ok()?;
    Some(issuer.tax_regime.rate(zone.to_datetime(document.created_at).date()))
}

/// Whether it changes the licence that ran when it was made, and credits just what was unused then.
fn credits_derive(books: &Books, document: &Document) -> bool {
    let (Some(customer), Some(charge)) = (&books.customer, document.charges().next()) else {
        return false;
    };
    let LineLicence { product, plan, months } = charge.licence;
    let order = Order { product, plan, months, quantity: charge.quantity };
    let now = document.created_at;
    let subscription = books.subscriptions.iter().find(|it| it.product == product);
    let grants = subscription.map(|it| books.grants_at(it.id, now)).unwrap_or_default();
    let periods = fold(1, &grants).unwrap_or_default();
    let values = books.values_at(now);
    let (values, periods) = (values.as_slice(), periods.as_slice());
    let holding = Holding { customer, subscription, laying: 1, periods, values, changes: &[] };
    let Ok((placement, credits)) = terms(&order, holding, charge.total, now) else { return false };
    let printed = document.credits().map(|(line, credit)| (line.total.minor, credit.clone()));
    let derived = credits
        .iter()
        .map(|credit| (credit.amount.minor.saturating_neg(), LineCredit::of(&credit.unused)));
    placement == document.placement && printed.eq(derived)
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
    let back = books.refunds.iter().filter(|refund| refund.document == document.id);
    let back: i128 = back.map(|refund| i128::from(refund.amount.minor)).sum();
    let is_back = i128::from(state.refunded.minor) == back;
    scope.require(is_back, place, "what went back of it is not the sum of its refunds");
    let paid_in_full = state.paid == document.total;
    let status_holds = match state.status {
        DocumentStatus::Pending => !paid_in_full,
        DocumentStatus::Paid => paid_in_full,
        DocumentStatus::Canceled => state.paid.minor == 0,
        DocumentStatus::Refunded => paid_in_full && state.refunded == state.paid,
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
