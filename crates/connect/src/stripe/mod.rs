//! Stripe Checkout, over Stripe's public HTTP API: the buyer pays on Stripe's page, and no card
//! number comes near us.
//!
//! What is asked again carries the same `Idempotency-Key`, so it is done once there. Stripe knows a
//! key for a day at least, and a session for a day at most, so nobody is charged twice for one
//! attempt. What Stripe tells of its own accord comes signed; these events are worth sending:
//! `checkout.session.completed`, `.async_payment_succeeded`, `.async_payment_failed` and
//! `.expired`; `refund.created`, `.updated` and `.failed`; `charge.dispute.created` and `.closed`.

mod amount;
mod answer;
mod ask;
mod notice;
mod object;

use crate::outgoing::{Address, Client, Form, Reach, Reply, Resolver, Trouble};
use crate::secret::{Secret, SecretError};
use crate::signature;
use abono_domain::money::Money;
use abono_engine::payments::{
    Answer, Checkout, Header, Notice, PaymentProvider, Returned, Standing, Started, Unread,
};
use answer::Failed;
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use std::time::Duration;
use uuid::Uuid;

/// Where Stripe's API is.
pub const ADDRESS: &str = "https://api.stripe.com";

/// Where buyers pay, unless the account has a domain of its own.
pub const PAGE: &str = "https://checkout.stripe.com";

/// The version of Stripe's API whose answers are read.
const VERSION: HeaderValue = HeaderValue::from_static("2024-11-20.acacia");

const STRIPE_VERSION: HeaderName = HeaderName::from_static("stripe-version");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The header with the signature of a message.
const SIGNATURE: &str = "Stripe-Signature";

/// Where it is, and how it is called and heard.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where its API begins, usually [`ADDRESS`]: `/v1/checkout/sessions` is looked for under it.
    pub address: Address,
    /// How far it may be.
    pub reach: Reach,
    /// How long one call may take, from resolving its name to the answer's last byte.
    pub timeout: Duration,
    /// The secret key of the account, or a restricted one for sessions and refunds.
    pub api_key: Secret,
    /// What its messages are signed with: the endpoint's signing secret.
    pub webhook_secret: Secret,
}

/// A configuration that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The key would cross the internet for everybody to read.
    #[error(
        "{0} would carry the key unencrypted: it must begin with https, or be in one's own network"
    )]
    Unencrypted(Address),
    /// The key can't be sent.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

/// Stripe.
pub struct Stripe {
    client: Client,
    address: Address,
    headers: HeaderMap,
    webhook_secret: Secret,
}

impl Stripe {
    /// One that is configured so. Nobody is called yet.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        let Config { address, reach, timeout, api_key, webhook_secret } = config;
        if !address.is_encrypted() && reach == Reach::Public {
            return Err(ConfigError::Unencrypted(address));
        }
        let headers = HeaderMap::from_iter([
            (ACCEPT, HeaderValue::from_static("application/json")),
            (STRIPE_VERSION, VERSION),
            (AUTHORIZATION, api_key.header("Bearer ")?),
        ]);
        Ok(Self { client: Client::new(reach, timeout), address, headers, webhook_secret })
    }

    /// The same with names resolved otherwise than by the machine.
    #[must_use]
    pub fn with_resolver(self, resolver: Resolver) -> Self {
        Self { client: self.client.with_resolver(resolver), ..self }
    }

    async fn post(&self, path: &str, form: &Form, key: Uuid) -> Result<Reply, Trouble> {
        let mut headers = self.headers.clone();
        let key = HeaderValue::from_str(&key.to_string()).map_err(|_| Trouble::Unwritable)?;
        headers.insert(IDEMPOTENCY_KEY, key);
        self.client.post_form(&self.address, path, headers, form).await
    }

    async fn open(&self, checkout: &Checkout) -> Result<Started, Failed> {
        let form = ask::session(checkout).ok_or_else(|| unpayable(checkout.amount))?;
        let reply = self.post("/v1/checkout/sessions", &form, checkout.key).await;
        answer::started(answer::read(reply)?)
    }

    async fn ask(&self, session: &str) -> Result<Standing, Failed> {
        let path = ask::path_of(session);
        let path = path.ok_or_else(|| Failed::Refused("its id there is none".to_owned()))?;
        let reply = self.client.get(&self.address, &path, self.headers.clone()).await;
        answer::standing(answer::read(reply)?)
    }

    async fn refund(&self, payment: &str, amount: Money, key: Uuid) -> Result<Returned, Failed> {
        let form = ask::refund(payment, amount, key).ok_or_else(|| unpayable(amount))?;
        let reply = self.post("/v1/refunds", &form, key).await;
        answer::returned(answer::read(reply)?)
    }
}

fn unpayable(amount: Money) -> Failed {
    Failed::Refused(format!("{amount} can't be paid through Stripe"))
}

impl PaymentProvider for Stripe {
    fn name(&self) -> &str {
        "stripe"
    }

    fn start(&self, checkout: Checkout) -> Answer<'_, Started> {
        Box::pin(async move { self.open(&checkout).await.unwrap_or_else(Started::from) })
    }

    fn look_up(&self, external_id: String) -> Answer<'_, Standing> {
        Box::pin(async move { self.ask(&external_id).await.unwrap_or_else(Standing::from) })
    }

    fn give_back(&self, payment: String, amount: Money, key: Uuid) -> Answer<'_, Returned> {
        Box::pin(
            async move { self.refund(&payment, amount, key).await.unwrap_or_else(Returned::from) },
        )
    }

    fn read(
        &self,
        headers: &[Header<'_>],
        body: &[u8],
        now: Timestamp,
    ) -> Result<Vec<Notice>, Unread> {
        signature::verify(&self.webhook_secret, SIGNATURE, headers, body, now)?;
        notice::read(body)
    }
}
