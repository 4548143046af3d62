//! Migrations: forward only, idempotent, safe to run twice and by two nodes at once.
//!
//! On Postgres each statement is a transaction of its own (distributed engines allow one DDL per
//! transaction) and may be repeated; the version is written after the last.

use crate::db::{Answer, Row, StoreError, bind, statements};
use crate::postgres::{self, PostgresConn};
use crate::query::{Immutable, Query};
use crate::sqlite::{SqliteConn, SqliteFile};
use crate::store::DatabaseUrl;
use std::time::Duration;

/// The steps, oldest first; a step never changes once it is released. Versions before the first of
/// them never were: their books can't be brought to this one.
const STEPS: [(i64, &str); 1] = [(7, include_str!("../migrations/0007_books.sql"))];

/// The tables whose rows may change or go, on both databases; those of all others are written once.
/// The balance is the one sum that is kept.
pub(crate) const CHANGING: [&str; 17] = [
    "access_key",
    "balance",
    "checkout_state",
    "clock",
    "counter",
    "delivery_state",
    "document_state",
    "idempotency",
    "job",
    "outbox",
    "plan_change_state",
    "product_group_state",
    "provider_refund_state",
    "root",
    "subscription_state",
    "termination_state",
    "unique_claim",
];

const VERSION_TABLE: &str = "create table if not exists schema_version (
  version {int} not null primary key
){strict}";

statements! {
    SCHEMA_VERSION = "select cast(coalesce(max(version), 0) as bigint) from schema_version", []
        => [Int];
}

/// The version of the books.
pub(crate) fn version() -> Query<i64, Immutable> {
    Query::rows(bind!(SCHEMA_VERSION), |mut row: Row| row.int())
        .map(|rows| Ok(rows.first().copied().unwrap_or(0)))
}

fn found(answers: Vec<Answer>) -> Result<i64, StoreError> {
    let row = answers.into_iter().flat_map(|answer| answer.rows).next();
    row.map_or(Ok(0), |mut row| row.int())
}

/// Refuses books of another version.
pub(crate) fn check(found: i64) -> Result<(), StoreError> {
    let newest = STEPS.last().map_or(0, |(version, _)| *version);
    if found == newest {
        return Ok(());
    }
    let hint = match found {
        newer if newer > newest => "use a newer abono",
        unreleased if is_unreleased(unreleased) => UNRELEASED,
        _ => "run `abono migrate`",
    };
    Err(StoreError::Schema(format!(
        "the database has schema version {found}, this program needs {newest}: {hint}"
    )))
}

/// Whether no release ever made such books.
fn is_unreleased(found: i64) -> bool {
    found > 0 && STEPS.first().is_some_and(|(first, _)| found < *first)
}

const UNRELEASED: &str = "it was made before the first release; make the books anew";

/// Refuses to migrate books that a newer program has migrated, or one that was never released.
fn refuse_foreign(found: i64) -> Result<(), StoreError> {
    let newest = STEPS.last().map_or(0, |(version, _)| *version);
    if found > newest || is_unreleased(found) { check(found) } else { Ok(()) }
}

/// Brings the books to this program's version, making them where they aren't there.
///
/// # Errors
/// [`StoreError::Schema`] where they are newer.
pub async fn migrate(url: &DatabaseUrl) -> Result<(), StoreError> {
    match url {
        DatabaseUrl::Sqlite(path) => {
            let mut conn = SqliteConn::writer(&SqliteFile::at(path))?;
            // One transaction, so that a file is either migrated or as it was.
            conn.define("begin immediate")?;
            conn.define(&sqlite_words(VERSION_TABLE))?;
            refuse_foreign(conn.run(&[bind!(SCHEMA_VERSION)]).await.and_then(found)?)?;
            for statement in statements() {
                conn.define(&sqlite_words(&statement))?;
            }
            conn.define("commit")?;
        }
        DatabaseUrl::Postgres(url) => {
            let mut conn = PostgresConn::connect(&postgres::pool(url, 1)?).await?;
            define(&conn, &postgres_words(VERSION_TABLE)).await?;
            refuse_foreign(conn.run(&[bind!(SCHEMA_VERSION)]).await.and_then(found)?)?;
            for statement in statements() {
                define(&conn, &postgres_words(&statement)).await?;
            }
        }
    }
    Ok(())
}

