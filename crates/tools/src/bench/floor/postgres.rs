//! Bare tokio-postgres: connections that each insert the same rows, a transaction at a time.

use super::super::BenchError;
use super::super::load::Seen;
use super::super::place::connect;
use super::Writes;
use super::rows::Template;
use abono_store::Value;
use futures_util::future::try_join_all;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Statement};

/// How many connections insert at once.
const CONNECTIONS: usize = 32;

/// Connections with everything prepared.
pub(super) struct Inserts {
    connections: Vec<Arc<Connection>>,
}

struct Connection {
    client: Client,
    statements: BTreeMap<String, Statement>,
    rows: Template,
    delay: Duration,
    number: Arc<AtomicI64>,
}

/// Takes away what only checks; tables, columns and indexes stay.
const BARE: &str = "do $$ declare found record; begin
    for found in select conrelid::regclass::text as of, conname from pg_constraint
        where contype in ('f', 'c') and connamespace = 'public'::regnamespace
    loop execute format('alter table %s drop constraint %I', found.of, found.conname); end loop;
end $$";

impl Inserts {
    pub(super) async fn open(writes: Writes) -> Result<Self, BenchError> {
        connect(&writes.database).await?.batch_execute(BARE).await?;
        let number = Arc::new(AtomicI64::new(1));
        let mut connections = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            let client = connect(&writes.database).await?;
            let mut statements = BTreeMap::new();
            for (insert, _) in writes.rows.writing(0) {
                let prepared = client.prepare(&insert.sql).await?;
                statements.insert(insert.sql.clone(), prepared);
            }
            let (rows, number) = (writes.rows.clone(), number.clone());
            let delay = Duration::from_micros(writes.delay);
            connections.push(Arc::new(Connection { client, statements, rows, delay, number }));
        }
        Ok(Self { connections })
    }

    /// Inserts for so many milliseconds.
    pub(super) async fn run(&self, millis: u64) -> Result<Seen, BenchError> {
        let began = Instant::now();
        let until = began + Duration::from_millis(millis);
        let mut tasks = JoinSet::new();
        for connection in &self.connections {
            let connection = connection.clone();
            tasks.spawn(async move { connection.insert(until).await });
        }
        let mut waits = Vec::new();
        while let Some(done) = tasks.join_next().await {
            waits.extend(done.map_err(|error| BenchError(error.to_string()))??);
        }
        Ok(Seen::of(began.elapsed(), waits))
    }
}

impl Connection {
    async fn insert(&self, until: Instant) -> Result<Vec<u32>, BenchError> {
        let mut waits = Vec::new();
        loop {
            let began = Instant::now();
            if began >= until {
                return Ok(waits);
            }
            self.transaction().await?;
            waits.push(u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX));
        }
    }

    /// BEGIN and all rows are on the wire before the first answer is waited for; then COMMIT.
    async fn transaction(&self) -> Result<(), BenchError> {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let rows: Vec<(&str, Vec<Value>)> =
            self.rows.writing(number).map(|(insert, row)| (insert.sql.as_str(), row)).collect();
        let inserts = rows.iter().filter_map(|(sql, row)| {
            let statement = self.statements.get(*sql)?;
            let values: Vec<&(dyn ToSql + Sync)> =
                row.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
            Some(async move { self.client.execute(statement, &values).await })
        });
        let begin = self.client.batch_execute("begin");
        let (begun, inserted) = futures_util::future::join(begin, try_join_all(inserts)).await;
        begun?;
        inserted?;
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        Ok(self.client.batch_execute("commit").await?)
    }
}
