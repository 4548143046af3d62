//! A fresh, migrated database of each kind, for one test.

use crate::postgres::{self, TestDatabase};
use abono_store::{DatabaseUrl, Options, Store, migrate};
use sha2::{Digest, Sha256};
use std::future::Future;
use std::path::Path;
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

    /// The one number that a query gives, past the store.
    ///
    /// # Panics
    /// Where the database refuses it.
    pub async fn number(&self, sql: &str) -> i64 {
        match self.url() {
            DatabaseUrl::Sqlite(path) => {
                let conn = rusqlite::Connection::open(path).expect("the file opens");
                conn.busy_timeout(std::time::Duration::from_secs(10)).expect("a timeout");
                conn.query_row(sql, [], |row| row.get(0)).expect("a number")
            }
            DatabaseUrl::Postgres(url) => {
                let (client, connection) =
                    tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("connects");
                let driver = tokio::spawn(connection);
                let number = client.query_one(sql, &[]).await.expect("a row").get(0);
                drop(client);
                let _closed = driver.await;
                number
            }
        }
    }

    /// A digest of every row of every table: two are equal where nothing was changed in between.
    ///
    /// # Panics
    /// Where the database can't be read.
    pub async fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for row in self.rows().await {
            digest.update(row);
            digest.update("\n");
        }
        format!("{:x?}", digest.finalize())
    }

    /// Every row as text, with its table's name, in one order.
    async fn rows(&self) -> Vec<String> {
        let mut all = match self.url() {
            DatabaseUrl::Sqlite(path) => sqlite_rows(&path),
            DatabaseUrl::Postgres(url) => postgres_rows(&url).await,
        };
        all.sort();
        all
    }

    /// A uuid as this database's SQL writes it.
    pub fn uuid(&self, id: uuid::Uuid) -> String {
        match self {
            Self::Sqlite(_) => format!("x'{}'", id.simple()),
            Self::Postgres(_) => format!("'{id}'"),
        }
    }
}

fn sqlite_rows(path: &Path) -> Vec<String> {
    let conn = rusqlite::Connection::open(path).expect("the file opens");
    let texts = |sql: &str| -> Vec<String> {
        let mut statement = conn.prepare(sql).expect("it is SQL");
        let columns = statement.column_count();
        let text = |row: &rusqlite::Row<'_>| {
            let value = |column| row.get_ref(column).map(|value| format!("{value:?}"));
            (0..columns).map(value).collect::<Result<Vec<_>, _>>().map(|row| row.join("|"))
        };
        let rows = statement.query_map([], text).expect("it runs");
        rows.collect::<Result<_, _>>().expect("rows")
    };
    let mut tables = conn
        .prepare("select name from sqlite_master where type = 'table'")
        .expect("every file has this table");
    let names = tables.query_map([], |row| row.get::<_, String>(0)).expect("it runs");
    let rows_of = |name: String| {
        let rows = texts(&format!("select * from {name}"));
        rows.into_iter().map(move |row| format!("{name}: {row}"))
    };
    names.map(|name| name.expect("a name")).flat_map(rows_of).collect()
}

async fn postgres_rows(url: &str) -> Vec<String> {
    let (client, connection) =
        tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("connects");
    let driver = tokio::spawn(connection);
    let tables = "select tablename::text from pg_tables where schemaname = 'public'";
    let mut all = Vec::new();
    for table in client.query(tables, &[]).await.expect("tables") {
        let name: String = table.get(0);
        let sql = format!("select (t.*)::text from {name} t");
        let rows = client.query(&sql, &[]).await.expect("rows");
        all.extend(rows.iter().map(|row| format!("{name}: {}", row.get::<_, String>(0))));
    }
    drop(client);
    let _closed = driver.await;
    all
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

/// What a test's own futures run on.
///
/// # Panics
/// Where none can be made.
pub fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

#[expect(clippy::print_stdout, reason = "a failed test shows on which database it failed")]
fn announce(kind: &str) {
    println!("on {kind}:");
}
