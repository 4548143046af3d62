//! Plays the campaign, built as fast as it has to be for that.

use anyhow::{Context, Result, ensure};
use std::process::Command;

/// Runs `abono-campaign` with these arguments; where bugs are to be planted, with the feature that
/// has them.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--profile", "quick", "--package", "abono-campaign"]);
    if arguments.contains(&"--planted") {
        cargo.args(["--features", "planted"]);
    }
    let status = cargo.arg("--").args(arguments).status().context("cargo can't be run")?;
    ensure!(status.success(), "a law broke, or a place was never reached");
    Ok(())
}
