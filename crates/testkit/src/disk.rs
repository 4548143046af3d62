//! Books on a disk in memory, which fails and loses power as a test wants it.

use crate::database::Database;
use abono_simvfs::Disk;
use abono_store::{DatabaseUrl, Options, Stepping, Store, StoreError};
use std::path::PathBuf;

/// The file in which the books are.
pub const BOOKS: &str = "abono.db";

/// Migrated books in which nothing was written yet, to be put on a disk.
///
/// # Panics
/// Where they can't be made.
pub async fn empty_books() -> Vec<u8> {
    let database = Database::sqlite();
    drop(database.store().await);
    let DatabaseUrl::Sqlite(path) = database.url() else { unreachable!("it is a file") };
    // So that everything is in the file and nothing in its log.
    let conn = rusqlite::Connection::open(&path).expect("the file opens");
    let emptied = conn.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()));
    emptied.expect("nobody else has it open");
    drop(conn);
    std::fs::read(path).expect("the file is read")
}

/// A store over the books on a disk, on the caller's thread alone.
///
/// # Errors
/// Where it can't be opened.
pub async fn store_on(disk: &Disk) -> Result<Store, StoreError> {
    let options = Options::On { vfs: disk.vfs(), stepping: Stepping::Simulated };
    Store::open(&DatabaseUrl::Sqlite(PathBuf::from(BOOKS)), options).await
}

/// What SQLite's own check finds in the books on a disk.
///
/// # Panics
/// Where they can't be read.
pub fn soundness(disk: &Disk) -> String {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
    let conn = rusqlite::Connection::open_with_flags_and_vfs(BOOKS, flags, disk.vfs());
    let conn = conn.expect("the file opens");
    conn.query_row("pragma integrity_check", [], |row| row.get(0)).expect("it is checked")
}
