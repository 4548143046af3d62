//! The external billing system that the contract calls VOSS: told what was added and what was
//! terminated, over HTTP.
//!
//! What is sent again carries the same `Idempotency-Key`, so it is done once there, however often
//! it is sent. While the other side doesn't work it is left alone (see [`crate::breaker`]); what is
//! not sent then is not an attempt.

mod class;
mod wire;

pub use crate::secret::{Secret, SecretError};

use crate::breaker::{Breaker, Outcome, Settings};
use crate::outgoing::{Address, Client, Reach, Resolver, Trouble};
use abono_engine::billing::{Answer, BillingSystem, Message};
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderMap, HeaderName, HeaderValue};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// So many calls fail one after the other before the other side is left alone.
const FAILURES: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);

/// Where it is, and how it is called.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where its API begins: `/voss/usage` is looked for under it.
    pub address: Address,
    /// How far it may be; over plain http it is in one's own network in any case.
    pub reach: Reach,
    /// How long one call may take, from resolving its name to the answer's last byte.
    pub timeout: Duration,
    /// The application's key.
    pub api_key: Secret,
    /// The user's token.
    pub token: Secret,
    /// When it is left alone.
    pub breaker: Settings,
}

impl Config {
    /// The usual one: left alone after five failures, for 10 seconds at first, for 5 minutes at
    /// most.
    pub const fn new(
        address: Address,
        reach: Reach,
        timeout: Duration,
        api_key: Secret,
        token: Secret,
    ) -> Self {
        let breaker = Settings {
            failures: FAILURES,
            rest: Duration::from_secs(10),
            rest_max: Duration::from_mins(5),
            // A call has come to an end by then.
            trial: timeout.saturating_add(Duration::from_secs(1)),
        };
        Self { address, reach, timeout, api_key, token, breaker }
    }
}

/// A configuration that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Key and token would cross the internet for everybody to read.
    #[error(
        "{0} would carry the key and token unencrypted: it must begin with https, or be in one's \
         own network (--voss-allow-private)"
    )]
    Unencrypted(Address),
    /// Key or token can't be sent.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

/// The external billing system.
pub struct Voss {
    client: Client,
    address: Address,
    reach: Reach,
    headers: HeaderMap,
    breaker: Mutex<Breaker>,
    started: Instant,
}

impl Voss {
    /// One that is configured so. Nobody is called yet.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        let Config { address, reach, timeout, api_key, token, breaker } = config;
        if !address.is_encrypted() && reach == Reach::Public {
            return Err(ConfigError::Unencrypted(address));
        }
        // Wherever its name leads, key and token don't cross the internet for everybody to read.
        let reach = if address.is_encrypted() { reach } else { Reach::Own };
        let headers = HeaderMap::from_iter([
            (ACCEPT, HeaderValue::from_static("application/json")),
            (API_KEY, api_key.header("")?),
            (AUTHORIZATION, token.header("Bearer ")?),
        ]);
        let client = Client::new(reach, timeout);
        let breaker = Mutex::new(Breaker::new(breaker));
        Ok(Self { client, address, reach, headers, breaker, started: Instant::now() })
    }

    /// The same with names resolved otherwise than by the machine.
    #[must_use]
    pub fn with_resolver(self, resolver: Resolver) -> Self {
        Self { client: self.client.with_resolver(resolver), ..self }
    }

    /// The engine's port to it.
    pub fn billing_system(self) -> BillingSystem {
        let voss = Arc::new(self);
        Box::new(move |message| {
            let voss = Arc::clone(&voss);
            Box::pin(async move { voss.send(&message).await })
        })
    }

    /// Sends a message, unless the other side is left alone just now.
    pub async fn send(&self, message: &Message) -> Answer {
        let Some((path, body)) = wire::request(message) else {
            return Answer::Final { trouble: "its id there can't stand in an address".to_owned() };
        };
        let pass = match self.with_breaker(Breaker::ask) {
            Ok(pass) => pass,
            Err(for_about) => return Answer::Resting { for_about },
        };
        let (answer, outcome) = self.call(message, &path, body).await;
        self.with_breaker(|breaker, now| breaker.settle(pass, outcome, now));
        answer
    }

    async fn call(&self, message: &Message, path: &str, body: Vec<u8>) -> (Answer, Outcome) {
        let mut headers = self.headers.clone();
        let Ok(key) = HeaderValue::from_str(&message.key.to_string()) else {
            return class::of_trouble(Trouble::Unwritable, self.reach);
        };
        headers.insert(IDEMPOTENCY_KEY, key);
        match self.client.post(&self.address, path, headers, body).await {
            Ok(reply) => class::of_reply(&message.order, &reply),
            Err(trouble) => class::of_trouble(trouble, self.reach),
        }
    }

    /// Does something with the breaker at this moment. It is measured by the runtime's clock, which
    /// also measures the time limits of calls.
    fn with_breaker<T>(&self, act: impl FnOnce(&mut Breaker, Duration) -> T) -> T {
        let now = self.started.elapsed();
        act(&mut self.breaker.lock().unwrap_or_else(PoisonError::into_inner), now)
    }
}
