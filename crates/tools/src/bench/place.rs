//! Where the books of a bench lie: a new file, or a new database on a server; gone afterwards.

use super::BenchError;
use abono_store::DatabaseUrl;
use std::path::{Path, PathBuf};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

/// A database that was made for one bench.
pub(super) enum Place {
    /// A file.
    File(PathBuf),
    /// A database of a server, and the server.
    OnServer { server: String, name: String },
}

impl Place {
    /// Makes one: the file itself, or a database beside the one that the address names.
    ///
    /// # Errors
    /// The file is there already, or the server can't be reached or makes no database.
    pub(super) async fn make(on: &DatabaseUrl, what: &str, id: Uuid) -> Result<Self, BenchError> {
        match on {
            DatabaseUrl::Sqlite(path) => {
                let path = path.with_extension(format!("{what}.db"));
                if path.exists() {
                    return Err(BenchError(format!(
                        "{} is there already: a bench makes books of its own",
                        path.display()
                    )));
                }
                Ok(Self::File(path))
            }
            DatabaseUrl::Postgres(server) => {
                let name = format!("abono_bench_{what}_{}", id.simple());
                connect(server).await?.batch_execute(&format!("create database {name}")).await?;
                Ok(Self::OnServer { server: server.clone(), name })
            }
        }
    }

    /// Its address.
    pub(super) fn url(&self) -> DatabaseUrl {
        match self {
            Self::File(path) => DatabaseUrl::Sqlite(path.clone()),
            Self::OnServer { server, name } => DatabaseUrl::Postgres(beside(server, name)),
        }
    }

    /// Its address as text, with everything that is needed to reach it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::File(path) => format!("sqlite:{}", path.display()),
            Self::OnServer { server, name } => beside(server, name),
        }
    }

    /// Takes it away.
    ///
    /// # Errors
    /// The server can't be reached.
    pub(super) async fn remove(self) -> Result<(), BenchError> {
        match self {
            Self::File(path) => {
                for file in files(&path) {
                    // What isn't there needs no taking away.
                    let _gone = std::fs::remove_file(file);
                }
            }
            Self::OnServer { server, name } => {
                let drop = format!("drop database if exists {name} with (force)");
                connect(&server).await?.batch_execute(&drop).await?;
            }
        }
        Ok(())
    }
}

/// A SQLite file and what lies beside it while it is used.
fn files(path: &Path) -> [PathBuf; 4] {
    let beside = |ending: &str| PathBuf::from(format!("{}{ending}", path.display()));
    [path.to_owned(), beside("-wal"), beside("-shm"), beside(".secret")]
}

/// A connection that goes on by itself.
pub(super) async fn connect(url: &str) -> Result<Client, BenchError> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// The address of another database of the same server.
fn beside(server: &str, name: &str) -> String {
    let (address, options) = match server.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (server, String::new()),
    };
    let host_at = address.find("://").map_or(0, |place| place + 3);
    let path_at = address[host_at..].find('/').map_or(address.len(), |place| host_at + place);
    format!("{}/{name}{options}", &address[..path_at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_lies_beside_the_one_that_is_named() {
        for (server, expected) in [
            ("postgres://a:b@h:5432/x", "postgres://a:b@h:5432/n"),
            ("postgres://h", "postgres://h/n"),
            ("postgres://h/x?host=/run/p", "postgres://h/n?host=/run/p"),
        ] {
            assert_eq!(beside(server, "n"), expected);
        }
    }
}
