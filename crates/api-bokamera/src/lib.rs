//! The BokaMera contract: products added to a company's invoicing and terminated again, and the
//! operations of the billing system behind it (VOSS).
//!
//! A request goes one way: `routes` says what there is and who may use it, `dispatch` finds the
//! format and reads what was sent in any of them, an operation turns that into a command and what
//! comes back into a shape of `dto`, and `refusal` says every refusal as a `ResponseStatus`.
//! Nothing is decided here. `format` is how the contract's framework (ServiceStack) writes and
//! reads: one tree of values in six formats.

mod dispatch;
pub mod dto;
mod error;
pub mod format;
mod language;
mod operations;
mod refusal;
mod routes;

use abono_engine::Engine;
use abono_http::gate::Gate;
use abono_http::surface::{Surface, SurfaceError};
use jiff::SignedDuration;
use std::sync::Arc;

/// What can be set.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// For how long the same request of the same user, without an `Idempotency-Key`, is answered
    /// as the first one; zero: never.
    pub repeat: SignedDuration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { repeat: SignedDuration::from_secs(60) }
    }
}

/// What every handler stands on.
pub(crate) struct Api {
    pub(crate) engine: Arc<Engine>,
    pub(crate) settings: Settings,
}

/// Everything of the contract, behind `gate`.
///
/// # Errors
/// [`SurfaceError`].
pub fn surface(
    engine: Arc<Engine>,
    settings: Settings,
    gate: &Gate,
) -> Result<Surface, SurfaceError> {
    Surface::of_areas(&routes::areas(), Some(gate), Api { engine, settings })
}
