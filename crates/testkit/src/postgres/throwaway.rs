//! A Postgres cluster made for one process, which leaves nothing behind however that process ends.

use std::env::split_paths;
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Runs beside us, waits for our end and cleans up; see its head for how.
const KEEPER: &str = include_str!("throwaway.sh");

/// Where Debian's packages put the programs, one folder per version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// What the keeper says before the folder of a server that takes connections.
const READY: &str = "ready ";

/// Between finding a free port and listening on it, another process may take it.
const ATTEMPTS: usize = 3;

/// A running throwaway cluster: superuser `postgres` without a password, on 127.0.0.1 alone.
#[derive(Debug)]
pub struct Throwaway {
    port: u16,
    url: String,
    folder: PathBuf,
    keeper: Child,
}

/// What a cluster is made like.
#[derive(Clone, Copy, Default)]
pub(super) struct Making<'a> {
    /// Lines of `postgresql.conf`.
    pub(super) settings: &'a str,
    /// The port of the server that it is a standby of.
    pub(super) primary: Option<u16>,
}

impl Throwaway {
    /// Makes a cluster with the installed programs and starts it, in a second or two.
    ///
    /// # Errors
    /// Postgres isn't installed, or its programs fail; the text says what they said.
    pub fn start() -> io::Result<Self> {
        Self::make(Making::default())
    }

    pub(super) fn make(making: Making<'_>) -> io::Result<Self> {
        let bin = programs().ok_or_else(|| {
            let text = format!("no initdb in PATH or in {DEBIAN}/*/bin: install postgresql");
            io::Error::new(io::ErrorKind::NotFound, text)
        })?;
        let mut attempt = Self::start_on(&bin, free_port()?, making);
        for _ in 1..ATTEMPTS {
            if attempt.is_ok() {
                break;
            }
            attempt = Self::start_on(&bin, free_port()?, making);
        }
        attempt
    }

    fn start_on(bin: &Path, port: u16, making: Making<'_>) -> io::Result<Self> {
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "throwaway.sh"])
            .arg(bin)
            .args([&port.to_string(), making.settings])
            .args(making.primary.map(|primary| primary.to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // A Ctrl-C in the terminal is for us, not for the one who cleans up after us.
            .process_group(0)
            .spawn()?;
        let mut said = String::new();
        if let Some(output) = keeper.stdout.take() {
            let mut output = BufReader::new(output);
            output.read_line(&mut said)?;
            if !said.starts_with(READY) {
                output.read_to_string(&mut said)?;
            }
        }
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let folder = said.trim().strip_prefix(READY).map(PathBuf::from);
        let is_ready = folder.is_some();
        // Whatever it said, it is waited for.
        let started = Self { port, url, folder: folder.unwrap_or_default(), keeper };
        if is_ready { Ok(started) } else { Err(io::Error::other(said.trim().to_owned())) }
    }

    /// Where it listens.
    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    /// Ends all of its processes at once, as a machine does that loses its power.
    pub(super) fn kill(&self) -> io::Result<()> {
        self.signal("-KILL")?;
        // The keeper would take it for one that runs.
        fs::remove_file(self.folder.join("data/postmaster.pid"))
    }

    /// Sends a signal to the server and to each of its sessions, to the server first, so that it
    /// doesn't notice what becomes of them.
    pub(super) fn signal(&self, signal: &str) -> io::Result<()> {
        let text = fs::read_to_string(self.folder.join("data/postmaster.pid"))?;
        let server = text.lines().next().unwrap_or_default().trim().to_owned();
        let sessions = Command::new("ps").args(["-o", "pid=", "--ppid", &server]).output()?;
        let sessions = String::from_utf8_lossy(&sessions.stdout).into_owned();
        // A session may have ended by itself in between.
        Command::new("kill")
            .args([signal, &server])
            .args(sessions.split_whitespace())
            .stderr(Stdio::null())
            .status()
            .map(|_| ())
    }

    /// The address of the database `postgres`.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Throwaway {
    /// Returns when the server and its folder are gone.
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // There is nobody left to tell if this fails.
        let _ = self.keeper.wait();
    }
}

/// The folder of initdb, pg_ctl and postgres: what PATH names, else the newest of Debian's.
#[expect(clippy::disallowed_methods, reason = "where programs lie is said by PATH alone")]
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let named = split_paths(&path).filter_map(|it| {
        // A link in a folder of links leads to the folder of all three.
        fs::canonicalize(it.join("initdb")).ok()?.parent().map(Path::to_owned)
    });
    named.chain(newest_first(Path::new(DEBIAN))).find(|it| {
        ["initdb", "pg_ctl", "postgres"].iter().all(|program| it.join(program).is_file())
    })
}

/// `<folder>/<version>/bin`, the highest version first.
fn newest_first(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|it| it.ok()?.path().into())
        .filter_map(|it| Some((it.file_name()?.to_str()?.parse().ok()?, it.join("bin"))))
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|it| it.1)
}

fn free_port() -> io::Result<u16> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr().map(|it| it.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["9", "17", "16", "common"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let found: Vec<PathBuf> = newest_first(folder.path()).collect();
        let expected = ["17", "16", "9"].map(|it| folder.path().join(it).join("bin"));
        assert_eq!(found, expected);
        assert_eq!(newest_first(Path::new("/nowhere")).count(), 0);
    }

    #[test]
    fn programs_that_fail_say_why() {
        let empty = tempfile::tempdir().unwrap();
        let why = Throwaway::start_on(empty.path(), 1, Making::default()).unwrap_err().to_string();
        assert!(why.starts_with("initdb failed\n"), "{why}");
        assert!(why.contains("not found") || why.contains("No such file"), "{why}");
    }
}
