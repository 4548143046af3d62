//! What Stripe tells of its own accord: events, each about one object.
//!
//! Each refund and each dispute is told by itself and by its own state, so that their order doesn't
//! matter. A charge tells only the sum of its refunds; it counts where its refunds come with it.

use super::ask::is_id;
use super::object::{self, Charge, Dispute, Refund, Session};
use crate::received;
use abono_engine::payments::{Notice, Noticed, Unread};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// The longest message that is read, in bytes.
const BODY_MAX: usize = 256 * 1024;

#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    data: Option<Data>,
}

#[derive(Deserialize)]
struct Data {
    object: Box<RawValue>,
}

/// Reads an event whose signature is right.
///
/// # Errors
/// [`Unread::Malformed`].
pub(super) fn read(body: &[u8]) -> Result<Vec<Notice>, Unread> {
    if body.len() > BODY_MAX {
        return Err(malformed("it is longer than 256 KiB"));
    }
    let event: Event = received::object(body).ok_or_else(|| malformed("it is no event"))?;
    if !is_id(&event.id) {
        return Err(malformed("its id is none"));
    }
    match event.kind.as_str() {
        "checkout.session.completed" | "checkout.session.async_payment_succeeded" => {
            of_session(&event, come)
        }
        "checkout.session.async_payment_failed" => {
            of_session(&event, |_| Ok(Noticed::Failed { why: object::failed() }))
        }
        "checkout.session.expired" => of_session(&event, |_| Ok(Noticed::Expired)),
        "charge.refunded" => of_charge(&event),
        "charge.refund.updated" | "refund.created" | "refund.updated" | "refund.failed" => {
            let refund: Refund = event.object()?;
            Ok(vec![event.about_money(of_refund(refund)?)])
        }
        "charge.dispute.created"
        | "charge.dispute.updated"
        | "charge.dispute.closed"
        | "charge.dispute.funds_withdrawn"
        | "charge.dispute.funds_reinstated" => {
            let dispute: Dispute = event.object()?;
            Ok(vec![event.about_money(of_dispute(dispute)?)])
        }
        _ => Ok(vec![event.about_money(Noticed::Other)]),
    }
}

impl Event {
    fn object<T: DeserializeOwned>(&self) -> Result<T, Unread> {
        let data = self.data.as_ref().ok_or_else(|| malformed("it is about nothing"))?;
        received::object(data.object.get().as_bytes())
            .ok_or_else(|| malformed("what it is about can't be read"))
    }

    /// One that names no checkout: it is known by the payment.
    fn about_money(&self, what: Noticed) -> Notice {
        Notice { event: self.id.clone(), attempt: None, external_id: None, what }
    }
}

fn of_session(
    event: &Event,
    what: impl FnOnce(&Session) -> Result<Noticed, Unread>,
) -> Result<Vec<Notice>, Unread> {
    let session: Session = event.object()?;
    let (attempt, what) = (session.attempt(), what(&session)?);
    let external_id = Some(session.id);
    Ok(vec![Notice { event: event.id.clone(), attempt, external_id, what }])
}

/// A session that is complete: paid, or to be paid in some days.
fn come(session: &Session) -> Result<Noticed, Unread> {
    if !session.is_paid() {
        return Ok(Noticed::Other);
    }
    let (reference, amount) = session.paid().ok_or_else(inexact)?;
    Ok(Noticed::Paid { reference, amount })
}

/// As many notices as refunds, each known by an event of its own.
fn of_charge(event: &Event) -> Result<Vec<Notice>, Unread> {
    let charge: Charge = event.object()?;
    let Some(refunds) = charge.refunds.filter(|refunds| !refunds.data.is_empty()) else {
        return Ok(vec![event.about_money(Noticed::Other)]);
    };
    let of_one = |refund: Refund| {
        let name = format!("{}/{}", event.id, refund.id);
        Ok(Notice { event: name, ..event.about_money(of_refund(refund)?) })
    };
    refunds.data.into_iter().map(of_one).collect()
}

fn of_refund(refund: Refund) -> Result<Noticed, Unread> {
    let Some(payment) = refund.payment_intent.clone() else { return Ok(Noticed::Other) };
    match refund.status.as_deref() {
        Some("succeeded") => {
            let amount = refund.amount().ok_or_else(inexact)?;
            Ok(Noticed::Refunded { payment, reference: refund.id, amount })
        }
        Some("failed" | "canceled") => {
            let why = refund.why();
            Ok(Noticed::RefundFailed { payment, reference: refund.id, why })
        }
        Some(_) | None => Ok(Noticed::Other),
    }
}

/// A bank that only inquires takes no money back: its states begin with `warning_`.
fn of_dispute(dispute: Dispute) -> Result<Noticed, Unread> {
    let Some(payment) = dispute.payment_intent.clone() else { return Ok(Noticed::Other) };
    let amount = || dispute.amount().ok_or_else(inexact);
    match dispute.status.as_str() {
        "needs_response" | "under_review" | "lost" => {
            Ok(Noticed::Disputed { payment, amount: amount()?, reference: dispute.id })
        }
        "won" => Ok(Noticed::DisputeWon { payment, amount: amount()?, reference: dispute.id }),
        _ => Ok(Noticed::Other),
    }
}

fn malformed(why: &str) -> Unread {
    Unread::Malformed(why.to_owned())
}

fn inexact() -> Unread {
    malformed("its amount can't be told exactly, or belongs to no payment")
}

#[cfg(test)]
mod tests;
