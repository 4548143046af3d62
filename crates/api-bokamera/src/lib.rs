//! The BokaMera contract: company licences, and what the billing system behind them says.
//!
//! `format` is how the contract's framework (ServiceStack) writes and reads: one tree of values in
//! six formats. `dto` has the shapes that the contract names, each to and from such a tree.

pub mod dto;
pub mod format;
