//! How the pages of a link are served.

use crate::look::{check, forms, inside};
use crate::shop::Shop;
use abono_http::gate::rate::{Rate, RateLimit};
use abono_pages::{Settings, surface};
use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().expect("a text"))
    }
}

pub(crate) fn settings() -> Settings {
    Settings {
        public_url: "https://shop.example/".to_owned(),
        form_targets: vec!["https://pay.example/checkout".to_owned()],
        limit: Arc::new(RateLimit::off()),
        test_provider: None,
    }
}

pub(crate) fn router(shop: &Shop, settings: Settings) -> Router {
    surface(shop.world.engine.clone(), settings).expect("a surface").into_router()
}

pub(crate) async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.expect("infallible");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    let body = String::from_utf8(body.to_vec()).expect("UTF-8");
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

pub(crate) async fn get(router: &Router, path: &str) -> Answer {
    send(router, Request::get(path).body(Body::empty()).expect("a request")).await
}

pub(crate) async fn post(router: &Router, path: &str, body: &str) -> Answer {
    let request = Request::post(path).header("content-type", FORM);
    send(router, request.body(Body::from(body.to_owned())).expect("a request")).await
}

#[tokio::test]
async fn every_answer_carries_its_policy() {
    let shop = Shop::open().await;
    let router = router(&shop, settings());
    let path = format!("/pay/{}", shop.token);
    let (page, back) = (get(&router, &path).await, get(&router, &format!("{path}/back")).await);
    let wrong = get(&router, "/pay/none").await;
    let print = get(&router, &format!("{path}/print")).await;
    for (answer, status) in [(&page, 200), (&back, 200), (&wrong, 404), (&print, 200)] {
        assert_eq!(answer.status, status);
        for (name, value) in [
            ("content-type", "text/html; charset=utf-8"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("x-robots-tag", "noindex"),
        ] {
            assert_eq!(answer.header(name), value, "{name}");
        }
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(policy.ends_with("; base-uri 'none'; frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
    }
    let forms = "; form-action 'self' https://shop.example https://pay.example;";
    assert!(page.header("content-security-policy").contains(forms));
    assert!(print.header("content-security-policy").contains("; form-action 'none';"));
}

/// The hash that a browser reckons from what stands in `<style>`.
#[tokio::test]
async fn a_policy_names_the_hash_of_the_very_style_that_is_sent() {
    use base64::Engine as _;
    use sha2::Digest as _;
    let shop = Shop::open().await;
    let router = router(&shop, settings());
    for rest in ["", "/print"] {
        let answer = get(&router, &format!("/pay/{}{rest}", shop.token)).await;
        let style = inside(&answer.body, "<style>", "</style>");
        let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(style));
        let expected = format!("style-src 'sha256-{hash}'");
        assert!(answer.header("content-security-policy").contains(&expected), "{rest}");
    }
}

#[tokio::test]
async fn the_address_says_the_language_else_the_customer_does() {
    let shop = Shop::open().await;
    let router = router(&shop, settings());
    let path = format!("/pay/{}", shop.token);
    for (query, lang) in [
        ("", "ru"),
        ("?lang=en", "en"),
        ("?lang=sv&lang=en", "sv"),
        ("?lang=de", "ru"),
        ("?%ff", "ru"),
    ] {
        check(&get(&router, &format!("{path}{query}")).await.body, lang);
    }
    let print = get(&router, &format!("{path}/print?lang=es")).await;
    assert!(print.body.contains("<html lang=\"es\">"));
    let request = Request::get("/pay/none").header("accept-language", "de, sv;q=0.9");
    let wrong = send(&router, request.body(Body::empty()).expect("a request")).await;
    check(&wrong.body, "sv");
}

#[tokio::test]
async fn who_has_no_link_learns_nothing() {
    let shop = Shop::open().await;
    let router = router(&shop, settings());
    let foreign = abono_engine::links::PayLink {
        tenant: shop.world.tenant,
        customer: shop.world.other,
        document: shop.view.document.id,
    };
    let foreign = shop.world.engine.pay_token(foreign).expect("a key");
    let mut bodies = Vec::new();
    for token in ["x", &foreign, &"A".repeat(86), &"A".repeat(4_000), "%00", "..%2f"] {
        for rest in ["", "/back", "/print"] {
            let answer = get(&router, &format!("/pay/{token}{rest}")).await;
            assert_eq!(answer.status, 404, "{token}{rest}");
            bodies.push(answer.body);
        }
        for rest in ["", "/ask"] {
            let answer = post(&router, &format!("/pay/{token}{rest}"), "").await;
            assert_eq!(answer.status, 404, "{token}{rest}");
            bodies.push(answer.body);
        }
    }
    for path in ["/pay", "/pay/", "/pay/x/y"] {
        bodies.push(get(&router, path).await.body);
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    check(&bodies[0], "en");
    assert!(forms(&bodies[0]).is_empty());
    assert_eq!(get(&router, "/sandbox/x").await.status, 404);
}

#[tokio::test]
async fn a_wrong_method_hears_the_right_ones_and_a_probe_is_answered() {
    let shop = Shop::open().await;
    let router = router(&shop, settings());
    for (method, rest, status, allow) in [
        ("DELETE", "", 405, "GET, HEAD, POST"),
        ("GET", "/ask", 405, "POST"),
        ("POST", "/back", 405, "GET, HEAD"),
        ("PUT", "/print", 405, "GET, HEAD"),
        ("HEAD", "", 200, ""),
        ("HEAD", "/print", 200, ""),
        ("HEAD", "/back", 200, ""),
    ] {
        let path = format!("/pay/{}{rest}", shop.token);
        let request = Request::builder().method(method).uri(path).body(Body::empty());
        let answer = send(&router, request.expect("a request")).await;
        assert_eq!((answer.status, answer.header("allow")), (status, allow), "{method} {rest}");
    }
}

#[tokio::test]
async fn where_nobody_takes_cards_the_page_says_so() {
    let shop = Shop::open().await;
    let router = router(&shop, settings());
    let answer = post(&router, &format!("/pay/{}", shop.token), "lang=en&other=1").await;
    assert_eq!(answer.status, 503);
    let alert = inside(&answer.body, "<div role=\"alert\"", "</div>");
    assert!(alert.contains("Cards are not accepted here at present"), "{alert}");
}

#[tokio::test]
async fn asking_again_leads_to_the_way_back() {
    let shop = Shop::open().await;
    let router = router(&shop, settings());
    for (body, lang) in [("", "ru"), ("lang=sv", "sv")] {
        let answer = post(&router, &format!("/pay/{}/ask", shop.token), body).await;
        assert_eq!(answer.status, 303);
        let back = format!("/pay/{}/back?lang={lang}", shop.token);
        assert_eq!(answer.header("location"), back);
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
    }
}

#[tokio::test]
async fn a_form_that_can_not_be_read_changes_nothing() {
    let shop = Shop::open().await;
    let router = router(&shop, settings());
    let path = format!("/pay/{}", shop.token);
    let long = format!("a={}", "1".repeat(4_096));
    for (kind, body) in
        [(FORM, long.as_str()), (FORM, "lang=en&lang=ru"), ("application/json", "{}"), ("", "a=1")]
    {
        let request = Request::post(&path).header("content-type", kind);
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let answer = send(&router, request).await;
        assert_eq!(answer.status, 400, "{kind}");
        check(&answer.body, "en");
        assert!(forms(&answer.body).is_empty());
    }
}

#[tokio::test]
async fn a_link_that_is_asked_for_too_often_waits() {
    let shop = Shop::open().await;
    let few = NonZeroU32::new(2).expect("a number");
    let rate = Rate { per_second: few, burst: few };
    let limit = Arc::new(RateLimit::new(rate, Arc::new(|| Duration::from_secs(1))));
    let router = router(&shop, Settings { limit, ..settings() });
    let path = format!("/pay/{}", shop.token);
    assert_eq!(get(&router, &path).await.status, 200);
    assert_eq!(get(&router, &path).await.status, 200);
    let answer = get(&router, &path).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "1"));
    check(&answer.body, "en");
}

#[tokio::test]
async fn an_address_that_is_none_keeps_the_server_from_starting() {
    let shop = Shop::open().await;
    let wrong =
        Settings { form_targets: vec!["pay.example; script-src *".to_owned()], ..settings() };
    let error = surface(shop.world.engine.clone(), wrong).expect_err("an error");
    assert!(error.to_string().contains("pay.example; script-src *"), "{error}");
}
