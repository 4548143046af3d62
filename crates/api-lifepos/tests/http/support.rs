//! A seller behind the router, and a client that asks it.

use abono_api_lifepos::{Settings, surface};
use abono_domain::access::Role;
use abono_domain::ids::{CustomerId, TenantId};
use abono_engine::{Actor, Call, Command};
use abono_http::gate::Gate;
use abono_http::gate::rate::RateLimit;
use abono_http::surface::Entry;
use abono_testkit::{Database, World, seller};
use axum::Router;
use axum::body::Body;
use http::request::Builder;
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use serde_json::Value;
use std::sync::Arc;
use tower::ServiceExt;

/// Where the seller's clock stands.
pub(crate) const NOW: &str = "2026-01-31T10:00:00Z";

/// A seller with two customers, and one more seller with a customer of its own.
pub(crate) struct Shop {
    pub(crate) world: World,
    pub(crate) foreign: CustomerId,
    /// Of the other seller.
    pub(crate) foreign_admin: String,
    pub(crate) router: Router,
    /// Of the whole tenant.
    pub(crate) admin: String,
    /// Limited to the first customer.
    pub(crate) buyer: String,
    pub(crate) viewer: String,
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

    /// Status and code of an error.
    pub(crate) fn refusal(&self) -> (u16, String) {
        let json = self.json();
        let members: Vec<_> = json.as_object().expect("an object").keys().collect();
        assert_eq!(members, ["code", "message", "info"]);
        (self.status, json["code"].as_str().expect("a code").to_owned())
    }

    pub(crate) fn info(&self) -> String {
        self.json()["info"].as_str().unwrap_or_default().to_owned()
    }
}

impl Shop {
    pub(crate) async fn open(database: &Database) -> Self {
        let world = World::at(database, NOW).await;
        let foreign = open_foreign(&world).await;
        let stranger = World { tenant: FOREIGN, ..world.clone() };
        let foreign_admin = stranger.token(Role::Admin, &[]).await;
        let admin = world.token(Role::Admin, &[]).await;
        let buyer = world.token(Role::Buyer, &[world.customer]).await;
        let viewer = world.token(Role::Viewer, &[world.customer]).await;
        let router = serve(&world, settings(), RateLimit::off());
        Self { world, foreign, foreign_admin, router, admin, buyer, viewer }
    }

    /// The path of an organisation's profile.
    pub(crate) fn profile(&self, org: CustomerId) -> String {
        format!("/orgs/{org}/profile")
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

    /// A request on the product for the first customer.
    pub(crate) fn on_product(&self, token: &str, verb: &str) -> Builder {
        let profile = self.profile(self.world.customer);
        let product = seller::PRODUCT;
        Request::post(format!("{profile}/subscriptions/products/{product}:{verb}"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
    }

    pub(crate) async fn post(&self, token: &str, verb: &str, body: &str) -> Answer {
        self.send(self.on_product(token, verb), body.to_owned()).await
    }
}

/// The contract as it is set up where nobody says anything else.
pub(crate) fn settings() -> Settings {
    Settings { public_url: Some("https://pay.example".into()), ..Settings::default() }
}

/// The contract over a world.
pub(crate) fn serve(world: &World, settings: Settings, limit: RateLimit) -> Router {
    let gate = Gate::new(world.engine.clone(), Arc::new(limit));
    surface(world.engine.clone(), settings, &gate).expect("a surface").into_router()
}

/// Every line of the contract's surface.
pub(crate) fn entries(world: &World) -> Vec<Entry> {
    let gate = Gate::new(world.engine.clone(), Arc::new(RateLimit::off()));
    let surface = surface(world.engine.clone(), Settings::default(), &gate);
    surface.expect("a surface").entries().cloned().collect()
}

/// The body for some units of the cheaper plan.
pub(crate) fn order(quantity: i64, months: i64) -> String {
    let plan = seller::BASIC;
    format!(r#"{{"plan":{{"guid":"{plan}"}},"quantity":{quantity},"period_in_months":{months}}}"#)
}

const FOREIGN: TenantId = TenantId(seller::id(1, 2));

async fn open_foreign(world: &World) -> CustomerId {
    let call = Call::new(FOREIGN, Actor::Operator);
    let publish = seller::publish(call.tenant, "foreign", None);
    let customer = CustomerId(seller::id(2, 3));
    for command in [
        Command::PublishSeller(Box::new(publish)),
        Command::PutCustomer(seller::customer(customer, "third")),
    ] {
        world.engine.carry_out(&call, &command).await.expect("a foreign seller");
    }
    customer
}
