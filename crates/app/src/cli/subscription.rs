//! `abono subscription`.

use super::{Database, TenantName, day};
use abono_domain::subscription::Origin;
use clap::{Args, Subcommand};
use jiff::civil::Date;

#[derive(Debug, Subcommand)]
pub(crate) enum Subscription {
    /// Start a subscription that is billed cycle by cycle, with the invoice of its first cycle.
    #[command(after_help = "Examples:\n  abono subscription start --customer corner-shop \
        --product pos --plan start\n  abono subscription start --customer familia-soto \
        --product tarifas --plan movil-10 \\\n    --billing-day 1 --origin ported --bundle casa \
        --msisdn 34600000001")]
    Start(SubscriptionStart),
    /// List subscriptions: those of a customer, or all.
    #[command(after_help = "Example: abono subscription list --customer familia-soto --json")]
    List(SubscriptionList),
    /// Show what is agreed, where it stands, and the log of its changes.
    #[command(after_help = "Example: abono subscription show 1 --tenant lineanorte")]
    Show(SubscriptionShow),
    /// Agree its end: with the cycle that is billed. Nothing is credited.
    #[command(after_help = "Example: abono subscription end 1 --reason 'moves abroad'")]
    End(SubscriptionEnd),
}

#[derive(Args, Debug)]
pub(crate) struct SubscriptionStart {
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    /// The customer, by guid or code.
    #[arg(long, env = "ABONO_CUSTOMER")]
    pub(crate) customer: String,
    /// The product's code.
    #[arg(long, env = "ABONO_PRODUCT")]
    pub(crate) product: String,
    /// The plan's code.
    #[arg(long, env = "ABONO_PLAN")]
    pub(crate) plan: String,
    /// How many.
    #[arg(long, env = "ABONO_QUANTITY", default_value_t = 1)]
    pub(crate) quantity: i64,
    /// The length of a cycle.
    #[arg(long, env = "ABONO_MONTHS", default_value_t = 1)]
    pub(crate) months: i64,
    /// The day of the month on which a cycle begins, 1 to 31 [default: today's]
    #[arg(long, env = "ABONO_BILLING_DAY", value_name = "DAY")]
    pub(crate) billing_day: Option<i64>,
    /// The day on which it was sold, as 2026-01-31 [default: today]
    #[arg(long, env = "ABONO_SOLD_ON", value_name = "DATE", value_parser = day)]
    pub(crate) sold_on: Option<Date>,
    /// How it came about: new, ported (with its number, from another provider) or migrated (from
    /// another system).
    #[arg(long, env = "ABONO_ORIGIN", default_value = "new", value_parser = origin)]
    pub(crate) origin: Origin,
    /// The code of the bundle in which it is sold.
    #[arg(long, env = "ABONO_BUNDLE")]
    pub(crate) bundle: Option<String>,
    /// Its telephone number, in digits.
    #[arg(long, env = "ABONO_MSISDN")]
    pub(crate) msisdn: Option<String>,
    /// Its identity in the network, in digits.
    #[arg(long, env = "ABONO_IMSI")]
    pub(crate) imsi: Option<String>,
    /// The number of its card, in digits.
    #[arg(long, env = "ABONO_ICCID")]
    pub(crate) iccid: Option<String>,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct SubscriptionList {
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    /// Only those of this customer, by guid or code.
    #[arg(long, env = "ABONO_CUSTOMER")]
    pub(crate) customer: Option<String>,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON, one object a line.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct SubscriptionShow {
    /// Its number.
    pub(crate) number: i64,
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct SubscriptionEnd {
    /// Its number.
    pub(crate) number: i64,
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    /// Why, for those who read the books later.
    #[arg(long, env = "ABONO_REASON")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

fn origin(word: &str) -> Result<Origin, String> {
    Origin::parse(word).ok_or_else(|| "the origins are new, ported and migrated".to_owned())
}
