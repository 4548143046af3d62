//! Whether the process lives, and whether it wants requests.

use crate::gate::access::Rule;
use crate::gate::{Admitted, Turned};
use crate::reply::{Reply, problem};
use crate::surface::{Contract, Fit, Head, Route, Surface, SurfaceError};
use abono_domain::ids::CustomerId;
use abono_engine::Access;
use axum::extract::Request;
use http::Method;

#[derive(Clone, Copy)]
enum Probe {
    Health,
    Readiness,
}

const fn probe(template: &'static str, operation: Probe) -> Route<Probe> {
    Route { method: Method::GET, template, rule: Rule::Anyone, operation }
}

static ROUTES: [Route<Probe>; 2] =
    [probe("/healthz", Probe::Health), probe("/readyz", Probe::Readiness)];

/// `/healthz` answers 200 as long as the process can answer; `/readyz` asks `ready`: 200 or 503.
///
/// # Errors
/// [`SurfaceError`].
pub fn health<F, Ready>(ready: F) -> Result<Surface, SurfaceError>
where
    F: Fn() -> Ready + Send + Sync + 'static,
    Ready: Future<Output = bool> + Send + 'static,
{
    Surface::new(&[""], &ROUTES, None, Probes { ready })
}

struct Probes<F> {
    ready: F,
}

impl<F, Ready> Contract for Probes<F>
where
    F: Fn() -> Ready + Send + Sync + 'static,
    Ready: Future<Output = bool> + Send + 'static,
{
    type Operation = Probe;

    fn customer(&self, _: &Fit<Probe>) -> Option<CustomerId> {
        None
    }

    async fn answer(&self, admitted: Admitted<Probe>, _: Request) -> Reply {
        match admitted.fit.route.operation {
            Probe::Health => Reply::text(200, "ok"),
            Probe::Readiness => readiness((self.ready)()).await,
        }
    }

    fn panicked(&self) -> Reply {
        problem(500, "internal error", None)
    }

    async fn turn(&self, _: Turned, _: Option<Access>, _: Head<'_>) -> Reply {
        problem(404, "not found", None)
    }
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
        let surface = health(move || async move { ready }).expect("a surface");
        let response = surface.into_router().oneshot(request).await.expect("infallible");
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
