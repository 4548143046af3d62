//! The one write path and the queries.
//!
//! The only crate that opens a unit of work, reads the clocks and makes ids. It knows no SQL, no
//! HTTP and no JSON; its futures run on whatever executor polls them.

pub mod billing;
pub mod checkout;
pub mod commands;
mod engine;
mod env;
mod execute;
mod failure;
mod keys;
pub mod links;
mod loading;
mod outbox;
pub mod payments;
pub mod risk;
mod seal;
mod slow;
mod turnstile;
pub mod verify;
pub mod views;

pub use commands::Command;
pub use engine::Engine;
pub use env::{Env, Fault};
pub use execute::{Actor, Call, Executed, Key, Prepared, Render, Reply};
pub use failure::Failure;
pub use keys::{Access, Token};
pub use outbox::Sent;
