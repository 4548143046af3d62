//! SQLite: one file, WAL, FULL; one writer, readers that can't write.

use crate::conn::NotCommitted;
use crate::db::{Answer, Bound, Row, Stmt, StoreError, Value};
use crate::migrate::CHANGING;
use crate::register;
use abono_domain::planted;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, ffi};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;
use uuid::Uuid;

/// Whether each statement is a place where the simulator may switch tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stepping {
    /// Threads of its own, and nothing in a transaction waits.
    Free,
    /// Every step yields to a seeded executor, on one thread.
    Simulated,
}

/// A SQLite file, and how its connections run.
#[derive(Clone, Debug)]
pub(crate) struct SqliteFile {
    pub(crate) path: PathBuf,
    pub(crate) stepping: Stepping,
    /// The file system that it is on; the platform's where none is named.
    pub(crate) vfs: Option<&'static str>,
}

impl SqliteFile {
    /// A file of the platform.
    pub(crate) fn at(path: &Path) -> Self {
        Self { path: path.to_owned(), stepping: Stepping::Free, vfs: None }
    }

    /// Makes the file where it isn't there, for its owner's eyes alone: it holds personal data.
    fn make(&self) -> Result<(), StoreError> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let made = options.open(&self.path);
        made.map(|_| ()).map_err(|error| self.unreachable(&error))
    }

    fn open(&self) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = match self.vfs {
            None => Connection::open_with_flags(&self.path, flags),
            Some(vfs) => Connection::open_with_flags_and_vfs(&self.path, flags, vfs),
        };
        let conn = opened.map_err(|error| match fault(&error) {
            named if named.is_trouble() => named,
            _ => self.unreachable(&error),
        })?;
        conn.pragma_update(None, "foreign_keys", true).map_err(|error| fault(&error))?;
        // Or a statement is prepared anew whenever a value is bound to it.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(|error| fault(&error))?;
        conn.set_prepared_statement_cache_capacity(256);
        Ok(conn)
    }

    /// The simulator kills processes, which an unsynced file of the platform outlives; where the
    /// power can go, it syncs as in earnest.
    fn synchronous(&self) -> &'static str {
        match (self.stepping, self.vfs) {
            (Stepping::Simulated, None) => "off",
            (Stepping::Simulated, Some(_)) if planted::is("synchronous-off") => "off",
            (Stepping::Simulated, Some(_)) | (Stepping::Free, _) => "full",
        }
    }

    fn unreachable(&self, error: &dyn std::error::Error) -> StoreError {
        StoreError::Unreachable(format!("{}: {error}", self.path.display()))
    }
}

/// A connection to a SQLite file.
pub(crate) struct SqliteConn {
    conn: Connection,
    stepping: Stepping,
    is_of_the_platform: bool,
}

/// Memory of the writer for pages, in KiB below zero, as SQLite counts it.
const WRITER_CACHE: i64 = -65_536;
/// How many pages the log holds before they are carried to the file.
const CHECKPOINT: i64 = 4_000;

