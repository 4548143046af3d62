//! Postgres: pooled connections, prepared statements, batches pipelined in one round trip.

use crate::conn::NotCommitted;
use crate::db::{Answer, Bound, Kind, Row, Stmt, StoreError, Value};
use crate::merge::{self, Merged};
use crate::reach::Servers;
use deadpool_postgres::{
    Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
};
use futures_util::future::{BoxFuture, FutureExt};
use std::borrow::Cow;
use std::time::Duration;
use tokio_postgres::Statement;
use tokio_postgres::error::Severity;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use uuid::Uuid;

/// Connections to one database.
pub(crate) fn pool(url: &str, size: usize) -> Result<Pool, StoreError> {
    let servers = Servers::parse(url)?;
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    Pool::builder(Manager::from_connect(servers.settings(), servers, recycling))
        .max_size(size)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(Duration::from_secs(10)))
        .create_timeout(Some(Duration::from_secs(10)))
        .build()
        .map_err(|error| StoreError::Address(error.to_string()))
}

/// A connection out of the pool.
pub(crate) struct PostgresConn {
    client: Object,
}

type Step<'a> = BoxFuture<'a, Result<Answer, tokio_postgres::Error>>;

impl PostgresConn {
    pub(crate) async fn connect(pool: &Pool) -> Result<Self, StoreError> {
        let client = pool.get().await.map_err(|error| {
            if let PoolError::Backend(error) = &error {
                return fault(error);
            }
            StoreError::Unreachable(with_causes(&error))
        })?;
        Ok(Self { client })
    }

    /// Closes the connection instead of giving it back.
    pub(crate) fn abandon(self) {
        drop(Object::take(self.client));
    }

    pub(crate) async fn control(&mut self, sql: &'static str) -> Result<(), StoreError> {
        self.define(sql).await
    }

    /// Makes the transaction durable.
    pub(crate) async fn commit(&mut self) -> Result<(), NotCommitted> {
        self.client.batch_execute("commit").await.map_err(|error| {
            let text = fault(&error);
            if says_rolled_back(&error) {
                NotCommitted::RolledBack(text)
            } else {
                NotCommitted::Unknown(text)
            }
        })
    }

    /// A statement of the schema, or of control.
    pub(crate) async fn define(&self, sql: &str) -> Result<(), StoreError> {
        self.client.batch_execute(sql).await.map_err(|error| fault(&error))
    }

    pub(crate) async fn run(&mut self, bounds: &[Bound]) -> Result<Vec<Answer>, StoreError> {
        let prepared = self.prepare(bounds).await?;
        let steps = bounds.iter().zip(&prepared).map(|(bound, stmt)| self.step(bound, stmt));
        pipelined(steps.collect()).await.map_err(|(place, error)| named(bounds.get(place), &error))
    }

    /// Runs merged statements in order, in one round trip; says how many rows each changed.
    pub(crate) async fn run_merged(&mut self, all: &[Merged]) -> Result<Vec<u64>, StoreError> {
        let mut prepared = Vec::with_capacity(all.len());
        for Merged { stmt, rows } in all {
            prepared.push(self.prepare_rows(stmt, rows.len()).await?);
        }
        let client = &self.client;
        let steps = all.iter().zip(&prepared).map(|(merged, prepared)| {
            let values = merged.rows.iter().flat_map(|row| &row.params);
            let values: Vec<&(dyn ToSql + Sync)> =
                values.map(|value| value as &(dyn ToSql + Sync)).collect();
            async move {
                let affected = client.execute(prepared, &values).await?;
                Ok(Answer { rows: Vec::new(), affected })
            }
            .boxed()
        });
        let answers = pipelined(steps.collect()).await.map_err(|(place, error)| {
            named(all.get(place).and_then(|merged| merged.rows.first()), &error)
        })?;
        Ok(answers.into_iter().map(|answer| answer.affected).collect())
    }

