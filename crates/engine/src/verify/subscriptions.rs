//! Subscriptions that live in cycles: their cycles tile time and are billed once, their plan is
//! what their changes made of it, what changes charged and credited is carried once, and the log of
//! changes leads where it says.

use super::books::Books;
use super::{Scope, product_groups};
use abono_domain::change::{ChangeState, ChangeStatus, ChangeStep, PlanChange};
use abono_domain::document::credit_note::Positions;
use abono_domain::document::{Document, DocumentKind, DocumentView, Line, lines};
use abono_domain::ids::{DocumentId, SubscriptionId};
use abono_domain::licence::Placement;
use abono_domain::quote::Parties;
use abono_domain::risk::Verdict;
use abono_domain::seller::Seller;
use abono_domain::subscription::{
    Agreement, BilledCycle, Carried, State, Status, carry, cycle_quote,
};
use abono_domain::tax::subtotals;
use jiff::Timestamp;

pub(super) fn check(scope: &mut Scope<'_>, books: &Books) {
    for (agreement, state) in &books.recurring.agreements {
        let place = || format!("subscription {}", agreement.subscription.number);
        let billed = cycles_hold(books, agreement, state);
        scope.require(billed, place, "its cycles do not tile the time up to where it is billed");
        let plan = plan_of(books, agreement) == state.plan;
        scope.require(plan, place, "its plan is not what its changes made of it");
        let mut steps = books.recurring.steps.iter().filter(|it| it.0 == agreement.subscription.id);
        let last = steps.next_back().map(|(_, seq, to)| (*seq, *to));
        let led = last == Some((state.steps, state.status));
        scope.require(led, place, "its status is not where its steps lead");
    }
    for (change, state, _) in &books.recurring.changes {
        let place = || format!("change {} ({})", change.number, change.id);
        scope.require(
            steps_hold(books, change, state),
            place,
            "its steps do not lead to its state",
        );
        scope.require(decided(books, change, state), place, "its risk decision says otherwise");
        let confirmed = confirmation_holds(books, change, state);
        scope.require(confirmed, place, "what it charged is not there, or is there for nothing");
    }
    for view in &books.documents {
        let document = &view.document;
        let place = || format!("document {} ({})", document.number(), document.id);
        match document.kind {
            DocumentKind::OrderConfirmation => {
                let own = books.recurring.confirmed(document.id).is_some()
                    || books.recurring.terminated_by(document.id).is_some();
                scope.require(own, place, "no change made it, and no termination");
                scope.require(carried_in_time(books, view), place, "no invoice carries it");
            }
            DocumentKind::Invoice => {
                scope.require(
                    is_of_a_cycle(books, document),
                    place,
                    "it bills no cycle and no end",
                );
            }
            DocumentKind::PaymentRequest | DocumentKind::CreditNote => {}
        }
    }
}

/// Each cycle is the one that its first day begins, by an invoice of its own, up to where the
/// subscription is billed.
fn cycles_hold(books: &Books, agreement: &Agreement, state: &State) -> bool {
    let id = agreement.subscription.id;
    let own = books.recurring.cycles.iter().filter(|(of, _)| *of == id).map(|(_, cycle)| cycle);
    let mut next = agreement.started_on;
    let mut count = 0;
    for cycle in own {
        count += 1;
        let is_laid = agreement.cycle_on(next).is_ok_and(|it| it.part.to == cycle.ends_on);
        if cycle.seq != count || cycle.starts_on != next || !is_laid {
            return false;
        }
        if !is_invoiced(books, id, cycle) {
            return false;
        }
        next = cycle.ends_on;
    }
    count == state.cycle && next == state.billed_until
}

fn is_invoiced(books: &Books, id: SubscriptionId, cycle: &BilledCycle) -> bool {
    books.view(cycle.invoice).is_some_and(|view| {
        let document = &view.document;
        document.kind == DocumentKind::Invoice && document.subscription == Some(id)
    })
}

