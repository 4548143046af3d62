//! What CI and people run: `cargo xtask <command>`.

mod ci;
mod finding;
mod layers;
mod sim;
mod tidy;

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, MetadataCommand};
use std::{env, fmt::Display, process::ExitCode};

const HELP: &str = "\
cargo xtask <command>: what CI and people run

  ci       everything that CI checks, in its order; stops at the first failure
  layers   checks which crate depends on which
  tidy     checks the form of the source files
  sim      plays the whole program on a disk that loses power (`sim --help`)
  help     prints this

Examples

  cargo xtask ci
      all of it, on SQLite and on a throwaway Postgres made with the installed programs
  ABONO_TEST_POSTGRES=postgres://postgres@localhost/postgres cargo xtask ci
      on that server, which must let its user create databases
  ABONO_TEST_POSTGRES=skip cargo xtask ci
      without Postgres, which the last line then says
  cargo xtask tidy
      a second or less, good before each commit";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["ci"] => workspace().and_then(|it| ci::run(&it)),
        ["layers"] => workspace().and_then(|it| layers::run(&it)),
        ["tidy"] => workspace().and_then(|it| tidy::run(&it)),
        ["sim", rest @ ..] => sim::run(rest),
        [] | ["help" | "-h" | "--help"] => {
            say(HELP);
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("xtask doesn't know `{}`.\n\n{HELP}", words.join(" "));
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why:#}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace around the current folder: its root and its own crates.
fn workspace() -> Result<Metadata> {
    MetadataCommand::new().no_deps().exec().context("cargo metadata can't read the workspace")
}

/// The one place that prints to standard output.
#[expect(clippy::print_stdout, reason = "a command for people and CI speaks on standard output")]
fn say(line: impl Display) {
    println!("{line}");
}
