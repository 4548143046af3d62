//! For tests alone, a dev-dependency only: databases to run on, a small world to sell in, and a
//! browser.

pub mod articles;
pub mod batch;
pub mod browser;
pub mod database;
pub mod disk;
pub mod due_changes;
pub mod groups;
pub mod issuer;
pub mod outbox;
pub mod page;
pub mod payments;
pub mod plants;
pub mod postgres;
pub mod seller;
pub mod telecom;
mod world;

pub use database::{Database, on_each_database, runtime};
pub use payments::{provider, stripe};
pub use world::{LINK_KEY, MACHINE, World, request_of};