/// What the changes that were done made of the plan with which it began.
fn plan_of(books: &Books, agreement: &Agreement) -> abono_domain::ids::PlanId {
    let id = agreement.subscription.id;
    let done = books.recurring.changes.iter().filter(|(change, state, _)| {
        change.subscription == id && state.status == ChangeStatus::Done
    });
    let last = done.max_by_key(|(change, state, _)| (state.due_at, change.requested_at, change.id));
    last.map_or(agreement.plan, |(change, ..)| change.to)
}

fn steps_hold(books: &Books, change: &PlanChange, state: &ChangeState) -> bool {
    let own = books.recurring.change_steps.iter().filter(|step| step.change == change.id);
    let own: Vec<&ChangeStep> = own.collect();
    let chained = own.windows(2).all(|pair| match pair {
        [before, after] => after.from == Some(before.to) && before.at <= after.at,
        _ => true,
    });
    let count = i64::try_from(own.len()).unwrap_or(i64::MAX);
    let first = own.first().is_some_and(|step| step.at == change.requested_at);
    let last = own.last().is_some_and(|step| step.to == state.status);
    chained && first && last && count == state.steps
}

/// What is scheduled or done was accepted, what is in review is, and what is rejected was.
fn decided(books: &Books, change: &PlanChange, state: &ChangeState) -> bool {
    let last = books.recurring.verdicts.get(&change.id);
    match state.status {
        ChangeStatus::Scheduled | ChangeStatus::Done => last == Some(&Verdict::Accepted),
        ChangeStatus::Review => last == Some(&Verdict::Review),
        ChangeStatus::Rejected => last == Some(&Verdict::Rejected),
        ChangeStatus::Withdrawn | ChangeStatus::Replaced | ChangeStatus::Failed => last.is_some(),
    }
}

/// A change that was done inside a cycle has an order confirmation; one at the start of a cycle
/// needs none.
fn confirmation_holds(books: &Books, change: &PlanChange, state: &ChangeState) -> bool {
    let Some((agreement, _)) = books.recurring.agreement(change.subscription) else {
        return false;
    };
    if state.status != ChangeStatus::Done {
        return state.confirmation.is_none();
    }
    let is_boundary = || {
        let cycle = agreement.cycle_on(agreement.day(state.due_at).ok()?).ok()?;
        Some(agreement.midnight(cycle.part.from).ok()? == state.due_at)
    };
    match state.confirmation.and_then(|id| books.view(id)) {
        None => state.confirmation.is_none() && is_boundary() == Some(true),
        Some(view) => {
            view.document.kind == DocumentKind::OrderConfirmation
                && view.document.subscription == Some(change.subscription)
                && is_boundary() == Some(false)
        }
    }
}

/// A confirmation is carried by the next invoice of its subscription; where there has been none
/// since, by none, unless the subscription is over: then by a note on what was credited.
fn carried_in_time(books: &Books, view: &DocumentView) -> bool {
    let document = &view.document;
    let next = books.documents.iter().map(|it| &it.document).filter(|it| {
        it.kind == DocumentKind::Invoice
            && it.subscription == document.subscription
            && it.created_at > document.created_at
    });
    let next = next.min_by_key(|it| it.created_at).map(|it| it.id);
    let mut carried = books.recurring.carried.iter();
    let by = carried.find(|(id, _)| *id == document.id).map(|(_, invoice)| *invoice);
    let agreement = document.subscription.and_then(|id| books.recurring.agreement(id));
    let is_over = agreement.is_some_and(|(_, state)| state.status == Status::Ended);
    let is_note =
        |id| books.view(id).is_some_and(|it| it.document.kind == DocumentKind::CreditNote);
    if is_over && next.is_none() { by.is_some_and(is_note) } else { by == next }
}

/// An invoice bills a cycle, or the first days of what is added; the last one of a subscription
/// that is over may bill the rest alone.
fn is_of_a_cycle(books: &Books, document: &Document) -> bool {
    let agreement = document.subscription.and_then(|id| books.recurring.agreement(id));
    let is_over = agreement.is_some_and(|(_, state)| state.status == Status::Ended);
    let begins = product_groups::begins_one(books, document);
    books.recurring.billed_by(document.id).is_some() || begins || is_over
}