    async fn prepare_rows(
        &self,
        stmt: &'static Stmt,
        rows: usize,
    ) -> Result<Statement, StoreError> {
        let kinds = stmt.params.iter().map(|kind| sql_type(*kind));
        let types: Vec<Type> = kinds.cycle().take(stmt.params.len() * rows).collect();
        let text = if rows == 1 { Cow::Borrowed(stmt.sql) } else { merge::text(stmt, rows).into() };
        let prepared = self.client.prepare_typed_cached(&text, &types).await;
        prepared.map_err(|error| named(Some(&Bound { stmt, params: Vec::new() }), &error))
    }

    /// Reads in one snapshot, in one round trip.
    pub(crate) async fn read(&mut self, bounds: &[Bound]) -> Result<Vec<Vec<Row>>, StoreError> {
        let prepared = self.prepare(bounds).await?;
        let mut steps = vec![self.word("begin isolation level repeatable read read only")];
        steps.extend(bounds.iter().zip(&prepared).map(|(bound, stmt)| self.step(bound, stmt)));
        steps.push(self.word("commit"));
        let mut answers = pipelined(steps).await.map_err(|(place, error)| {
            named(place.checked_sub(1).and_then(|p| bounds.get(p)), &error)
        })?;
        answers.pop();
        Ok(answers.into_iter().skip(1).map(|answer| answer.rows).collect())
    }

    /// Prepares a statement and gives the kinds that the server found, parameters and columns.
    pub(crate) async fn describe(
        &self,
        stmt: &'static Stmt,
    ) -> Result<(Vec<Type>, Vec<Type>), StoreError> {
        let prepared = self
            .client
            .prepare(stmt.sql)
            .await
            .map_err(|error| named(Some(&Bound { stmt, params: Vec::new() }), &error))?;
        let columns = prepared.columns().iter().map(|column| column.type_().clone()).collect();
        Ok((prepared.params().to_vec(), columns))
    }

    async fn prepare(&self, bounds: &[Bound]) -> Result<Vec<Statement>, StoreError> {
        let mut prepared = Vec::with_capacity(bounds.len());
        for bound in bounds {
            prepared.push(self.prepare_rows(bound.stmt, 1).await?);
        }
        Ok(prepared)
    }

    fn word<'a>(&'a self, sql: &'static str) -> Step<'a> {
        let done = self.client.batch_execute(sql);
        done.map(|done| done.map(|()| Answer::default())).boxed()
    }

    fn step<'a>(&'a self, bound: &'a Bound, statement: &'a Statement) -> Step<'a> {
        let stmt = bound.stmt;
        let params: Vec<&(dyn ToSql + Sync)> =
            bound.params.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        async move {
            if stmt.row.is_empty() {
                let affected = self.client.execute(statement, &params).await?;
                return Ok(Answer { rows: Vec::new(), affected });
            }
            let rows = self.client.query(statement, &params).await?;
            let rows: Result<Vec<Row>, _> = rows.iter().map(|row| read_row(stmt, row)).collect();
            rows.map(|rows| Answer { affected: rows.len() as u64, rows })
        }
        .boxed()
    }
}

/// Sends every step before it waits for the first answer, then takes the answers in order. The
/// first error is the one that counts: those behind it only say that the transaction is aborted.
async fn pipelined(steps: Vec<Step<'_>>) -> Result<Vec<Answer>, (usize, tokio_postgres::Error)> {
    let mut sent = Vec::with_capacity(steps.len());
    for mut step in steps {
        // The first poll puts the request on the wire.
        let early = futures_util::poll!(&mut step);
        sent.push((step, early));
    }
    let mut answers = Vec::with_capacity(sent.len());
    let mut first_error = None;
    for (place, (step, early)) in sent.into_iter().enumerate() {
        let answer = match early {
            std::task::Poll::Ready(answer) => answer,
            std::task::Poll::Pending => step.await,
        };
        match answer {
            Ok(answer) => answers.push(answer),
            Err(error) => first_error = first_error.or(Some((place, error))),
        }
    }
    first_error.map_or(Ok(answers), Err)
}

