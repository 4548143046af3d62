//! A fresh, migrated database of each kind, for one test.

use crate::postgres::{self, TestDatabase};
use abono_store::{DatabaseUrl, Options, Store, migrate};
use std::future::Future;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// A database that goes when it is dropped.
pub enum Database {
    /// A file in a folder of its own.
    Sqlite(TempDir),
    /// A database on the server for tests.
    Postgres(TestDatabase),
}

impl Database {
    /// A new SQLite file.
    ///
    /// # Panics
    /// Where no folder can be made.
    pub fn sqlite() -> Self {
        Self::Sqlite(TempDir::new().expect("a folder for the test"))
    }

    /// A new database on Postgres; `None` where the environment leaves Postgres out.
    pub fn postgres() -> Option<Self> {
        postgres::server().map(|server| Self::Postgres(server.create_database()))
    }

    /// Its kind, for messages.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// Where it is.
    pub fn url(&self) -> DatabaseUrl {
        match self {
            Self::Sqlite(folder) => DatabaseUrl::Sqlite(folder.path().join("abono.db")),
            Self::Postgres(database) => DatabaseUrl::Postgres(database.url().to_owned()),
        }
    }

    /// Where it is, as text for a command line.
    pub fn url_text(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite:{}", folder.path().join("abono.db").display()),
            Self::Postgres(database) => database.url().to_owned(),
        }
    }

    /// A store over it, migrated; any number of them are nodes over one database.
    ///
    /// # Panics
    /// Where it can't be opened.
    pub async fn store(&self) -> Store {
        migrate(&self.url()).await.expect("migrations run");
        Store::open(&self.url(), Options::Serving).await.expect("the store opens")
    }

    /// Runs SQL past the store, as somebody with the database's own client would.
    ///
    /// # Panics
    /// Where the database refuses it.
    pub async fn tamper(&self, sql: &str) {
        self.try_tamper(sql).await.unwrap_or_else(|why| panic!("{sql}: {why}"));
    }

    /// As [`Database::tamper`], for what the database should refuse.
    ///
    /// # Errors
    /// What the database says.
    ///
    /// # Panics
    /// Where it can't be reached.
    pub async fn try_tamper(&self, sql: &str) -> Result<(), String> {
        match self.url() {
            DatabaseUrl::Sqlite(path) => {
                let conn = rusqlite::Connection::open(path).expect("the file opens");
                conn.busy_timeout(std::time::Duration::from_secs(10)).expect("a timeout");
                conn.pragma_update(None, "foreign_keys", true).expect("the setting");
                conn.execute_batch(sql).map_err(|error| error.to_string())
            }
            DatabaseUrl::Postgres(url) => {
                let (client, connection) =
                    tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("connects");
                let driver = tokio::spawn(connection);
                let done = client.batch_execute(sql).await.map_err(|error| format!("{error:?}"));
                drop(client);
                let _closed = driver.await;
                done
            }
        }
    }

    /// A uuid as this database's SQL writes it.
    pub fn uuid(&self, id: uuid::Uuid) -> String {
        match self {
            Self::Sqlite(_) => format!("x'{}'", id.simple()),
            Self::Postgres(_) => format!("'{id}'"),
        }
    }
}

/// Runs a test on a fresh database of each kind.
///
/// # Panics
/// Where the test does, after saying on which database.
pub fn on_each_database<F: Future<Output = ()>>(test: impl Fn(Database) -> F) {
    let databases = [Some(Database::sqlite()), Database::postgres()];
    for database in databases.into_iter().flatten() {
        announce(database.kind());
        runtime().block_on(test(database));
    }
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

#[expect(clippy::print_stdout, reason = "a failed test shows on which database it failed")]
fn announce(kind: &str) {
    println!("on {kind}:");
}
