//! The boundary around a router: each request gets an id and one log line.

use crate::head;
use crate::reply::problem;
use crate::request_id::{RequestId, RequestIds, X_REQUEST_ID};
use crate::surface::Surface;
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use http::Method;
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument;

/// A monotone clock: the time since some fixed moment.
pub type Clock = Arc<dyn Fn() -> Duration + Send + Sync>;

/// What a boundary needs.
#[derive(Clone)]
pub struct Boundary {
    /// Measures how long requests take.
    pub clock: Clock,
    /// Names the requests that come without a name.
    pub request_ids: Arc<RequestIds>,
}

/// A surface behind its boundary: what can be served.
#[derive(Clone)]
pub struct Traced(Router);

impl Traced {
    /// Puts the boundary around all of a surface, and around the answer for what isn't there.
    pub fn new(surface: Surface, boundary: Boundary) -> Self {
        Self(surface.into_router().layer(middleware::from_fn_with_state(boundary, pass)))
    }

    /// The router, for the accept loop and for requests without a server.
    pub fn into_router(self) -> Router {
        self.0
    }
}

async fn pass(State(boundary): State<Boundary>, mut request: Request, next: Next) -> Response {
    let id = boundary.request_ids.of(request.headers());
    let mut line = Line::new(boundary.clock, &request, id.clone());
    request.extensions_mut().insert(id.clone());
    let mut response = match head::refusal(&request) {
        Some((status, title)) => problem(status, title, None).into_response(),
        None => {
            // What is logged on the way says to which request it belongs.
            let span = tracing::error_span!("request", request_id = id.as_str());
            next.run(request).instrument(span).await
        }
    };
    response.headers_mut().insert(X_REQUEST_ID, id.header());
    line.status = Some(response.status().as_u16());
    response
}

/// The log line of a request, written when it is dropped: also when the client went away and the
/// handler was dropped half-way. It never holds headers, bodies or the path as sent.
struct Line {
    clock: Clock,
    began: Duration,
    method: Method,
    route: Option<MatchedPath>,
    id: RequestId,
    status: Option<u16>,
}

impl Line {
    fn new(clock: Clock, request: &Request, id: RequestId) -> Self {
        let began = clock();
        let route = request.extensions().get().cloned();
        Self { clock, began, method: request.method().clone(), route, id, status: None }
    }

    fn route(&self) -> &str {
        self.route.as_ref().map_or("unmatched", MatchedPath::as_str)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let took = (self.clock)().saturating_sub(self.began);
        tracing::info!(
            method = self.method.as_str(),
            route = self.route(),
            status = self.status,
            micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            request_id = self.id.as_str(),
            "{}",
            if self.status.is_some() { "answered" } else { "abandoned by the client" },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::access::Rule;
    use crate::gate::{Admitted, Turned};
    use crate::reply::Reply;
    use crate::surface::{Contract, Fit, Head, Route};
    use abono_domain::ids::CustomerId;
    use abono_engine::Access;
    use axum::body::Body;
    use http_body_util::BodyExt;
    use std::io;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicU64, Ordering};
    use tower::ServiceExt;
    use tracing::subscriber::DefaultGuard;

    /// Collects what is logged on this thread.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic while logging").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Log {
        fn listen(&self) -> DefaultGuard {
            let log = self.clone();
            tracing::subscriber::set_default(
                tracing_subscriber::fmt()
                    .json()
                    .without_time()
                    .with_writer(move || log.clone())
                    .finish(),
            )
        }

        fn lines(&self) -> Vec<serde_json::Value> {
            let text = self.0.lock().expect("no panic while logging").clone();
            let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
            lines.map(|line| serde_json::from_slice(line).expect("a JSON line")).collect()
        }
    }

    const fn route(template: &'static str) -> Route<()> {
        Route { method: Method::GET, template, rule: Rule::Anyone, operation: () }
    }

    static ROUTES: [Route<()>; 3] = [route("/items/{id}"), route("/panic"), route("/hang")];

    struct Items;

    impl Contract for Items {
        type Operation = ();

        fn customer(&self, _: &Fit<()>) -> Option<CustomerId> {
            None
        }

        async fn answer(&self, admitted: Admitted<()>, _: Request) -> Reply {
            match admitted.fit.route.template {
                "/panic" => panic!("secret"),
                "/hang" => std::future::pending().await,
                _ => Reply::text(200, "an item"),
            }
        }

        fn panicked(&self) -> Reply {
            Reply::json(500, r#"{"code":"InternalServerError"}"#)
        }

        async fn turn(&self, _: Turned, _: Option<Access>, _: Head<'_>) -> Reply {
            Reply::text(404, "nothing")
        }
    }

    /// A router behind a boundary whose clock goes on 5 us with each look at it.
    fn router() -> Router {
        let time = AtomicU64::new(0);
        let clock = move || Duration::from_micros(time.fetch_add(5, Ordering::Relaxed));
        let boundary =
            Boundary { clock: Arc::new(clock), request_ids: Arc::new(RequestIds::new(1)) };
        let surface = Surface::new(&["/v5"], &ROUTES, None, Items).expect("a surface");
        Traced::new(surface, boundary).into_router()
    }

    async fn send(path: &str) -> Response {
        let request = Request::get(path)
            .header("host", "a")
            .header("authorization", "Bearer secret")
            .header("x-request-id", "abc")
            .body(Body::empty());
        router().oneshot(request.expect("a request")).await.expect("infallible")
    }

    #[tokio::test]
    async fn a_request_leaves_one_line_with_its_route_and_nothing_secret() {
        let log = Log::default();
        let _guard = log.listen();
        let response = send("/v5/items/secret?secret=secret").await;
        assert_eq!(response.headers()[X_REQUEST_ID], "abc");

        let lines = log.lines();
        let expected = serde_json::json!({
            "method": "GET", "route": "/v5/items/{id}", "status": 200, "micros": 5,
            "request_id": "abc", "message": "answered",
        });
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["fields"], expected);
        assert!(!lines[0].to_string().contains("secret"));
    }

    #[tokio::test]
    async fn a_request_without_a_route_is_logged_as_unmatched() {
        let log = Log::default();
        let _guard = log.listen();
        assert_eq!(send("/secret").await.status(), 404);
        assert_eq!(log.lines()[0]["fields"]["route"], "unmatched");
    }

    #[tokio::test]
    async fn a_panic_is_answered_in_the_contracts_envelope_with_the_request_id() {
        let log = Log::default();
        let _guard = log.listen();
        let response = send("/v5/panic").await;
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()[X_REQUEST_ID], "abc");
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        assert_eq!(body, r#"{"code":"InternalServerError"}"#);

        let lines = log.lines();
        let messages: Vec<_> = lines.iter().map(|l| l["fields"]["message"].clone()).collect();
        assert_eq!(messages, ["a handler panicked", "answered"]);
        assert_eq!(lines[0]["fields"]["route"], "/v5/panic");
        assert_eq!(lines[0]["span"]["request_id"], "abc");
    }

    #[tokio::test]
    async fn a_request_that_is_dropped_half_way_is_logged_without_a_status() {
        let log = Log::default();
        let _guard = log.listen();
        let hanging = tokio::time::timeout(Duration::from_millis(5), send("/v5/hang"));
        hanging.await.expect_err("it never ends");
        let fields = log.lines()[0]["fields"].clone();
        assert_eq!(fields["message"], "abandoned by the client");
        assert_eq!(fields.get("status"), None);
    }
}
