//! The binary `abono`: flags, environment, configuration file, wiring. No logic of any kind.

mod cli;
mod commands;
mod config;
mod output;
mod secret_file;
mod serving;

use std::process::ExitCode;

fn main() -> ExitCode {
    let failed = |code: u8, error: &anyhow::Error| {
        output::complain(error);
        ExitCode::from(code)
    };
    match cli::parse().map(commands::run) {
        Ok(Ok(code)) => code,
        Ok(Err(error)) => failed(1, &error),
        Err(error) => failed(2, &error),
    }
}
