//! The LIFE POS contract: what an organisation may buy, what it would cost, and its invoices.
//!
//! A request goes one way: `routes` says what there is and who may use it, `dispatch` checks in
//! the order that the contract promises (401, 429, 403, 404, 422), an operation turns the body
//! into a command and what comes back into a shape of `dto`, and `refusal` says every refusal in
//! the contract's envelope. Nothing is decided here.

mod dispatch;
mod dto;
mod error;
mod keyed;
mod language;
mod links;
mod messages;
pub mod openapi;
mod operations;
mod order;
mod paging;
mod parameters;
mod preferences;
mod refusal;
mod routes;

pub use error::Code;

use abono_engine::Engine;
use abono_http::body::BodyLimits;
use abono_http::gate::Gate;
use abono_http::surface::{Surface, SurfaceError};
use std::sync::Arc;

/// How the contract is served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// How buyers reach the pages, as `https://pay.example.com`; without it, or without a key in
    /// the engine, invoices have no links to pay by.
    pub public_url: Option<Arc<str>>,
    /// Whether a request without the headers that the contract calls required is refused.
    pub strict_headers: bool,
    /// How much a body may take.
    pub body: BodyLimits,
}

/// What every handler stands on.
pub(crate) struct Api {
    pub(crate) engine: Arc<Engine>,
    pub(crate) settings: Settings,
}

/// Where the contract is served, all of it at each place.
const BASES: [&str; 2] = ["/orgs", "/v5/orgs"];

/// Everything under `/orgs` and `/v5/orgs`, behind `gate`.
///
/// # Errors
/// [`SurfaceError`].
pub fn surface(
    engine: Arc<Engine>,
    settings: Settings,
    gate: &Gate,
) -> Result<Surface, SurfaceError> {
    Surface::new(&BASES, &routes::ROUTES, Some(gate), Api { engine, settings })
}