impl SqliteConn {
    /// Opens the file for writing, making it when it isn't there; on a file system that is named,
    /// it must be.
    pub(crate) fn writer(file: &SqliteFile) -> Result<Self, StoreError> {
        if file.vfs.is_none() {
            file.make()?;
        }
        let conn = file.open()?;
        if conn.is_readonly("main").map_err(|error| fault(&error))? {
            return Err(StoreError::ReadOnly(format!("{} can't be written", file.path.display())));
        }
        let mode: String = conn
            .query_row("pragma journal_mode = wal", [], |row| row.get(0))
            .map_err(|error| fault(&error))?;
        if mode != "wal" {
            return Err(StoreError::Unreachable(format!("journal_mode is {mode}, not wal")));
        }
        // Pages that a group touches again and again stay here, and reach the file once.
        conn.pragma_update(None, "cache_size", WRITER_CACHE).map_err(|error| fault(&error))?;
        conn.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)
            .map_err(|error| fault(&error))?;
        conn.pragma_update(None, "synchronous", file.synchronous())
            .map_err(|error| fault(&error))?;
        make_log_safe(&conn)?;
        let wait = if file.stepping == Stepping::Simulated { 0 } else { 10_000 };
        conn.busy_timeout(Duration::from_millis(wait)).map_err(|error| fault(&error))?;
        Ok(Self::of(file, conn))
    }

    /// Opens the file for reading only.
    pub(crate) fn reader(file: &SqliteFile) -> Result<Self, StoreError> {
        let conn = file.open()?;
        conn.pragma_update(None, "query_only", true).map_err(|error| fault(&error))?;
        conn.busy_timeout(Duration::from_secs(5)).map_err(|error| fault(&error))?;
        Ok(Self::of(file, conn))
    }

    fn of(file: &SqliteFile, conn: Connection) -> Self {
        Self { conn, stepping: file.stepping, is_of_the_platform: file.vfs.is_none() }
    }

    /// Takes the right away to change rows that never change, for the rest of its life.
    pub(crate) fn protect(&mut self) -> Result<(), StoreError> {
        let deny = |context: AuthContext<'_>| {
            let (AuthAction::Update { table_name, .. } | AuthAction::Delete { table_name }) =
                context.action
            else {
                return Authorization::Allow;
            };
            let may_change = CHANGING.contains(&table_name) || table_name.starts_with("sqlite_");
            if may_change { Authorization::Allow } else { Authorization::Deny }
        };
        self.conn.authorizer(Some(deny)).map_err(|error| fault(&error))
    }

    /// A statement of the schema.
    pub(crate) fn define(&self, sql: &str) -> Result<(), StoreError> {
        self.conn.execute_batch(sql).map_err(|error| fault(&error))
    }

    pub(crate) async fn control(&mut self, sql: &'static str) -> Result<(), StoreError> {
        step(self.stepping).await;
        self.control_now(sql)
    }

    /// Ends a transaction by making it durable. One that stays open, because it breaks a
    /// constraint or the file is busy, is to be rolled back. One that the disk failed SQLite has
    /// let go, but it may stand in the log, and be found there by whoever recovers it. So nothing
    /// is committed in its place: once that stands, the other is gone, and until then nobody knows.
    pub(crate) async fn commit(&mut self) -> Result<(), NotCommitted> {
        step(self.stepping).await;
        let Err(error) = self.conn.execute_batch("commit") else { return Ok(()) };
        let failed = fault(&error);
        if !self.conn.is_autocommit() || self.left_no_commit(&error) {
            return Err(NotCommitted::RolledBack(failed));
        }
        // It writes one page as it was.
        match self.control_now("pragma user_version = 0") {
            Ok(()) => Err(NotCommitted::RolledBack(failed)),
            Err(_) => Err(NotCommitted::Unknown(failed)),
        }
    }

    /// Whether a COMMIT can't stand in the log, because writing it failed: what makes it one is
    /// written last. Of a file system that is named we don't know that: where a write may damage
    /// its neighbours, SQLite writes more behind it.
    fn left_no_commit(&self, error: &rusqlite::Error) -> bool {
        let code = error.sqlite_error().map(|error| error.extended_code);
        self.is_of_the_platform && matches!(code, Some(ffi::SQLITE_FULL | ffi::SQLITE_IOERR_WRITE))
    }

    /// Ends a transaction that is still open; the database may have ended it already.
    pub(crate) async fn rollback(&mut self) -> Result<(), StoreError> {
        step(self.stepping).await;
        if self.conn.is_autocommit() { Ok(()) } else { self.control_now("rollback") }
    }

    fn control_now(&self, sql: &'static str) -> Result<(), StoreError> {
        self.conn.execute_batch(sql).map_err(|error| fault(&error))
    }

    pub(crate) async fn run(&mut self, bounds: &[Bound]) -> Result<Vec<Answer>, StoreError> {
        step(self.stepping).await;
        bounds.iter().map(|bound| self.one(bound)).collect()
    }

    /// Reads in one snapshot.
    pub(crate) async fn read(&mut self, bounds: &[Bound]) -> Result<Vec<Vec<Row>>, StoreError> {
        step(self.stepping).await;
        self.control_now("begin deferred")?;
        let read: Result<Vec<Answer>, StoreError> =
            bounds.iter().map(|bound| self.one(bound)).collect();
        // A disk that failed has ended the snapshot already, and what it said is what counts.
        let ended = if self.conn.is_autocommit() { Ok(()) } else { self.control_now("commit") };
        let answers = read?;
        ended?;
        Ok(answers.into_iter().map(|answer| answer.rows).collect())
    }

    /// A name of the state that the file is in: every commit of another connection changes it.
    pub(crate) fn state_name(&self) -> Result<String, StoreError> {
        let named = self.conn.prepare_cached("pragma data_version");
        let version = named.and_then(|mut pragma| pragma.query_row([], |row| row.get::<_, i64>(0)));
        version.map(|version| version.to_string()).map_err(|error| fault(&error))
    }

    /// Prepares a statement, to see whether the database understands it; gives the names of its
    /// columns.
    pub(crate) fn describe(&self, stmt: &'static Stmt) -> Result<usize, StoreError> {
        let prepared = self.conn.prepare(&text_of(stmt)).map_err(|error| fault(&error))?;
        if prepared.parameter_count() != stmt.params.len() {
            return Err(StoreError::Refused(format!("{}: wrong parameter count", stmt.name)));
        }
        Ok(prepared.column_count())
    }

    fn one(&self, bound: &Bound) -> Result<Answer, StoreError> {
        let stmt = bound.stmt;
        let broken = |error: rusqlite::Error| named(stmt, &error);
        let mut prepared = self.conn.prepare_cached(&text_of(stmt)).map_err(broken)?;
        for (place, value) in (1..).zip(&bound.params) {
            prepared.raw_bind_parameter(place, value).map_err(broken)?;
        }
        if stmt.row.is_empty() {
            let affected = prepared.raw_execute().map_err(broken)?;
            return Ok(Answer { rows: Vec::new(), affected: affected as u64 });
        }
        let mut rows = Vec::new();
        let mut cursor = prepared.raw_query();
        while let Some(row) = cursor.next().map_err(broken)? {
            rows.push(read_row(stmt, row)?);
        }
        Ok(Answer { affected: rows.len() as u64, rows })
    }
}

