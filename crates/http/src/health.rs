//! Whether the process lives, and whether it wants requests.

use crate::reply::Reply;
use axum::Router;
use axum::routing::get;

/// `/healthz` answers 200 as long as the process can answer; `/readyz` asks `ready`: 200 or 503.
pub fn health<F, Ready>(ready: F) -> Router
where
    F: Fn() -> Ready + Clone + Send + Sync + 'static,
    Ready: Future<Output = bool> + Send + 'static,
{
    Router::new()
        .route("/healthz", get(async || Reply::text(200, "ok")))
        .route("/readyz", get(move || readiness(ready())))
}

async fn readiness(ready: impl Future<Output = bool>) -> Reply {
    if ready.await { Reply::text(200, "ok") } else { Reply::text(503, "not ready") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use http::Request;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    async fn answer(ready: bool, path: &str) -> (u16, String) {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let response =
            health(move || async move { ready }).oneshot(request).await.expect("infallible");
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        (status, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn a_process_that_is_not_ready_is_healthy_all_the_same() {
        assert_eq!(answer(false, "/healthz").await, (200, "ok".to_owned()));
        assert_eq!(answer(false, "/readyz").await, (503, "not ready".to_owned()));
        assert_eq!(answer(true, "/readyz").await, (200, "ok".to_owned()));
    }
}
