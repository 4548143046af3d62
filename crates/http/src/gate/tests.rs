//! Who is let in, by which credentials, and to what: through a router, over real books.

use super::access::Rule;
use super::oidc::{Claims, Grant, Oidc, Reach, Settings};
use super::rate::{Rate, RateLimit};
use super::*;
use crate::reply::Reply;
use crate::surface::{Fit, Head, Route, Surface};
use abono_domain::access::Role;
use abono_domain::access::revoke_key::RevokeKey;
use abono_domain::ids::KeyId;
use abono_engine::{Command, Token};
use abono_testkit::issuer::Issuer;
use abono_testkit::{Database, MACHINE, World};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use http::{HeaderName, Method};
use http_body_util::BodyExt;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::time::Duration;
use tower::ServiceExt;

const APPLICATION: HeaderName = HeaderName::from_static("x-app");

const fn route(template: &'static str, rule: Rule) -> Route<()> {
    Route { method: Method::GET, template, rule, operation: () }
}

static ROUTES: [Route<()>; 4] = [
    route("/open", Rule::Anyone),
    route("/read", Rule::AnyToken(Role::Viewer)),
    route("/write/{company}", Rule::OfNamed(Role::Buyer)),
    route("/all", Rule::OfTenant(Role::Admin)),
];

/// A contract whose requests name an application where `asks` says so; the last parameter stands
/// for what a body would name.
struct Kept {
    asks: bool,
}

impl Contract for Kept {
    type Operation = ();

    fn customer(&self, _: &Fit<()>) -> Option<CustomerId> {
        None
    }

    fn application(&self) -> Option<HeaderName> {
        self.asks.then_some(APPLICATION)
    }

    fn grant(&self, claims: &Claims) -> Option<Grant> {
        let roles = [
            ("boss", Role::Admin, Reach::Tenant),
            ("writer", Role::Buyer, Reach::Company),
            ("reader", Role::Viewer, Reach::Company),
        ];
        let found = roles.into_iter().find(|(name, ..)| claims.has_role(name));
        found.map(|(_, role, reach)| Grant { role, reach })
    }

    async fn answer(&self, admitted: Admitted<()>, _: Request) -> Reply {
        let named = admitted.fit.parameters.first().and_then(|text| crate::path::guid(text));
        if let Some(Err(denied)) = named.map(|id| admitted.naming(CustomerId(id))) {
            return Reply::text(403, format!("{denied:?}"));
        }
        let home = admitted.home().map(|home| home.to_string());
        let tenant = admitted.access().map(|access| access.tenant.slug.clone());
        Reply::text(200, format!("{} {}", tenant.unwrap_or_default(), home.unwrap_or_default()))
    }

    fn panicked(&self) -> Reply {
        Reply::empty(500)
    }

    async fn turn(&self, why: Turned, _: Option<Access>, _: Head<'_>) -> Reply {
        match why {
            Turned::Unknown => Reply::empty(401),
            Turned::Denied(_) => Reply::empty(403),
            Turned::Missing => Reply::empty(404),
            Turned::Method(_) => Reply::empty(405),
            Turned::TooOften(_) => Reply::empty(429),
            Turned::Failed(_) => Reply::empty(500),
        }
    }
}

/// Two tenants, and the contract over their books.
struct House {
    _database: Database,
    world: World,
    stranger: World,
    issuer: Issuer,
    router: Router,
    application: String,
}

impl House {
    async fn open() -> Self {
        let database = Database::sqlite();
        let world = World::at(&database, "2026-01-31T10:00:00Z").await;
        let stranger = World::beside(world.engine.clone(), 2, "2026-01-31T10:00:00Z").await;
        let issuer = Issuer::default();
        let application = world.token(Role::Application, &[]).await;
        let gate = Gate::new(world.engine.clone(), Arc::new(RateLimit::off()));
        let router = served(gate.trusting(Arc::new(oidc(&issuer))), true);
        Self { _database: database, world, stranger, issuer, router, application }
    }

    /// The answer to a request with these credentials.
    async fn ask(
        &self,
        application: Option<&str>,
        bearer: Option<&str>,
        path: &str,
    ) -> (u16, String) {
        ask(&self.router, application, bearer, path).await
    }

    /// The status of the answer to a user of the provider.
    async fn user(&self, claims: &Value, path: &str) -> u16 {
        self.ask(Some(&self.application), Some(&self.issuer.token(claims)), path).await.0
    }
}

fn served(gate: Gate, asks: bool) -> Router {
    Surface::new(&["/kept"], &ROUTES, Some(&gate), Kept { asks }).expect("a surface").into_router()
}

