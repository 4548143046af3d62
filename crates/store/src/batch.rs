//! One command's writes: what it claims, which numbers it draws, and the rows that follow.

use crate::db::{Bound, StoreError};
use abono_domain::decision::Draw;
use abono_domain::document::Issued;
use uuid::Uuid;

/// What a claim is about. Claims of a whole group are taken in this order, so that two nodes
/// never wait for each other in a circle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimKey {
    /// A client's idempotency key: tenant, route, key.
    Idempotency(Uuid, String, String),
    /// The root of an aggregate: kind, tenant, id.
    Root(&'static str, Uuid, Uuid),
    /// A value that only one may take: tenant, scope, value.
    Unique(Uuid, String, String),
}

/// A row that must be taken before anything is written; `take` changes one row, or the batch is
/// stale. `undo` gives it back within the same transaction.
#[derive(Clone, Debug)]
pub struct Claim {
    /// What it is about.
    pub key: ClaimKey,
    /// Takes it.
    pub take: Bound,
    /// Gives it back.
    pub undo: Bound,
}

/// The rows that follow from the numbers drawn: pure, because a halved group calls it again.
pub type Finish = Box<dyn Fn(&[Issued]) -> Vec<Bound> + Send + Sync>;

/// One command's writes.
pub struct Batch {
    /// Whose.
    pub tenant: Uuid,
    /// The journal row of a command: an insert on conflict do nothing, never taken back. What is
    /// not a command, as sealing the journal, has none.
    pub journal: Option<Bound>,
    /// What it claims.
    pub claims: Vec<Claim>,
    /// The numbers it draws.
    pub draws: Vec<Draw>,
    /// Its rows, each changing exactly one.
    pub finish: Finish,
}

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is durable.
    Committed,
    /// A claim was not to be had: the facts have changed. Nothing was written.
    Stale,
    /// Its command was carried out before. Nothing was written.
    AlreadyDone,
    /// It is not known whether it was written: COMMIT had no clear answer.
    Unknown(StoreError),
    /// Nothing was written.
    Failed(StoreError),
}
