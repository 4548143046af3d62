//! An outside risk service: one POST for each change that is asked for, answered in time or not at
//! all.
//!
//! It gets what the change is measured by and what the seller's own rules make of it, and answers
//! `{"verdict": "accepted" | "review" | "rejected", "reason": "..."}`. Whatever else happens, no
//! answer in time, another status, a body that can't be read, is silence: the seller has said what
//! counts then.

mod ask;
mod wire;

use abono_domain::risk::Opinion;
use abono_engine::risk::{Question, RiskService};
use http::Uri;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Where the service is: `http://HOST[:PORT]/PATH`. Others reach it through a proxy beside us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    host: String,
    port: u16,
    path: String,
}

/// Not an address that can be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address such as http://127.0.0.1:9000/risk")]
pub struct AddressError(String);

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let wrong = || AddressError(text.chars().take(200).collect());
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let authority = uri.authority().ok_or_else(wrong)?;
        // A name and a password before the host would end in logs.
        if uri.scheme_str() != Some("http") || authority.as_str().contains('@') {
            return Err(wrong());
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { host, port: authority.port_u16().unwrap_or(80), path })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}:{}{}", self.host, self.port, self.path)
    }
}

/// The service at an address, that has so long to answer, from the first byte sent to the last one
/// read.
pub fn service(address: Address, timeout: Duration) -> RiskService {
    Box::new(move |question: Question| {
        let address = address.clone();
        Box::pin(async move {
            match tokio::time::timeout(timeout, ask::ask(&address, &question)).await {
                Ok(Ok((verdict, reason))) => Opinion::Given(verdict, reason),
                Ok(Err(silence)) => Opinion::Silent(silence.to_string()),
                Err(_) => Opinion::Silent(format!("no answer in {} ms", timeout.as_millis())),
            }
        })
    })
}
