//! The edge kit: what every HTTP contract stands on, and nothing that only one of them says.
//!
//! A request comes in through [`serve`], which limits what a client may take of us. [`trace`] gives
//! it an id ([`request_id`]) and one log line. [`surface`] finds its line in a contract's table of
//! routes, takes it through the [`gate`] (who asks, not too often, and whether they may), and has
//! an answer even when a handler panics. The handler reads the request strictly, never with a
//! framework's own lenient readers:
//!
//! - about what: [`path`]
//! - with what: [`body`] for the bytes, [`json`] for what they mean
//! - whether it asked before: [`idempotency`]
//! - from where on: [`cursor`]
//!
//! and answers with a [`reply`], whose bytes can be stored and sent again as they were.
//! Each reader has a closed error of its own, so that each contract says it in its own envelope.

pub mod body;
pub mod cursor;
pub mod gate;
mod head;
pub mod health;
pub mod idempotency;
pub mod json;
pub mod path;
pub mod reply;
pub mod request_id;
pub mod serve;
pub mod surface;
pub mod trace;
