//! Sends what is due to the billing system behind: claim, call, record.
//!
//! The call is made with no transaction open. Whatever happens between the three, the delivery is
//! sent again when its claim ends, under the same key: at least once.

use crate::billing::{self, Message};
use crate::commands::Command;
use crate::engine::Engine;
use crate::execute::{Actor, Call};
use crate::failure::Failure;
use abono_domain::decision::Outcome;
use abono_domain::delivery::claim::{ClaimDelivery, Claimed};
use abono_domain::delivery::record::{Answer, RecordDelivery};
use abono_domain::delivery::{Delivery, DeliveryRefusal, DeliveryStatus, DeliveryView, Order};
use abono_domain::ids::{CustomerId, DeliveryId, TenantId};
use std::time::Duration;

/// What came of sending a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The other side has done it.
    Delivered,
    /// It is sent again later.
    Later {
        /// What stood in its way.
        trouble: String,
    },
    /// It has failed, and is sent again only by hand.
    Failed {
        /// Why.
        trouble: String,
    },
    /// It was not sent, since the other side is being left alone.
    Resting {
        /// For about how long.
        for_about: Duration,
    },
    /// It waits for one before it, and was put aside until that is settled.
    Aside,
    /// Somebody else sends it, or it was settled meanwhile.
    NotItsTurn,
}

impl Engine {
    /// Whether there is a billing system behind.
    pub const fn has_billing_system(&self) -> bool {
        self.env.billing_system().is_some()
    }

    /// Sends a delivery, where it is its turn; it has failed for good after so many attempts.
    ///
    /// # Errors
    /// [`Failure`]; then it is sent again when its claim ends.
    pub async fn deliver(
        &self,
        tenant: TenantId,
        (customer, id): (CustomerId, DeliveryId),
        attempts_max: i64,
    ) -> Result<Sent, Failure> {
        let Some(system) = self.env.billing_system() else { return Ok(Sent::NotItsTurn) };
        let call = Call::new(tenant, Actor::Worker);
        let claim = Command::ClaimDelivery(customer, ClaimDelivery { delivery: id });
        let Some((view, claimed)) = self.decided(&call, &claim).await? else {
            return Ok(Sent::NotItsTurn);
        };
        let Some(Claimed { until, added_as }) = claimed else { return Ok(sent(view, None)) };
        let message = message(view.delivery, added_as);
        self.env.fault("outbox.before_send").await;
        let mut answer = system(message).await;
        if self.env.fault("outbox.after_send").await {
            let trouble = "the answer was lost".to_owned();
            answer = Answer::Passing { trouble, retry_after: None };
        }
        let rest = match &answer {
            Answer::Resting { for_about } => Some(*for_about),
            Answer::Done { .. } | Answer::Passing { .. } | Answer::Final { .. } => None,
        };
        let record = RecordDelivery { delivery: id, claimed_until: until, answer, attempts_max };
        let recorded = self.decided(&call, &Command::RecordDelivery(customer, record)).await?;
        Ok(recorded.map_or(Sent::NotItsTurn, |(view, _)| sent(view, rest)))
    }

    /// Carries a command about a delivery out; nothing where it was too late for it.
    async fn decided(
        &self,
        call: &Call,
        command: &Command,
    ) -> Result<Option<(DeliveryView, Option<Claimed>)>, Failure> {
        match self.carry_out(call, command).await {
            Ok(Outcome::Delivery { view, claimed }) => Ok(Some((*view, claimed))),
            Ok(_) => Err(DeliveryRefusal::Unknown.into()),
            Err(failure) if is_too_late(&failure) => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

/// Whether somebody else was faster.
fn is_too_late(failure: &Failure) -> bool {
    let overtaken = [DeliveryRefusal::NotItsTurn, DeliveryRefusal::Overtaken];
    let Failure::Refused(abono_domain::refusal::Refusal::Delivery(refusal)) = failure else {
        return false;
    };
    overtaken.contains(refusal)
}

/// What is sent. A claim gives what a termination is about.
fn message(delivery: Delivery, added_as: Option<String>) -> Message {
    let order = match delivery.order {
        Order::Add { article_number, quantity } => billing::Order::Add { article_number, quantity },
        Order::Terminate { behaviour, internal, comment, texts, ended_at } => {
            let external_id = added_as.unwrap_or_default();
            billing::Order::Terminate { external_id, behaviour, internal, comment, texts, ended_at }
        }
    };
    Message { key: delivery.id.0, customer: delivery.customer.0, order }
}

fn sent(view: DeliveryView, rest: Option<Duration>) -> Sent {
    let trouble = view.state.trouble.unwrap_or_default();
    match (view.state.status, rest) {
        (DeliveryStatus::Delivered, _) => Sent::Delivered,
        (DeliveryStatus::Failed, _) => Sent::Failed { trouble },
        (DeliveryStatus::Pending, Some(for_about)) => Sent::Resting { for_about },
        (DeliveryStatus::Pending, None) if view.state.next_at.is_none() => Sent::Aside,
        (DeliveryStatus::Pending, None) => Sent::Later { trouble },
    }
}
