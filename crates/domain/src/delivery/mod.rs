//! What travels to the billing system behind: each addition and each termination, in order.
//!
//! What is to be delivered never changes; where it stands is kept beside it. It is sent at least
//! once, always under its own id, so that the other side can tell a repetition. A customer's
//! deliveries go one after the other: the next one waits until the one before it was delivered or
//! has failed for good.

mod backoff;
pub mod claim;
mod queue;
pub mod record;
mod refusal;
pub mod replay;

pub use backoff::{PAUSE_BASE, PAUSE_CAP, pause};
pub use queue::queue;
pub use refusal::DeliveryRefusal;

use crate::decision::{Change, Draft};
use crate::ids::{CustomerId, DeliveryId, SubscriptionId};
use crate::proration::Behaviour;
use crate::words::words;
use jiff::Timestamp;

/// What is to be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its identity, and the key under which the other side sees it, every time.
    pub id: DeliveryId,
    /// Whose.
    pub customer: CustomerId,
    /// The product group's own subscription.
    pub group: SubscriptionId,
    /// What the other side is to do.
    pub order: Order,
    /// When it was queued, in business time: its place among the customer's deliveries.
    pub queued_at: Timestamp,
}

/// What the other side is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Bill an article from now on.
    Add {
        /// The article's number there.
        article_number: String,
        /// How many.
        quantity: i64,
    },
    /// Bill it no longer.
    Terminate {
        /// How much of what was charged for the running cycle comes back.
        behaviour: Behaviour,
        /// The credit is netted on the next invoice; else it has a credit note of its own.
        internal: bool,
        /// Why, as somebody wrote it; may be empty.
        comment: String,
        /// What the invoice lines say.
        texts: Vec<String>,
        /// At which instant it ended here.
        ended_at: Timestamp,
    },
}

impl Order {
    /// The word in the store.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Add { .. } => "add",
            Self::Terminate { .. } => "terminate",
        }
    }

    /// Whether it adds.
    pub const fn is_addition(&self) -> bool {
        matches!(self, Self::Add { .. })
    }
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeliveryStatus {
    /// It is to be sent, for the first time or again.
    Pending,
    /// The other side has done it.
    Delivered,
    /// It is not sent any more, unless somebody has it sent again.
    Failed,
}

words!(DeliveryStatus {
    Pending => "pending",
    Delivered => "delivered",
    Failed => "failed",
});

/// The state of a delivery: the one part that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryState {
    /// Where it stands.
    pub status: DeliveryStatus,
    /// How often it was sent and something came of it, since it was queued or sent again by hand.
    pub attempts: i64,
    /// Machine time before which it is not sent: a pause, or the end of a claim. Nothing where it
    /// is settled, or was found to wait for one before it: then it gets its time from that one.
    pub next_at: Option<Timestamp>,
    /// What stood in its way last; nothing where it was delivered or not sent yet.
    pub trouble: Option<String>,
    /// What the other side calls it.
    pub external_id: Option<String>,
    /// What the other side answered, as it came.
    pub answer: Option<String>,
    /// When it was last sent again by hand, in business time.
    pub replayed_at: Option<Timestamp>,
    /// When it last changed, in business time.
    pub updated_at: Timestamp,
}

/// A delivery and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryView {
    /// What is to be delivered.
    pub delivery: Delivery,
    /// Where it stands.
    pub state: DeliveryState,
}

impl DeliveryView {
    /// Its place among the deliveries of its customer.
    pub const fn turn(&self) -> (Timestamp, DeliveryId) {
        (self.delivery.queued_at, self.delivery.id)
    }

    /// Whether it is still to be sent.
    pub fn is_pending(&self) -> bool {
        self.state.status == DeliveryStatus::Pending
    }

    /// Writes its state; where it is settled, the one that waits for it may be sent now.
    fn write(&self, draft: &mut Draft, facts: &Facts<'_>) {
        draft.push(Change::DeliverySet(self.delivery.id, self.state.clone()));
        if let Some(following) = facts.following.filter(|_| !self.is_pending())
            && following.state.next_at.is_none()
        {
            let next_at = Some(draft.moment.machine);
            let state = DeliveryState { next_at, ..following.state.clone() };
            draft.push(Change::DeliverySet(following.delivery.id, state));
        }
    }
}

/// What deciding about a delivery has to know.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The delivery.
    pub view: &'a DeliveryView,
    /// The customer's oldest delivery that is still to be sent.
    pub head: Option<DeliveryId>,
    /// The one after that.
    pub following: Option<&'a DeliveryView>,
    /// What added its product group.
    pub addition: Option<&'a DeliveryView>,
}

#[cfg(test)]
mod tests;
