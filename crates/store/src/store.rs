//! The store: where the books are, how they are read, how a batch is committed.

use crate::batch::{Batch, Verdict};
use crate::db::{Kind, StoreError};
use crate::lane::{Delay, Lane};
use crate::postgres::{self, PostgresConn};
use crate::query::{Query, ReadBatch, Results};
use crate::sqlite::{SqliteConn, SqliteFile, Stepping};
use crate::{migrate, register};
use deadpool_postgres::Pool;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Where the books are: `sqlite:PATH` or `postgres://...`.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(PathBuf),
    /// A server, or several of which one takes writes.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        if let Some(path) = text.strip_prefix("sqlite:").filter(|path| !path.is_empty()) {
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let hint = "a database is `sqlite:PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME`";
        Err(StoreError::Address(hint.to_owned()))
    }
}

impl fmt::Display for DatabaseUrl {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", ""));
                let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
                write!(f, "{scheme}://{}", host.split('?').next().unwrap_or_default())
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How a store runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Options {
    /// With threads and tasks of its own.
    Serving,
    /// Every step yields to a seeded executor, on one thread; SQLite only, on a file without syncs.
    Simulated,
    /// SQLite only, on migrated files of the file system that is registered under this name; with
    /// syncs, whoever steps.
    On {
        /// The file system's name.
        vfs: &'static str,
        /// How it runs.
        stepping: Stepping,
    },
}

impl Options {
    fn file(self, path: &Path) -> SqliteFile {
        let (stepping, vfs) = match self {
            Self::Serving => (Stepping::Free, None),
            Self::Simulated => (Stepping::Simulated, None),
            Self::On { vfs, stepping } => (stepping, Some(vfs)),
        };
        SqliteFile { path: path.to_owned(), stepping, vfs }
    }
}

/// The books.
pub struct Store {
    backend: Backend,
    lanes: Vec<Lane>,
    delay: Delay,
}

enum Backend {
    Sqlite { file: SqliteFile, idle: Mutex<Vec<SqliteConn>> },
    Postgres(Pool),
}

/// How many transactions one node has under way on Postgres.
const POSTGRES_LANES: usize = 4;
/// How many connections one node holds on Postgres.
const POSTGRES_POOL: usize = 24;

impl Store {
    /// Opens migrated books.
    ///
    /// # Errors
    /// [`StoreError::Schema`] where they are not of this program's version.
    pub async fn open(url: &DatabaseUrl, options: Options) -> Result<Self, StoreError> {
        let delay = Delay::default();
        let store = match url {
            DatabaseUrl::Sqlite(path) => {
                let file = options.file(path);
                let mut writer = SqliteConn::writer(&file)?;
                writer.protect()?;
                let lane = match file.stepping {
                    Stepping::Free => Lane::thread(writer, delay.clone())?,
                    Stepping::Simulated => Lane::inline(writer),
                };
                let backend = Backend::Sqlite { file, idle: Mutex::new(Vec::new()) };
                Self { backend, lanes: vec![lane], delay }
            }
            DatabaseUrl::Postgres(url) => {
                let pool = postgres::pool(url, POSTGRES_POOL)?;
                // Readers must not keep a commit waiting for a connection.
                let committing = postgres::pool(url, POSTGRES_LANES)?;
                let lane = |_| Lane::task(committing.clone(), delay.clone());
                let lanes = (0..POSTGRES_LANES).map(lane).collect();
                Self { backend: Backend::Postgres(pool), lanes, delay }
            }
        };
        let version = match store.query(migrate::version()).await {
            // There is no table of versions: the books were never migrated.
            Err(StoreError::Refused(_)) => Ok(0),
            found => found,
        };
        version.and_then(migrate::check)?;
        Ok(store)
    }

    /// Reads in one snapshot.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn read(&self, batch: ReadBatch) -> Result<Results, StoreError> {
        let sets = match &self.backend {
            Backend::Sqlite { file, idle } => {
                let free = lock(idle).pop();
                let mut conn = match free {
                    Some(conn) => conn,
                    None => SqliteConn::reader(file)?,
                };
                let sets = conn.read(&batch.bounds).await?;
                lock(idle).push(conn);
                sets
            }
            Backend::Postgres(pool) => {
                PostgresConn::connect(pool).await?.read(&batch.bounds).await?
            }
        };
        Ok(Results { sets })
    }

    /// One read in a snapshot of its own, for a view: nothing may be decided on it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn query<T, O>(&self, query: Query<T, O>) -> Result<T, StoreError> {
        let mut batch = ReadBatch::default();
        let slot = batch.add(query);
        self.read(batch).await?.take(slot)
    }

    /// Delays each commit from now on, to see what a slower disk does.
    pub fn delay_commits(&self, by: std::time::Duration) {
        self.delay.set(by);
    }

    /// Commits a batch, together with others. Commands of one tenant share a lane.
    pub async fn commit(&self, batch: Batch) -> Verdict {
        let lane = lane_of(batch.tenant, self.lanes.len());
        match self.lanes.get(lane) {
            Some(lane) => lane.commit(batch).await,
            None => Verdict::Failed(StoreError::Unreachable("no committer".to_owned())),
        }
    }

    /// Prepares every statement of the register and compares its kinds with the database's.
    ///
    /// # Errors
    /// The first statement that the database doesn't understand as it is declared.
    pub async fn check_register(&self) -> Result<usize, StoreError> {
        for stmt in register::all() {
            let wrong = |what| StoreError::Refused(format!("{}: {what}", stmt.name));
            match &self.backend {
                Backend::Sqlite { file, .. } => {
                    let columns = SqliteConn::reader(file)?.describe(stmt)?;
                    let expected = stmt.row.len();
                    if expected != 0 && columns != expected {
                        return Err(wrong("wrong number of columns"));
                    }
                }
                Backend::Postgres(pool) => {
                    let conn = PostgresConn::connect(pool).await?;
                    let (params, columns) = conn.describe(stmt).await?;
                    if !same(stmt.params, &params)
                        || (!stmt.row.is_empty() && !same(stmt.row, &columns))
                    {
                        return Err(wrong("kinds differ from the database's"));
                    }
                }
            }
        }
        Ok(register::all().len())
    }
}

fn same(kinds: &[Kind], found: &[tokio_postgres::types::Type]) -> bool {
    kinds.len() == found.len()
        && kinds.iter().zip(found).all(|(kind, found)| postgres::is_kind(*kind, found))
}

fn lane_of(tenant: Uuid, lanes: usize) -> usize {
    let lanes = u128::try_from(lanes.max(1)).unwrap_or(1);
    usize::try_from(tenant.as_u128() % lanes).unwrap_or(0)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
