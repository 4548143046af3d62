//! How subscriptions that live in cycles stand: their changes, their documents, their ledger.

use super::say;
use super::say_changes::plan_code;
use super::say_groups;
use super::state::Facts;
use abono_domain::document::{DocumentKind, DocumentView};
use abono_domain::ids::CustomerId;
use abono_domain::ledger::Transfer;
use abono_domain::seller::{Seller, Tenant};
use abono_engine::views::SubscriptionView;
use abono_engine::{Engine, Failure};
use jiff::tz::TimeZone;

/// Adds what a customer has, where it has any.
pub(super) async fn add(
    facts: &mut Facts,
    engine: &Engine,
    (tenant, seller): (&Tenant, &Seller),
    (code, id): (&str, CustomerId),
) -> Result<(), Failure> {
    let subscriptions = engine.subscriptions_of(tenant, id).await?;
    if subscriptions.is_empty() {
        return Ok(());
    }
    for view in &subscriptions {
        subscription(facts, view, seller);
        let own = &view.agreement.subscription;
        let added = engine.product_groups(tenant, id, own.id).await?;
        let zone = view.agreement.zone().unwrap_or(TimeZone::UTC);
        say_groups::facts(facts, own.number, &added, (seller, &zone));
    }
    let mut documents = engine.cycle_documents(tenant, id).await?;
    for view in &documents {
        document(facts, view, code);
    }
    documents.extend(engine.credit_notes(tenant, id).await?);
    let transfers = engine.transfers(tenant, id).await?;
    for (place, transfer) in (1..).zip(&transfers) {
        let name = format!("transfer {place:03} of {code}");
        facts.insert(name, posted(transfer, &documents));
    }
    Ok(())
}

fn subscription(facts: &mut Facts, view: &SubscriptionView, seller: &Seller) {
    let (agreement, state) = (&view.agreement, &view.state);
    let number = agreement.subscription.number;
    let ends = state.ends_on.map_or(String::new(), |day| format!(", ends on {day}"));
    let plan = plan_code(seller, state.plan);
    let status = state.status.as_str();
    let value = format!(
        "{plan} x {}, {status}, {} cycles billed until {}{ends}",
        state.quantity, state.cycle, state.billed_until
    );
    facts.insert(format!("subscription {number}"), value);
    let in_force = |it: &abono_engine::views::InForce| {
        format!("{} from {}", plan_code(seller, it.plan), it.from)
    };
    let history: Vec<String> = view.history().iter().map(in_force).collect();
    facts.insert(format!("subscription {number} history"), history.join(", "));
    for (place, bound) in (1..).zip(&view.commitments) {
        let value = format!("until {}, penalty {}", bound.ends_on, bound.penalty);
        facts.insert(format!("subscription {number} commitment {place}"), value);
    }
    for change in &view.changes {
        let (from, to) =
            (plan_code(seller, change.change.from), plan_code(seller, change.change.to));
        let reason = change.reason.as_ref().map_or(String::new(), |why| format!(" ({why})"));
        let (on, status) = (change.change.effective_on, change.state.status.as_str());
        let value = format!("{from} to {to} on {on}: {status}{reason}");
        facts.insert(format!("subscription {number} change {}", change.change.number), value);
    }
}

fn document(facts: &mut Facts, view: &DocumentView, code: &str) {
    let document = &view.document;
    let (number, total) = (document.number(), document.total);
    let (kind, value) = match document.kind {
        DocumentKind::Invoice => {
            let (status, paid) = (view.state.status.as_str(), view.state.paid.decimal());
            let due = document.due_on.map_or(String::new(), |day| format!(", due {day}"));
            ("invoice", format!("{status}, {paid} of {total} paid{due}"))
        }
        DocumentKind::OrderConfirmation
        | DocumentKind::PaymentRequest
        | DocumentKind::CreditNote => ("order confirmation", format!("total {total}")),
    };
    facts.insert(format!("{kind} {number} of {code}"), value);
    for line in &document.lines {
        let name = format!("{kind} {number} of {code} line {:02}", line.position);
        facts.insert(name, say::line(line));
    }
}

fn posted(transfer: &Transfer, documents: &[DocumentView]) -> String {
    let (why, id) = transfer.cause.parts();
    let of = documents.iter().find(|view| view.document.id.0 == id);
    let of = of.map_or(String::new(), |view| format!(" {}", view.document.number()));
    let (debit, credit) = (transfer.debit.word(), transfer.credit.word());
    format!("{why}{of}: {} from {debit} to {credit}", transfer.amount)
}
