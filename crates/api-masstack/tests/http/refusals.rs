//! Who is refused, in which order, and what isn't there.

use crate::support::{BUNDLED, ENDED, FOREIGN, SUB, Telco, products, served, subscription};
use abono_http::gate::rate::{Rate, RateLimit};
use abono_testkit::Database;
use http::Request;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

async fn telco() -> (Database, Telco) {
    let database = Database::sqlite();
    let telco = Telco::open(&database).await;
    (database, telco)
}

#[tokio::test]
async fn what_is_no_path_of_the_contract_is_not_found() {
    let (_database, telco) = telco().await;
    for path in [
        "/v2/orgs".to_owned(),
        "/v2/orgs/".to_owned(),
        "/v2/orgs/telco-1".to_owned(),
        "/v2/orgs/telco-1/subscriptions".to_owned(),
        "/v2/orgs/telco-1/subscriptions/".to_owned(),
        "/v2/orgs/%ff/subscriptions/2/products".to_owned(),
        format!("{}/", subscription(SUB)),
        format!("{}/", products(SUB)),
        format!("{}/services", subscription(SUB)),
        format!("{}/1020", products(SUB)),
    ] {
        let answer = telco.get(&telco.admin, &path).await;
        assert_eq!((answer.status, answer.code()), (404, 40401), "{path}");
        let nobody = telco.send(Request::get(&path), "").await;
        assert_eq!(nobody.code(), 40101, "without a token: {path}");
        assert_eq!(nobody.headers["www-authenticate"], "Bearer");
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones_without_a_body() {
    let (_database, telco) = telco().await;
    for (path, allow, methods) in [
        (products(SUB), "GET, PUT, POST, PATCH", ["DELETE", "HEAD", "OPTIONS", "get"]),
        (subscription(SUB), "GET", ["PUT", "POST", "HEAD", "PURGE"]),
        (products(999), "GET, PUT, POST, PATCH", ["DELETE", "TRACE", "HEAD", "OPTIONS"]),
    ] {
        for method in methods {
            let request = Request::builder().method(method).uri(&path);
            let request = request.header("authorization", format!("Bearer {}", telco.viewer));
            let answer = telco.send(request, "x").await;
            answer.is_empty(405);
            assert_eq!(answer.headers["allow"], allow, "{method} {path}");
            let nobody = telco.send(Request::builder().method(method).uri(&path), "").await;
            assert_eq!(nobody.status, 401, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_before_what_is_wrong() {
    let (_database, telco) = telco().await;
    let numbers = ["0", "-1", "007", "+2", "2.0", "9223372036854775808", "two", "%32x", "9999"];
    let foreign = FOREIGN.to_string();
    for number in numbers.into_iter().chain([&*foreign]) {
        let subscription = format!("/v2/orgs/telco-1/subscriptions/{number}");
        let products = format!("{subscription}/products");
        for path in [&subscription, &products] {
            for query in ["", "?query=", "?query={}&query={}"] {
                let answer = telco.get(&telco.viewer, &format!("{path}{query}")).await;
                assert_eq!((answer.status, answer.code()), (404, 40402), "{path}{query}");
            }
        }
        for body in [r#"{"productId":1020}"#, r#"{"productId":7}"#, "{", ""] {
            let answer = telco.put(&telco.buyer, &products, body).await;
            assert_eq!((answer.status, answer.code()), (404, 40402), "{products} {body}");
        }
        let request = Request::put(&products)
            .header("authorization", format!("Bearer {}", telco.buyer))
            .header("content-type", "text/plain");
        assert_eq!(telco.send(request, "").await.code(), 40402);
    }
    for number in [SUB, BUNDLED, ENDED] {
        let answer = telco.put(&telco.buyer, &products(number), r#"{"productId":7}"#).await;
        assert_eq!((answer.status, answer.code()), (404, 40403));
    }
    // An id may be encoded, as everything in a path.
    assert_eq!(telco.get(&telco.viewer, "/v2/orgs/telco%2D1/subscriptions/%32").await.status, 200);
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back_also_about_others() {
    let (_database, mut telco) = telco().await;
    let one = NonZeroU32::MIN;
    let limit =
        RateLimit::new(Rate { per_second: one, burst: one }, Arc::new(|| Duration::from_secs(1)));
    telco.router = served(&telco.world, limit).into_router();
    assert_eq!(telco.get(&telco.viewer, &products(SUB)).await.status, 200);
    for path in [products(SUB), products(999), "/v2/orgs/telco-2".to_owned()] {
        let answer = telco.get(&telco.viewer, &path).await;
        assert_eq!((answer.status, answer.code()), (429, 42901), "{path}");
        assert_eq!(answer.headers["retry-after"], "1");
    }
}

#[tokio::test]
async fn a_token_of_another_form_or_two_of_them_are_none() {
    let (_database, telco) = telco().await;
    let path = products(SUB);
    let (rest, last) = telco.admin.split_at(telco.admin.len() - 1);
    let altered = format!("{rest}{}", if last == "0" { "1" } else { "0" });
    for wrong in ["x", &altered, &telco.admin.to_uppercase(), "eyJhbGciOiJub25lIn0.e30."] {
        assert_eq!(telco.get(wrong, &path).await.code(), 40101, "{wrong}");
    }
    let twice = Request::get(&path)
        .header("authorization", format!("Bearer {}", telco.admin))
        .header("authorization", format!("Bearer {}", telco.admin));
    assert_eq!(telco.send(twice, "").await.code(), 40101);
}
