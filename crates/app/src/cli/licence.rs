//! `abono licence`.

use super::{Database, TenantName};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Licence {
    /// Give a licence by hand, without a payment.
    #[command(after_help = "Example: abono licence grant --customer corner-shop --product pos \
        --plan start --quantity 1 --months 1 --reason 'a month for the outage'")]
    Grant(LicenceGrant),
    /// Let a customer try a plan, once and before it had anything of the product.
    #[command(after_help = "Example: abono licence trial --customer corner-shop --product pos \
        --plan start")]
    Trial(LicenceTrial),
}

/// Whose licence of what.
#[derive(Args, Debug)]
pub(crate) struct LicenceOf {
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
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct LicenceTrial {
    #[command(flatten)]
    pub(crate) of: LicenceOf,
}

#[derive(Args, Debug)]
pub(crate) struct LicenceGrant {
    #[command(flatten)]
    pub(crate) of: LicenceOf,
    /// For how many months.
    #[arg(long, env = "ABONO_MONTHS")]
    pub(crate) months: i64,
    /// Why, for those who read the books later.
    #[arg(long, env = "ABONO_REASON")]
    pub(crate) reason: String,
}
