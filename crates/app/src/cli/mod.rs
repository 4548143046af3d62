//! The command line: every option has a flag, an environment variable and a key in `abono.toml`.

mod bench;
mod change;
mod group;
mod key;
mod licence;
mod outbox;
mod payment;
mod payments;
mod ports;
mod provider;
mod risk;
mod secret;
mod subscription;
mod voss;

pub(crate) use bench::{Bench, Measure};
pub(crate) use change::{Change, ChangeAsk, ChangeList, ChangeWithdraw};
pub(crate) use group::{Group, GroupAdd, GroupList, GroupTerminate, GroupWithdraw};
pub(crate) use key::{Key, KeyCreate, KeyList, KeyRevoke};
pub(crate) use licence::{Licence, LicenceGrant, LicenceOf, LicenceTrial};
pub(crate) use outbox::{Outbox, OutboxList, OutboxReplay, Sending};
pub(crate) use payment::{Payment, PaymentRecord, PaymentRefund, PaymentRefunds};
pub(crate) use payments::{Beside, Payments};
pub(crate) use ports::Ports;
pub(crate) use provider::Provider;
pub(crate) use risk::{Risk, RiskDecide, RiskList};
pub(crate) use subscription::{
    Subscription, SubscriptionEnd, SubscriptionList, SubscriptionShow, SubscriptionStart,
};

use crate::config;
use abono_domain::language::Language;
use abono_http::gate::rate::Rate;
use abono_store::DatabaseUrl;
use anyhow::{Result, bail};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

const EXITS: &str = "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 verify found \
    something.\nEvery option can also stand in the environment (ABONO_...) or in ./abono.toml \
    (ABONO_CONFIG names another file).";

/// Subscription licensing and billing in one binary.
#[derive(Debug, Parser)]
#[command(version, about, after_help = EXITS, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Serve all contracts.
    #[command(after_help = "Example: abono serve --database sqlite:books.db --listen 0.0.0.0:8080")]
    Serve(Box<Serve>),
    /// Serve small real-looking sellers with customers and tokens, to try things out.
    #[command(after_help = "Examples:\n  abono demo\n  abono demo --dir ./demo \
        --clock 2026-01-31T10:00:00Z\n  abono demo --dir ./demo --external-billing")]
    Demo(Box<Demo>),
    /// Bring the database to this program's schema; safe to run twice and at once.
    #[command(after_help = "Example: abono migrate --database postgres://abono@db/books")]
    Migrate(Migrate),
    /// Show what a seller's file changes, and change it.
    #[command(after_help = "Example: abono apply seller.toml --database sqlite:books.db")]
    Apply(Apply),
    /// Access tokens.
    #[command(subcommand)]
    Key(Key),
    /// Payments.
    #[command(subcommand)]
    Payment(Payment),
    /// Licences.
    #[command(subcommand)]
    Licence(Licence),
    /// Subscriptions that are billed cycle by cycle.
    #[command(subcommand)]
    Subscription(Subscription),
    /// Changes of a subscription's plan, and their log.
    #[command(subcommand)]
    Change(Change),
    /// Products that are added to a subscription and billed with it.
    #[command(subcommand)]
    Group(Group),
    /// The risk of changes: what somebody has to decide.
    #[command(subcommand)]
    Risk(Risk),
    /// What travels to the billing system behind.
    #[command(subcommand)]
    Outbox(Outbox),
    /// Show why a document comes to what it comes to: every cent, as a tree.
    #[command(after_help = "Example: abono explain СЧ-1 --tenant shop --json")]
    Explain(Explain),
    /// Print a payment request: one page of HTML with what is bought, how it is paid, and a code
    /// for the payer's bank.
    #[command(after_help = "Examples:\n  abono print СЧ-1 --out request.html\n  \
        abono print СЧ-1 --language en --tenant shop > request.html")]
    Print(Print),
    /// Prove the whole books: money, documents, numbers, licences, journal.
    #[command(after_help = "Example: abono verify --database sqlite:books.db --json")]
    Verify(Verify),
    /// Tell life stories and compare them with what they must come to (docs/scenarios.md).
    #[command(after_help = "Examples:\n  abono test scenarios/*.toml\n  \
        abono test --bless scenarios/lapse.toml\n  \
        abono test --database postgres://abono@db/empty scenarios/*.toml")]
    Test(Test),
    /// Measure how fast this program is on this machine, beside the bare parts that it stands on
    /// (docs/performance.md).
    #[command(subcommand)]
    Bench(Bench),
    /// Answer figures without a database, by the functions that bill (docs/calc.md).
    #[command(after_help = "Example: abono calc '{\"op\":\"licence\",\
        \"bought_at\":\"2026-01-31T10:00:00Z\",\"every\":{\"months\":1}}'")]
    Calc(Calc),
    /// Describe a contract as it is served, in OpenAPI 3.1.
    #[command(subcommand)]
    Openapi(Openapi),
}