fn oidc(issuer: &Issuer) -> Oidc {
    let settings = Settings {
        issuer: "one".to_owned(),
        audience: "abono".to_owned(),
        company_claim: Some("company".to_owned()),
        tenants: vec!["pos-1".to_owned()],
    };
    Oidc::new(settings, &issuer.jwks().to_string()).expect("keys")
}

async fn ask(
    router: &Router,
    application: Option<&str>,
    bearer: Option<&str>,
    path: &str,
) -> (u16, String) {
    let mut request = Request::get(format!("/kept{path}"));
    if let Some(token) = application {
        request = request.header(APPLICATION, token);
    }
    if let Some(token) = bearer {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let request = request.body(Body::empty()).expect("a request");
    let response = router.clone().oneshot(request).await.expect("infallible");
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    (status, String::from_utf8(body.to_vec()).expect("UTF-8"))
}

/// Claims of a user with one role, of the world's first customer.
fn claims(world: &World, role: &str) -> Value {
    let now: Timestamp = MACHINE.parse().expect("an instant");
    json!({
        "iss": "one",
        "aud": "abono",
        "sub": "user",
        "exp": now.as_second() + 60,
        "realm_access": {"roles": [role]},
        "company": world.customer.to_string(),
    })
}

#[tokio::test]
async fn both_credentials_must_be_there_and_belong_to_one_tenant() {
    let house = House::open().await;
    let viewer = house.world.token(Role::Viewer, &[]).await;
    let foreign = house.stranger.token(Role::Admin, &[]).await;
    let foreign_application = house.stranger.token(Role::Application, &[]).await;
    let own = Some(&*house.application);
    for (application, bearer, status) in [
        (own, Some(&*viewer), 200),
        (None, Some(&*viewer), 401),
        (own, None, 401),
        (None, None, 401),
        (Some(""), Some(&*viewer), 401),
        (Some("abono_00"), Some(&*viewer), 401),
        (Some(&*viewer), Some(&*viewer), 401),
        (own, Some("abono_00"), 401),
        (own, Some(&*foreign), 401),
        (Some(&*foreign_application), Some(&*viewer), 401),
        (Some(&*foreign_application), Some(&*foreign), 200),
        (own, own, 403),
    ] {
        let answer = house.ask(application, bearer, "/read").await;
        assert_eq!(answer.0, status, "{application:?} {bearer:?}");
    }
    assert_eq!(house.ask(own, Some(&viewer), "/read").await.1, "pos-1 ");
    assert_eq!(house.ask(None, None, "/open").await.0, 200);
    assert_eq!(house.ask(own, Some(&viewer), "/none").await.0, 404);
    assert_eq!(house.ask(None, Some(&viewer), "/none").await.0, 401);
}

#[tokio::test]
async fn an_application_that_is_named_twice_or_was_revoked_is_unknown() {
    let house = House::open().await;
    let viewer = house.world.token(Role::Viewer, &[]).await;
    let twice = Request::get("/kept/read")
        .header("authorization", format!("Bearer {viewer}"))
        .header(APPLICATION, &house.application)
        .header(APPLICATION, &house.application)
        .body(Body::empty())
        .expect("a request");
    let response = house.router.clone().oneshot(twice).await.expect("infallible");
    assert_eq!(response.status(), 401);
    let Token { key: KeyId(id), .. } = Token::parse(&house.application).expect("a token");
    let revoke = Command::RevokeKey(RevokeKey { id: KeyId(id) });
    house.world.run(revoke).await.expect("it is revoked");
    let answer = house.ask(Some(&house.application), Some(&viewer), "/read").await;
    assert_eq!(answer.0, 401);
}

#[tokio::test]
async fn a_contract_without_an_application_knows_neither_it_nor_the_provider() {
    let house = House::open().await;
    let gate = Gate::new(house.world.engine.clone(), Arc::new(RateLimit::off()));
    let router = served(gate.trusting(Arc::new(oidc(&house.issuer))), false);
    let viewer = house.world.token(Role::Viewer, &[]).await;
    assert_eq!(ask(&router, None, Some(&viewer), "/read").await.0, 200);
    let jwt = house.issuer.token(&claims(&house.world, "boss"));
    assert_eq!(ask(&router, None, Some(&jwt), "/read").await.0, 401);
    assert_eq!(ask(&router, None, Some(&house.application), "/read").await.0, 403);
}

#[tokio::test]
async fn a_user_of_the_provider_may_what_their_roles_grant() {
    let house = House::open().await;
    let own = format!("/write/{}", house.world.customer);
    let other = format!("/write/{}", house.world.other);
    let unknown = format!("/write/{}", uuid::Uuid::max());
    for (role, expected) in [
        ("boss", [200, 200, 200, 200, 200]),
        ("writer", [200, 200, 403, 403, 403]),
        ("reader", [200, 403, 403, 403, 403]),
        ("Writer", [403, 403, 403, 403, 403]),
    ] {
        for (path, status) in ["/read", &own, &other, &unknown, "/all"].into_iter().zip(expected) {
            let claims = claims(&house.world, role);
            assert_eq!(house.user(&claims, path).await, status, "{role} {path}");
        }
    }
}

#[tokio::test]
async fn a_users_tenant_is_the_applications_and_their_home_the_company_of_the_token() {
    let house = House::open().await;
    let jwt = house.issuer.token(&claims(&house.world, "boss"));
    let expected = format!("pos-1 {}", house.world.customer);
    let answer = house.ask(Some(&house.application), Some(&jwt), "/read").await;
    assert_eq!(answer, (200, expected.clone()));
    assert_eq!(house.ask(None, Some(&jwt), "/read").await.0, 401);
    let limited = house.world.token(Role::Buyer, &[house.world.customer]).await;
    let answer = house.ask(Some(&house.application), Some(&limited), "/read").await;
    assert_eq!(answer, (200, expected));
    let both = [house.world.customer, house.world.other];
    let limited = house.world.token(Role::Buyer, &both).await;
    let answer = house.ask(Some(&house.application), Some(&limited), "/read").await;
    assert_eq!(answer, (200, "pos-1 ".to_owned()));
}

#[tokio::test]
async fn a_user_of_the_provider_is_unknown_in_a_tenant_that_it_is_not_bound_to() {
    let house = House::open().await;
    let foreign = house.stranger.token(Role::Application, &[]).await;
    for role in ["boss", "writer", "reader"] {
        let jwt = house.issuer.token(&claims(&house.world, role));
        for path in ["/read", "/all", "/none"] {
            let answer = house.ask(Some(&foreign), Some(&jwt), path).await;
            assert_eq!(answer.0, 401, "{role} {path}");
        }
        assert_eq!(house.ask(Some(&house.application), Some(&jwt), "/read").await.0, 200);
    }
}

#[tokio::test]
async fn a_limited_user_without_a_company_may_nothing() {
    let house = House::open().await;
    for company in [Value::Null, json!(""), json!("acme"), json!([])] {
        let mut claims = claims(&house.world, "writer");
        claims["company"] = company.clone();
        assert_eq!(house.user(&claims, "/read").await, 403, "{company}");
        assert_eq!(house.user(&claims, "/none").await, 404, "they are known all the same");
    }
}

#[tokio::test]
async fn a_long_token_is_read_only_where_a_provider_is_trusted() {
    let house = House::open().await;
    let mut claims = claims(&house.world, "boss");
    claims["padding"] = "p".repeat(4 << 10).into();
    assert_eq!(house.user(&claims, "/read").await, 200);
    let router = served(Gate::new(house.world.engine.clone(), Arc::new(RateLimit::off())), true);
    let jwt = house.issuer.token(&claims);
    let answer = ask(&router, Some(&house.application), Some(&jwt), "/read").await;
    assert_eq!(answer.0, 401);
}

#[tokio::test]
async fn an_expired_token_is_measured_on_the_machines_time() {
    let house = House::open().await;
    let now: Timestamp = MACHINE.parse().expect("an instant");
    let mut claims = claims(&house.world, "boss");
    for (exp, status) in [(-29, 200), (-30, 401)] {
        claims["exp"] = json!(now.as_second() + exp);
        assert_eq!(house.user(&claims, "/read").await, status, "{exp}");
    }
}

#[tokio::test]
async fn users_of_the_provider_are_counted_each_for_themselves() {
    let house = House::open().await;
    let one = std::num::NonZeroU32::MIN;
    let rate = Rate { per_second: one, burst: one };
    let limit = RateLimit::new(rate, Arc::new(|| Duration::from_secs(1)));
    let gate = Gate::new(house.world.engine.clone(), Arc::new(limit));
    let router = served(gate.trusting(Arc::new(oidc(&house.issuer))), true);
    for (subject, status) in [("a", 200), ("b", 200), ("a", 429)] {
        let mut claims = claims(&house.world, "boss");
        claims["sub"] = subject.into();
        let jwt = house.issuer.token(&claims);
        let answer = ask(&router, Some(&house.application), Some(&jwt), "/read").await;
        assert_eq!(answer.0, status, "{subject}");
    }
}
