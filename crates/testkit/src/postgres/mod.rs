//! Postgres for tests: one server per process, one database per test.
//!
//! ```no_run
//! # use abono_testkit::postgres;
//! let Some(server) = postgres::server() else { return };
//! let database = server.create_database();
//! println!("{}", database.url());
//! ```

mod pair;
mod throwaway;

pub use pair::{Answering, Pair};
use std::sync::OnceLock;
use std::{fmt, io, thread};
pub use throwaway::Throwaway;
use tokio_postgres::{Client, NoTls};

/// The environment variable that says which server to use, or `skip`.
pub const VARIABLE: &str = "ABONO_TEST_POSTGRES";

/// A server on which databases can be created.
#[derive(Debug)]
pub struct Server {
    url: String,
    /// Kept until the process ends.
    _throwaway: Option<Throwaway>,
}

/// The server for the tests of this process; `None` where the environment says to leave Postgres
/// out.
///
/// `ABONO_TEST_POSTGRES` is a URL like `postgres://user:password@host:5432/postgres` (without TLS)
/// or `skip`. Where it is unset, a throwaway cluster of the installed programs is started.
///
/// # Panics
/// Where there is neither; the text says how to get one.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Result<Option<Server>, String>> = OnceLock::new();
    match SERVER.get_or_init(|| Server::find(variable().as_deref())) {
        Ok(server) => server.as_ref(),
        Err(why) => panic!("{why}"),
    }
}

#[expect(clippy::disallowed_methods, reason = "a test has no `app` that could hand it in")]
fn variable() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|it| !it.is_empty())
}

impl Server {
    fn find(variable: Option<&str>) -> Result<Option<Self>, String> {
        match variable {
            Some("skip") => Ok(None),
            Some(url) => Ok(Some(Self { url: url.to_owned(), _throwaway: None })),
            None => match Throwaway::start() {
                Ok(it) => Ok(Some(Self { url: it.url().to_owned(), _throwaway: Some(it) })),
                Err(why) => Err(format!(
                    "these tests need Postgres, and none could be started: {why}\n\
                     Install postgresql, or set {VARIABLE} to the URL of a server on which \
                     databases can be created, or to `skip` to leave Postgres out."
                )),
            },
        }
    }

    /// Creates an empty database of its own name; it goes when the value is dropped.
    ///
    /// # Panics
    /// Where the server refuses or can't be reached.
    pub fn create_database(&self) -> TestDatabase {
        // The server makes the name, so that two processes never choose the same.
        let made = within_runtime(self.url.clone(), async |client| {
            let id = "select 'abono_test_' || replace(gen_random_uuid()::text, '-', '')";
            let name: String = client.query_one(id, &[]).await?.get(0);
            client.batch_execute(&format!("create database {name} template template0")).await?;
            Ok(name)
        });
        match made {
            Ok(name) => TestDatabase {
                url: with_database(&self.url, &name),
                server: self.url.clone(),
                name,
            },
            Err(why) => panic!("can't create a database on {}: {why}", without_password(&self.url)),
        }
    }
}

/// An empty database for one test.
pub struct TestDatabase {
    url: String,
    server: String,
    name: String,
}

impl TestDatabase {
    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl fmt::Debug for TestDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestDatabase").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Drop for TestDatabase {
    /// Drops the database and cuts off whoever is still connected to it.
    fn drop(&mut self) {
        let statement = format!("drop database if exists {} with (force)", self.name);
        // A database that stays is a nuisance and no reason to fail a test, or to hide its failure.
        let _ = within_runtime(self.server.clone(), async move |client| {
            client.batch_execute(&statement).await
        });
    }
}

/// Runs `work` on a connection of its own, from sync and async callers alike: in a thread with a
/// runtime of its own.
fn within_runtime<T, F>(url: String, work: F) -> io::Result<T>
where
    T: Send + 'static,
    F: AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error> + Send + 'static,
{
    let thread = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime
            .block_on(async {
                let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
                let connection = tokio::spawn(connection);
                let result = work(&client).await;
                drop(client);
                // Its own errors show in the result.
                let _ = connection.await;
                result
            })
            .map_err(io::Error::other)
    });
    thread.join().unwrap_or_else(|_| Err(io::Error::other("the thread of the connection panicked")))
}

/// The same server's URL with another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, options) = match url.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (url, String::new()),
    };
    let host = address.find("://").map_or(0, |it| it + 3);
    let end = address[host..].find('/').map_or(address.len(), |it| host + it);
    format!("{}/{name}{options}", &address[..end])
}

/// The URL as it may be shown.
fn without_password(url: &str) -> String {
    let start = url.find("://").map_or(0, |it| it + 3);
    match url[start..].find('@') {
        Some(at) => format!("{}…{}", &url[..start], &url[start + at..]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests;