/// Where the books are.
#[derive(Args, Clone, Debug)]
pub(crate) struct Database {
    /// sqlite:PATH or postgres://USER@HOST/NAME; a password is better put in the environment.
    #[arg(long, env = "ABONO_DATABASE", default_value = "sqlite:abono.db")]
    #[arg(hide_env_values = true)]
    pub(crate) database: DatabaseUrl,
}

/// How logs are written.
#[derive(Args, Clone, Debug)]
pub(crate) struct Logs {
    /// Which log lines are written to standard error, as `info` or `abono_http=debug,warn`.
    #[arg(long, env = "ABONO_LOG", default_value = "info")]
    pub(crate) log: String,
    /// Write log lines as JSON.
    #[arg(long, env = "ABONO_LOG_JSON")]
    pub(crate) log_json: bool,
}

/// How strict the server is with its clients, and how fast they may ask.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Edge {
    /// Refuse LIFE POS requests without that contract's required headers.
    #[arg(long, env = "ABONO_STRICT_HEADERS")]
    pub(crate) strict_headers: bool,
    /// Requests a second that one token may send to this node; 0 for any number.
    #[arg(long, env = "ABONO_RATE_LIMIT", default_value = "200", value_name = "REQUESTS")]
    rate_limit: u32,
    /// Requests that one token may send at once before the rate limit counts.
    #[arg(long, env = "ABONO_RATE_BURST", default_value = "400", value_name = "REQUESTS")]
    rate_burst: NonZeroU32,
    /// For how many seconds the same BokaMera request of one user to add an article is answered as
    /// the first one, where it has no Idempotency-Key; 0 for never [default: 60, in the demo 0].
    #[arg(long, env = "ABONO_REPEAT_SECONDS", value_name = "SECONDS", hide_default_value = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(0..=86_400))]
    repeat_seconds: Option<u32>,
}

impl Edge {
    /// For how long the same request is answered as the first one.
    pub(crate) fn repeat(self, is_demo: bool) -> SignedDuration {
        let usual = if is_demo { 0 } else { 60 };
        SignedDuration::from_secs(self.repeat_seconds.unwrap_or(usual).into())
    }

    /// How fast one token may ask; `None` for any speed.
    pub(crate) fn rate(self) -> Option<Rate> {
        let per_second = NonZeroU32::new(self.rate_limit)?;
        Some(Rate { per_second, burst: self.rate_burst })
    }
}

#[derive(Args, Debug)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) database: Database,
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, env = "ABONO_LISTEN", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    #[command(flatten)]
    pub(crate) edge: Edge,
    #[command(flatten)]
    pub(crate) provider: Provider,
    #[command(flatten)]
    pub(crate) ports: Ports,
    #[command(flatten)]
    pub(crate) payments: Payments,
    /// Let buyers pay at a payment provider inside the program, that moves no money: whoever opens
    /// its page says how the payment goes. For trying things out, and for nothing else.
    #[arg(long, env = "ABONO_SANDBOX")]
    pub(crate) sandbox: bool,
    /// The slug of a tenant whose deliveries are sent to the billing system behind: its key and
    /// token are those of this tenant. May be given several times, or name several with commas
    /// between them; may be left out where only one seller sends anything on.
    #[arg(long, env = "ABONO_VOSS_TENANT", value_name = "SLUG", value_delimiter = ',')]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub(crate) voss_tenant: Vec<String>,
    #[command(flatten)]
    pub(crate) sending: Sending,
    #[command(flatten)]
    pub(crate) logs: Logs,
    /// Delay each commit by so many microseconds, to see what a slower disk does.
    #[arg(long, hide = true, default_value_t = 0)]
    pub(crate) commit_delay_micros: u64,
}

#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// Where abono.db and demo.json are kept; a temporary folder where none is given.
    #[arg(long, env = "ABONO_DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, env = "ABONO_LISTEN", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Where business time stands at first; it is then moved by POST /demo/clock alone.
    #[arg(long, env = "ABONO_CLOCK")]
    pub(crate) clock: Option<Timestamp>,
    /// sqlite:PATH or postgres://USER@HOST/NAME [default: sqlite:DIR/abono.db]
    #[arg(long, env = "ABONO_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<DatabaseUrl>,
    #[command(flatten)]
    pub(crate) behind: Behind,
    #[command(flatten)]
    pub(crate) edge: Edge,
    #[command(flatten)]
    pub(crate) provider: Provider,
    #[command(flatten)]
    pub(crate) payments: Payments,
    #[command(flatten)]
    pub(crate) sending: Sending,
    #[command(flatten)]
    pub(crate) logs: Logs,
}

/// A second instance of the demo, as the billing system behind the first.
#[derive(Args, Debug)]
pub(crate) struct Behind {
    /// Start a second instance, kept in DIR/behind, as the billing system behind the first: what is
    /// added to the companies of the Swedish seller, and terminated, is sent on to it.
    #[arg(long, env = "ABONO_EXTERNAL_BILLING")]
    pub(crate) external_billing: bool,
    /// The address that the instance behind listens on; port 0 takes a free one.
    #[arg(long, env = "ABONO_EXTERNAL_LISTEN", default_value = "127.0.0.1:0", value_name = "ADDR")]
    pub(crate) external_listen: SocketAddr,
    /// The books of the instance behind [default: sqlite:DIR/behind/abono.db]
    #[arg(long, env = "ABONO_EXTERNAL_DATABASE", hide_env_values = true, value_name = "URL")]
    #[arg(requires = "external_billing")]
    pub(crate) external_database: Option<DatabaseUrl>,
}

