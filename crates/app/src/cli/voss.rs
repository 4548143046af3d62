//! Where the external billing system is, and who calls it.

use super::secret::needed;
use abono_connect::outgoing::{Address, Reach};
use abono_connect::voss::{Config, Voss};
use abono_engine::billing::BillingSystem;
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

/// The external billing system. Its key and token never stand on the command line.
#[derive(Args, Clone, Debug)]
pub(crate) struct ExternalBilling {
    /// An external billing system that is told what is added to a company's invoicing and what is
    /// terminated, as https://billing.example/api; what it is sent is named under that.
    #[arg(long, env = "ABONO_VOSS_URL", value_name = "URL", hide_env_values = true)]
    voss_url: Option<Address>,
    /// A file that holds its API key [default: ABONO_VOSS_API_KEY, in the environment].
    #[arg(long, env = "ABONO_VOSS_API_KEY_FILE", value_name = "PATH")]
    voss_api_key_file: Option<PathBuf>,
    /// A file that holds the token of its user [default: ABONO_VOSS_TOKEN, in the environment].
    #[arg(long, env = "ABONO_VOSS_TOKEN_FILE", value_name = "PATH")]
    voss_token_file: Option<PathBuf>,
    /// Let it be in one's own network, and answer over plain http there.
    #[arg(long, env = "ABONO_VOSS_ALLOW_PRIVATE")]
    voss_allow_private: bool,
    /// How long it has to answer, in milliseconds.
    #[arg(long, env = "ABONO_VOSS_TIMEOUT", default_value = "15000", value_name = "MS")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=60_000))]
    voss_timeout: u64,
}

impl ExternalBilling {
    /// The system, where one is named.
    ///
    /// # Errors
    /// Where its key or token is missing, can't be read or can't be sent, or where its address may
    /// not be called like this.
    pub(crate) fn system(&self) -> Result<Option<BillingSystem>> {
        let Some(address) = self.voss_url.clone() else {
            return Ok(None);
        };
        let api_key = needed(
            self.voss_api_key_file.as_deref(),
            ("--voss-api-key-file", "ABONO_VOSS_API_KEY"),
            "--voss-url",
        )?;
        let token = needed(
            self.voss_token_file.as_deref(),
            ("--voss-token-file", "ABONO_VOSS_TOKEN"),
            "--voss-url",
        )?;
        let reach = if self.voss_allow_private { Reach::Private } else { Reach::Public };
        let timeout = Duration::from_millis(self.voss_timeout);
        let voss = Voss::new(Config::new(address, reach, timeout, api_key, token))?;
        Ok(Some(voss.billing_system()))
    }
}