/// The order confirmations that an invoice, or a note at the end, carries, oldest first.
pub(super) fn confirmations(books: &Books, invoice: DocumentId) -> Vec<Document> {
    let own = books.recurring.carried.iter().filter(|(_, by)| *by == invoice);
    let found = own.filter_map(|(id, _)| books.view(*id)).map(|view| view.document.clone());
    let mut found: Vec<Document> = found.collect();
    found.sort_by_key(|it| (it.created_at, it.id));
    found
}

/// What an invoice carries beside its own lines, as it was issued; `None` for other documents.
pub(super) fn carried(books: &Books, invoice: &Document) -> Option<Carried> {
    if invoice.kind != DocumentKind::Invoice {
        return None;
    }
    let count = books.billed_in(invoice.id).len();
    let own: Vec<Line> = invoice.lines.iter().take(count).cloned().collect();
    carry(own, &confirmations(books, invoice.id)).ok()
}

/// The positions of an invoice: its cycle at the price of its first day, what was added to the
/// subscription, and what it carries.
pub(super) fn invoice(books: &Books, document: &Document, seller: &Seller) -> Option<Positions> {
    let (agreement, state) = books.recurring.agreement(document.subscription?)?;
    let mut own = match books.recurring.billed_by(document.id) {
        None => Vec::new(),
        Some(cycle) => {
            let is_first = cycle.seq == 1;
            let midnight = agreement.midnight(cycle.starts_on).ok()?;
            let at = if is_first { document.created_at } else { midnight };
            let plan = document.lines.first()?.licence.plan;
            let sold = (plan, state.quantity, Placement::Behind);
            quoted(books, (document, seller), (agreement, sold), at)?
        }
    };
    for grant in books.billed_in(document.id) {
        if Some(grant.subscription) != document.subscription {
            own.extend(product_groups::charged(books, (document, seller), agreement, grant)?);
        }
    }
    let lines = carry(own, &confirmations(books, document.id)).ok()?.lines;
    taxed(lines, seller)
}

/// The positions of an order confirmation: what its change charged and credited on its day, or what
/// a termination credited.
pub(super) fn confirmation(
    books: &Books,
    document: &Document,
    seller: &Seller,
) -> Option<Positions> {
    if let Some(view) = books.recurring.terminated_by(document.id) {
        return taxed(product_groups::credited(books, document, view, seller)?, seller);
    }
    let (agreement, state) = books.recurring.agreement(document.subscription?)?;
    let (change, of_change, _) = books.recurring.confirmed(document.id)?;
    let sold = (change.to, state.quantity, Placement::Within);
    let lines = quoted(books, (document, seller), (agreement, sold), of_change.due_at)?;
    taxed(lines, seller)
}

fn quoted(
    books: &Books,
    (document, seller): (&Document, &Seller),
    (agreement, (plan, quantity, placement)): (
        &Agreement,
        (abono_domain::ids::PlanId, i64, Placement),
    ),
    at: Timestamp,
) -> Option<Vec<Line>> {
    let subscription = Some(agreement.subscription.clone());
    let past = books.past_of(subscription, document.profile_revision, (at, document.created_at))?;
    let issuer = seller.legal_entity(document.series.legal_entity)?;
    let (country, kind) = (document.payer.country.as_str(), document.payer.kind);
    let parties = Parties { seller, issuer, country, kind };
    let cycle = agreement.cycle_on(agreement.day(at).ok()?).ok()?;
    let placed = (&cycle, placement);
    let holding = past.holding();
    let quote = cycle_quote(agreement, (plan, quantity), placed, (parties, holding), at).ok()?;
    lines(&quote, seller, &holding.customer.profile.language).ok()
}

fn taxed(lines: Vec<Line>, seller: &Seller) -> Option<Positions> {
    let of_lines = lines.iter().map(|line| (line.tax, line.total));
    let taxes = subtotals(of_lines, seller.settings.tax_rounding).ok()?;
    Some(Positions { lines, taxes })
}
