//! One connection of either database: runs statements in order, begins and ends transactions.

use crate::db::{Answer, Bound, StoreError};
use crate::{postgres, sqlite};

/// Why a COMMIT failed.
pub(crate) enum NotCommitted {
    /// The database says that nothing of it is there.
    RolledBack(StoreError),
    /// It may be there nevertheless.
    Unknown(StoreError),
}

/// A connection.
pub(crate) enum Conn {
    Sqlite(sqlite::SqliteConn),
    Postgres(postgres::PostgresConn),
}

impl Conn {
    /// Runs statements in order (on Postgres in one round trip) and stops at the first error.
    pub(crate) async fn run(&mut self, bounds: &[Bound]) -> Result<Vec<Answer>, StoreError> {
        if bounds.is_empty() {
            return Ok(Vec::new());
        }
        match self {
            Self::Sqlite(conn) => conn.run(bounds).await,
            Self::Postgres(conn) => conn.run(bounds).await,
        }
    }

    /// Begins a transaction that writes.
    pub(crate) async fn begin_write(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(conn) => conn.control("begin immediate").await,
            Self::Postgres(conn) => {
                conn.control("begin isolation level read committed read write").await
            }
        }
    }

    /// Makes the transaction durable.
    pub(crate) async fn commit(&mut self) -> Result<(), NotCommitted> {
        match self {
            Self::Sqlite(conn) => conn.commit().await,
            Self::Postgres(conn) => conn.commit().await,
        }
    }

    /// Closes a connection on which something is still under way.
    pub(crate) fn abandon(self) {
        match self {
            Self::Sqlite(_) => {}
            Self::Postgres(conn) => conn.abandon(),
        }
    }

    /// Gives the transaction up, where one is open.
    pub(crate) async fn rollback(&mut self) {
        let rolled_back = match self {
            Self::Sqlite(conn) => conn.rollback().await,
            Self::Postgres(conn) => conn.control("rollback").await,
        };
        if let Err(error) = rolled_back {
            tracing::warn!(%error, "rolling back failed");
        }
    }
}
