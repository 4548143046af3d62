//! Our own contract. So far one request: the clock of a demonstration, moved by hand.

mod clock;
mod problem;

use abono_engine::Engine;
use abono_http::reply::Reply;
use axum::Router;
use axum::extract::{Request, State};
use axum::routing::post;
use futures_util::future::BoxFuture;
use futures_util::lock::Mutex;
use std::sync::Arc;

/// Lets the worker do all that is due, and ends when it is done.
pub type Settle = Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// What the handlers stand on.
pub(crate) struct Api {
    pub(crate) engine: Arc<Engine>,
    pub(crate) settle: Settle,
    /// Held while a clock is moved, so that two advances add up.
    pub(crate) moving: Mutex<()>,
}

/// `POST /demo/clock`. For demonstrations only: whoever runs a business doesn't mount it.
pub fn router(engine: Arc<Engine>, settle: Settle) -> Router {
    let api = Api { engine, settle, moving: Mutex::new(()) };
    Router::new().route("/demo/clock", post(move_clock)).with_state(Arc::new(api))
}

async fn move_clock(State(api): State<Arc<Api>>, request: Request) -> Reply {
    clock::set(&api, request).await.unwrap_or_else(|problem| problem.reply())
}
