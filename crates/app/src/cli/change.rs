//! `abono change`.

use super::{Database, Ports, TenantName, day};
use abono_domain::change::ChangeStatus;
use clap::{Args, Subcommand};
use jiff::civil::Date;

#[derive(Debug, Subcommand)]
pub(crate) enum Change {
    /// List the log of changes: everything that was asked for, and what became of it.
    #[command(after_help = "Examples:\n  abono change list --status scheduled\n  \
        abono change list --subscription 1 --json")]
    List(ChangeList),
    /// Show what a change would come to, were it asked for now: risk, charge, credit. Nothing is
    /// written.
    #[command(
        after_help = "Examples:\n  abono change preview --subscription 1 --plan movil-75\n  \
        abono change preview --subscription 1 --plan movil-75 --on 2026-03-15"
    )]
    Preview(ChangeAsk),
    /// Ask for a change, as a customer would; the answer says whether it was done, waits, or was
    /// rejected.
    #[command(after_help = "Example: abono change request --subscription 1 --plan movil-75")]
    Request(ChangeRequest),
    /// Take back a change that waits for its day or for a decision.
    #[command(after_help = "Example: abono change withdraw 3 --reason 'asked for by mistake'")]
    Withdraw(ChangeWithdraw),
}

#[derive(Args, Debug)]
pub(crate) struct ChangeList {
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    /// Only those that stand there: review, scheduled, done, withdrawn, replaced, rejected, failed.
    #[arg(long, env = "ABONO_STATUS", value_parser = status)]
    pub(crate) status: Option<ChangeStatus>,
    /// Only those of the subscription of this number.
    #[arg(long, env = "ABONO_SUBSCRIPTION", value_name = "NUMBER")]
    pub(crate) subscription: Option<i64>,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON, one object a line.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

/// What is asked for, for real.
#[derive(Args, Debug)]
pub(crate) struct ChangeRequest {
    #[command(flatten)]
    pub(crate) ask: ChangeAsk,
    #[command(flatten)]
    pub(crate) ports: Ports,
}

/// What is asked for.
#[derive(Args, Debug)]
pub(crate) struct ChangeAsk {
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    /// The subscription's number.
    #[arg(long, env = "ABONO_SUBSCRIPTION", value_name = "NUMBER")]
    pub(crate) subscription: i64,
    /// The code of the plan that is asked for.
    #[arg(long, env = "ABONO_PLAN")]
    pub(crate) plan: String,
    /// From which day on, as 2026-01-31 [default: by the seller's rule for the two plans]
    #[arg(long, env = "ABONO_ON", value_name = "DATE", value_parser = day)]
    pub(crate) on: Option<Date>,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ChangeWithdraw {
    /// Its number, as `change list` shows it.
    pub(crate) number: i64,
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    /// Why, for those who read the log later.
    #[arg(long, env = "ABONO_REASON")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

fn status(word: &str) -> Result<ChangeStatus, String> {
    ChangeStatus::parse(word).ok_or_else(|| {
        let words: Vec<&str> = ChangeStatus::ALL.iter().map(|it| it.as_str()).collect();
        format!("a change stands at one of {}", words.join(", "))
    })
}
