//! Two telecoms behind the router, and a client that asks it.

use abono_api_masstack::surface;
use abono_domain::access::Role;
use abono_domain::ids::{BundleId, PlanId};
use abono_domain::subscription::end::EndSubscription;
use abono_engine::views::SubscriptionView;
use abono_engine::{Command, Engine, Env};
use abono_http::gate::Gate;
use abono_http::gate::rate::RateLimit;
use abono_http::surface::Surface;
use abono_testkit::{Database, MACHINE, World, telecom};
use abono_worker::{Next, step};
use axum::Router;
use axum::body::Body;
use http::request::Builder;
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use jiff::Timestamp;
use serde_json::Value;
use std::sync::Arc;
use tower::ServiceExt;

/// Where the clocks stand: the last day of January in Madrid, while it isn't in London yet.
pub(crate) const NOW: &str = "2026-01-30T23:30:00Z";
const BEFORE: &str = "2025-12-10T10:00:00Z";

/// A subscription that is over since 10 January.
pub(crate) const ENDED: i64 = 1;
/// One that began today, with the tariff of 10 GB.
pub(crate) const SUB: i64 = 2;
/// The same, sold in a bundle.
pub(crate) const BUNDLED: i64 = 3;
/// One that only the other telecom has.
pub(crate) const FOREIGN: i64 = 4;

/// A telecom with two customers, and one more with its own.
pub(crate) struct Telco {
    pub(crate) world: World,
    pub(crate) router: Router,
    pub(crate) admin: String,
    pub(crate) buyer: String,
    pub(crate) viewer: String,
    /// Limited to the first customer.
    pub(crate) limited: String,
    /// Of the other telecom.
    pub(crate) foreign_admin: String,
}

/// What was answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
    pub(crate) headers: HeaderMap,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.headers["content-type"], "application/json", "{}", self.text);
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// The code of an `ErrorMessage`, which it must be, and nothing else.
    pub(crate) fn code(&self) -> u64 {
        let json = self.json();
        let members: Vec<_> = json.as_object().expect("an object").keys().collect();
        assert_eq!(members, ["code", "status", "message", "details"]);
        let code = json["code"].as_u64().expect("a number");
        assert_eq!(code / 100, u64::from(self.status), "{}", self.text);
        assert!(json["status"].as_str().is_some_and(|it| !it.is_empty()));
        assert!(json["message"].as_str().is_some_and(|it| !it.is_empty()));
        assert!(json["details"].as_array().expect("a list").iter().all(Value::is_string));
        code
    }

    /// The details of an `ErrorMessage`, in one text.
    pub(crate) fn details(&self) -> String {
        let json = self.json();
        let details = json["details"].as_array().expect("a list").iter();
        details.map(|it| it.as_str().expect("a text")).collect::<Vec<_>>().join("; ")
    }

    /// Requires an answer without a body.
    pub(crate) fn is_empty(&self, status: u16) {
        assert_eq!((self.status, &*self.text), (status, ""));
        assert_eq!(self.headers.get("content-type"), None);
    }
}

impl Telco {
    pub(crate) async fn open(database: &Database) -> Self {
        let machine: Timestamp = MACHINE.parse().expect("an instant");
        let env = Env::seeded(Box::new(move || machine), 1);
        let engine = Arc::new(Engine::new(env, database.store().await));
        let world = telecom::open(engine.clone(), 1, BEFORE).await;
        let stranger = telecom::open(engine, 2, NOW).await;
        begin(&world, telecom::GB10, None).await;
        let end = EndSubscription {
            subscription: view(&world, ENDED).await.agreement.subscription.id,
            reason: "moved away".to_owned(),
        };
        world.run(Command::EndSubscription(world.customer, end)).await.expect("an end");
        world.run(world.set_clock(NOW)).await.expect("a clock");
        work(&world).await;
        for (world, lines) in [(&world, 2), (&stranger, 4)] {
            for line in 0..lines {
                let bundle = (line % 2 == 1).then_some(telecom::HOME);
                begin(world, telecom::GB10, bundle).await;
            }
        }
        let admin = world.token(Role::Admin, &[]).await;
        let buyer = world.token(Role::Buyer, &[]).await;
        let viewer = world.token(Role::Viewer, &[]).await;
        let limited = world.token(Role::Admin, &[world.customer]).await;
        let foreign_admin = stranger.token(Role::Admin, &[]).await;
        let router = served(&world, RateLimit::off()).into_router();
        Self { world, router, admin, buyer, viewer, limited, foreign_admin }
    }

    pub(crate) async fn send(&self, request: Builder, body: impl Into<Body>) -> Answer {
        let request = request.body(body.into()).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        let text = String::from_utf8(body.to_vec()).expect("UTF-8");
        Answer { status, text, headers }
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> Answer {
        let request = Request::get(path).header("authorization", format!("Bearer {token}"));
        self.send(request, Body::empty()).await
    }

    /// The products of a subscription, with what is included.
    pub(crate) async fn products(&self, number: i64, include: &[&str]) -> Value {
        let names: Vec<String> = include.iter().map(|name| format!("%22{name}%22")).collect();
        let query = format!("query={{%22include%22:[{}]}}", names.join(","));
        let answer = self.get(&self.viewer, &format!("{}?{query}", products(number))).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    pub(crate) async fn put(&self, token: &str, path: &str, body: &str) -> Answer {
        let request = Request::put(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json");
        self.send(request, body.to_owned()).await
    }

    /// Asks for a plan from a day on; by the seller's rule where none is named.
    pub(crate) async fn change(&self, number: i64, plan: PlanId, on: Option<&str>) -> Answer {
        let on = on.map(|day| format!(r#","scheduled_date":"{day}""#)).unwrap_or_default();
        let body = format!(r#"{{"productId":{}{on}}}"#, telecom::number(plan));
        self.put(&self.buyer, &products(number), &body).await
    }

    /// Moves the clock, and lets be done what falls due.
    pub(crate) async fn wait_until(&self, instant: &str) {
        self.world.run(self.world.set_clock(instant)).await.expect("a clock");
        work(&self.world).await;
    }
}

/// The path of a subscription of the first telecom.
pub(crate) fn subscription(number: i64) -> String {
    format!("/v2/orgs/telco-1/subscriptions/{number}")
}

/// The path of its products.
pub(crate) fn products(number: i64) -> String {
    format!("{}/products", subscription(number))
}

/// A subscription as the engine shows it.
pub(crate) async fn view(world: &World, number: i64) -> SubscriptionView {
    let view = world.engine.subscription(&world.books().await, number).await.expect("a look");
    view.expect("a subscription")
}

/// The contract over a world.
pub(crate) fn served(world: &World, limit: RateLimit) -> Surface {
    let gate = Gate::new(world.engine.clone(), Arc::new(limit));
    surface(world.engine.clone(), &gate).expect("a surface")
}

async fn begin(world: &World, plan: PlanId, bundle: Option<BundleId>) {
    world.run(telecom::start(world.customer, plan, bundle)).await.expect("a subscription");
}

async fn work(world: &World) {
    while matches!(step(&world.engine).await, Ok(Next::Now)) {}
}
