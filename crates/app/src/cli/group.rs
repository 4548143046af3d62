//! `abono group`.

use super::{Database, TenantName};
use abono_domain::proration::Behaviour;
use abono_domain::termination::{CreditKind, TerminationType};
use clap::{Args, Subcommand};
use jiff::Timestamp;

#[derive(Debug, Subcommand)]
pub(crate) enum Group {
    /// List what is added to a subscription, and how it ends.
    #[command(after_help = "Example: abono group list --subscription 1 --json")]
    List(GroupList),
    /// Add a product: it is billed at once to the end of the running cycle, and then with each.
    #[command(
        after_help = "Example: abono group add --subscription 1 --product extras --plan calendar"
    )]
    Add(GroupAdd),
    /// Terminate a product, or show what that changes.
    #[command(after_help = "Examples:\n  abono group terminate 2 --subscription 1 --preview\n  \
        abono group terminate 2 --subscription 1 --when now --as internal\n  \
        abono group terminate 2 --subscription 1 --when binding-end --credit prorate")]
    Terminate(GroupTerminate),
    /// Take back a termination that waits for its day.
    #[command(after_help = "Example: abono group withdraw 2 --subscription 1")]
    Withdraw(GroupWithdraw),
}

/// The subscription, and how it is shown.
#[derive(Args, Debug)]
pub(crate) struct GroupList {
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    /// The subscription's number.
    #[arg(long, env = "ABONO_SUBSCRIPTION", value_name = "NUMBER")]
    pub(crate) subscription: i64,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON, one object a line.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct GroupAdd {
    #[command(flatten)]
    pub(crate) to: GroupList,
    /// The product's code.
    #[arg(long, env = "ABONO_PRODUCT")]
    pub(crate) product: String,
    /// The plan's code: an article.
    #[arg(long, env = "ABONO_PLAN")]
    pub(crate) plan: String,
    /// How many.
    #[arg(long, env = "ABONO_QUANTITY", default_value_t = 1)]
    pub(crate) quantity: i64,
}

#[derive(Args, Debug)]
pub(crate) struct GroupTerminate {
    /// Its number, as `group list` shows it.
    pub(crate) number: i64,
    #[command(flatten)]
    pub(crate) of: GroupList,
    /// When: now, period-end (of the first cycle that is free to end) or binding-end [default: as
    /// soon as it is free]
    #[arg(long, env = "ABONO_WHEN", value_parser = when)]
    pub(crate) when: Option<TerminationType>,
    /// What comes back of the cycle: prorate (the unused days), full or none [default: prorate
    /// where it ends at once, else none]
    #[arg(long, env = "ABONO_CREDIT", value_parser = credit)]
    pub(crate) credit: Option<Behaviour>,
    /// How that is said: normal (by a credit note) or internal (on the next invoice).
    #[arg(long = "as", env = "ABONO_AS", value_name = "KIND", default_value = "normal",
        value_parser = kind)]
    pub(crate) kind: CreditKind,
    /// From when on what is unused comes back [default: from the end]
    #[arg(long, env = "ABONO_ANCHOR", value_name = "INSTANT")]
    pub(crate) anchor: Option<Timestamp>,
    /// Why, by the code of a termination reason.
    #[arg(long, env = "ABONO_REASON", value_name = "CODE")]
    pub(crate) reason: Option<String>,
    /// Why, in words.
    #[arg(long, env = "ABONO_COMMENT", default_value = "")]
    pub(crate) comment: String,
    /// What is to stand on the line that credits it; may be given several times.
    #[arg(long, env = "ABONO_TEXT")]
    pub(crate) text: Vec<String>,
    /// Only show what it changes: nothing is written.
    #[arg(long, env = "ABONO_PREVIEW")]
    pub(crate) preview: bool,
}

#[derive(Args, Debug)]
pub(crate) struct GroupWithdraw {
    /// The number of the product group, as `group list` shows it.
    pub(crate) number: i64,
    #[command(flatten)]
    pub(crate) of: GroupList,
}

fn when(word: &str) -> Result<TerminationType, String> {
    match word {
        "now" => Ok(TerminationType::Immediately),
        "period-end" => Ok(TerminationType::AtSubscriptionBillingPeriodEnd),
        "binding-end" => Ok(TerminationType::AtBindingPeriodEnd),
        _ => Err("it ends now, at the period-end or at the binding-end".to_owned()),
    }
}

fn credit(word: &str) -> Result<Behaviour, String> {
    Behaviour::parse(word).ok_or_else(|| "what comes back is prorate, full or none".to_owned())
}

fn kind(word: &str) -> Result<CreditKind, String> {
    CreditKind::parse(word).ok_or_else(|| "a credit is normal or internal".to_owned())
}
