//! What clients and operators send, and what they are answered.

use crate::case::{What, Wish};
use crate::sellers::{self, POS, TELECOM, Tokens, customer, deal};
use abono_domain::change::decide_risk::DecideRisk;
use abono_domain::change::withdraw::WithdrawChange;
use abono_domain::change::{ChangeStatus, ChangeView};
use abono_domain::decision::Outcome;
use abono_domain::document::{DocumentKind, DocumentStatus, DocumentView};
use abono_domain::ids::{CustomerId, DocumentId, SubscriptionId, TenantId};
use abono_domain::licence::grant::GrantLicence;
use abono_domain::money::{Currency, Money};
use abono_domain::payment::record::RecordPayment;
use abono_domain::payment::refund::RefundPayment;
use abono_domain::payment::{PaymentSource, RefundTo};
use abono_domain::quote::Order;
use abono_domain::seller::Tenant;
use abono_domain::subscription::end::EndSubscription;
use abono_domain::subscription::start::StartSubscription;
use abono_domain::subscription::{LineIdentity, Origin};
use abono_engine::{Actor, Call, Command, Engine, Failure, Key, Reply};
use abono_testkit::{seller, telecom};
use axum::Router;
use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use jiff::Timestamp;
use std::sync::Arc;
use tower::ServiceExt;
use uuid::Uuid;

/// What is sent, again and again in the same words until it is answered.
#[derive(Clone, Debug)]
pub(crate) enum Sent {
    Http(Http),
    /// An operator's command.
    Command(TenantId, Box<Command>),
    /// One that an operator gives after looking something up: a customer of the telecom.
    Lookup(CustomerId),
}

/// A request by HTTP.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) token: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) body: String,
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Http {
        status: u16,
        to: Option<String>,
        body: String,
    },
    /// An operator's command was carried out.
    Done(Done),
    Declined(String),
    /// There was nothing to do.
    Nothing,
    /// Nobody knows: to be asked again.
    Again(String),
}

/// What an operator is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) at: i64,
    pub(crate) id: Uuid,
    /// The subscription that it is about.
    pub(crate) of: Uuid,
    pub(crate) figure: i64,
}

/// A payment request that a client was answered.
#[derive(Clone, Debug)]
pub(crate) struct KnownRequest {
    pub(crate) customer: usize,
    pub(crate) id: Uuid,
    pub(crate) deal: usize,
    pub(crate) total: i64,
    /// As it was answered, to the millisecond.
    pub(crate) created_at: Timestamp,
    /// Where a buyer pays.
    pub(crate) link: Option<String>,
}

/// A line that was started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownLine {
    pub(crate) customer: usize,
    pub(crate) id: Uuid,
    pub(crate) number: i64,
}

/// What everybody knows by now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) requests: Vec<KnownRequest>,
    pub(crate) lines: Vec<KnownLine>,
}

impl Known {
    /// A customer's request, counted from the newest.
    fn request(&self, of: usize, newest: usize) -> Option<&KnownRequest> {
        let own: Vec<_> = self.requests.iter().filter(|it| it.customer == of).collect();
        let back = newest % own.len().max(1);
        own.into_iter().rev().nth(back)
    }

    fn line(&self, newest: usize) -> Option<&KnownLine> {
        self.lines.iter().rev().nth(newest % self.lines.len().max(1))
    }
}

const JSON: &str = "application/json";

