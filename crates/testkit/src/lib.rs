//! For tests alone, a dev-dependency only: databases to run on.

pub mod postgres;
