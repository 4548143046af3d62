//! What is asked of the world outside.

use abono_connect::risk::{Address, service};
use abono_engine::Env;
use clap::Args;
use std::time::Duration;

/// Where outside services are.
#[derive(Args, Clone, Debug)]
pub(crate) struct Ports {
    /// An outside service that is asked about the risk of changes, as http://127.0.0.1:9000/risk,
    /// for sellers that say what counts where it is silent (risk.service_fallback).
    #[arg(long, env = "ABONO_RISK_SERVICE", value_name = "URL", hide_env_values = true)]
    risk_service: Option<Address>,
    /// How long it has to answer, in milliseconds.
    #[arg(long, env = "ABONO_RISK_TIMEOUT", default_value = "2000", value_name = "MS")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=60_000))]
    risk_timeout: u64,
}

impl Ports {
    /// The real world with these services in it.
    pub(crate) fn env(&self) -> Env {
        let env = Env::real();
        match &self.risk_service {
            None => env,
            Some(address) => {
                let timeout = Duration::from_millis(self.risk_timeout);
                env.with_risk_service(service(address.clone(), timeout))
            }
        }
    }
}