/// What a wish comes to by now; nothing where it is about what there isn't.
pub(crate) fn put(
    wish: &Wish,
    number: usize,
    known: &Known,
    by: &Tokens,
    now: i64,
) -> Option<Sent> {
    let of = wish.of;
    let key = Some(format!("key-{number}"));
    let org = format!("/orgs/{}/profile", customer(of));
    let token = by.buyers.get(of).cloned();
    let http = |method, path, body| {
        Some(Sent::Http(Http { method, path, token: token.clone(), key: None, body }))
    };
    let keyed = |method, path, body| {
        Some(Sent::Http(Http { method, path, token: token.clone(), key: key.clone(), body }))
    };
    let product = format!("{org}/subscriptions/products/{}", seller::PRODUCT);
    match wish.what {
        What::Quote(it) => http("POST", format!("{product}:calculate-license"), order_json(it)),
        What::Request(it) => keyed("POST", format!("{product}:create-invoice"), order_json(it)),
        What::List => {
            http("GET", format!("{org}/invoices?include_items_total=true"), String::new())
        }
        What::Cancel(newest) => {
            let id = known.request(of, newest)?.id;
            keyed("POST", format!("{org}/invoices/{id}:cancel"), String::new())
        }
        What::Foreign(newest) => {
            let id = known.request(1 - of.min(1), newest)?.id;
            let whose = if newest == 0 {
                org
            } else {
                org.replace(&customer(of).to_string(), &customer(1 - of.min(1)).to_string())
            };
            http("GET", format!("{whose}/invoices/{id}"), String::new())
        }
        What::Card(newest, _) => {
            let path = known.request(of, newest)?.link.clone()?;
            let (method, body) = ("POST", String::new());
            Some(Sent::Http(Http { method, path, token: None, key: None, body }))
        }
        What::Transfer(..) | What::Grant(_) | What::Refund(_) => operate(wish, number, known),
        What::Start(plan, quantity, billing_day) => {
            Some(Sent::Command(TELECOM, Box::new(start(of, plan, quantity, billing_day))))
        }
        What::Change(newest, plan, on) => {
            let line = known.line(newest)?;
            let product = telecom::number(sellers::PLANS.get(plan)?.0);
            let on = on.map(|days| format!(r#","scheduled_date":"{}""#, day(now, days)));
            let body = format!(r#"{{"productId":{product}{}}}"#, on.unwrap_or_default());
            let method = ["PUT", "POST", "PATCH"][number % 3];
            let (path, token) = (line_path(line.number), Some(by.telecom.clone()));
            Some(Sent::Http(Http { method, path, token, key: None, body }))
        }
        What::Look(newest) => {
            let (path, token) = (line_path(known.line(newest)?.number), Some(by.telecom.clone()));
            let (method, body) = ("GET", String::new());
            Some(Sent::Http(Http { method, path, token, key: None, body }))
        }
        What::End(newest) => {
            let line = known.line(newest)?;
            let (subscription, reason) = (SubscriptionId(line.id), "it is over".to_owned());
            let end = EndSubscription { subscription, reason };
            let command = Command::EndSubscription(customer(line.customer), end);
            Some(Sent::Command(TELECOM, Box::new(command)))
        }
        What::Decide(..) | What::Withdraw(_) | What::Settle(..) => Some(Sent::Lookup(customer(of))),
    }
}

fn line_path(number: i64) -> String {
    format!("/v2/orgs/telco/subscriptions/{number}/products")
}

/// The local day in Madrid so many days after an instant.
fn day(now: i64, days: i64) -> jiff::civil::Date {
    let now = Timestamp::from_microsecond(now).unwrap_or_default();
    let zone = jiff::tz::TimeZone::get("Europe/Madrid").unwrap_or(jiff::tz::TimeZone::UTC);
    let later = now.to_zoned(zone).date().checked_add(jiff::Span::new().days(days));
    later.unwrap_or(jiff::civil::Date::MAX)
}

fn order(number: usize) -> Order {
    let deal = deal(number);
    let (product, plan) = (seller::PRODUCT, deal.plan);
    Order { product, plan, quantity: deal.quantity, months: deal.months }
}

fn order_json(number: usize) -> String {
    let deal = deal(number);
    let (plan, quantity, months) = (deal.plan, deal.quantity, deal.months);
    format!(r#"{{"plan":{{"guid":"{plan}"}},"quantity":{quantity},"period_in_months":{months}}}"#)
}

/// What an operator does for the seller of licences.
fn operate(wish: &Wish, number: usize, known: &Known) -> Option<Sent> {
    let own = customer(wish.of);
    let name = format!("op-{number}");
    let command = match wish.what {
        What::Transfer(newest, part) => {
            let KnownRequest { id, total, .. } = *known.request(wish.of, newest)?;
            let minor = [total, total / 2, total / 3 + 1, total + 1_000][part % 4].max(1);
            Command::RecordPayment(
                own,
                RecordPayment {
                    document: DocumentId(id),
                    amount: Money::new(minor, Currency::RUB),
                    source: PaymentSource::BankTransfer,
                    reference: Some(name),
                },
            )
        }
        What::Grant(deal) => {
            Command::GrantLicence(own, GrantLicence { order: order(deal), reason: name })
        }
        What::Refund(newest) => Command::RefundPayment(
            own,
            RefundPayment {
                document: DocumentId(known.request(wish.of, newest)?.id),
                amount: None,
                quantity: None,
                months: None,
                to: RefundTo::Bank,
                reference: Some(name),
                reason: "by agreement".to_owned(),
            },
        ),
        What::Quote(_)
        | What::Request(_)
        | What::List
        | What::Cancel(_)
        | What::Foreign(_)
        | What::Card(..)
        | What::Start(..)
        | What::Change(..)
        | What::Look(_)
        | What::Decide(..)
        | What::Withdraw(_)
        | What::End(_)
        | What::Settle(..) => return None,
    };
    Some(Sent::Command(POS, Box::new(command)))
}

fn start(of: usize, plan: usize, quantity: i64, billing_day: Option<i64>) -> Command {
    let plan = sellers::PLANS[plan % sellers::PLANS.len()].0;
    let start = StartSubscription {
        product: telecom::MOBILE,
        plan,
        quantity,
        months: 1,
        billing_day,
        sold_on: None,
        origin: Origin::New,
        bundle: None,
        line: LineIdentity::default(),
    };
    Command::StartSubscription(customer(of), Box::new(start))
}

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
