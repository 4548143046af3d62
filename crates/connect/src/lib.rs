//! The real ends of the engine's ports: what it asks of the world outside.

pub mod breaker;
pub mod outgoing;
pub mod risk;
mod secret;
mod signature;
pub mod stripe;
pub mod voss;

pub use secret::{Secret, SecretError};
