//! What Stripe answers and tells, as much of it as is read. Members that we don't know are passed
//! over, and what may change with a version of its API is optional.

use super::amount;
use super::ask::is_id;
use crate::received::line;
use abono_domain::money::Money;
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The longest explanation that is kept, in characters.
const WHY_MAX: usize = 200;

/// A reference to another object: its id, or the object itself where that was asked for.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Related<T> {
    Id(String),
    Whole(T),
}

/// A Checkout Session.
#[derive(Debug, Deserialize)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) url: Option<String>,
    pub(super) status: Option<String>,
    mode: Option<String>,
    payment_status: Option<String>,
    amount_total: Option<i64>,
    currency: Option<String>,
    client_reference_id: Option<String>,
    metadata: Option<BTreeMap<String, String>>,
    pub(super) payment_intent: Option<Related<Intent>>,
}

/// A PaymentIntent.
#[derive(Debug, Deserialize)]
pub(super) struct Intent {
    id: String,
    status: Option<String>,
    last_payment_error: Option<Failure>,
}

/// Why a payment didn't come.
#[derive(Debug, Deserialize)]
struct Failure {
    code: Option<String>,
    message: Option<String>,
}

/// A refund.
#[derive(Debug, Deserialize)]
pub(super) struct Refund {
    pub(super) id: String,
    pub(super) status: Option<String>,
    amount: Option<i64>,
    currency: Option<String>,
    pub(super) payment_intent: Option<String>,
    failure_reason: Option<String>,
}

/// A charge, of which only its refunds are looked at.
#[derive(Debug, Deserialize)]
pub(super) struct Charge {
    pub(super) refunds: Option<Refunds>,
}

/// The refunds of a charge, where they come with it.
#[derive(Debug, Deserialize)]
pub(super) struct Refunds {
    pub(super) data: Vec<Refund>,
}

/// A dispute.
#[derive(Debug, Deserialize)]
pub(super) struct Dispute {
    pub(super) id: String,
    pub(super) status: String,
    amount: i64,
    currency: String,
    pub(super) payment_intent: Option<String>,
}

/// What an answer says that isn't a success.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Problem {
    error: Option<Said>,
}

#[derive(Debug, Deserialize)]
struct Said {
    #[serde(rename = "type")]
    kind: Option<String>,
    code: Option<String>,
    message: Option<String>,
}

impl Session {
    /// Whether it is one payment, and that has come.
    pub(super) fn is_paid(&self) -> bool {
        let is_payment = self.mode.as_deref().is_none_or(|mode| mode == "payment");
        is_payment && self.payment_status.as_deref() == Some("paid")
    }

    /// The payment's id and amount; `None` where they can't be told exactly.
    pub(super) fn paid(&self) -> Option<(String, Money)> {
        let reference = match self.payment_intent.as_ref()? {
            Related::Id(id) => id,
            Related::Whole(intent) => &intent.id,
        };
        let amount = amount::from_stripe(self.amount_total?, self.currency.as_deref()?)?;
        is_id(reference).then(|| (reference.clone(), amount))
    }

    /// Whose it is.
    pub(super) fn attempt(&self) -> Option<Uuid> {
        let in_metadata = || self.metadata.as_ref()?.get("attempt");
        self.client_reference_id.as_ref().or_else(in_metadata)?.parse().ok()
    }
}

impl Related<Intent> {
    /// Why the payment won't come any more.
    pub(super) fn failure(self) -> Option<String> {
        let Self::Whole(intent) = self else { return None };
        match intent.status.as_deref() {
            Some("canceled") => Some("the payment was canceled".to_owned()),
            Some("requires_payment_method") => {
                Some(intent.last_payment_error.map_or_else(failed, Failure::words))
            }
            Some(_) | None => None,
        }
    }
}

impl Failure {
    fn words(self) -> String {
        self.message.or(self.code).map_or_else(failed, |why| line(&why, WHY_MAX))
    }
}

impl Refund {
    /// How much; `None` where it can't be told exactly.
    pub(super) fn amount(&self) -> Option<Money> {
        amount::from_stripe(self.amount?, self.currency.as_deref()?)
    }

    /// Why it failed.
    pub(super) fn why(&self) -> String {
        match &self.failure_reason {
            Some(reason) => format!("the refund failed: {}", line(reason, WHY_MAX)),
            None => "the refund failed".to_owned(),
        }
    }
}

impl Dispute {
    /// How much; `None` where it can't be told exactly.
    pub(super) fn amount(&self) -> Option<Money> {
        amount::from_stripe(self.amount, &self.currency)
    }
}

impl Problem {
    pub(super) fn code(&self) -> Option<&str> {
        self.error.as_ref()?.code.as_deref()
    }

    pub(super) fn message(&self) -> Option<&str> {
        self.error.as_ref()?.message.as_deref()
    }

    /// Whether the idempotency key was used for something else, which may be done.
    pub(super) fn is_about_the_key(&self) -> bool {
        let kind = self.error.as_ref().and_then(|said| said.kind.as_deref());
        kind == Some("idempotency_error")
    }
}

/// What is said where Stripe gives no reason.
pub(super) fn failed() -> String {
    "the payment failed".to_owned()
}
