//! Two Postgres servers of one's own: a primary, and a standby that can be promoted.

use super::throwaway::{Making, Throwaway};
use super::{variable, within_runtime};
use std::process::Command;
use std::time::Duration;
use std::{fmt, io, thread};

/// When the primary answers a COMMIT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answering {
    /// Once both have it on disk.
    AfterBoth,
    /// Once it has it on disk itself; the standby follows as fast as it can.
    AfterPrimary,
}

/// A primary and its standby, with everything on disk that they answer.
pub struct Pair {
    primary: Throwaway,
    standby: Throwaway,
}

impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pair").field("url", &self.url()).finish_non_exhaustive()
    }
}

impl Pair {
    /// Makes both and waits until the standby follows; `None` where the environment leaves Postgres
    /// out.
    ///
    /// # Panics
    /// Where the programs of Postgres aren't installed, or fail.
    pub fn start(answering: Answering) -> Option<Self> {
        if variable().as_deref() == Some("skip") {
            return None;
        }
        Some(Self::make(answering).unwrap_or_else(|why| panic!("no pair of servers: {why}")))
    }

    fn make(answering: Answering) -> io::Result<Self> {
        let (waits_for, state) = match answering {
            Answering::AfterBoth => ("standby", "sync"),
            Answering::AfterPrimary => ("", "async"),
        };
        let settings = format!(
            "fsync = on\nfull_page_writes = on\nsynchronous_commit = on\n\
             synchronous_standby_names = '{waits_for}'"
        );
        let primary = Throwaway::make(Making { settings: &settings, primary: None })?;
        let settings = format!("{settings}\ncluster_name = 'standby'");
        let making = Making { settings: &settings, primary: Some(primary.port()) };
        let pair = Self { standby: Throwaway::make(making)?, primary };
        for _ in 0..600 {
            if pair.state()?.as_deref() == Some(state) {
                return Ok(pair);
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err(io::Error::other("the standby doesn't follow"))
    }

    /// How the primary sees its standby.
    fn state(&self) -> io::Result<Option<String>> {
        within_runtime(self.primary.url().to_owned(), async |client| {
            let query = "select sync_state from pg_stat_replication where state = 'streaming'";
            Ok(client.query_opt(query, &[]).await?.map(|row| row.get(0)))
        })
    }

    /// The address of both, for who looks for the one that takes writes.
    pub fn url(&self) -> String {
        let (primary, standby) = (self.primary.port(), self.standby.port());
        format!("postgres://postgres@127.0.0.1:{primary},127.0.0.1:{standby}/postgres")
    }

    /// Ends the primary and all its sessions with -9.
    ///
    /// # Panics
    /// Where that isn't possible.
    pub fn kill_primary(&self) {
        self.primary.kill().expect("the primary is killed");
    }

    /// Stops the primary in the middle of whatever it does: it still takes connections, and never
    /// answers.
    ///
    /// # Panics
    /// Where that isn't possible.
    pub fn freeze_primary(&self) {
        self.primary.signal("-STOP").expect("the primary is stopped");
    }

    /// Makes the standby a primary; returns when it takes writes.
    ///
    /// # Panics
    /// Where it doesn't.
    pub fn promote(&self) {
        self.on_standby("select pg_promote(true, 60)").expect("it is promoted");
    }

    /// Lets the promoted server answer without a standby, as an operator would who has none.
    ///
    /// # Panics
    /// Where that isn't possible.
    pub fn answer_alone(&self) {
        self.on_standby("alter system set synchronous_standby_names = ''").expect("a setting");
        self.on_standby("select pg_reload_conf()").expect("it is read");
    }

    fn on_standby(&self, sql: &'static str) -> io::Result<()> {
        let work = async |client: &tokio_postgres::Client| client.batch_execute(sql).await;
        within_runtime(self.standby.url().to_owned(), work)
    }

    /// Keeps the standby from hearing of anything new, until the primary is killed.
    ///
    /// # Panics
    /// Where that isn't possible.
    pub fn cut_off_standby(&self) {
        let sender: i32 = within_runtime(self.primary.url().to_owned(), async |client| {
            Ok(client.query_one("select pid from pg_stat_replication", &[]).await?.get(0))
        })
        .expect("it sends");
        let stopped = Command::new("kill").args(["-STOP", &sender.to_string()]).status();
        assert!(stopped.is_ok_and(|status| status.success()), "the sender isn't stopped");
    }
}

impl Drop for Pair {
    /// Who is stopped can't be ended.
    fn drop(&mut self) {
        let _killed = self.primary.signal("-CONT");
    }
}