/// Moves what stands in the log into the file, and empties the log. What was found there may only
/// be in memory: after a sync that failed the system takes its pages for written, so that no later
/// sync writes them, and what is committed behind them would be lost with them. Where others have
/// the file open, they wrote the log themselves and nothing was found.
fn make_log_safe(conn: &Connection) -> Result<(), StoreError> {
    conn.busy_timeout(Duration::ZERO).map_err(|error| fault(&error))?;
    let moved = conn.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()));
    match moved.map_err(|error| fault(&error)) {
        Err(StoreError::Contended(_)) => Ok(()),
        moved => moved,
    }
}

async fn step(stepping: Stepping) {
    match stepping {
        Stepping::Free => {}
        Stepping::Simulated => crate::lane::yield_once().await,
    }
}

/// A statement's text with its parameters as SQLite numbers them: to it `$1` is a name, that has to
/// be looked for at each binding, and `?1` a number.
fn text_of(stmt: &'static Stmt) -> Cow<'static, str> {
    static TEXTS: LazyLock<BTreeMap<&'static str, String>> = LazyLock::new(|| {
        register::all().iter().map(|stmt| (stmt.name, stmt.sql.replace('$', "?"))).collect()
    });
    match TEXTS.get(stmt.name) {
        Some(text) => Cow::Borrowed(text),
        None => Cow::Owned(stmt.sql.replace('$', "?")),
    }
}

fn read_row(stmt: &'static Stmt, row: &rusqlite::Row<'_>) -> Result<Row, StoreError> {
    use crate::db::Kind;
    let wrong = || StoreError::Inconsistent(stmt.name);
    let mut values = Vec::with_capacity(stmt.row.len());
    for (index, kind) in stmt.row.iter().enumerate() {
        let cell = row.get_ref(index).map_err(|error| named(stmt, &error))?;
        values.push(match (kind, cell) {
            (_, ValueRef::Null) => Value::Null,
            (Kind::Uuid, ValueRef::Blob(bytes)) => {
                Value::Uuid(Uuid::from_slice(bytes).map_err(|_| wrong())?)
            }
            (Kind::Int, ValueRef::Integer(int)) => Value::Int(int),
            (Kind::Bool, ValueRef::Integer(int)) => Value::Bool(int != 0),
            (Kind::Text, ValueRef::Text(text)) => {
                Value::Text(String::from_utf8(text.to_vec()).map_err(|_| wrong())?)
            }
            (Kind::Bytes, ValueRef::Blob(bytes)) => Value::Bytes(bytes.to_vec()),
            _ => return Err(wrong()),
        });
    }
    Ok(Row::new(stmt, values))
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Uuid(uuid) => ValueRef::Blob(uuid.as_bytes()),
            Self::Int(int) => ValueRef::Integer(*int),
            Self::Bool(truth) => ValueRef::Integer(i64::from(*truth)),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn named(stmt: &Stmt, error: &rusqlite::Error) -> StoreError {
    let fault = fault(error);
    if let StoreError::Refused(text) = fault {
        return StoreError::Refused(format!("{}: {text}", stmt.name));
    }
    fault
}

fn fault(error: &rusqlite::Error) -> StoreError {
    use rusqlite::ErrorCode;
    // The extended code says whether it was a read, a write or a sync.
    let code = error.sqlite_error().map(|error| format!(" ({})", error.extended_code));
    let text = format!("{error}{}", code.unwrap_or_default());
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Contended(text),
        Some(ErrorCode::CannotOpen) => StoreError::Unreachable(text),
        Some(ErrorCode::DiskFull) => StoreError::DiskFull(text),
        Some(ErrorCode::ReadOnly) => StoreError::ReadOnly(text),
        Some(ErrorCode::SystemIoFailure) => StoreError::DiskFailed(text),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => StoreError::Damaged(text),
        Some(_) | None => StoreError::Refused(text),
    }
}
