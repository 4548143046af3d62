//! The real ends of the engine's ports: what it asks of the world outside.

pub mod breaker;
pub mod outgoing;
mod received;
pub mod risk;
pub mod sandbox;
mod secret;
mod signature;
pub mod stripe;
pub mod voss;

pub use secret::{Secret, SecretError};
