//! Bare rusqlite: group commit of the same rows, as durable as the product's.

use super::super::BenchError;
use super::rows::Template;
use rusqlite::Connection;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

type Waiting = oneshot::Sender<bool>;

/// The way to the thread that commits.
pub(super) struct Committer(mpsc::UnboundedSender<Waiting>);

impl Committer {
    /// Writes the rows once; says whether they are durable.
    pub(super) async fn commit(&self) -> bool {
        let (send, receive) = oneshot::channel();
        self.0.send(send).is_ok() && receive.await.unwrap_or(false)
    }
}

/// As many share a transaction as in the product.
const GROUP_MAX: usize = 256;

/// Starts the thread.
pub(super) fn committer(path: &str, rows: Template, delay: u64) -> Result<Committer, BenchError> {
    let conn = Connection::open(path)?;
    // The product's settings, but for what it is told to check.
    conn.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = off;
         pragma ignore_check_constraints = on;",
    )?;
    conn.set_prepared_statement_cache_capacity(256);
    let (send, mut receive) = mpsc::unbounded_channel::<Waiting>();
    let delay = Duration::from_micros(delay);
    let run = move || {
        let mut number = 0;
        while let Some(first) = receive.blocking_recv() {
            let mut group = vec![first];
            while group.len() < GROUP_MAX
                && let Ok(more) = receive.try_recv()
            {
                group.push(more);
            }
            let written = write(&conn, &rows, &mut number, group.len());
            if written.is_ok() && !delay.is_zero() {
                std::thread::sleep(delay);
            }
            for waiting in group {
                // Whoever asked may have gone away.
                let _gone = waiting.send(written.is_ok());
            }
        }
    };
    std::thread::Builder::new().name("floor-commit".to_owned()).spawn(run)?;
    Ok(Committer(send))
}

fn write(
    conn: &Connection,
    rows: &Template,
    number: &mut i64,
    count: usize,
) -> Result<(), rusqlite::Error> {
    conn.prepare_cached("begin immediate")?.raw_execute()?;
    for _ in 0..count {
        *number += 1;
        for (insert, values) in rows.writing(*number) {
            let mut statement = conn.prepare_cached(&insert.sql)?;
            for (place, value) in values.iter().enumerate() {
                statement.raw_bind_parameter(place + 1, value)?;
            }
            statement.raw_execute()?;
        }
    }
    conn.prepare_cached("commit")?.raw_execute()?;
    Ok(())
}
