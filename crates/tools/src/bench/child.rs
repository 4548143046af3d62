//! The processes that are measured: the product and its floor, each alone in one of its own.

use super::BenchError;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// A server in a process of its own, which ends with this value.
pub(super) struct Server {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    /// Where it listens.
    pub(super) address: SocketAddr,
}

/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(60);
/// Behind these words a server says where it listens.
const LISTENING: &str = "listening on http://";

impl Server {
    /// Starts a program, gives it a line, and waits until it says where it listens.
    ///
    /// # Errors
    /// It ended, or said nothing in time.
    pub(super) async fn start(
        program: &Path,
        arguments: &[String],
        line: Option<&str>,
    ) -> Result<Self, BenchError> {
        let mut command = Command::new(program);
        // What is set for this process is none of the server's.
        for name in ["ABONO_DATABASE", "ABONO_JSON", "ABONO_LISTEN"] {
            command.env_remove(name);
        }
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let gone = || BenchError(format!("{arguments:?} ended before it listened"));
        let (mut input, output) = child.stdin.take().zip(child.stdout.take()).ok_or_else(gone)?;
        if let Some(line) = line {
            input.write_all(format!("{line}\n").as_bytes()).await?;
        }
        let mut output = BufReader::new(output).lines();
        let line = tokio::time::timeout(PATIENCE, output.next_line()).await;
        let line = line.map_err(|_| BenchError(format!("{arguments:?} doesn't listen")))??;
        let line = line.ok_or_else(gone)?;
        let address = line.strip_prefix(LISTENING).and_then(|text| text.parse().ok());
        let address = address.ok_or_else(|| BenchError(format!("{arguments:?} said: {line}")))?;
        Ok(Self { child, input, output, address })
    }

    /// Says a line to it and reads one back.
    ///
    /// # Errors
    /// It is gone.
    pub(super) async fn say(&mut self, line: &str) -> Result<String, BenchError> {
        self.input.write_all(format!("{line}\n").as_bytes()).await?;
        let answer = self.output.next_line().await?;
        answer.ok_or_else(|| BenchError(format!("no answer to `{line}`")))
    }

    /// Microseconds of processor that it has used.
    pub(super) fn cpu(&self) -> u64 {
        self.child.id().map_or(0, cpu_of)
    }

    /// The most memory that it held, in KiB.
    pub(super) fn peak(&self) -> u64 {
        let Some(id) = self.child.id() else { return 0 };
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let mut words = status.lines().filter_map(|line| line.strip_prefix("VmHWM:"));
        let figure = words.next().and_then(|text| text.split_whitespace().next());
        figure.and_then(|digits| digits.parse().ok()).unwrap_or(0)
    }
}

/// Microseconds of processor that every process of Postgres on this machine has used.
pub(super) fn cpu_of_postgres() -> u64 {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let is_postgres = |id: &u32| {
        let name = std::fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
        name.trim() == "postgres"
    };
    ids.filter(is_postgres).map(cpu_of).sum()
}

/// The kernel counts in hundredths of a second (`USER_HZ`).
const TICK: u64 = 10_000;

fn cpu_of(id: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // The name in parentheses may hold anything; behind it the fields are counted from 3.
    let behind = stat.rsplit_once(')').map_or("", |(_, behind)| behind);
    let fields: Vec<u64> =
        behind.split_whitespace().map(|field| field.parse().unwrap_or(0)).collect();
    // Time in the program, in the kernel, and of children that are gone: fields 14 to 17.
    fields.iter().skip(11).take(4).sum::<u64>().saturating_mul(TICK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_used_some_processor() {
        let mut sum = 0_u64;
        while cpu_of(std::process::id()) == 0 {
            sum = sum.wrapping_add((0..100_000_u64).sum::<u64>());
        }
        assert_ne!(sum, 1);
    }
}
