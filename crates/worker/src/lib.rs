//! Finds what is due and sends the same commands as everybody else.
//!
//! Not a set of loops: one step, called on a timer by the server and in any order by the simulator.
//! What it reads is a hint; the commands decide. What is sent to the billing system behind has a
//! step of its own, and so has what payment providers are asked.

mod checkouts;
mod outbox;
mod step;

pub use checkouts::ask;
pub use outbox::{Outbox, Pause};
pub use step::{Next, step};
