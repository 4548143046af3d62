//! `cargo xtask ci`: every check in its order, each with its time, up to the first that fails.

use crate::{layers, say, tidy};
use anyhow::{Context, Result, ensure};
use cargo_metadata::{Metadata, camino::Utf8Path};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, env::consts::EXE_SUFFIX};

/// Where tests find a Postgres server: its URL, or `skip`.
const VARIABLE: &str = "ABONO_TEST_POSTGRES";
const SKIP: &str = "skip";

/// Runs all of it.
pub(crate) fn run(workspace: &Metadata) -> Result<()> {
    let root = &workspace.workspace_root;
    let mut steps = Steps::default();
    steps.run("fmt", || cargo(root, "fmt --all --check"))?;
    steps.run("clippy", || {
        cargo(root, "clippy --workspace --all-targets --locked -- -D warnings")
    })?;
    steps.run("layers", || layers::run(workspace))?;
    steps.run("tidy", || tidy::run(workspace))?;
    steps.run("build", || cargo(root, "test --workspace --locked --no-run"))?;
    let postgres = steps.run("postgres", || Postgres::find(workspace))?;
    steps.run("test", || {
        let mut test = command(root, "test --workspace --locked");
        succeed(test.env(VARIABLE, postgres.variable()))
    })?;
    say(format_args!("\nci passed: {}", steps.summary()));
    if matches!(postgres, Postgres::LeftOut) {
        say(format_args!("!!! POSTGRES WAS LEFT OUT ({VARIABLE}={SKIP}): nothing ran on it !!!"));
    }
    Ok(())
}

/// What ran so far, and how long it took.
#[derive(Default)]
struct Steps {
    done: Vec<(&'static str, Duration)>,
}

impl Steps {
    #[expect(clippy::disallowed_methods, reason = "the time of a step is a machine's time")]
    fn run<T>(&mut self, name: &'static str, step: impl FnOnce() -> Result<T>) -> Result<T> {
        say(format_args!("\n=== {name}"));
        let start = Instant::now();
        let result = step();
        self.done.push((name, start.elapsed()));
        say(format_args!("=== {name}: {:.1} s", start.elapsed().as_secs_f64()));
        result.with_context(|| format!("ci failed at {name} ({})", self.summary()))
    }

    fn summary(&self) -> String {
        let one = |(name, time): &(&str, Duration)| format!("{name} {:.1} s", time.as_secs_f64());
        self.done.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

/// The one server for all tests of this run.
enum Postgres {
    /// Said by the environment.
    Given(String),
    /// Said by the environment too: no Postgres at all.
    LeftOut,
    /// Started here.
    Throwaway(Throwaway),
}

impl Postgres {
    #[expect(clippy::disallowed_methods, reason = "ci chooses the server for the tests it starts")]
    fn find(workspace: &Metadata) -> Result<Self> {
        let given = env::var(VARIABLE).unwrap_or_default();
        match given.as_str() {
            "" => Throwaway::start(&workspace.target_directory).map(Self::Throwaway),
            SKIP => Ok(Self::LeftOut),
            _ => Ok(Self::Given(given)),
        }
    }

    /// The value of the variable for the tests.
    fn variable(&self) -> &str {
        match self {
            Self::Given(url) => url,
            Self::LeftOut => SKIP,
            Self::Throwaway(it) => &it.url,
        }
    }
}

/// The testkit's program that keeps a server until its standard input closes, so also if this
/// process is killed.
struct Throwaway {
    url: String,
    process: Child,
}

impl Throwaway {
    /// The program was built with the tests; building it alone would choose other features, and so
    /// build half the workspace a second time.
    fn start(target: &Utf8Path) -> Result<Self> {
        let program = target.join("debug").join(format!("throwaway-postgres{}", EXE_SUFFIX));
        let process = Command::new(&program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{program} didn't start"))?;
        let mut started = Self { url: String::new(), process };
        if let Some(output) = started.process.stdout.take() {
            BufReader::new(output).read_line(&mut started.url)?;
        }
        started.url.truncate(started.url.trim_end().len());
        ensure!(
            !started.url.is_empty(),
            "install postgresql, or set {VARIABLE} to a server's URL, or to `{SKIP}`"
        );
        Ok(started)
    }
}

impl Drop for Throwaway {
    /// Returns when nothing is left of the server.
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // The tests have run; whether the end was clean changes nothing about them.
        let _ = self.process.wait();
    }
}

fn cargo(root: &Utf8Path, arguments: &str) -> Result<()> {
    succeed(&mut command(root, arguments))
}

fn command(root: &Utf8Path, arguments: &str) -> Command {
    say(format_args!("cargo {arguments}"));
    let mut command = Command::new("cargo");
    command.args(arguments.split(' ')).current_dir(root);
    command
}

fn succeed(command: &mut Command) -> Result<()> {
    let status = command.status().context("cargo didn't start")?;
    ensure!(status.success(), "cargo ended with {status}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_says_where_it_was() {
        let mut steps = Steps::default();
        assert!(steps.run("one", || Ok(())).is_ok());
        let why =
            steps.run("two", || -> Result<()> { anyhow::bail!("broken") }).expect_err("it fails");
        let why = format!("{why:#}");
        // How long each took depends on the machine.
        let words: String = why.chars().filter(|sign| !sign.is_ascii_digit()).collect();
        assert!(words.starts_with("ci failed at two (one . s, two . s): broken"), "{why}");
    }
}
