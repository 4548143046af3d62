//! Commands that answer an invoice, kept byte for byte with their `Idempotency-Key`.

use crate::Api;
use crate::dispatch::Asked;
use crate::dto::{self, InvoiceDto, Titles};
use crate::error::Refused;
use crate::language::Speech;
use crate::links::Links;
use abono_domain::decision::Outcome;
use abono_domain::seller::Seller;
use abono_engine::{Call, Command, Key};
use abono_http::idempotency::idempotency_key;
use abono_http::reply::Reply;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The key of a request, for what `input` says in one canonical spelling. Keys count within one
/// organisation and verb: tokens of two organisations never meet.
pub(crate) fn key(asked: &Asked, verb: &str, input: &str) -> Result<Option<Key>, Refused> {
    let key = idempotency_key(&asked.parts.headers);
    let key = key.map_err(|error| Refused::invalid(format!("Idempotency-Key: {error}")))?;
    let Some(key) = key else { return Ok(None) };
    let org = asked.org()?;
    let input_hash = Sha256::digest(format!("org={org}\n{input}")).to_vec();
    Ok(Some(Key { route: format!("{verb} {org}"), key: key.to_owned(), input_hash }))
}

/// Carries a command out, and answers its invoice with `status`. `seller` is the version that the
/// invoice is made with, where that is known.
pub(crate) async fn execute(
    api: &Api,
    asked: &Asked,
    key: Option<Key>,
    command: &Command,
    seller: Option<Arc<Seller>>,
    status: u16,
) -> Result<Reply, Refused> {
    let (language, links) = (asked.language.clone(), api.links(asked));
    let render = move |outcome: &Outcome| {
        let titles = Titles { language: &language, seller: seller.as_deref() };
        render(outcome, status, titles, &links)
    };
    let call = Call { key, ..asked.call() };
    let kept = api.engine.execute(&call, command, Arc::new(render)).await?.into_reply();
    Ok(Reply::new(kept.status, kept.content_type, kept.body))
}

fn render(
    outcome: &Outcome,
    status: u16,
    titles: Titles<'_>,
    links: &Links,
) -> abono_engine::Reply {
    let reply = match outcome {
        Outcome::PaymentRequest { view, .. } => {
            dto::reply(status, &InvoiceDto::new(view, titles, links.of(view)))
        }
        Outcome::Payment(_)
        | Outcome::Checkout(_)
        | Outcome::ProviderRefund { .. }
        | Outcome::Heard { .. }
        | Outcome::Licence { .. }
        | Outcome::Subscription { .. }
        | Outcome::Cycle { .. }
        | Outcome::Change { .. }
        | Outcome::Group(_)
        | Outcome::Termination { .. }
        | Outcome::Delivery { .. }
        | Outcome::Seller { .. }
        | Outcome::Customer { .. }
        | Outcome::Key(_)
        | Outcome::Clock(_) => Refused::internal().reply(Speech::En),
    };
    let content_type = reply.content_type.into_owned();
    abono_engine::Reply { status: reply.status, content_type, body: reply.body.to_vec() }
}
