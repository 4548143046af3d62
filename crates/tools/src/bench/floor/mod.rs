//! The floor: what the bare parts do where the product does its work, in a process of its own.
//!
//! Reads: axum without any layer of ours, answering the same bytes. Writes on SQLite: the same
//! axum in front of a group commit of the same rows. Writes on Postgres: 32 connections that each
//! insert the same rows, without HTTP.

mod answer;
mod postgres;
mod rows;
mod sqlite;

pub(super) use rows::{Books, Template};

use super::BenchError;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

/// An answer of the product, to be given again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Answer {
    /// Its route, as axum writes it.
    pub(super) route: String,
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

/// What a floor does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Spec {
    /// What it answers.
    pub(super) answer: Answer,
    /// What it writes first, where the product writes.
    pub(super) writes: Option<Writes>,
}

/// What is written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Writes {
    /// Where, as an address; migrated, and empty.
    pub(super) database: String,
    pub(super) rows: Template,
    /// By how much each COMMIT is delayed, in microseconds.
    pub(super) delay: u64,
}

/// Plays the floor that the first line of standard input describes, until it is killed or standard
/// input ends.
///
/// # Errors
/// It can't be understood, or the database fails.
pub async fn play() -> Result<(), BenchError> {
    let mut input = BufReader::new(tokio::io::stdin()).lines();
    let spec = input.next_line().await?.unwrap_or_default();
    let spec: Spec = serde_json::from_str(&spec)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let answer = spec.answer.clone();
    let on_server = match spec.writes {
        None => {
            tokio::spawn(answer::serve(listener, answer, None));
            None
        }
        Some(writes) => match writes.database.strip_prefix("sqlite:") {
            Some(path) => {
                let committer = sqlite::committer(path, writes.rows, writes.delay)?;
                tokio::spawn(answer::serve(listener, answer, Some(committer)));
                None
            }
            None => Some(postgres::Inserts::open(writes).await?),
        },
    };
    say(&format!("listening on http://{address}")).await?;
    while let Some(line) = input.next_line().await? {
        if let (Some(inserts), Ok(millis)) = (&on_server, line.parse()) {
            say(&serde_json::to_string(&inserts.run(millis).await?)?).await?;
        }
    }
    Ok(())
}

async fn say(line: &str) -> Result<(), BenchError> {
    let mut output = tokio::io::stdout();
    output.write_all(format!("{line}\n").as_bytes()).await?;
    Ok(output.flush().await?)
}
