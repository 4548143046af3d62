//! `test`: a life story as a file, told on a clock that is moved by hand, compared with what it
//! must come to.
//!
//! A story reads a seller's file as `apply` does. What it tells is a text without ids, the same in
//! every run and on every database, so that a change of behaviour shows as a changed line.

mod act;
mod file;
mod golden;
mod groups;
mod machine;
mod read;
mod recurring;
mod run;
mod say;
mod say_changes;
mod say_groups;
mod state;
mod state_of_cycles;

pub use golden::{expected_path, is_expected};
pub use machine::Machine;
pub use read::{Scenario, ScenarioError};
pub use run::run;
