//! The campaign: the whole program on a disk that loses power, played by seeds and judged by plain
//! models.
//!
//! A [`Case`] is plain data: what clients and operators want, and what goes wrong, each at a place
//! that is counted. [`draw`] makes one of a seed, [`stage`] plays it, [`laws`] say what must hold.

pub mod case;
pub mod draw;
pub mod laws;
pub mod marks;
pub mod planted;
pub mod report;
mod sellers;
pub mod shrink;
pub mod stage;

pub use case::Case;
