//! Two sellers behind the router, and a client that asks the first.

use abono_api_bokamera::{Settings, surface};
use abono_domain::access::Role;
use abono_domain::catalogue::Discount;
use abono_domain::discount::{Discount as Off, On};
use abono_domain::exact::Exact;
use abono_domain::ids::{CustomerId, DiscountId, PlanId, ProductId};
use abono_domain::language::{Language, Names};
use abono_domain::product_group::GroupView;
use abono_domain::seller::Seller;
use abono_engine::{Engine, Env};
use abono_http::gate::Gate;
use abono_http::gate::oidc::{Oidc, Settings as Provider};
use abono_http::gate::rate::RateLimit;
use abono_http::surface::Surface;
use abono_testkit::articles::{self, FAX, PRICE, SEAT, SIM, SMS, TOO_DEAR};
use abono_testkit::issuer::Issuer;
use abono_testkit::{Database, MACHINE, World, groups, telecom};
use axum::Router;
use axum::body::Body;
use http::request::Builder;
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt;
use uuid::Uuid;

/// When the subscriptions begin: with a calendar month in Madrid.
pub(crate) const START: &str = "2026-01-01T09:00:00Z";
/// Where the clocks stand: 15 of January's 31 days are left.
pub(crate) const NOW: &str = "2026-01-17T12:00:00Z";

/// The articles' ids: an add-on of 5.00 a month, a licence of 2.00, a usage of 1.00 with 30 days of
/// notice, and an add-on that is no longer sold. Taxes of 21 % are inside.
pub(crate) const SIM_ID: i64 = 2001;
pub(crate) const SEAT_ID: i64 = 2002;
pub(crate) const SMS_ID: i64 = 2003;
pub(crate) const FAX_ID: i64 = 2004;
/// A plan that a subscription is to, and so no article.
pub(crate) const MAIN_ID: i64 = 1020;
/// A discount that a company may have: a tenth of each line.
pub(crate) const TENTH: &str = "tenth";
/// A company that there is not.
pub(crate) const NOBODY: &str = "0192f0c1-0000-7000-8000-00000000dead";

/// The path of the operation that the contract is about, and of the usage behind it.
pub(crate) const ADD: (&str, &str) = ("PUT", "/licenses/company");
pub(crate) const USE: (&str, &str) = ("POST", "/voss/usage");
pub(crate) const LIST: (&str, &str) = ("GET", "/company/invoice/article");

/// A seller with two companies, of which the first has a subscription; one more seller; and an
/// identity provider.
pub(crate) struct House {
    pub(crate) world: World,
    pub(crate) stranger: World,
    pub(crate) router: Router,
    pub(crate) issuer: Arc<Issuer>,
    /// Names the seller.
    pub(crate) application: String,
    /// Names the other seller.
    pub(crate) foreign_application: String,
    pub(crate) superadmin: String,
    /// Limited to the first company, as the next one.
    pub(crate) write: String,
    pub(crate) read: String,
    /// Of the second company, and as strong as the first one's.
    pub(crate) other: String,
    /// Of the other seller.
    pub(crate) foreign_superadmin: String,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
    pub(crate) headers: HeaderMap,
}

impl Answer {
    pub(crate) fn content_type(&self) -> &str {
        self.headers["content-type"].to_str().expect("a text")
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.content_type(), "application/json", "{}", self.text);
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// The body of a success.
    pub(crate) fn good(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()
    }

    /// The status and the code of a `ResponseStatus` in JSON, which it must be, and nothing else.
    pub(crate) fn refused(&self) -> (u16, String) {
        let json = self.json();
        assert_eq!(json.as_object().map(serde_json::Map::len), Some(1), "{json}");
        let status = json["ResponseStatus"].as_object().expect("a ResponseStatus");
        let known = ["ErrorCode", "Errors", "Message"];
        assert!(status.keys().all(|key| known.contains(&&**key)), "{json}");
        assert!(status["Message"].as_str().is_some_and(|it| !it.is_empty()), "{json}");
        (self.status, status["ErrorCode"].as_str().expect("a text").to_owned())
    }

