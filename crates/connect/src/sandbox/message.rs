//! What the sandbox tells, in JSON: what happened, to which attempt, and how much it was, in minor
//! units.

use crate::received;
use abono_domain::money::Money;
use abono_engine::payments::{Notice, Noticed, Unread};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The longest message that is read, in bytes.
const BODY_MAX: usize = 64 * 1024;

/// The longest id that is read, in bytes.
const ID_MAX: usize = 255;

/// The longest explanation that is kept, in characters.
const WHY_MAX: usize = 200;

#[derive(Debug, Default, Deserialize, Serialize)]
struct Message {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt: Option<Uuid>,
    /// What is paid, where no attempt is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice: Option<String>,
    /// The payment that a refund or a dispute belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    payment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// What happened to an attempt, told by an id of its own for each checkout or refund of this key.
pub(super) fn write(what: &Noticed, attempt: Uuid, key: Uuid) -> Vec<u8> {
    let kind = kind(what);
    let message = Message {
        id: format!("evt_{}_{kind}", key.simple()),
        kind: format!("payment.{kind}"),
        attempt: Some(attempt),
        ..Message::about(what)
    };
    // Texts and whole numbers always have a form in JSON.
    serde_json::to_vec(&message).unwrap_or_default()
}

const fn kind(what: &Noticed) -> &'static str {
    match what {
        Noticed::Paid { .. } => "succeeded",
        Noticed::Failed { .. } => "failed",
        Noticed::Expired => "expired",
        Noticed::Refunded { .. } => "refunded",
        Noticed::RefundFailed { .. } => "refund_failed",
        Noticed::Disputed { .. } => "disputed",
        Noticed::DisputeWon { .. } => "dispute_won",
        Noticed::Other => "other",
    }
}

impl Message {
    fn about(what: &Noticed) -> Self {
        match what {
            Noticed::Paid { reference, amount } => Self::of(None, reference, Some(*amount)),
            Noticed::Failed { why } => Self { why: Some(why.clone()), ..Self::default() },
            Noticed::Refunded { payment, reference, amount }
            | Noticed::Disputed { payment, reference, amount }
            | Noticed::DisputeWon { payment, reference, amount } => {
                Self::of(Some(payment), reference, Some(*amount))
            }
            Noticed::RefundFailed { payment, reference, why } => {
                let why = Some(why.clone());
                Self { why, ..Self::of(Some(payment), reference, None) }
            }
            Noticed::Expired | Noticed::Other => Self::default(),
        }
    }

    fn of(payment: Option<&String>, reference: &str, amount: Option<Money>) -> Self {
        Self {
            payment: payment.cloned(),
            reference: Some(reference.to_owned()),
            amount: amount.map(|amount| amount.minor),
            currency: amount.map(|amount| amount.currency.to_string()),
            ..Self::default()
        }
    }
}

/// Reads a message whose signature is right. Members that we don't know are passed over.
///
/// # Errors
/// [`Unread::Malformed`].
pub(super) fn read(body: &[u8]) -> Result<Notice, Unread> {
    if body.len() > BODY_MAX {
        return Err(malformed("it is longer than 64 KiB"));
    }
    let message = received::object(body).ok_or_else(|| malformed("it is no message"))?;
    let what = happened(&message)?;
    let Message { id, attempt, invoice, .. } = message;
    let external_id = match attempt {
        Some(attempt) => Some(attempt.to_string()),
        None => invoice.map(checked).transpose()?,
    };
    Ok(Notice { event: checked(id)?, attempt, external_id, what })
}

fn happened(message: &Message) -> Result<Noticed, Unread> {
    let amount = || amount(message).ok_or_else(|| malformed("its amount is none"));
    let payment = || id(message.payment.as_ref());
    let reference = || id(message.reference.as_ref());
    let why = || received::line(message.why.as_deref().unwrap_or("no reason was given"), WHY_MAX);
    Ok(match message.kind.as_str() {
        "payment.succeeded" => {
            // Where nothing tells the payments of an invoice apart, there is one.
            let reference = id(message.reference.as_ref().or(message.invoice.as_ref()))?;
            Noticed::Paid { reference, amount: amount()? }
        }
        "payment.failed" => Noticed::Failed { why: why() },
        "payment.expired" => Noticed::Expired,
        "payment.refunded" => {
            Noticed::Refunded { payment: payment()?, reference: reference()?, amount: amount()? }
        }
        "payment.refund_failed" => {
            Noticed::RefundFailed { payment: payment()?, reference: reference()?, why: why() }
        }
        "payment.disputed" => {
            Noticed::Disputed { payment: payment()?, reference: reference()?, amount: amount()? }
        }
        "payment.dispute_won" => {
            Noticed::DisputeWon { payment: payment()?, reference: reference()?, amount: amount()? }
        }
        _ => Noticed::Other,
    })
}

fn amount(message: &Message) -> Option<Money> {
    let currency = message.currency.as_ref()?.parse().ok()?;
    message.amount.filter(|minor| *minor > 0).map(|minor| Money::new(minor, currency))
}

fn id(id: Option<&String>) -> Result<String, Unread> {
    checked(id.cloned().unwrap_or_default())
}

fn checked(id: String) -> Result<String, Unread> {
    let is_id = !id.is_empty() && id.len() <= ID_MAX && id.bytes().all(|it| it.is_ascii_graphic());
    if is_id { Ok(id) } else { Err(malformed("an id in it is missing or is none")) }
}

fn malformed(why: &str) -> Unread {
    Unread::Malformed(why.to_owned())
}
