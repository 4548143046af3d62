//! `abono bench`: what is measured, where, and for how long.

use abono_store::DatabaseUrl;
use clap::{Args, Subcommand};
use std::num::NonZeroUsize;

const EXAMPLES: &str = "Examples:\n  abono bench invoice --database sqlite:bench.db\n  \
    abono bench quote --database sqlite:bench.db --database postgres://postgres@localhost/postgres\n  \
    ABONO_TEST_POSTGRES=postgres://postgres@localhost/postgres abono bench licence --json";

#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// Quotes: what a licence would cost, asked for over HTTP.
    #[command(after_help = EXAMPLES)]
    Quote(Measure),
    /// Reads of a licence over HTTP.
    #[command(after_help = EXAMPLES)]
    Licence(Measure),
    /// Payment requests made over HTTP, each durable before it is answered.
    #[command(after_help = EXAMPLES)]
    Invoice(Measure),
    /// Changes of a subscription's plan over HTTP, each durable before it is answered.
    #[command(after_help = EXAMPLES)]
    Change(Measure),
    /// Group commit without HTTP: one seller's writers beside those of many sellers, and commands
    /// that others were faster than.
    #[command(after_help = EXAMPLES)]
    Commit(Measure),
    /// The floor, in a process of its own.
    #[command(hide = true)]
    Floor,
}

#[derive(Args, Clone, Debug)]
pub(crate) struct Measure {
    /// sqlite:PATH of a file that isn't there yet, or postgres://USER@HOST/NAME of a server on
    /// which databases may be made; may be given twice [default: a temporary file, and the server
    /// that ABONO_TEST_POSTGRES names]
    #[arg(long, value_name = "URL")]
    pub(crate) database: Vec<DatabaseUrl>,
    /// The server that is measured on where no database is named.
    #[arg(long, env = "ABONO_TEST_POSTGRES", hide = true, hide_env_values = true)]
    pub(crate) test_postgres: Option<String>,
    /// How many clients ask at once, each with one request under way.
    #[arg(long, env = "ABONO_BENCH_CLIENTS", default_value = "64", value_name = "COUNT")]
    pub(crate) clients: NonZeroUsize,
    /// How many pairs of the product and its floor are measured, one after the other.
    #[arg(long, env = "ABONO_BENCH_PAIRS", default_value = "5", value_name = "COUNT")]
    pub(crate) pairs: NonZeroUsize,
    /// For how many milliseconds each side of a pair is measured.
    #[arg(long, env = "ABONO_BENCH_MILLIS", default_value = "2000", value_name = "MILLISECONDS")]
    pub(crate) millis: u64,
    /// By how many microseconds each fsync is delayed in the part that shows a slower disk; 0
    /// leaves that part out.
    #[arg(long, env = "ABONO_BENCH_SLOWER", default_value = "1000", value_name = "MICROSECONDS")]
    pub(crate) slower: u64,
    /// Fail where a ratio is below so many hundredths of its goal: 100 for the goal itself.
    #[arg(long, env = "ABONO_BENCH_AT_LEAST", value_name = "PERCENT")]
    pub(crate) at_least: Option<u64>,
    /// Write JSON; the last line is an array of the figures.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}
