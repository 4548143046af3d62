//! What was added to subscriptions: it is billed as far as they are, ends once and for a reason,
//! and what comes back is what was charged for the days that were left.

use super::Scope;
use super::books::Books;
use abono_domain::document::credit_note::{Positions, sums};
use abono_domain::document::{Document, DocumentKind, Line, lines};
use abono_domain::ids::SubscriptionId;
use abono_domain::licence::{Grant, Unused};
use abono_domain::product_group::{GroupKind, GroupState, GroupStatus, ProductGroup, quote};
use abono_domain::quote::Parties;
use abono_domain::seller::Seller;
use abono_domain::subscription::{Agreement, Status};
use abono_domain::termination::{
    CreditKind, TerminationStatus, TerminationView, credited as comes_back, lines as credit_lines,
};

pub(super) fn check(scope: &mut Scope<'_>, books: &Books) {
    for (group, state) in &books.recurring.groups {
        let place = || format!("product group {} ({})", group.subscription.number, id(group));
        let billed = is_billed_up_to(books, group, state);
        scope.require(billed, place, "it is not billed as far as its subscription is");
        let ended = has_its_end(books, group, state);
        scope.require(ended, place, "its state is not where its terminations lead");
    }
    for view in &books.recurring.terminations {
        let place = || format!("termination {}", view.termination.id);
        scope.require(credits(books, view), place, "what it credited is not what comes back");
    }
}

const fn id(group: &ProductGroup) -> SubscriptionId {
    group.subscription.id
}

fn grants<'b>(books: &'b Books, group: &ProductGroup) -> Vec<&'b Grant> {
    let of = group.subscription.id;
    books.grants.iter().map(|(grant, _)| grant).filter(|grant| grant.subscription == of).collect()
}

/// What was added by itself is billed up to where its last grant ends: while it runs, where its
/// subscription is billed. What comes with a plan is never billed.
fn is_billed_up_to(books: &Books, group: &ProductGroup, state: &GroupState) -> bool {
    let Some((agreement, parent)) = books.recurring.agreement(group.parent) else { return false };
    let grants = grants(books, group);
    match group.kind {
        GroupKind::Included => grants.is_empty() && state.billed_until.is_none(),
        GroupKind::Optional => {
            let last = books.periods.iter().rfind(|it| it.subscription == id(group));
            let until = last.and_then(|last| agreement.day(last.ends_at).ok());
            let runs = state.status == GroupStatus::Active;
            let keeps_up = !runs || state.billed_until == Some(parent.billed_until);
            until.is_some() && until == state.billed_until && keeps_up
        }
    }
}

/// What runs has a subscription that runs, and no termination that was carried out; what has ended
/// has one, of that instant, and was given nothing from then on.
fn has_its_end(books: &Books, group: &ProductGroup, state: &GroupState) -> bool {
    let own = books.recurring.terminations.iter().filter(|it| it.termination.group == id(group));
    let done: Vec<_> = own.filter(|it| it.state.status == TerminationStatus::Done).collect();
    match (state.status, done.as_slice()) {
        (GroupStatus::Active, []) => {
            let parent = books.recurring.agreement(group.parent);
            parent.is_some_and(|(_, parent)| parent.status == Status::Active)
        }
        (GroupStatus::Terminated, [done]) => {
            let (at, asked_at) = (done.termination.scheduled_at, done.termination.requested_at);
            // What ended elsewhere before it was told here gives back what it was given since.
            let from = at.max(asked_at);
            let none_after = grants(books, group).iter().all(|grant| grant.given_at < from);
            state.ended_at == Some(at) && none_after
        }
        (GroupStatus::Active | GroupStatus::Terminated, _) => false,
    }
}

