//! Our own contract. So far one request: the clock of a demonstration, moved by hand.

mod clock;
mod problem;

pub use clock::run_clock;

use crate::problem::Problem;
use abono_domain::access::Role;
use abono_domain::ids::CustomerId;
use abono_engine::Access;
use abono_engine::Engine;
use abono_http::gate::access::Rule;
use abono_http::gate::{Admitted, Gate, Turned};
use abono_http::reply::Reply;
use abono_http::surface::{Contract, Fit, Head, Route, Surface, SurfaceError};
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
pub(crate) enum Operation {
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
pub fn surface(engine: Arc<Engine>, settle: Settle, gate: &Gate) -> Result<Surface, SurfaceError> {
    let api = Api { engine, settle, moving: Mutex::new(()) };
    Surface::new(&[""], &ROUTES, Some(gate), api)
}

impl Contract for Api {
    type Operation = Operation;

    fn customer(&self, _: &Fit<Operation>) -> Option<CustomerId> {
        None
    }

    async fn answer(&self, admitted: Admitted<Operation>, request: Request) -> Reply {
        let Some(access) = admitted.access() else { return Problem::UNAUTHORIZED.reply() };
        let answer = match admitted.fit.route.operation {
            Operation::MoveClock => clock::set(self, access, request).await,
        };
        answer.unwrap_or_else(|problem| problem.reply())
    }

    fn panicked(&self) -> Reply {
        Problem::INTERNAL.reply()
    }

    async fn turn(&self, why: Turned, _: Option<Access>, _: Head<'_>) -> Reply {
        Problem::from(why).reply()
    }
}
