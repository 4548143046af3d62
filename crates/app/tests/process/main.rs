//! The binary as its users run it.

mod cli;
mod kill;
mod readme;
mod scenarios;
mod story;
mod support;
