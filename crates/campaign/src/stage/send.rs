//! Sends what is asked for, and takes the answer in.

use super::ask::{Answer, Done, Http, Sent};
use crate::case::What;
use crate::sellers::TELECOM;
use abono_domain::change::decide_risk::DecideRisk;
use abono_domain::change::withdraw::WithdrawChange;
use abono_domain::change::{ChangeStatus, ChangeView};
use abono_domain::decision::Outcome;
use abono_domain::document::{DocumentKind, DocumentStatus, DocumentView};
use abono_domain::ids::{CustomerId, TenantId};
use abono_domain::money::{Currency, Money};
use abono_domain::payment::PaymentSource;
use abono_domain::payment::record::RecordPayment;
use abono_domain::seller::Tenant;
use abono_engine::{Actor, Call, Command, Engine, Failure, Key, Reply};
use axum::Router;
use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use jiff::Timestamp;
use std::sync::Arc;
use tower::ServiceExt;
use uuid::Uuid;

const JSON: &str = "application/json";

/// Sends it to a process, under a key that no other has.
pub(crate) async fn send(
    (engine, router): (Arc<Engine>, Router),
    sent: Sent,
    what: What,
    key: String,
    tenants: [Tenant; 2],
) -> Answer {
    match sent {
        Sent::Http(http) => ask(router, http).await,
        Sent::Command(tenant, command) => execute(&engine, tenant, &command, key).await,
        Sent::Lookup(customer) => match answered(&engine, &key).await {
            Ok(Some(answer)) => answer,
            Err(failure) => Answer::Again(failure.to_string()),
            Ok(None) => look_up_and_do(&engine, &tenants[1], customer, what, key).await,
        },
    }
}

/// What the same was answered before: what has to be looked up for it may be gone since.
async fn answered(engine: &Engine, key: &str) -> Result<Option<Answer>, Failure> {
    let reply = engine.answered(&operator(TELECOM, key)).await?;
    Ok(reply.and_then(|reply| read(&String::from_utf8_lossy(&reply.body))).map(Answer::Done))
}

async fn look_up_and_do(
    engine: &Engine,
    tenant: &Tenant,
    customer: CustomerId,
    what: What,
    key: String,
) -> Answer {
    match look_up(engine, tenant, customer, what).await {
        Ok(Some(command)) => execute(engine, TELECOM, &command, key).await,
        Ok(None) => Answer::Nothing,
        Err(failure) => Answer::Again(failure.to_string()),
    }
}

fn operator(tenant: TenantId, key: &str) -> Call {
    let (route, key) = ("operator".to_owned(), key.to_owned());
    let key = Key { route, key, input_hash: vec![1] };
    Call { key: Some(key), ..Call::new(tenant, Actor::Operator) }
}

/// Asks over HTTP, without a server.
pub(crate) async fn ask(router: Router, asked: Http) -> Answer {
    let mut request = Request::builder().method(asked.method).uri(&asked.path);
    if let Some(token) = &asked.token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if let Some(key) = &asked.key {
        request = request.header("idempotency-key", key);
    }
    if !asked.body.is_empty() {
        request = request.header("content-type", JSON);
    }
    let request = request.header("host", "abono.example").body(Body::from(asked.body));
    let Ok(request) = request else { return Answer::Nothing };
    let Ok(response) = router.oneshot(request).await;
    let status = response.status().as_u16();
    let to = response.headers().get("location").and_then(|it| it.to_str().ok());
    let to = to.map(str::to_owned);
    let body = response.into_body().collect().await.map(|body| body.to_bytes());
    let body = String::from_utf8_lossy(&body.unwrap_or_default()).into_owned();
    match status {
        429 | 500.. => Answer::Again(format!("{status} {body}")),
        _ => Answer::Http { status, to, body },
    }
}

async fn execute(engine: &Engine, tenant: TenantId, command: &Command, key: String) -> Answer {
    let call = operator(tenant, &key);
    match engine.execute(&call, command, Arc::new(printed)).await {
        Ok(executed) => {
            let body = executed.into_reply().body;
            read(&String::from_utf8_lossy(&body)).map_or(Answer::Nothing, Answer::Done)
        }
        Err(Failure::Refused(why)) => Answer::Declined(why.to_string()),
        Err(failure) => Answer::Again(failure.to_string()),
    }
}

