//! Our own contract. So far one request: the clock of a demonstration, moved by hand.

mod clock;
mod problem;

use crate::problem::Problem;
use abono_domain::access::Role;
use abono_engine::Engine;
use abono_http::access::{Rule, authorise};
use abono_http::bearer::{Bearer, bearer};
use abono_http::reply::Reply;
use abono_http::surface::{Fit, Route, Surface, SurfaceError};
use axum::extract::Request;
use futures_util::future::BoxFuture;
use futures_util::lock::Mutex;
use http::Method;
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

/// What can be done.
#[derive(Clone, Copy)]
enum Operation {
    MoveClock,
}

static ROUTES: [Route<Operation>; 1] = [Route {
    method: Method::POST,
    template: "/demo/clock",
    // The clock is everybody's, so a token that is limited to some customers doesn't move it.
    rule: Rule::OfTenant(Role::Admin),
    operation: Operation::MoveClock,
}];

/// `POST /demo/clock`. For demonstrations only: whoever runs a business doesn't mount it.
///
/// # Errors
/// [`SurfaceError`].
pub fn surface(engine: Arc<Engine>, settle: Settle) -> Result<Surface, SurfaceError> {
    let api = Arc::new(Api { engine, settle, moving: Mutex::new(()) });
    Surface::new(&[""], &ROUTES, move |fit, request| {
        let api = api.clone();
        async move { answer(&api, fit, request).await.unwrap_or_else(|problem| problem.reply()) }
    })
}

async fn answer(
    api: &Api,
    fit: Option<Fit<Operation>>,
    request: Request,
) -> Result<Reply, Problem> {
    let route = fit.ok_or(Problem::NOT_FOUND)?.route;
    let access = match bearer(request.headers()) {
        Bearer::Token(token) => api.engine.authenticate(token).await?,
        Bearer::Absent | Bearer::Malformed => None,
    };
    authorise(route.rule, access.as_ref().map(|access| &*access.key), None)?;
    let access = access.ok_or(Problem::UNAUTHORIZED)?;
    match route.operation {
        Operation::MoveClock => clock::set(api, &access, request).await,
    }
}
