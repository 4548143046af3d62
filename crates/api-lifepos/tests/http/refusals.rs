//! Who is refused, in which order, and what can't be read.

use crate::support::{Answer, Shop, order, serve};
use abono_api_lifepos::Settings;
use abono_domain::access::Role;
use abono_domain::catalogue::PlanKind;
use abono_domain::ids::{CustomerId, TenantId};
use abono_engine::Command;
use abono_http::gate::rate::RateLimit;
use abono_testkit::{Database, World, seller};
use http::Request;
use uuid::Uuid;

const UNKNOWN: Uuid = Uuid::from_u128(0xdead);

async fn shop() -> (Database, Shop) {
    let database = Database::sqlite();
    let shop = Shop::open(&database).await;
    (database, shop)
}

#[track_caller]
fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.refusal(), (status, code.to_owned()), "{}", answer.text);
    for inside in ["select", "sqlite", ".rs", "abono_", "store"] {
        assert!(!answer.text.contains(inside), "{}", answer.text);
    }
}

#[tokio::test]
async fn nobody_gets_in_without_a_live_token() {
    let (_database, shop) = shop().await;
    let path = format!("{}/invoices", shop.profile(shop.world.customer));
    refused(&shop.send(Request::get(&path), "").await, 401, "Unauthorized");
    let altered = format!("{}0", &shop.admin[..shop.admin.len() - 1]);
    for wrong in ["x", &altered, &shop.admin.to_uppercase()] {
        let answer = shop.get(wrong, &path).await;
        refused(&answer, 401, "Unauthorized");
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
    }
    let anywhere = format!("/orgs/{UNKNOWN}/profile/invoices?presentation=brief");
    refused(&shop.get("x", &anywhere).await, 401, "Unauthorized");
}

#[tokio::test]
async fn a_role_does_what_it_may() {
    let (_database, shop) = shop().await;
    assert_eq!(shop.post(&shop.viewer, "calculate-license", &order(1, 1)).await.status, 201);
    let answer = shop.post(&shop.viewer, "create-invoice", "{").await;
    refused(&answer, 403, "NoPermissions");
    for able in [&shop.buyer, &shop.admin] {
        assert_eq!(shop.post(able, "create-invoice", &order(1, 1)).await.status, 201);
    }
}

#[tokio::test]
async fn a_foreign_organisation_looks_like_one_that_is_not_there() {
    let (_database, shop) = shop().await;
    let orgs = [shop.foreign.to_string(), UNKNOWN.to_string(), "x".to_owned(), "%00".to_owned()];
    for org in orgs {
        for path in ["invoices", "invoices?page_token=x", "subscriptions/products"] {
            let path = format!("/orgs/{org}/profile/{path}");
            refused(&shop.get(&shop.buyer, &path).await, 403, "NoPermissions");
            refused(&shop.get(&shop.admin, &path).await, 404, "NotFound");
        }
    }
    let path = format!("{}/invoices", shop.profile(shop.world.other));
    refused(&shop.get(&shop.buyer, &path).await, 403, "NoPermissions");
    assert_eq!(shop.get(&shop.admin, &path).await.status, 200);
    let both = shop.world.token(Role::Viewer, &[shop.world.customer, shop.world.other]).await;
    assert_eq!(shop.get(&both, &path).await.status, 200);
}

#[tokio::test]
async fn what_is_not_there_is_said_before_what_is_wrong() {
    let (_database, shop) = shop().await;
    let products = format!("{}/subscriptions/products", shop.profile(shop.world.customer));
    let nowhere = format!("/orgs/{UNKNOWN}/profile/subscriptions/products");
    for path in [
        format!("{products}/{UNKNOWN}:create-invoice"),
        format!("{products}/x:create-invoice"),
        format!("{nowhere}/{}:create-invoice", seller::PRODUCT),
    ] {
        for body in [order(1, 1), "{".to_owned()] {
            let request = Request::post(&path)
                .header("authorization", format!("Bearer {}", shop.admin))
                .header("content-type", "application/json");
            refused(&shop.send(request, body).await, 404, "NotFound");
        }
    }
}