/// A termination that was carried out has a document, of the kind that was asked for, where
/// something comes back; and none where nothing does.
fn credits(books: &Books, view: &TerminationView) -> bool {
    if view.state.status != TerminationStatus::Done {
        return view.state.document.is_none();
    }
    let revision = books.customer.as_ref().map(|customer| customer.profile.revision);
    let back = revision.and_then(|revision| unused(books, view, revision));
    let Some(back) = back else { return false };
    match (back.last(), view.state.document.and_then(|id| books.view(id))) {
        (None, None) => view.state.document.is_none(),
        (Some(unused), Some(note)) => {
            let (document, kind) = (&note.document, view.termination.credit.kind);
            let is_said = match kind {
                CreditKind::Normal => {
                    document.kind == DocumentKind::CreditNote
                        && document.follows == Some(unused.of.document)
                }
                CreditKind::Internal => document.kind == DocumentKind::OrderConfirmation,
            };
            is_said
                && document.subscription == Some(view.termination.parent)
                && document.created_at == view.state.updated_at
        }
        (None, Some(_)) | (Some(_), None) => false,
    }
}

/// What came back by a termination, as the grants before it say.
fn unused(books: &Books, view: &TerminationView, revision: i64) -> Option<Vec<Unused>> {
    let (group, _) = books.recurring.group(view.termination.group)?;
    let at = view.termination.scheduled_at.max(view.termination.requested_at);
    let past = books.past_of(Some(group.subscription.clone()), revision, (at, at))?;
    comes_back(&view.termination, past.holding()).ok()
}

/// The lines that say what came back by a termination.
pub(super) fn credited(
    books: &Books,
    document: &Document,
    view: &TerminationView,
    seller: &Seller,
) -> Option<Vec<Line>> {
    let unused = unused(books, view, document.profile_revision)?;
    let language = &books.profile(document.profile_revision)?.language;
    credit_lines(&view.termination, &unused, (seller, language)).ok()
}

/// The positions of the note on a termination.
pub(super) fn note(
    books: &Books,
    document: &Document,
    view: &TerminationView,
    seller: &Seller,
) -> Option<Positions> {
    let lines = credited(books, document, view, seller)?;
    let taxes: Option<Vec<_>> = lines.iter().map(|line| line.tax.split(line.total).ok()).collect();
    Some(Positions { taxes: sums(taxes?).ok()?, lines })
}

/// Whether an invoice bills the first days of something that was added just then.
pub(super) fn begins_one(books: &Books, document: &Document) -> bool {
    books.billed_in(document.id).iter().any(|grant| {
        books.recurring.group(grant.subscription).is_some_and(|(group, _)| {
            Some(group.parent) == document.subscription
                && group.subscription.created_at == document.created_at
        })
    })
}

/// Whether an invoice of its subscription bills a product group from an instant: from when it was
/// added on, then from the start of the cycle that the invoice bills.
pub(super) fn is_billed(
    books: &Books,
    (grant, group): (&Grant, &ProductGroup),
    document: &Document,
) -> bool {
    let starts_at = || {
        let (agreement, _) = books.recurring.agreement(group.parent)?;
        let cycle = books.recurring.billed_by(document.id)?;
        agreement.midnight(cycle.starts_on).ok()
    };
    let is_first = grants(books, group).first().is_some_and(|first| first.id == grant.id);
    let from = if is_first { Some(group.subscription.created_at) } else { starts_at() };
    document.kind == DocumentKind::Invoice
        && document.subscription == Some(group.parent)
        && from == Some(grant.given_at)
        && (!is_first || document.created_at == grant.given_at)
}

/// The line that charges a grant of a product group.
pub(super) fn charged(
    books: &Books,
    (document, seller): (&Document, &Seller),
    agreement: &Agreement,
    grant: &Grant,
) -> Option<Vec<Line>> {
    let (group, _) = books.recurring.group(grant.subscription)?;
    let at = grant.given_at;
    let known = (at, document.created_at);
    let past = books.past_of(Some(group.subscription.clone()), document.profile_revision, known)?;
    let issuer = seller.legal_entity(document.series.legal_entity)?;
    let (country, kind) = (document.payer.country.as_str(), document.payer.kind);
    let parties = Parties { seller, issuer, country, kind };
    let cycle = agreement.cycle_on(agreement.day(at).ok()?).ok()?;
    let holding = past.holding();
    let quote = quote(agreement, group, &cycle, (parties, holding), at).ok()?;
    lines(&quote, seller, &holding.customer.profile.language).ok()
}
