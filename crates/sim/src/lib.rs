//! The simulator: whole nodes on one thread, in an order that a seed chooses, killed between any
//! two steps, compared with a plain model.
//!
//! A run is a function of its seed: the same seed gives the same steps, the same ids and the same
//! end, so a failure is replayed by its seed alone. Each market is one kind of trade, with a model
//! of its own.

pub mod checkouts;
pub mod cycles;
pub mod days;
mod dice;
pub mod executor;
pub mod licences;
mod nodes;
mod run;

pub use dice::Dice;
pub use run::{Failed, Marks, Passed, Settings, Step};
