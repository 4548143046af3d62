//! A request for payment, once per `Idempotency-Key`.

use super::{call, refuse_unlisted};
use crate::Api;
use crate::dispatch::Asked;
use crate::dto::{self, InvoiceDto};
use crate::error::Refused;
use crate::language::Speech;
use crate::order;
use abono_domain::decision::Outcome;
use abono_domain::document::request_payment::RequestPayment;
use abono_engine::{Call, Command, Key};
use abono_http::idempotency::idempotency_key;
use abono_http::reply::Reply;
use axum::body::Body;
use sha2::{Digest, Sha256};
use std::sync::Arc;

pub(crate) async fn create_invoice(api: &Api, asked: &Asked, body: Body) -> Result<Reply, Refused> {
    let key = idempotency_key(&asked.parts.headers);
    let key = key.map_err(|error| Refused::invalid(format!("Idempotency-Key: {error}")))?;
    let order = order::read(&asked.parts.headers, body, asked.product()?).await?;
    refuse_unlisted(api, asked, &order.order).await?;
    let key = key.map(|key| Key {
        route: route(asked),
        key: key.to_owned(),
        input_hash: input_hash(asked, &order),
    });
    let call = Call { key, ..call(asked) };
    let command = Command::RequestPayment(asked.org, order);
    let kept = api.engine.execute(&call, &command, Arc::new(render)).await?.into_reply();
    Ok(Reply::new(kept.status, kept.content_type, kept.body))
}

/// Keys count within one organisation: tokens of two of them never meet.
fn route(asked: &Asked) -> String {
    format!("create-invoice {}", asked.org)
}

/// The same for every spelling of the same input.
fn input_hash(asked: &Asked, command: &RequestPayment) -> Vec<u8> {
    let order = &command.order;
    let payer = command.payer.map_or_else(|| "default".to_owned(), |payer| payer.to_string());
    let canonical = format!(
        "org={}\nproduct={}\nplan={}\nquantity={}\nmonths={}\npayer={payer}",
        asked.org, order.product, order.plan, order.quantity, order.months,
    );
    Sha256::digest(canonical).to_vec()
}

/// The bytes of the answer. They are kept with the key, so they depend on nothing but the outcome.
fn render(outcome: &Outcome) -> abono_engine::Reply {
    let reply = match outcome {
        Outcome::PaymentRequest { view, .. } => dto::reply(201, &InvoiceDto::new(view)),
        Outcome::Payment(_)
        | Outcome::Licence { .. }
        | Outcome::Seller { .. }
        | Outcome::Customer { .. }
        | Outcome::Key(_)
        | Outcome::Clock(_) => Refused::internal().reply(Speech::En),
    };
    let content_type = reply.content_type.into_owned();
    abono_engine::Reply { status: reply.status, content_type, body: reply.body.to_vec() }
}
