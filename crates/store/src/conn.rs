//! One connection of either database: runs statements in order, begins and ends transactions.

use crate::db::{Answer, Bound, StoreError};
use crate::merge::{Merged, merge};
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

    /// Writes the rows of several commands, each exactly once.
    pub(crate) async fn write(&mut self, commands: Vec<Vec<Bound>>) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(conn) => {
                let rows: Vec<Bound> = commands.into_iter().flatten().collect();
                let answers = conn.run(&rows).await?;
                match rows.iter().zip(answers).find(|(_, answer)| answer.affected != 1) {
                    Some((bound, _)) => Err(StoreError::RowCount(bound.stmt.name)),
                    None => Ok(()),
                }
            }
            Self::Postgres(conn) => {
                let merged = merge(commands);
                let affected = conn.run_merged(&merged).await?;
                let wrong = |(merged, count): &(&Merged, u64)| *count != merged.rows.len() as u64;
                match merged.iter().zip(affected).find(wrong) {
                    Some((merged, _)) => Err(StoreError::RowCount(merged.stmt.name)),
                    None => Ok(()),
                }
            }
        }
    }

    /// Inserts rows that may be there already; says which were not.
    pub(crate) async fn insert_new(&mut self, rows: Vec<Bound>) -> Result<Vec<bool>, StoreError> {
        if let (Self::Postgres(conn), true) = (&mut *self, rows.len() > 1) {
            let count = rows.len();
            let merged = merge(rows.into_iter().map(|row| vec![row]));
            let affected = conn.run_merged(&merged).await?;
            let inserted: u64 = affected.into_iter().sum();
            // Which of them was there, the parts of the group say when it is halved.
            return if inserted == count as u64 {
                Ok(vec![true; count])
            } else {
                Err(StoreError::Contended("a row of the group was there already".to_owned()))
            };
        }
        let answers = self.run(&rows).await?;
        Ok(answers.into_iter().map(|answer| answer.affected == 1).collect())
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