    /// The names of the members that are said to be wrong.
    pub(crate) fn fields(&self) -> Vec<String> {
        let json = self.json();
        let errors = json["ResponseStatus"]["Errors"].as_array().cloned().unwrap_or_default();
        let name = |error: &Value| error["FieldName"].as_str().expect("a name").to_owned();
        errors.iter().map(name).collect()
    }

    pub(crate) fn message(&self) -> String {
        self.json()["ResponseStatus"]["Message"].as_str().expect("a text").to_owned()
    }
}

impl House {
    /// The repetition of a request is a request of its own here.
    pub(crate) async fn open(database: &Database) -> Self {
        let machine: Timestamp = MACHINE.parse().expect("an instant");
        let env = Env::seeded(Box::new(move || machine), 1);
        let engine = Arc::new(Engine::new(env, database.store().await));
        let world = telecom::selling(engine.clone(), 1, START, seller()).await;
        let stranger = telecom::selling(engine, 2, START, seller()).await;
        for world in [&world, &stranger] {
            subscribe(world, world.customer, telecom::GB20).await;
            world.live_until(NOW).await;
        }
        let issuer = Arc::new(Issuer::default());
        let application = world.token(Role::Application, &[]).await;
        let foreign_application = stranger.token(Role::Application, &[]).await;
        let superadmin = world.token(Role::Admin, &[]).await;
        let write = world.token(Role::Buyer, &[world.customer]).await;
        let read = world.token(Role::Viewer, &[world.customer]).await;
        let other = world.token(Role::Buyer, &[world.other]).await;
        let foreign_superadmin = stranger.token(Role::Admin, &[]).await;
        let router = served(&world, &issuer, 0).into_router();
        Self {
            world,
            stranger,
            router,
            issuer,
            application,
            foreign_application,
            superadmin,
            write,
            read,
            other,
            foreign_superadmin,
        }
    }

    /// The same, where the same request of the same user is one within so many seconds.
    pub(crate) fn repeating(self, seconds: i64) -> Self {
        Self { router: served(&self.world, &self.issuer, seconds).into_router(), ..self }
    }

    /// A token of the identity provider for a user with a role and, perhaps, a company.
    pub(crate) fn jwt(&self, user: &str, role: &str, company: Option<CustomerId>) -> String {
        let now: Timestamp = MACHINE.parse().expect("an instant");
        let mut claims = json!({
            "iss": "one",
            "aud": "abono",
            "sub": user,
            "exp": now.as_second() + 300,
            "realm_access": {"roles": ["offline_access", role]},
        });
        if let Some(company) = company {
            claims["company"] = company.to_string().into();
        }
        self.issuer.token(&claims)
    }

    pub(crate) async fn send(&self, request: Builder, body: impl Into<Body>) -> Answer {
        let request = request.body(body.into()).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        let text = String::from_utf8(body.to_vec()).expect("UTF-8");
        Answer { status, text, headers }
    }

    /// A request of the seller's application for a user.
    pub(crate) fn request(&self, token: &str, (method, path): (&str, &str)) -> Builder {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("x-api-key", &self.application);
        request.header("authorization", format!("Bearer {token}"))
    }

    /// The answer to a body in JSON; to none where it is empty.
    pub(crate) async fn ask(&self, token: &str, line: (&str, &str), body: &Value) -> Answer {
        let request = self.request(token, line);
        if body.is_null() {
            return self.send(request, Body::empty()).await;
        }
        self.send(request.header("content-type", "application/json"), body.to_string()).await
    }

    /// Adds an article for the company whose token it is.
    pub(crate) async fn add(&self, token: &str, article: i64) -> Answer {
        self.ask(token, ADD, &json!({"InvoiceArticleId": article})).await
    }

