//! `abono risk`.

use super::{Database, TenantName};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Risk {
    /// List the changes that somebody has to look at: what they were measured by, and what each
    /// rule found.
    #[command(after_help = "Example: abono risk list --tenant lineanorte")]
    List(RiskList),
    /// Approve a change: it is done on its day, or at once where that is over.
    #[command(after_help = "Example: abono risk approve 2 --by lucia --note 'long-standing'")]
    Approve(RiskDecide),
    /// Reject a change: nothing will happen.
    #[command(after_help = "Example: abono risk reject 2 --by lucia --note 'unpaid invoices'")]
    Reject(RiskDecide),
}

#[derive(Args, Debug)]
pub(crate) struct RiskList {
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON, one object a line.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct RiskDecide {
    /// The change's number, as `risk list` shows it.
    pub(crate) number: i64,
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    /// Who decides.
    #[arg(long, env = "ABONO_BY", value_name = "NAME")]
    pub(crate) by: String,
    /// Why, for those who read the log later.
    #[arg(long, env = "ABONO_NOTE")]
    pub(crate) note: Option<String>,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}
