//! The binary as its users run it.

mod kill;
mod readme;
mod story;
mod support;
