//! `abono outbox`.

use super::{Database, TenantName};
use abono_domain::delivery::DeliveryStatus;
use clap::{Args, Subcommand};
use uuid::Uuid;

#[derive(Debug, Subcommand)]
pub(crate) enum Outbox {
    /// List what travels to the billing system behind, oldest first: what it is, where it stands,
    /// what stands in its way.
    #[command(after_help = "Examples:\n  abono outbox list --status failed\n  \
        abono outbox list --customer familia-soto --json")]
    List(OutboxList),
    /// Send again what has failed, in its place and under the same key, so that the billing system
    /// behind does it once even where it has done it before.
    #[command(after_help = "Example: abono outbox replay 0197f0c2-9a1e-7c33-8f0e-5b1d3c2a4e6f")]
    Replay(OutboxReplay),
}

#[derive(Args, Debug)]
pub(crate) struct OutboxList {
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    /// Only what stands there: pending, delivered, failed.
    #[arg(long, env = "ABONO_STATUS", value_parser = status)]
    pub(crate) status: Option<DeliveryStatus>,
    /// Only what is about this customer, by guid or code.
    #[arg(long, env = "ABONO_CUSTOMER", value_name = "ID")]
    pub(crate) customer: Option<String>,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON, one object a line.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct OutboxReplay {
    /// Its id, as `outbox list` shows it.
    pub(crate) id: Uuid,
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

/// How persistently things are sent to the billing system behind.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Sending {
    /// After how many attempts in vain a delivery to the billing system behind has failed; then it
    /// is sent again by `abono outbox replay` alone.
    #[arg(long, env = "ABONO_DELIVERY_ATTEMPTS", default_value = "50", value_name = "COUNT")]
    #[arg(value_parser = clap::value_parser!(i64).range(1..=10_000))]
    delivery_attempts: i64,
}

impl Sending {
    /// Who sends so persistently.
    pub(crate) const fn outbox(self) -> abono_worker::Outbox {
        abono_worker::Outbox::new(self.delivery_attempts)
    }
}

fn status(word: &str) -> Result<DeliveryStatus, String> {
    DeliveryStatus::parse(word).ok_or_else(|| {
        let words: Vec<&str> = DeliveryStatus::ALL.iter().map(|it| it.as_str()).collect();
        format!("a delivery stands at one of {}", words.join(", "))
    })
}