/// The command that an operator gives after looking at the telecom's books.
async fn look_up(
    engine: &Engine,
    tenant: &Tenant,
    customer: CustomerId,
    what: What,
) -> Result<Option<Command>, Failure> {
    if let What::Settle(which, part) = what {
        let documents = engine.cycle_documents(tenant, customer).await?;
        return Ok(settle(&documents, customer, which, part));
    }
    let decided =
        if let What::Decide(which, approve) = what { Some((which, approve)) } else { None };
    let wanted: &[ChangeStatus] = match decided {
        Some(_) => &[ChangeStatus::Review],
        None => &[ChangeStatus::Scheduled, ChangeStatus::Review],
    };
    let which = decided.map_or(0, |(which, _)| which);
    let views = engine.subscriptions_of(tenant, customer).await?;
    let all = views.iter().flat_map(|view| view.changes.iter());
    let fitting: Vec<&ChangeView> = all.filter(|it| wanted.contains(&it.state.status)).collect();
    let Some(view) = fitting.get(which % fitting.len().max(1)) else { return Ok(None) };
    let (subscription, change) = (view.change.subscription, view.change.id);
    Ok(Some(match decided {
        Some((_, approve)) => {
            let (by, note) = ("somebody".to_owned(), None);
            Command::DecideRisk(customer, DecideRisk { subscription, change, approve, by, note })
        }
        None => {
            let withdraw = WithdrawChange { subscription, change, reason: None };
            Command::WithdrawChange(customer, withdraw)
        }
    }))
}

fn settle(all: &[DocumentView], of: CustomerId, which: usize, part: usize) -> Option<Command> {
    let is_invoice = |view: &&DocumentView| view.document.kind == DocumentKind::Invoice;
    let is_open = |view: &&DocumentView| view.state.status == DocumentStatus::Pending;
    let open: Vec<&DocumentView> = all.iter().filter(is_invoice).filter(is_open).collect();
    let view = open.get(which % open.len().max(1)).copied()?;
    let due = view.outstanding().minor;
    let minor = [due, due, due / 2, due + 700][part % 4].max(1);
    let record = RecordPayment {
        document: view.document.id,
        amount: Money::new(minor, Currency::EUR),
        source: PaymentSource::BankTransfer,
        reference: None,
    };
    Some(Command::RecordPayment(of, record))
}

/// What is kept of an operator's command: when it was done, to what, of what, and a figure.
fn printed(outcome: &Outcome) -> Reply {
    let nil = Uuid::nil();
    let (at, id, of, figure) = match outcome {
        Outcome::PaymentRequest { view, .. } => {
            (view.state.updated_at, view.document.id.0, nil, view.document.total.minor)
        }
        Outcome::Payment(view) => {
            let (payment, document) = (&view.payment, &view.document.document);
            (payment.received_at, document.id.0, nil, payment.amount.minor)
        }
        Outcome::Licence { given_at, .. } => (*given_at, nil, nil, 0),
        Outcome::Subscription { agreement, state } => {
            let own = &agreement.subscription;
            (state.updated_at, own.id.0, own.id.0, own.number)
        }
        Outcome::Change { view, .. } => {
            (view.state.updated_at, view.change.id.0, view.change.subscription.0, 0)
        }
        Outcome::Group(_)
        | Outcome::Termination { .. }
        | Outcome::Cycle { .. }
        | Outcome::Delivery { .. }
        | Outcome::Checkout(_)
        | Outcome::ProviderRefund { .. }
        | Outcome::Heard { .. }
        | Outcome::Customer { .. }
        | Outcome::Seller { .. }
        | Outcome::Clock(_)
        | Outcome::Key(_) => (Timestamp::UNIX_EPOCH, nil, nil, 0),
    };
    let body = format!("{} {id} {of} {figure}", at.as_microsecond()).into_bytes();
    Reply { status: 200, content_type: "text/plain".to_owned(), body }
}

fn read(text: &str) -> Option<Done> {
    let mut words = text.split(' ');
    Some(Done {
        at: words.next()?.parse().ok()?,
        id: words.next()?.parse().ok()?,
        of: words.next()?.parse().ok()?,
        figure: words.next()?.parse().ok()?,
    })
}
