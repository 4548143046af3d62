//! The binary as its users run it.

mod kill;
mod story;
mod support;
