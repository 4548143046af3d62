//! Rows in, rows out: one SQL text for SQLite and Postgres.
//!
//! A unit of work is one read batch in one snapshot ([`ReadBatch`]), a decision made elsewhere,
//! and one guarded batch of writes ([`Batch`]) that the committer joins with others. Nothing is
//! decided here: no branching on a status, no date arithmetic. Rows are private to the module of
//! their noun.

mod apply;
mod batch;
mod committer;
mod conn;
mod db;
mod group;
mod lane;
mod merge;
mod migrate;
pub mod nouns;
mod postgres;
mod query;
mod reach;
pub mod register;
mod sqlite;
mod store;

pub use apply::{Context, apply};
pub use batch::{Batch, Claim, ClaimKey, Finish, Verdict};
pub use committer::{Committer, Group, GroupResult, Ticket};
pub use db::{Bound, Kind, Row, Stmt, StoreError, Value};
pub use migrate::{grant_serving, is_new, migrate};
pub use query::{Immutable, OfCustomer, OfTenant, Query, ReadBatch, Results, Slot};
pub use sqlite::Stepping;
pub use store::{DatabaseUrl, Options, Store};