const fn sql_type(kind: Kind) -> Type {
    match kind {
        Kind::Uuid => Type::UUID,
        Kind::Int => Type::INT8,
        Kind::Bool => Type::BOOL,
        Kind::Text => Type::TEXT,
        Kind::Bytes => Type::BYTEA,
    }
}

/// Whether the server's type is the one that a kind stands for.
pub(crate) fn is_kind(kind: Kind, found: &Type) -> bool {
    sql_type(kind) == *found
}

fn read_row(stmt: &'static Stmt, row: &tokio_postgres::Row) -> Result<Row, tokio_postgres::Error> {
    let mut values = Vec::with_capacity(stmt.row.len());
    for (index, kind) in stmt.row.iter().enumerate() {
        values.push(match kind {
            Kind::Uuid => cell::<Uuid>(row, index)?.map_or(Value::Null, Value::Uuid),
            Kind::Int => cell::<i64>(row, index)?.map_or(Value::Null, Value::Int),
            Kind::Bool => cell::<bool>(row, index)?.map_or(Value::Null, Value::Bool),
            Kind::Text => cell::<String>(row, index)?.map_or(Value::Null, Value::Text),
            Kind::Bytes => cell::<Vec<u8>>(row, index)?.map_or(Value::Null, Value::Bytes),
        });
    }
    Ok(Row::new(stmt, values))
}

fn cell<'a, T: FromSql<'a>>(
    row: &'a tokio_postgres::Row,
    index: usize,
) -> Result<Option<T>, tokio_postgres::Error> {
    row.try_get(index)
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Uuid(uuid) => uuid.to_sql(ty, out),
            Self::Int(int) => int.to_sql(ty, out),
            Self::Bool(truth) => truth.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
            Self::Bytes(bytes) => bytes.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::UUID, Type::INT8, Type::BOOL, Type::TEXT, Type::BYTEA].contains(ty)
    }

    to_sql_checked!();
}

/// An error and what lies behind it; the drivers' own texts say little.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let mut texts: Vec<String> = causes.map(ToString::to_string).collect();
    texts.dedup();
    texts.pop().unwrap_or_default()
}

fn named(bound: Option<&Bound>, error: &tokio_postgres::Error) -> StoreError {
    match (fault(error), bound) {
        (StoreError::Refused(text), Some(bound)) => {
            StoreError::Refused(format!("{}: {text}", bound.stmt.name))
        }
        (other, _) => other,
    }
}

/// Whether the answer to a COMMIT says that nothing of it is there. A session that goes on after an
/// error rolled back; one that is ended may have been ended after the deed. Classes 08, 57 and XX
/// and 40003 are left in doubt whatever they say: other servers use them where they don't know.
fn says_rolled_back(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|db| {
        let code = db.code().code();
        db.parsed_severity() == Some(Severity::Error)
            && code != "40003"
            && !["08", "57", "XX"].iter().any(|class| code.starts_with(class))
    })
}

fn fault(error: &tokio_postgres::Error) -> StoreError {
    let Some(db) = error.as_db_error() else {
        return StoreError::Unreachable(with_causes(error));
    };
    let text = format!("{} ({})", db.message(), db.code().code());
    match db.code().code() {
        "40001" | "40P01" | "55P03" => StoreError::Contended(text),
        "53100" => StoreError::DiskFull(text),
        "25006" => StoreError::ReadOnly(text),
        "53300" => StoreError::Crowded(text),
        "57P01" | "57P02" => StoreError::Stopping(text),
        "57P03" => StoreError::Starting(text),
        "58030" => StoreError::DiskFailed(text),
        "XX001" | "XX002" => StoreError::Damaged(text),
        code if code.starts_with("57") || code.starts_with("08") || code.starts_with("53") => {
            StoreError::Unreachable(text)
        }
        _ => StoreError::Refused(text),
    }
}
