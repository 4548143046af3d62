//! Takes the sandbox's messages to where the messages of providers are heard, over HTTP.

use super::{SIGNATURE, Sandbox};
use crate::outgoing::{Address, Client, Reach, Trouble};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use jiff::Timestamp;
use std::time::Duration;

/// How long it waits for an answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Who takes messages to one address.
pub struct Messenger {
    client: Client,
    address: Address,
}

/// Why a message has to be told again.
#[derive(Debug, thiserror::Error)]
pub enum Untold {
    /// It wasn't answered.
    #[error(transparent)]
    Unanswered(#[from] Trouble),
    /// It was answered otherwise than with a success.
    #[error("it was answered with status {0}")]
    Refused(StatusCode),
}

impl Messenger {
    /// One who posts to this address.
    pub fn new(address: Address) -> Self {
        Self { client: Client::new(Reach::Private, TIMEOUT), address }
    }

    /// Posts a message, signed now.
    ///
    /// # Errors
    /// [`Untold`].
    pub async fn tell(&self, from: &Sandbox, body: &[u8], now: Timestamp) -> Result<(), Untold> {
        let signature = HeaderValue::from_str(&from.sign(body, now));
        let name = HeaderName::from_bytes(SIGNATURE.as_bytes());
        let (Ok(name), Ok(signature)) = (name, signature) else {
            return Err(Trouble::Unwritable.into());
        };
        let headers = HeaderMap::from_iter([(name, signature)]);
        let reply = self.client.post(&self.address, "", headers, body.to_vec()).await?;
        if reply.status.is_success() { Ok(()) } else { Err(Untold::Refused(reply.status)) }
    }
}