/// Whether nothing was ever migrated there.
///
/// # Errors
/// [`StoreError`], where the database can't be reached.
pub async fn is_new(url: &DatabaseUrl) -> Result<bool, StoreError> {
    let version = [bind!(SCHEMA_VERSION)];
    let answers = match url {
        DatabaseUrl::Sqlite(path) => SqliteConn::writer(&SqliteFile::at(path))?.run(&version).await,
        DatabaseUrl::Postgres(url) => {
            PostgresConn::connect(&postgres::pool(url, 1)?).await?.run(&version).await
        }
    };
    match answers {
        // There is no table of versions.
        Err(StoreError::Refused(_)) => Ok(true),
        answers => Ok(found(answers?)? == 0),
    }
}

/// Gives a Postgres role what serving needs and no more: it can't change or delete what never
/// changes. The balance is the one sum that is kept, and is set.
///
/// # Errors
/// [`StoreError::Address`] for SQLite, or for a name that isn't a plain role name.
pub async fn grant_serving(url: &DatabaseUrl, role: &str) -> Result<(), StoreError> {
    let DatabaseUrl::Postgres(url) = url else {
        return Err(StoreError::Address("roles are Postgres's; SQLite has none".to_owned()));
    };
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if role.is_empty() || !role.bytes().all(plain) {
        let hint = "a role name has lower-case letters, digits and underscores";
        return Err(StoreError::Address(hint.to_owned()));
    }
    let conn = PostgresConn::connect(&postgres::pool(url, 1)?).await?;
    conn.define(&format!("grant usage on schema public to {role}")).await?;
    conn.define(&format!("grant select, insert on all tables in schema public to {role}")).await?;
    for table in CHANGING {
        conn.define(&format!("grant update, delete on {table} to {role}")).await?;
    }
    Ok(())
}

/// Two nodes that create one table at once may both fail to see it first; one of them then reads
/// "already exists" or a unique violation in the catalogue, and finds it on the next try.
async fn define(conn: &PostgresConn, sql: &str) -> Result<(), StoreError> {
    let mut tries = 0;
    loop {
        match conn.define(sql).await {
            Err(StoreError::Refused(_)) if tries < 5 => {
                tries += 1;
                tokio::time::sleep(Duration::from_millis(50 * tries)).await;
            }
            done => return done,
        }
    }
}

fn statements() -> Vec<String> {
    let mut all = Vec::new();
    for (version, step) in STEPS {
        let text: Vec<&str> =
            step.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
        let text = text.join("\n");
        let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
        all.extend(parts.map(str::to_owned));
        all.push(format!(
            "insert into schema_version (version) values ({version}) on conflict do nothing"
        ));
    }
    all
}

fn sqlite_words(statement: &str) -> String {
    spell(
        statement,
        [
            ("uuid", "blob"),
            ("int", "integer"),
            ("text", "text"),
            ("bytes", "blob"),
            ("bool", "integer"),
            ("strict", " strict"),
        ],
    )
}

fn postgres_words(statement: &str) -> String {
    spell(
        statement,
        [
            ("uuid", "uuid"),
            ("int", "bigint"),
            ("text", "text collate \"C\""),
            ("bytes", "bytea"),
            ("bool", "boolean"),
            ("strict", ""),
        ],
    )
}

fn spell(statement: &str, words: [(&str, &str); 6]) -> String {
    words.iter().fold(statement.to_owned(), |text, (word, spelling)| {
        text.replace(&format!("{{{word}}}"), spelling)
    })
}