#[tokio::test]
async fn only_what_is_in_the_table_is_there() {
    let (_database, shop) = shop().await;
    let profile = shop.profile(shop.world.customer);
    let product = seller::PRODUCT;
    let quote = format!("subscriptions/products/{product}:calculate-license");
    for (method, path) in [
        ("POST", format!("{profile}/invoices")),
        ("DELETE", format!("{profile}/invoices")),
        ("HEAD", format!("{profile}/invoices")),
        ("GET", format!("{profile}/invoices/")),
        ("GET", format!("{profile}/{quote}")),
        ("GET", format!("{profile}/subscriptions/products/{product}")),
        ("POST", format!("{profile}/subscriptions/products/{product}")),
        ("POST", format!("{profile}/subscriptions/products/{product}:cancel")),
        ("POST", format!("{profile}/{quote}:again")),
        ("POST", "/orgs".to_owned()),
        ("GET", "/orgs/".to_owned()),
        ("GET", profile.clone()),
        ("GET", "/v5/orgs/".to_owned()),
        ("GET", "/orgs/%ff/profile/invoices".to_owned()),
    ] {
        let request = Request::builder().method(method).uri(&path);
        let request = request.header("authorization", format!("Bearer {}", shop.admin));
        let answer = shop.send(request, "").await;
        assert_eq!(answer.status, 404, "{method} {path}");
        if method != "HEAD" {
            refused(&answer, 404, "NotFound");
        }
        let request = Request::builder().method(method).uri(&path);
        assert_eq!(shop.send(request, "").await.status, 401, "without a token: {method} {path}");
    }
    for path in
        [format!("/v5{profile}/{quote}"), format!("{profile}/{}", quote.replace(':', "%3A"))]
    {
        let request = Request::post(&path)
            .header("authorization", format!("Bearer {}", shop.viewer))
            .header("content-type", "application/json");
        assert_eq!(shop.send(request, order(1, 1)).await.status, 201, "{path}");
    }
}

