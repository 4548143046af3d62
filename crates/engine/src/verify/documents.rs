//! Documents: they add up, re-derive from their inputs, and are paid by what was set aside for
//! them.

use super::books::Books;
use super::{Scope, product_groups, subscriptions};
use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::decision::check_document;
use abono_domain::document::credit_note::left_over::{self, Leftover};
use abono_domain::document::credit_note::{Positions, refunded};
use abono_domain::document::{
    Document, DocumentKind, DocumentStatus, DocumentView, LineLicence, lines,
};
use abono_domain::ids::RefundId;
use abono_domain::ledger::Cause;
use abono_domain::licence::{Placement, unused};
use abono_domain::money::Money;
use abono_domain::payment::Refund;
use abono_domain::quote::{Order, Parties, calculate};
use abono_domain::seller::Seller;
use abono_domain::subscription::{Carried, carry};
use abono_domain::tax::subtotals;
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
        let holds = seller.is_some_and(|seller| derives(books, document, &seller));
        scope.require(
            holds,
            place,
            "it does not re-derive from the catalogue version it was priced with",
        );
        check_state(scope, books, view);
        if matches!(document.kind, DocumentKind::PaymentRequest | DocumentKind::Invoice) {
            check_credit_note(scope, books, view);
        }
    }
    check_refund_notes(scope, books);
    Ok(())
}

/// Whether it is, line by line and tax by tax, what its inputs come to.
fn derives(books: &Books, document: &Document, seller: &Seller) -> bool {
    let derived = match (document.kind, document.refund) {
        (DocumentKind::PaymentRequest, _) => request(books, document, seller),
        (DocumentKind::Invoice, _) => subscriptions::invoice(books, document, seller),
        (DocumentKind::OrderConfirmation, _) => {
            subscriptions::confirmation(books, document, seller)
        }
        (DocumentKind::CreditNote, None) => match books.recurring.terminated_by(document.id) {
            Some(view) => product_groups::note(books, document, view, seller),
            None => note_on_left_over(books, document, seller),
        },
        (DocumentKind::CreditNote, Some(refund)) => note_on_refund(books, document, refund),
    };
    derived.is_some_and(|it| it.lines == document.lines && it.taxes == document.taxes)
}

/// The positions of a payment request: those of the same quote, at the moment at which it was made.
fn request(books: &Books, document: &Document, seller: &Seller) -> Option<Positions> {
    let charge = document.charges().next()?;
    let LineLicence { product, plan, term, .. } = charge.licence;
    let order = Order { product, plan, months: term.months()?, quantity: charge.quantity };
    let past = books.past(product, document.profile_revision, document.created_at)?;
    let issuer = seller.legal_entity(document.series.legal_entity)?;
    let (country, kind) = (document.payer.country.as_str(), document.payer.kind);
    let parties = Parties { seller, issuer, country, kind };
    let quote = calculate(&order, parties, past.holding(), document.created_at).ok()?;
    if quote.lay.placement != document.placement {
        return None;
    }
    let lines = lines(&quote, seller, &past.holding().customer.profile.language).ok()?;
    let taxed = lines.iter().map(|line| (line.tax, line.total));
    let taxes = subtotals(taxed, seller.settings.tax_rounding).ok()?;
    Some(Positions { lines, taxes })
}

/// The positions of a note on what the change that it follows left over when it was paid.
fn note_on_left_over(books: &Books, document: &Document, seller: &Seller) -> Option<Positions> {
    let change = &books.view(document.follows?)?.document;
    if change.kind == DocumentKind::Invoice {
        let is_own = change.created_at == document.created_at && change.payer == document.payer;
        return subscriptions::carried(books, change).filter(|_| is_own).map(|it| it.left_over);
    }
    if change.kind == DocumentKind::OrderConfirmation {
        let said = subscriptions::confirmations(books, document.id);
        let is_first = said.first().is_some_and(|first| first.id == change.id);
        return carry(Vec::new(), &said).ok().filter(|_| is_first).map(|it| it.left_over);
    }
    if books.paid_at(change.id) != Some(document.created_at) {
        return None;
    }
    let left = left_over(books, change)?;
    let by_payer = left_over::by_payer(&left);
    let own = by_payer.into_iter().find(|(payer, _)| **payer == document.payer);
    let (_, left) = own?;
    left_over::positions(&left, seller, &books.profile(document.profile_revision)?.language).ok()
}

