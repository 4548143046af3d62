//! The Masstack contract (Customers API, version 2): the tariff of a subscription, its changes, and
//! the subscription itself.
//!
//! A request goes one way: `routes` says what there is and who may use it, `dispatch` checks in
//! the order that the contract promises (401, 429, 403, 404, 400), an operation turns the body
//! into a command and what comes back into a shape of `dto`, and `refusal` says every refusal in
//! the contract's `ErrorMessage`. Nothing is decided here. `error` has the table of codes.

mod dispatch;
mod dto;
mod error;
mod operations;
mod query;
mod refusal;
mod routes;

pub use error::Code;

use abono_engine::Engine;
use abono_http::gate::Gate;
use abono_http::surface::{Surface, SurfaceError};
use std::sync::Arc;

/// What every handler stands on.
pub(crate) struct Api {
    pub(crate) engine: Arc<Engine>,
}

/// Where the contract is served.
const BASE: &str = "/v2/orgs";

/// Everything under `/v2/orgs`, behind `gate`.
///
/// # Errors
/// [`SurfaceError`].
pub fn surface(engine: Arc<Engine>, gate: &Gate) -> Result<Surface, SurfaceError> {
    Surface::new(&[BASE], &routes::ROUTES, Some(gate), Api { engine })
}
