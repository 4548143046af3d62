//! One connection, from its first byte to its last.

use super::Limits;
use super::watch::{Phase, Watch, Watched};
use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tower::Service;

/// The most bytes of a request's head.
const MAX_HEAD: u16 = u16::MAX;

/// What all connections share.
struct Shared {
    http: Builder<TokioExecutor>,
    router: Router,
    limits: Limits,
}

/// All connections of one listener.
pub(super) struct Connections {
    shared: Arc<Shared>,
    stop: watch::Sender<()>,
}

impl Connections {
    pub(super) fn new(router: Router, limits: Limits) -> Self {
        let mut http = Builder::new(TokioExecutor::new());
        http.http1().header_read_timeout(None).max_buf_size(MAX_HEAD.into());
        http.http2().max_header_list_size(MAX_HEAD.into());
        Self { shared: Arc::new(Shared { http, router, limits }), stop: watch::Sender::new(()) }
    }

    /// Serves a connection in a task of its own, which gives its slot back at the end.
    pub(super) fn start(&self, socket: TcpStream, slot: Option<OwnedSemaphorePermit>) {
        let (shared, stop) = (Arc::clone(&self.shared), self.stop.subscribe());
        tokio::spawn(async move {
            shared.run(socket, stop).await;
            drop(slot);
        });
    }

    /// Asks all connections to end, and waits until they have.
    pub(super) async fn stop(self) {
        self.stop.send_replace(());
        self.stop.closed().await;
    }
}

impl Shared {
    /// `stop` is held to the end: `Connections::stop` waits until nobody holds one.
    async fn run(&self, socket: TcpStream, mut stop: watch::Receiver<()>) {
        // An answer is written whole, so waiting for more of it only delays it.
        let _ = socket.set_nodelay(true);
        let watch = Watch::new();
        let io = TokioIo::new(Watched { socket, watch: watch.clone() });
        let answer = service_fn(|request| self.answer(&watch, request));
        let mut connection = pin!(self.http.serve_connection(io, answer));

        // A connection that fails has failed its client, who knows; nothing is to be done about it.
        tokio::select! {
            biased;
            _ = connection.as_mut() => return,
            phase = watch.expired(self.limits) => if matches!(phase, Phase::Head(_)) { return },
            _ = stop.changed() => {}
        }
        connection.as_mut().graceful_shutdown();
        tokio::select! {
            biased;
            _ = connection => {}
            _ = watch.expired(self.limits) => {}
            () = tokio::time::sleep(self.limits.grace) => {}
        }
    }

    /// Has a request answered by the router.
    fn answer(
        &self,
        watch: &Watch,
        request: Request<Incoming>,
    ) -> impl Future<Output = Result<Response, Infallible>> + use<> {
        let under_way = watch.request();
        let mut router = self.router.clone();
        async move {
            let response = router.call(request.map(Body::new)).await;
            drop(under_way);
            response
        }
    }
}
