//! What is asked of the world outside.

use super::voss::ExternalBilling;
use abono_connect::risk::{Address, service};
use abono_engine::Env;
use anyhow::Result;
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
    #[command(flatten)]
    external_billing: Box<ExternalBilling>,
}

impl Ports {
    /// The real world with these services in it.
    ///
    /// # Errors
    /// Where one is named that can't be called.
    pub(crate) fn env(&self) -> Result<Env> {
        let mut env = Env::real();
        if let Some(address) = &self.risk_service {
            let timeout = Duration::from_millis(self.risk_timeout);
            env = env.with_risk_service(service(address.clone(), timeout));
        }
        if let Some(system) = self.external_billing.system()? {
            env = env.with_billing_system(system);
        }
        Ok(env)
    }
}
