//! The requests of each bench, and the books that they are about.

use super::load::Source;
use super::shop::Shop;
use super::{Bench, BenchError};
use abono_domain::access::Role;
use abono_engine::{Engine, Env};
use abono_store::{DatabaseUrl, Options, Store, migrate};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A request that can be sent any number of times, each as a new one.
pub(super) type Request = Box<dyn Fn() -> Vec<u8> + Send + Sync>;

/// Everything that is sent in one bench.
pub(super) struct Prepared {
    /// One source for each client.
    pub(super) sources: Vec<Source>,
    /// The request that is learned from, of a customer whom no client asks about.
    pub(super) one: Request,
    /// Its route, as axum writes it.
    pub(super) route: &'static str,
    /// Whether it writes.
    pub(super) writes: bool,
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
    Ok(prepared(requests, route, bench == Bench::Invoice))
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
    let turning = |lines: Vec<[Vec<u8>; 2]>| -> Request {
        let turn = AtomicU64::new(0);
        Box::new(move || {
            let turn = usize::try_from(turn.fetch_add(1, Ordering::Relaxed)).unwrap_or(0);
            let round = turn / lines.len();
            lines[turn % lines.len()][round % 2].clone()
        })
    };
    let mut requests: Vec<Request> =
        lines.chunks(EACH).map(|lines| turning(lines.to_vec())).collect();
    // The last one is alone.
    requests.truncate(clients + 1);
    Ok(prepared(requests, "/v2/orgs/{org}/subscriptions/{subscription}/products", true))
}

fn prepared(mut requests: Vec<Request>, route: &'static str, writes: bool) -> Prepared {
    let one = requests.pop().unwrap_or_else(|| Box::new(Vec::new));
    let source = |request: Request| -> Source { Box::new(move || request()) };
    Prepared { sources: requests.into_iter().map(source).collect(), one, route, writes }
}

fn fixed(request: Vec<u8>) -> Request {
    Box::new(move || request.clone())
}

/// A request with an idempotency key of its own each time.
fn keyed(method: &'static str, path: String, token: String, body: String) -> Request {
    let sent = AtomicU64::new(0);
    Box::new(move || {
        let sent = sent.fetch_add(1, Ordering::Relaxed);
        let key = format!("Idempotency-Key: 00000000-0000-4000-8000-{sent:012x}\r\n");
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
