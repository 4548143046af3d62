//! `abono key`.

use super::{Database, TenantName};
use abono_domain::access::Role;
use clap::{Args, Subcommand};
use jiff::Timestamp;

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Make a token and print it, once.
    #[command(after_help = "Example: abono key create --tenant shop --role buyer \
        --customer corner-shop --label 'web shop'")]
    Create(KeyCreate),
    /// List the tokens, without their secrets.
    List(KeyList),
    /// Refuse a token from now on; other nodes follow within two seconds.
    Revoke(KeyRevoke),
}

#[derive(Args, Debug)]
pub(crate) struct KeyCreate {
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    #[command(flatten)]
    pub(crate) database: Database,
    /// viewer (reads and calculates), buyer (also creates and cancels), admin (everything);
    /// application names a program beside a person's own token, and may do nothing alone.
    #[arg(long, env = "ABONO_ROLE", value_parser = role)]
    pub(crate) role: Role,
    /// A customer it is limited to, by guid or code; may be repeated.
    #[arg(long, env = "ABONO_CUSTOMER", value_delimiter = ',')]
    pub(crate) customer: Vec<String>,
    /// What it is for.
    #[arg(long, env = "ABONO_LABEL", default_value = "")]
    pub(crate) label: String,
    /// From when on it is refused.
    #[arg(long, env = "ABONO_EXPIRES")]
    pub(crate) expires: Option<Timestamp>,
    /// Write JSON.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct KeyList {
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    #[command(flatten)]
    pub(crate) database: Database,
    /// Write JSON.
    #[arg(long, env = "ABONO_JSON")]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct KeyRevoke {
    /// The token's id, as `key list` shows it.
    pub(crate) id: uuid::Uuid,
    #[command(flatten)]
    pub(crate) tenant: TenantName,
    #[command(flatten)]
    pub(crate) database: Database,
}

fn role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| "the roles are application, viewer, buyer and admin".to_owned())
}
