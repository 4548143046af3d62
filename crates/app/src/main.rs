//! The binary `abono`: flags, environment, configuration file, wiring. No logic of any kind.

mod cli;
mod commands;
mod config;
mod output;
mod serving;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::parse().and_then(commands::run) {
        Ok(code) => code,
        Err(error) => {
            output::complain(&error);
            ExitCode::from(1)
        }
    }
}
