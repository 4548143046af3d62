//! Terminations of product groups: asked for, or brought about; carried out once, on their day.
//!
//! What was asked for never changes; where it stands is kept beside it.

mod carry_out;
mod credit;
pub mod execute;
mod foresee;
mod refusal;
pub mod request;
mod timing;
pub mod withdraw;

pub(crate) use carry_out::{end_with_it, overtake};
pub use credit::{credited, lines};
pub use refusal::TerminationRefusal;

use crate::ids::{DocumentId, JobId, SubscriptionId, TerminationId, TerminationReasonId};
use crate::proration::Behaviour;
use crate::words::words;
use jiff::Timestamp;

/// A termination as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Termination {
    /// Its identity.
    pub id: TerminationId,
    /// Of which product group.
    pub group: SubscriptionId,
    /// The subscription that that belongs to.
    pub parent: SubscriptionId,
    /// By which rule its day was found.
    pub kind: TerminationType,
    /// What brought it about.
    pub source: TerminationSource,
    /// The instant from which the product group isn't any more.
    pub scheduled_at: Timestamp,
    /// Why, by the seller's list; one of a finer list stands below another there.
    pub reason: Option<TerminationReasonId>,
    /// Why, in somebody's words; may be empty.
    pub comment: String,
    /// What comes back.
    pub credit: CreditOptions,
    /// What is to stand on the line that credits it.
    pub texts: Vec<String>,
    /// When it was asked for.
    pub requested_at: Timestamp,
}

/// By which rule the day of a termination is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TerminationType {
    /// The first end of a cycle that notice and commitment allow.
    AtSubscriptionBillingPeriodEnd,
    /// The day on which it is free; the end of a cycle where it is.
    AtBindingPeriodEnd,
    /// At once.
    Immediately,
}

words!(TerminationType {
    AtSubscriptionBillingPeriodEnd => "at_billing_period_end",
    AtBindingPeriodEnd => "at_binding_period_end",
    Immediately => "immediately",
});

/// What brought a termination about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TerminationSource {
    /// Somebody asked for it.
    Direct,
    /// The plan ran out.
    Plan,
    /// The subscription ended.
    CustomerExpiration,
    /// Another plan doesn't have it any more.
    Update,
    /// It wasn't paid for.
    Unpaid,
}

words!(TerminationSource {
    Direct => "direct",
    Plan => "plan",
    CustomerExpiration => "customer_expiration",
    Update => "update",
    Unpaid => "unpaid",
});

/// What comes back when a product group is terminated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditOptions {
    /// How much of what was paid for the running cycle.
    pub behaviour: Behaviour,
    /// How it is said.
    pub kind: CreditKind,
    /// From which instant on what is unused comes back, where that isn't the termination's own.
    pub anchor: Option<Timestamp>,
}

/// How a credit is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CreditKind {
    /// By a credit note of its own.
    Normal,
    /// By lines that the next invoice nets.
    Internal,
}

words!(CreditKind { Normal => "normal", Internal => "internal" });

/// Where a termination stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TerminationStatus {
    /// It waits for its day.
    Scheduled,
    /// It was carried out.
    Done,
    /// It was taken back before its day.
    Withdrawn,
    /// The product group ended before its day, by something else.
    Overtaken,
}

words!(TerminationStatus {
    Scheduled => "scheduled",
    Done => "done",
    Withdrawn => "withdrawn",
    Overtaken => "overtaken",
});

/// The state of a termination: the one part that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminationState {
    /// Where it stands.
    pub status: TerminationStatus,
    /// The work that waits for its day.
    pub job: Option<JobId>,
    /// The credit note, or the order confirmation that the next invoice nets; none where nothing
    /// comes back.
    pub document: Option<DocumentId>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A termination and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminationView {
    /// What was asked for.
    pub termination: Termination,
    /// What became of it.
    pub state: TerminationState,
}

impl TerminationView {
    /// Whether it waits for its day.
    pub fn is_scheduled(&self) -> bool {
        self.state.status == TerminationStatus::Scheduled
    }

    /// Whether it ends the product group, or did.
    pub fn stands(&self) -> bool {
        match self.state.status {
            TerminationStatus::Scheduled | TerminationStatus::Done => true,
            TerminationStatus::Withdrawn | TerminationStatus::Overtaken => false,
        }
    }
}
