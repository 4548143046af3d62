//! `abono payment`.

use super::{Database, TenantName};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Payment {
    /// Record a bank transfer that was seen on the account: a part, all of it, or too much.
    #[command(after_help = "Examples:\n  abono payment record --invoice СЧ-1 --amount 990.00 \
        --currency RUB --reference 'PP 104 of 2026-02-03'\n  abono payment record \
        --invoice LN-F-1 --amount 14.90 --currency EUR --tenant lineanorte")]
    Record(PaymentRecord),
    /// Give back what was paid: all of it, and then the licence goes too, or a part.
    #[command(
        after_help = "Examples:\n  abono payment refund --invoice СЧ-1 --reason 'by agreement'\n  \
        abono payment refund --invoice СЧ-2 --amount 99.00 --quantity 2 --reason 'a unit less'\n  \
        abono payment refund --invoice СЧ-3 --through-provider --reason 'by agreement'"
    )]
    Refund(PaymentRefund),
    /// List what is to go back through payment providers, oldest first, and where it stands:
    /// pending, done, refused, or unknown.
    #[command(after_help = "Examples:\n  abono payment refunds --invoice СЧ-3\n  \
        abono payment refunds --tenant kassa --json")]
    Refunds(PaymentRefunds),
}

#[derive(Args, Debug)]
pub(crate) struct PaymentRefunds {
    /// Only what was paid for this payment request, by guid or number.
    #[arg(long, env = "ABONO_INVOICE")]
    pub(crate) invoice: Option<String>,
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON, one object a line.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct PaymentRefund {
    /// The payment request, by guid or number.
    #[arg(long, env = "ABONO_INVOICE")]
    pub(crate) invoice: String,
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    /// How much goes back, as 99.00; all that is left where nothing is said.
    #[arg(long, env = "ABONO_AMOUNT")]
    pub(crate) amount: Option<String>,
    /// With a part: how many units are left of the licence.
    #[arg(long, env = "ABONO_QUANTITY", requires = "amount")]
    pub(crate) quantity: Option<i64>,
    /// With a part: how many months are left of the licence.
    #[arg(long, env = "ABONO_MONTHS", requires = "amount")]
    pub(crate) months: Option<i64>,
    /// Why, for those who read the books later.
    #[arg(long, env = "ABONO_REASON")]
    pub(crate) reason: String,
    /// The money doesn't leave: it is the customer's credit, for what is bought next.
    #[arg(long, env = "ABONO_TO_CREDIT")]
    pub(crate) to_credit: bool,
    /// The money goes back the way it came, through the payment provider: a server that knows the
    /// provider asks for it soon, and then the books follow.
    #[arg(long, env = "ABONO_THROUGH_PROVIDER")]
    #[arg(conflicts_with_all = ["to_credit", "quantity", "months"])]
    pub(crate) through_provider: bool,
    /// Which payment goes back, by its reference, where several came through a provider.
    #[arg(long, env = "ABONO_PAYMENT", requires = "through_provider")]
    pub(crate) payment: Option<String>,
    /// The transfer's name at the bank, or another name in the books; the same one goes back only
    /// once.
    #[arg(long, env = "ABONO_REFERENCE")]
    pub(crate) reference: Option<String>,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct PaymentRecord {
    /// The payment request, or the invoice of a subscription, by guid or number.
    #[arg(long, env = "ABONO_INVOICE")]
    pub(crate) invoice: String,
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    /// How much came in, as 990.00.
    #[arg(long, env = "ABONO_AMOUNT")]
    pub(crate) amount: String,
    /// The currency, as RUB.
    #[arg(long, env = "ABONO_CURRENCY")]
    pub(crate) currency: String,
    /// The transfer's name at the bank; the same one is recorded only once.
    #[arg(long, env = "ABONO_REFERENCE")]
    pub(crate) reference: Option<String>,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}
