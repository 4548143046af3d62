//! Finds what is due and sends the same commands as everybody else.
//!
//! Not a set of loops: one step, called on a timer by the server and in any order by the simulator.
//! What it reads is a hint; the commands decide.

mod step;

pub use step::{Next, step};
