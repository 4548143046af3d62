//! What clients and operators send, and what they are answered.

use crate::case::{What, Wish};
use crate::sellers::{self, POS, TELECOM, Tokens, customer, deal};
use abono_domain::ids::{CustomerId, DocumentId, SubscriptionId, TenantId};
use abono_domain::licence::grant::GrantLicence;
use abono_domain::money::{Currency, Money};
use abono_domain::payment::record::RecordPayment;
use abono_domain::payment::refund::RefundPayment;
use abono_domain::payment::{PaymentSource, RefundTo};
use abono_domain::quote::Order;
use abono_domain::subscription::end::EndSubscription;
use abono_domain::subscription::start::StartSubscription;
use abono_domain::subscription::{LineIdentity, Origin};
use abono_engine::Command;
use abono_testkit::{seller, telecom};
use jiff::Timestamp;
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
