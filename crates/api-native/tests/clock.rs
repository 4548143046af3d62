//! The clock of a demonstration, over HTTP.

use abono_api_native::{Settle, surface};
use abono_domain::access::Role;
use abono_http::gate::Gate;
use abono_http::gate::rate::RateLimit;
use abono_testkit::{Database, World};
use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tower::ServiceExt;

/// Status, content type and body; how often the worker was asked is counted in `settled`.
async fn post(
    world: &World,
    settled: &Arc<AtomicU32>,
    token: &str,
    body: &str,
) -> (u16, String, String) {
    let settled = settled.clone();
    let settle: Settle = Arc::new(move || {
        settled.fetch_add(1, Ordering::Relaxed);
        Box::pin(async {})
    });
    let request = Request::post("/demo/clock")
        .header("authorization", format!("Bearer {token}"))
        .body(Body::from(body.to_owned()))
        .expect("a request");
    let gate = Gate::new(world.engine.clone(), Arc::new(RateLimit::off()));
    let surface = surface(world.engine.clone(), settle, &gate).expect("a surface");
    let response = surface.into_router().oneshot(request).await.expect("infallible");
    let status = response.status().as_u16();
    let kind = response.headers()["content-type"].to_str().expect("a content type").to_owned();
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    (status, kind, String::from_utf8(body.to_vec()).expect("UTF-8"))
}

#[tokio::test]
async fn an_admin_moves_the_clock_and_what_is_due_is_done_before_the_answer() {
    let database = Database::sqlite();
    let world = World::at(&database, "2026-01-31T10:00:00Z").await;
    let settled = Arc::new(AtomicU32::new(0));
    let admin = world.token(Role::Admin, &[]).await;
    let (status, _, body) = post(&world, &settled, &admin, r#"{"advance":"P1M"}"#).await;
    assert_eq!((status, &*body), (200, r#"{"now":"2026-02-28T10:00:00Z"}"#));
    let (status, _, body) =
        post(&world, &settled, &admin, r#"{"to":"2026-03-01T00:00:00Z"}"#).await;
    assert_eq!((status, &*body), (200, r#"{"now":"2026-03-01T00:00:00Z"}"#));
    assert_eq!(settled.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn nobody_else_moves_it_and_it_does_not_go_back() {
    let database = Database::sqlite();
    let world = World::at(&database, "2026-01-31T10:00:00Z").await;
    let settled = Arc::new(AtomicU32::new(0));
    let admin = world.token(Role::Admin, &[]).await;
    let buyer = world.token(Role::Buyer, &[]).await;
    let limited = world.token(Role::Admin, &[world.customer]).await;
    let month = r#"{"advance":"P1M"}"#;
    for (token, body, expected) in [
        ("x", month, 401),
        (&*buyer, month, 403),
        (&*limited, month, 403),
        (&*admin, "{}", 422),
        (&*admin, r#"{"advance":"-P1D"}"#, 422),
    ] {
        let (status, kind, body) = post(&world, &settled, token, body).await;
        assert_eq!((status, &*kind), (expected, "application/problem+json"), "{body}");
        assert!(body.contains(&format!(r#""status":{expected}"#)), "{body}");
    }
    assert_eq!(settled.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_real_clock_stays_where_it_is() {
    let database = Database::sqlite();
    let world = World::real(&database).await;
    let admin = world.token(Role::Admin, &[]).await;
    let settled = Arc::default();
    let (status, _, body) = post(&world, &settled, &admin, r#"{"advance":"P1M"}"#).await;
    assert_eq!(status, 409, "{body}");
}
