//! An outside risk service: one POST for each change that is asked for, answered in time or not at
//! all.
//!
//! It gets what the change is measured by and what the seller's own rules make of it, and answers
//! `{"verdict": "accepted" | "review" | "rejected", "reason": "..."}`. Whatever else happens, no
//! answer in time, another status, a body that can't be read, is silence: the seller has said what
//! counts then.

mod wire;

use crate::outgoing::{self, AddressError, Client, Reach, Trouble};
use abono_domain::risk::{Opinion, Verdict};
use abono_engine::risk::{Question, RiskService};
use http::{HeaderMap, StatusCode};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Where the service is: `http://HOST[:PORT]/PATH`. Others reach it through a proxy beside us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(outgoing::Address);

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let address = text.parse().ok().filter(|it: &outgoing::Address| !it.is_encrypted());
        let address = address.map(Self);
        address.ok_or_else(|| AddressError::new(text, "http://127.0.0.1:9000/risk"))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why there is no opinion. It says nothing that the service wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Silence {
    #[error(transparent)]
    Unanswered(#[from] Trouble),
    #[error("it answered with status {0}")]
    Status(StatusCode),
    #[error("its answer can't be read")]
    Unreadable,
}

/// The service at an address, that has so long to answer, from the first byte sent to the last one
/// read.
pub fn service(address: Address, timeout: Duration) -> RiskService {
    let it = Arc::new((Client::new(Reach::Private, timeout), address));
    Box::new(move |question: Question| {
        let it = Arc::clone(&it);
        Box::pin(async move {
            match ask(&it.0, &it.1, &question).await {
                Ok((verdict, reason)) => Opinion::Given(verdict, reason),
                Err(silence) => Opinion::Silent(silence.to_string()),
            }
        })
    })
}

async fn ask(
    client: &Client,
    address: &Address,
    question: &Question,
) -> Result<(Verdict, String), Silence> {
    let asked = serde_json::to_vec(&wire::Asked::new(question));
    let asked = asked.map_err(|_| Silence::Unanswered(Trouble::Unwritable))?;
    let reply = client.post(&address.0, "", HeaderMap::new(), asked).await?;
    if reply.status != StatusCode::OK {
        return Err(Silence::Status(reply.status));
    }
    wire::read(&reply.body?).ok_or(Silence::Unreadable)
}
