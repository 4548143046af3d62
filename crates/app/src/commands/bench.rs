//! `abono bench`.

use crate::cli::{Bench, Measure};
use crate::output;
use abono_store::DatabaseUrl;
use abono_tools::bench::{self, Settings};
use anyhow::{Context, Result, bail};
use std::process::ExitCode;
use std::time::Duration;
use tempfile::TempDir;

pub(crate) async fn run(verb: Bench) -> Result<ExitCode> {
    let (bench, args) = match verb {
        Bench::Quote(args) => (bench::Bench::Quote, args),
        Bench::Licence(args) => (bench::Bench::Licence, args),
        Bench::Invoice(args) => (bench::Bench::Invoice, args),
        Bench::Change(args) => (bench::Bench::Change, args),
        Bench::Commit(args) => (bench::Bench::Commit, args),
        Bench::Floor => {
            bench::floor::play().await?;
            return Ok(ExitCode::SUCCESS);
        }
    };
    let folder = TempDir::with_prefix("abono-bench-")?;
    let settings = Settings {
        bench,
        databases: databases(&args, &folder)?,
        program: std::env::current_exe().context("where this program is")?,
        clients: args.clients.get(),
        pairs: args.pairs.get(),
        time: Duration::from_millis(args.millis),
        slower: Duration::from_micros(args.slower),
    };
    let report = bench::run(&settings, &|what| output::remark(what)).await?;
    if args.json {
        output::line(report.json());
    } else {
        output::line(report.table());
    }
    let below = args.at_least.map(|percent| report.below(percent.saturating_mul(10)));
    match below.unwrap_or_default().as_slice() {
        [] => Ok(ExitCode::SUCCESS),
        names => bail!("below what was asked for: {}", names.join(", ")),
    }
}

/// Those that are named, or a temporary file and the server for tests.
fn databases(args: &Measure, folder: &TempDir) -> Result<Vec<DatabaseUrl>> {
    if !args.database.is_empty() {
        return Ok(args.database.clone());
    }
    let server = args.test_postgres.as_deref().context(
        "no database is named with --database, and ABONO_TEST_POSTGRES names no server of \
         Postgres: name either",
    )?;
    let file = DatabaseUrl::Sqlite(folder.path().join("bench"));
    Ok(vec![file, server.parse().context("ABONO_TEST_POSTGRES")?])
}
