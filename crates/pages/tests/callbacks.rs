//! What providers tell, told over HTTP: bad messages are answered as the table says and change
//! nothing that they mustn't, good ones are carried out once.
//!
//! `data/bad_messages.jsonl` is the table, one message a line. `sign` says how it is signed: `ts`
//! is how many seconds from now, `tamper` changes a byte afterwards; without it, it isn't. `first`
//! is told before it and is good. In the texts, `invoice` is the id of a pending payment request,
//! and `total` what it comes to.

use abono_connect::Secret;
use abono_connect::sandbox::{SIGNATURE, Sandbox};
use abono_domain::document::{DocumentStatus, DocumentView};
use abono_domain::money::Money;
use abono_engine::{Engine, Env};
use abono_pages::callbacks;
use abono_testkit::{Database, LINK_KEY, MACHINE, World, on_each_database, seller};
use axum::Router;
use axum::body::Body;
use http::request::Builder;
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use std::sync::Arc;
use tower::ServiceExt;

const PATH: &str = "/v1/payments/callbacks/sandbox";
const NOW: &str = "2026-01-31T10:00:00Z";

/// A line of the table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    id: String,
    why: String,
    first: Option<String>,
    sign: Option<Sign>,
    body: String,
    expect: Expect,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sign {
    #[serde(default)]
    ts: i64,
    #[serde(default)]
    tamper: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    status: Vec<u16>,
    effect: Effect,
}

/// What becomes of it.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Effect {
    /// No row of the database is another one afterwards.
    None,
    /// A part is paid, and the licence is what it was.
    Part,
    /// Nothing is paid.
    Unpaid,
}

/// A seller whose buyers pay at the sandbox.
struct Shop {
    world: World,
    sandbox: Arc<Sandbox>,
    router: Router,
}

impl Shop {
    async fn open(database: &Database) -> Self {
        let secret = Secret::new("hush").expect("a secret");
        let sandbox = Arc::new(Sandbox::new("https://pay.example", secret));
        let env = Env::seeded(Box::new(|| machine(0)), 1)
            .with_link_key(LINK_KEY)
            .with_payment_provider(sandbox.clone());
        let engine = Arc::new(Engine::new(env, database.store().await));
        let world = World::beside(engine.clone(), 1, NOW).await;
        let router = callbacks(engine).expect("a surface").into_router();
        Self { world, sandbox, router }
    }

    async fn send(&self, request: Builder, body: impl Into<Body>) -> (u16, HeaderMap, String) {
        let request = request.body(body.into()).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        (status, headers, String::from_utf8(body.to_vec()).expect("UTF-8"))
    }

    /// Tells a message, signed like this.
    async fn tell(&self, mut body: String, sign: Option<Sign>) -> (u16, String) {
        let mut request = Request::post(PATH).header("content-type", "application/json");
        if let Some(sign) = sign {
            request =
                request.header(SIGNATURE, self.sandbox.sign(body.as_bytes(), machine(sign.ts)));
            if sign.tamper {
                body = body.replacen("succeeded", "succeedee", 1);
            }
        }
        let (status, _, text) = self.send(request, body).await;
        (status, text)
    }

    async fn state(&self, of: &DocumentView) -> (DocumentStatus, Money) {
        let (tenant, id) = (self.world.books().await, of.document.id);
        let view = self.world.engine.payment_request(&tenant, self.world.customer, id).await;
        let state = view.expect("a look").expect("the request").state;
        (state.status, state.paid)
    }
}

fn machine(seconds: i64) -> Timestamp {
    let now: Timestamp = MACHINE.parse().expect("an instant");
    now.checked_add(SignedDuration::from_secs(seconds)).expect("an instant")
}

fn filled(text: &str, request: &DocumentView) -> String {
    let document = &request.document;
    let text = text.replace("{{invoice}}", &document.id.to_string());
    text.replace("{{total}}", &document.total.minor.to_string())
}

#[test]
fn a_bad_message_is_answered_by_the_table_and_pays_nothing_that_it_must_not() {
    on_each_database(async |database: Database| {
        let shop = Shop::open(&database).await;
        for line in include_str!("data/bad_messages.jsonl").lines() {
            let case: Case = serde_json::from_str(line).expect("a line");
            let name = format!("{}, {}, on {}", case.id, case.why, database.kind());
            let request = shop.world.invoice(seller::BASIC, 1, 1).await;
            if let Some(first) = &case.first {
                let told = shop.tell(filled(first, &request), Some(Sign::default())).await;
                assert_eq!(told.0, 200, "{name}: {}", told.1);
                assert_eq!(shop.state(&request).await.0, DocumentStatus::Paid, "{name}");
            }
            let (before, licence) = (shop.state(&request).await, shop.world.licence().await);
            let digest = database.digest().await;
            let (status, text) = shop.tell(filled(&case.body, &request), case.sign).await;
            assert!(case.expect.status.contains(&status), "{name}: {status} {text}");
            let after = shop.state(&request).await;
            match case.expect.effect {
                Effect::None => assert_eq!(database.digest().await, digest, "{name}"),
                Effect::Part => {
                    assert_eq!(after, (DocumentStatus::Pending, Money::new(1, before.1.currency)));
                }
                Effect::Unpaid => assert_eq!(after, before, "{name}"),
            }
            assert_eq!(shop.world.licence().await, licence, "{name}");
        }
        assert_eq!(shop.world.findings().await, [""; 0]);
    });
}

#[test]
fn a_good_message_pays_once_however_often_it_is_told() {
    on_each_database(async |database: Database| {
        let shop = Shop::open(&database).await;
        let request = shop.world.invoice(seller::BASIC, 1, 1).await;
        let body = r#"{"id":"evt_7","type":"payment.succeeded","invoice":"{{invoice}}",
            "amount":{{total}},"currency":"RUB"}"#;
        let body = filled(body, &request);
        assert_eq!(shop.tell(body.clone(), Some(Sign::default())).await, (200, "{}".to_owned()));
        let total = request.document.total;
        assert_eq!(shop.state(&request).await, (DocumentStatus::Paid, total));
        assert!(shop.world.licence().await.is_some());
        let digest = database.digest().await;
        for _again in 0..3 {
            let told = shop.tell(body.clone(), Some(Sign { ts: 60, tamper: false })).await;
            assert_eq!(told, (200, "{}".to_owned()));
        }
        assert_eq!(database.digest().await, digest);
        assert_eq!(shop.world.findings().await, [""; 0]);
    });
}

#[tokio::test]
async fn what_is_no_message_is_refused_before_anybody_hears_it() {
    let database = Database::sqlite();
    let shop = Shop::open(&database).await;
    let digest = database.digest().await;
    let (status, headers, _) = shop.send(Request::get(PATH), "").await;
    assert_eq!((status, &headers["allow"]), (405, &"POST".parse().expect("a value")));
    for path in ["/v1/payments/callbacks/stripe", "/v1/payments/callbacks/Sandbox"] {
        assert_eq!(shop.send(Request::post(path), "{}").await.0, 404, "{path}");
    }
    let longest = 256 << 10;
    assert_eq!(shop.send(Request::post(PATH), "a".repeat(longest)).await.0, 401);
    assert_eq!(shop.send(Request::post(PATH), "a".repeat(longest + 1)).await.0, 413);
    let encoded = Request::post(PATH).header("content-encoding", "gzip");
    assert_eq!(shop.send(encoded, "{}").await.0, 415);
    let malformed = shop.tell("{".to_owned(), Some(Sign::default())).await;
    assert_eq!(malformed.0, 400, "{}", malformed.1);
    assert_eq!(database.digest().await, digest);
}