#[derive(Args, Debug)]
pub(crate) struct Migrate {
    #[command(flatten)]
    pub(crate) database: Database,
    /// A Postgres role that gets the rights serving needs: it can't change what never changes.
    #[arg(long, env = "ABONO_SERVING_ROLE")]
    pub(crate) serving_role: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Apply {
    /// The seller's file (docs/seller-file.md).
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Only show what would change.
    #[arg(long, env = "ABONO_DRY_RUN")]
    pub(crate) dry_run: bool,
    /// Don't ask on a terminal; elsewhere nobody is asked.
    #[arg(long, env = "ABONO_YES")]
    pub(crate) yes: bool,
    /// Write the changes as JSON.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

/// Whose books.
#[derive(Args, Clone, Debug)]
pub(crate) struct TenantName {
    /// The tenant's slug; may be left out where there is only one, or where a document is named
    /// that only one has.
    #[arg(long, env = "ABONO_TENANT")]
    pub(crate) tenant: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Explain {
    /// A payment request, invoice, order confirmation or credit note, by guid or number.
    pub(crate) document: String,
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Print {
    /// A payment request, by guid or number.
    pub(crate) document: String,
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    #[command(flatten)]
    pub(crate) database: Database,
    /// The page's language: en, ru, es or sv [default: the customer's, else en].
    #[arg(long, env = "ABONO_LANGUAGE", value_parser = language)]
    pub(crate) language: Option<Language>,
    /// Where the page is written; on standard output where nothing is said.
    #[arg(long, env = "ABONO_OUT", value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,
}

/// A language that pages are printed in.
fn language(text: &str) -> Result<Language, String> {
    let known = Language::parse(text).filter(|it| PRINTED.contains(&it.as_str()));
    known.ok_or_else(|| format!("expected one of {}", PRINTED.join(", ")))
}

const PRINTED: [&str; 4] = ["en", "ru", "es", "sv"];

#[derive(Args, Debug)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Test {
    /// The stories; what each must come to stands beside it, in a file that ends in `.expected`.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// An empty database to tell them in [default: a temporary SQLite file for each]
    #[arg(long, env = "ABONO_TEST_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<DatabaseUrl>,
    /// Write down what they come to now as what they must come to.
    #[arg(long, env = "ABONO_BLESS")]
    pub(crate) bless: bool,
    /// Write JSON.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Calc {
    /// One request; without it, one per line of standard input.
    pub(crate) request: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Openapi {
    /// The LIFE POS contract.
    #[command(after_help = "Examples:\n  abono openapi lifepos > lifepos.json\n  \
        abono openapi lifepos --demo demo/demo.json > demo/lifepos.json")]
    Lifepos(OpenapiLifepos),
}

#[derive(Args, Debug)]
pub(crate) struct OpenapiLifepos {
    /// The demo.json of a demo: describes only orders that its seller accepts, for programs that
    /// make requests up.
    #[arg(long, env = "ABONO_DEMO", value_name = "PATH")]
    pub(crate) demo: Option<PathBuf>,
}

/// A day as it is written on the command line.
fn day(text: &str) -> Result<Date, String> {
    let day: Option<Date> = text.parse().ok();
    // Nothing but a day: a time beside it would be left out without a word.
    day.filter(|day| day.to_string() == text)
        .ok_or_else(|| "a day is written 2026-01-31".to_owned())
}

/// Parses the command line, over the environment, over the file.
pub(crate) fn parse() -> Result<Cli> {
    #[expect(clippy::disallowed_methods, reason = "the binary reads the environment")]
    let named = std::env::var("ABONO_CONFIG").ok();
    let path = named.clone().unwrap_or_else(|| "abono.toml".to_owned());
    let file = config::read(&path, named.is_some())?;
    if let Some(key) = config::unknown(&Cli::command(), &file, true) {
        bail!("{path}: `{key}` is neither an option nor a command that has one");
    }
    let command = config::with_defaults(Cli::command(), &file, &toml::Table::new());
    let matches = command.get_matches();
    Ok(Cli::from_arg_matches(&matches)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn whose_deliveries_are_sent_is_named_one_by_one_with_commas_or_not_at_all() {
        let named = |args: &[&str]| {
            let cli = Cli::try_parse_from([&["abono", "serve"], args].concat()).expect("parsed");
            let Verb::Serve(serve) = cli.verb else { panic!("{cli:?}") };
            serve.voss_tenant
        };
        assert_eq!(named(&[]), [""; 0]);
        assert_eq!(named(&["--voss-tenant", "a,b"]), ["a", "b"]);
        assert_eq!(named(&["--voss-tenant", "a", "--voss-tenant", "b"]), ["a", "b"]);
        assert!(Cli::try_parse_from(["abono", "serve", "--voss-tenant", ""]).is_err());
    }
}
