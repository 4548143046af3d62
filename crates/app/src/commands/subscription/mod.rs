//! `abono subscription`: starting one, listing them, showing one, agreeing its end.

mod list;
mod show;
mod start;

use super::books;
use crate::cli::{Subscription, SubscriptionEnd};
use crate::output;
use abono_domain::decision::Outcome;
use abono_domain::document::{DocumentKind, DocumentView};
use abono_domain::ids::{CustomerId, SubscriptionId};
use abono_domain::seller::Tenant;
use abono_domain::subscription::end::EndSubscription;
use abono_engine::{Actor, Call, Command, Engine};
use anyhow::{Context, Result};
use serde_json::json;

pub(crate) async fn run(verb: Subscription) -> Result<()> {
    match verb {
        Subscription::Start(args) => start::run(args).await,
        Subscription::List(args) => list::run(args).await,
        Subscription::Show(args) => show::run(args).await,
        Subscription::End(args) => end(args).await,
    }
}

async fn end(args: SubscriptionEnd) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let found = books::subscription(&engine, &tenant, args.number).await?;
    let subscription = found.agreement.subscription;
    let end = EndSubscription { subscription: subscription.id, reason: args.reason };
    let call = Call::new(tenant.id, Actor::Operator);
    let command = Command::EndSubscription(subscription.customer, end);
    if let Outcome::Subscription { state, .. } = engine.carry_out(&call, &command).await? {
        let number = subscription.number;
        let day = state.ends_on.context("an end was agreed, and there is no day of it")?;
        if args.json {
            output::line(json!({"subscription": number, "ends_on": day.to_string()}));
        } else {
            output::line(format!("subscription {number} ends on {day}, that day not included"));
        }
    }
    Ok(())
}

/// The documents of a subscription, oldest first.
async fn documents(
    engine: &Engine,
    tenant: &Tenant,
    (customer, id): (CustomerId, SubscriptionId),
) -> Result<Vec<DocumentView>> {
    let mut all = engine.cycle_documents(tenant, customer).await?;
    all.retain(|view| view.document.subscription == Some(id));
    Ok(all)
}

/// A document in one line.
fn document(view: &DocumentView) -> String {
    let document = &view.document;
    let (number, on, total) = (document.number(), document.issued.on, document.total);
    match document.kind {
        DocumentKind::Invoice => {
            let (status, open) = (view.state.status.as_str(), view.outstanding());
            let due = document.due_on.map_or(String::new(), |day| format!(" until {day}"));
            let open =
                if open.minor > 0 { format!(", {open} to be paid{due}") } else { String::new() };
            format!("invoice {number} of {on}: {total}, {status}{open}")
        }
        DocumentKind::OrderConfirmation
        | DocumentKind::PaymentRequest
        | DocumentKind::CreditNote => {
            let kind = document.kind.as_str().replace('_', " ");
            format!("{kind} {number} of {on}: {total}")
        }
    }
}