#[tokio::test]
async fn an_order_that_can_not_be_met_says_why() {
    let (_database, shop) = shop().await;
    let with_plan = |plan: &str| order(1, 1).replace(&seller::BASIC.to_string(), plan);
    let with_payer = |payer: &str| {
        order(1, 1).replacen('{', &format!(r#"{{"who_pays":{{"guid":"{payer}"}},"#), 1)
    };
    let unknown = UNKNOWN.to_string();
    for (body, code, path) in [
        (order(1, 7), "RequestIsNotValid", "period_in_months"),
        (with_plan(&unknown), "ReferenceNotFound", "plan.guid"),
        (with_plan(&seller::OLD.to_string()), "NotAllowedForArchived", "plan.guid"),
        (with_payer(&unknown), "ReferenceNotFound", "who_pays"),
    ] {
        for verb in ["calculate-license", "create-invoice"] {
            let answer = shop.post(&shop.buyer, verb, &body).await;
            refused(&answer, 422, code);
            assert!(answer.info().starts_with(path), "{}", answer.text);
        }
    }
}

#[tokio::test]
async fn a_body_that_can_not_be_read_names_the_place() {
    let (_database, shop) = shop().await;
    let twice = order(1, 1).replace(r#""quantity":1"#, r#""quantity":1,"quantity":1"#);
    let quantity =
        |figure: &str| order(1, 1).replace(r#""quantity":1"#, &format!(r#""quantity":{figure}"#));
    for (body, place) in [
        (String::new(), ""),
        ("{".to_owned(), ""),
        ("[]".to_owned(), ""),
        ("null".to_owned(), ""),
        (order(1, 1) + "x", ""),
        (twice, "quantity"),
        (quantity("0"), "quantity: "),
        (quantity("-1"), "quantity: "),
        (quantity("100001"), "quantity: "),
        (quantity("1.5"), "quantity: "),
        (quantity("\"3\""), "quantity: "),
        (quantity("99999999999999999999"), "quantity: "),
        (order(1, 0), "period_in_months: "),
        (order(1, 61), "period_in_months: "),
        (order(1, 1).replace("\"plan\"", "\"plans\""), "plan: "),
        (format!(r#"{{"x":"{}"}}"#, "y".repeat(2 << 20)), ""),
    ] {
        let answer = shop.post(&shop.buyer, "create-invoice", &body).await;
        refused(&answer, 422, "RequestIsNotValid");
        assert!(answer.info().starts_with(place), "{}", answer.text);
        assert!(!answer.info().is_empty());
    }
}

#[tokio::test]
async fn headers_are_read_as_the_contract_says() {
    let (_database, shop) = shop().await;
    for (name, value) in [
        ("content-type", "text/plain"),
        ("content-encoding", "gzip"),
        ("x-lp-client-type", "Toaster"),
        ("clienttype", "Toaster"),
        ("idempotency-key", ""),
        ("idempotency-key", "a\tb"),
    ] {
        let mut request = shop.on_product(&shop.buyer, "create-invoice");
        request.headers_mut().expect("headers").remove(name);
        refused(
            &shop.send(request.header(name, value), order(1, 1)).await,
            422,
            "RequestIsNotValid",
        );
    }
    for value in ["application/json-patch+json", "text/json", "application/x+json;charset=utf-8"] {
        let mut request = shop.on_product(&shop.buyer, "create-invoice");
        request.headers_mut().expect("headers").remove("content-type");
        let answer = shop.send(request.header("content-type", value), order(1, 1)).await;
        assert_eq!(answer.status, 201, "{value}");
    }
    let path = format!("{}/invoices", shop.profile(shop.world.customer));
    for query in [
        "presentation=brief",
        "items_per_page=0",
        "items_per_page=1001",
        "page_token=x",
        "created_from=yesterday",
        "include_items_total=1",
        "page_token=",
        "presentation=full&presentation=full",
    ] {
        let answer = shop.get(&shop.viewer, &format!("{path}?{query}")).await;
        refused(&answer, 422, "RequestIsNotValid");
    }
}

#[tokio::test]
async fn messages_are_in_the_language_asked_for_or_the_sellers() {
    let (_database, shop) = shop().await;
    for (language, message) in
        [("en-US", "The plan is not sold"), ("ru", "Тариф не продаётся"), ("de", "Тариф не")]
    {
        let request = shop.on_product(&shop.viewer, "calculate-license");
        let answer = shop.send(request.header("accept-language", language), order(1, 7)).await;
        let said = answer.json()["message"].as_str().expect("a message").to_owned();
        assert!(said.starts_with(message), "{said}");
    }
}

#[tokio::test]
async fn strict_headers_are_a_setting() {
    let (_database, mut shop) = shop().await;
    let strict = Settings { strict_headers: true, ..Settings::default() };
    shop.router = serve(&shop.world, strict, RateLimit::off());
    let path = format!("{}/invoices", shop.profile(shop.world.customer));
    refused(&shop.get(&shop.viewer, &path).await, 422, "RequestIsNotValid");
    let request = Request::get(&path)
        .header("authorization", format!("Bearer {}", shop.viewer))
        .header("x-lp-client-identifier", "1")
        .header("clienttype", "App")
        .header("accept-language", "ru-RU");
    assert_eq!(shop.send(request, "").await.status, 200);
}

#[tokio::test]
async fn what_is_priced_in_another_currency_is_not_sold_here() {
    let (_database, mut shop) = shop().await;
    let (tenant, customer) = (TenantId(seller::id(1, 3)), CustomerId(seller::id(2, 4)));
    shop.world = World { tenant, customer, ..shop.world };
    let mut publish = seller::publish(tenant, "swedish", None);
    let prices = &mut publish.proposal.catalogue.products[0].plans[0].prices;
    let kronor = "SEK".parse().expect("a currency");
    let mut price = prices[0].clone();
    (price.point.currency, price.list.currency) = (kronor, kronor);
    price.final_price.currency = kronor;
    prices.push(price);
    let mut put = seller::customer(customer, "fourth");
    put.proposal.profile.currency = kronor;
    shop.world.run(Command::PublishSeller(Box::new(publish))).await.expect("a seller");
    shop.world.run(Command::PutCustomer(put)).await.expect("a customer");
    let buyer = shop.world.token(Role::Buyer, &[]).await;

    let path = format!("{}/subscriptions/products", shop.profile(customer));
    let plans = shop.get(&buyer, &path).await.json()[0]["plans"].clone();
    assert_eq!(plans[0]["periods"], serde_json::json!([]));
    for verb in ["calculate-license", "create-invoice"] {
        let answer = shop.post(&buyer, verb, &order(1, 1)).await;
        refused(&answer, 422, "RequestIsNotValid");
        assert!(answer.info().starts_with("period_in_months"), "{}", answer.text);
    }
}

#[tokio::test]
async fn what_only_comes_with_a_subscription_is_not_listed_and_can_not_be_bought() {
    let (_database, mut shop) = shop().await;
    let (tenant, customer) = (TenantId(seller::id(1, 3)), CustomerId(seller::id(2, 4)));
    shop.world = World { tenant, customer, ..shop.world };
    let mut publish = seller::publish(tenant, "with-extras", None);
    let products = &mut publish.proposal.catalogue.products;
    let addon = &mut products[0].plans[0];
    (addon.article.kind, addon.article.number) = (PlanKind::Addon, Some("A-1".to_owned()));
    let mut extras = products[0].clone();
    (extras.id.0, extras.code) = (seller::id(3, 9), "extras".to_owned());
    extras.plans.truncate(1);
    (extras.plans[0].id.0, extras.plans[0].article.number) =
        (seller::id(4, 9), Some("A-2".to_owned()));
    products.push(extras);
    let put = seller::customer(customer, "fourth");
    shop.world.run(Command::PublishSeller(Box::new(publish))).await.expect("a seller");
    shop.world.run(Command::PutCustomer(put)).await.expect("a customer");
    let buyer = shop.world.token(Role::Buyer, &[]).await;

    let path = format!("{}/subscriptions/products", shop.profile(customer));
    let listed = shop.get(&buyer, &path).await.json();
    let codes: Vec<&str> = listed.as_array().expect("a list").iter().filter_map(code).collect();
    assert_eq!(codes, ["pos"]);
    let plans = listed[0]["plans"].as_array().expect("a list");
    assert_eq!(plans.iter().filter_map(code).collect::<Vec<_>>(), ["pro"]);
    for verb in ["calculate-license", "create-invoice"] {
        refused(&shop.post(&buyer, verb, &order(1, 1)).await, 422, "ReferenceNotFound");
    }
}

fn code(row: &serde_json::Value) -> Option<&str> {
    row["code"].as_str()
}