    /// Terminates a product group.
    pub(crate) async fn terminate(
        &self,
        token: &str,
        group: &str,
        (behaviour, kind): (&str, &str),
    ) -> Answer {
        let body = json!({"Behaviour": behaviour, "CreditKind": kind});
        self.ask(token, ("POST", &end(group)), &body).await
    }

    /// A product group of the first company that was just added.
    pub(crate) async fn group(&self, (product, plan): (ProductId, PlanId)) -> GroupView {
        let subscription = self.world.subscribed().await;
        self.world.add(groups::add(subscription, (product, plan))).await.expect("it is added")
    }

    /// Requires that the books hold, and that the other seller's were left alone.
    pub(crate) async fn holds(&self) {
        assert_eq!(self.world.findings().await, [""; 0]);
        assert_eq!(self.stranger.findings().await, [""; 0]);
        assert_eq!(self.stranger.added().await.groups, []);
    }
}

/// The path by which a product group is terminated.
pub(crate) fn end(group: &str) -> String {
    format!("/voss/usage/{group}/termination")
}

/// The id of what was added.
pub(crate) fn id(answer: &Answer) -> String {
    answer.good()["id"].as_str().expect("an id").to_owned()
}

/// Starts a company's subscription today, by the month.
pub(crate) async fn subscribe(world: &World, company: CustomerId, plan: PlanId) {
    world.run(telecom::start(company, plan, None)).await.expect("a subscription");
}

/// The contract over a world and a provider.
pub(crate) fn served(world: &World, issuer: &Issuer, repeat: i64) -> Surface {
    limited(world, issuer, repeat, RateLimit::off())
}

/// The same with a limit of requests.
pub(crate) fn limited(world: &World, issuer: &Issuer, repeat: i64, limit: RateLimit) -> Surface {
    let provider = Provider {
        issuer: "one".to_owned(),
        audience: "abono".to_owned(),
        company_claim: Some("company".to_owned()),
        tenants: vec!["telco-1".to_owned()],
    };
    let oidc = Oidc::new(provider, &issuer.jwks().to_string()).expect("keys");
    let gate = Gate::new(world.engine.clone(), Arc::new(limit)).trusting(Arc::new(oidc));
    let settings = Settings { repeat: SignedDuration::from_secs(repeat) };
    surface(world.engine.clone(), settings, &gate).expect("a surface")
}

/// What is published: the articles with numbers, and with names in the contract's languages.
pub(crate) fn seller() -> Seller {
    let mut seller = articles::seller();
    for plan in seller.catalogue.products.iter_mut().flat_map(|it| &mut it.plans) {
        let (number, en, sv) = match plan.id {
            SIM => (SIM_ID, "Second SIM", "Extra SIM-kort"),
            SEAT => (SEAT_ID, "Seat", "Plats"),
            SMS => (SMS_ID, "100 text messages", "100 sms"),
            FAX => (FAX_ID, "Fax", "Fax"),
            _ => continue,
        };
        (plan.number, plan.names) = (number, names(en, sv));
        plan.terms.notice_days = if plan.id == SMS { 30 } else { 0 };
    }
    seller.catalogue.discounts = vec![Discount {
        id: DiscountId(Uuid::nil()),
        code: TENTH.to_owned(),
        names: names("A tenth off", "En tiondel"),
        off: Off::Percent(Exact::whole(10)),
        on: On::Line,
        periods: None,
        valid_from: None,
        valid_until: None,
    }];
    for reason in &mut seller.catalogue.termination_reasons {
        reason.names = match reason.id {
            PRICE => names("The price", "Priset"),
            TOO_DEAR => names("Too dear", "För dyrt"),
            _ => continue,
        };
    }
    seller
}

fn names(en: &str, sv: &str) -> Names {
    let language = |tag| Language::parse(tag).expect("a language");
    Names([("en", en), ("sv", sv), ("es", "ES")].map(|it| (language(it.0), it.1.to_owned())).into())
}