/// The positions of a note on a refund: those of the document that it follows, as much as went
/// back.
fn note_on_refund(books: &Books, document: &Document, id: RefundId) -> Option<Positions> {
    let of = books.view(document.follows?)?;
    let own = books.refunds.iter().filter(|refund| refund.document == of.document.id);
    let own: Vec<&Refund> = own.collect();
    let place = own.iter().position(|refund| refund.id == id)?;
    let refund = own.get(place).filter(|refund| refund.at == document.created_at)?;
    let is_last = place.saturating_add(1) == own.len();
    let is_all = is_last && of.state.status == DocumentStatus::Refunded;
    let earlier: Vec<Money> = own.iter().take(place).map(|refund| refund.amount).collect();
    let language = &books.profile(document.profile_revision)?.language;
    refunded::positions(&of.document, &earlier, (refund.amount, is_all), language).ok()
}

/// What a change left over when it was paid.
fn left_over(books: &Books, change: &Document) -> Option<Vec<Leftover>> {
    let paid_at = books.paid_at(change.id)?;
    let product = change.charges().next()?.licence.product;
    let past = books.past(product, change.profile_revision, paid_at)?;
    let unused = unused(past.holding(), paid_at).ok()?;
    left_over::leftovers(change, &unused).ok()
}

/// A change that was paid has a credit note for each of those for whom it left something over, and
/// no other one has.
fn check_credit_note(scope: &mut Scope<'_>, books: &Books, change: &DocumentView) {
    let (document, state) = (&change.document, &change.state);
    let is_change = document.placement != Placement::Behind;
    let left = if is_change { left_over(books, document) } else { None };
    let payers = left_over::by_payer(&left.unwrap_or_default()).len();
    let has_rest = |it: Carried| !it.left_over.is_empty();
    let of_invoice = usize::from(subscriptions::carried(books, document).is_some_and(has_rest));
    let wanted = match state.status {
        DocumentStatus::Paid | DocumentStatus::Pending
            if document.kind == DocumentKind::Invoice =>
        {
            vec![DocumentStatus::Issued; of_invoice]
        }
        DocumentStatus::Paid => vec![DocumentStatus::Issued; payers],
        DocumentStatus::Refunded => vec![DocumentStatus::Canceled; payers],
        DocumentStatus::Pending | DocumentStatus::Canceled | DocumentStatus::Issued => Vec::new(),
    };
    let notes = books.documents.iter().filter(|it| it.document.follows == Some(document.id));
    let notes = notes.filter(|it| {
        it.document.refund.is_none() && books.recurring.terminated_by(it.document.id).is_none()
    });
    let found: Vec<DocumentStatus> = notes.map(|note| note.state.status).collect();
    let place = || format!("document {} ({})", document.number(), document.id);
    let holds = found == wanted;
    scope.require(holds, place, "its credit note is not what it left over");
}

/// Each refund has one credit note; of what took nothing back, no tax either, none.
fn check_refund_notes(scope: &mut Scope<'_>, books: &Books) {
    for refund in &books.refunds {
        let own = books.documents.iter().filter(|it| it.document.refund == Some(refund.id));
        let place = || format!("refund {}", refund.id);
        let wanted = usize::from(books.view(refund.document).is_some_and(|it| it.takes_back()));
        let holds = own.count() == wanted;
        scope.require(holds, place, "it doesn't have the credit note that it needs");
    }
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
        DocumentStatus::Issued => {
            let is_note = match document.kind {
                DocumentKind::CreditNote | DocumentKind::OrderConfirmation => true,
                DocumentKind::PaymentRequest | DocumentKind::Invoice => false,
            };
            is_note && state.paid.minor == 0
        }
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
