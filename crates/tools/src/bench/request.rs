//! The requests of each bench, and the books that they are about.

use super::load::Source;
use super::shop::Shop;
use super::{Bench, BenchError};
use abono_domain::access::Role;
use abono_engine::{Engine, Env};
use abono_store::{DatabaseUrl, Options, Store, migrate};
use std::sync::Arc;
use uuid::Uuid;

/// A request that can be sent any number of times, each by its number as a new one.
type Request = Arc<dyn Fn(usize) -> Vec<u8> + Send + Sync>;

/// Everything that is sent in one bench.
pub(super) struct Prepared {
    /// One for each client.
    requests: Vec<Request>,
    /// The one that is learned from, of a customer whom no client asks about.
    one: Request,
    /// Whose request that is, and whose all others are.
    pub(super) owner: Uuid,
    pub(super) owners: Vec<Uuid>,
    /// Its route, as axum writes it.
    pub(super) route: &'static str,
    /// Whether it writes.
    pub(super) writes: bool,
}

impl Prepared {
    /// One source for each client, from the first request on.
    pub(super) fn sources(&self) -> Vec<Source> {
        self.requests.iter().map(source).collect()
    }

    /// What is learned from.
    pub(super) fn one(&self) -> Source {
        source(&self.one)
    }
}

fn source(request: &Request) -> Source {
    let (request, mut number) = (request.clone(), 0);
    Box::new(move || {
        number += 1;
        request(number - 1)
    })
}

/// How many subscriptions each client changes in turn.
const EACH: usize = 8;

/// Makes the books of a bench, and the requests that are about them.
pub(super) async fn prepare(
    bench: Bench,
    url: &DatabaseUrl,
    clients: usize,
) -> Result<Prepared, BenchError> {
    migrate(url).await?;
    let engine = Arc::new(Engine::new(Env::real(), Store::open(url, Options::Serving).await?));
    match bench {
        Bench::Quote | Bench::Invoice | Bench::Licence => licences(bench, engine, clients).await,
        Bench::Change | Bench::Commit => changes(engine, clients).await,
    }
}

async fn licences(
    bench: Bench,
    engine: Arc<Engine>,
    clients: usize,
) -> Result<Prepared, BenchError> {
    let shop = Shop::of_licences(engine, "bench", clients + 1).await?;
    let order = shop.order().await?;
    let body = format!(
        "{{\"plan\":{{\"guid\":\"{}\"}},\"quantity\":1,\"period_in_months\":1}}",
        order.plan
    );
    let mut requests = Vec::with_capacity(clients + 1);
    for customer in &shop.customers {
        if bench == Bench::Licence {
            shop.grant(*customer).await?;
        }
        let token = shop.token(Role::Buyer, Some(*customer)).await?;
        let products = format!("/orgs/{customer}/profile/subscriptions/products");
        let product = format!("{products}/{}", order.product);
        requests.push(match bench {
            Bench::Quote => {
                fixed(http("POST", &format!("{product}:calculate-license"), &token, "", &body))
            }
            Bench::Invoice => {
                keyed("POST", format!("{product}:create-invoice"), token, body.clone())
            }
            Bench::Licence | Bench::Change | Bench::Commit => {
                fixed(http("GET", &products, &token, "", ""))
            }
        });
    }
    let route = match bench {
        Bench::Licence => "/orgs/{org}/profile/subscriptions/products",
        Bench::Quote | Bench::Invoice | Bench::Change | Bench::Commit => {
            "/orgs/{org}/profile/subscriptions/products/{product}"
        }
    };
    Ok(prepared(&shop, requests, route, bench == Bench::Invoice))
}

async fn changes(engine: Arc<Engine>, clients: usize) -> Result<Prepared, BenchError> {
    let shop = Shop::of_subscriptions(engine, "bench", clients * EACH + 1).await?;
    let token = shop.token(Role::Admin, None).await?;
    let [first, second] = shop.plans().await?;
    let bodies = [second, first].map(|plan| format!("{{\"productId\":{plan}}}"));
    let mut lines = Vec::with_capacity(shop.customers.len());
    for customer in &shop.customers {
        let number = shop.subscribe(*customer).await?;
        let path = format!("/v2/orgs/{}/subscriptions/{number}/products", shop.tenant.slug);
        lines.push(bodies.clone().map(|body| http("PUT", &path, &token, "", &body)));
    }
    let turning = |lines: &[[Vec<u8>; 2]]| -> Request {
        let lines = lines.to_vec();
        Arc::new(move |number| {
            let (round, turn) = (number / lines.len(), number % lines.len());
            lines[turn][round % 2].clone()
        })
    };
    let mut requests: Vec<Request> = lines.chunks(EACH).map(turning).collect();
    // The last one is alone.
    requests.truncate(clients + 1);
    let route = "/v2/orgs/{org}/subscriptions/{subscription}/products";
    Ok(prepared(&shop, requests, route, true))
}

fn prepared(
    shop: &Shop,
    mut requests: Vec<Request>,
    route: &'static str,
    writes: bool,
) -> Prepared {
    let one = requests.pop().unwrap_or_else(|| fixed(Vec::new()));
    let mut owners: Vec<Uuid> = shop.customers.iter().map(|customer| customer.0).collect();
    let owner = owners.pop().unwrap_or_default();
    Prepared { requests, one, owner, owners, route, writes }
}

fn fixed(request: Vec<u8>) -> Request {
    Arc::new(move |_| request.clone())
}

/// A request with an idempotency key of its own each time.
fn keyed(method: &'static str, path: String, token: String, body: String) -> Request {
    Arc::new(move |number| {
        let key = format!("Idempotency-Key: 00000000-0000-4000-8000-{number:012x}\r\n");
        http(method, &path, &token, &key, &body)
    })
}

fn http(method: &str, path: &str, token: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let text = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    );
    text.into_bytes()
}
