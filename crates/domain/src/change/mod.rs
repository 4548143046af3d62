//! Changes of a subscription's plan: asked for now or for a date, decided about, carried out once.
//!
//! What was asked for never changes; where it stands is kept beside it, with the steps that led
//! there. All of them together are the change log: nothing that was asked for is lost.

mod carry_out;
pub mod decide_risk;
pub mod execute;
mod inputs;
mod price;
mod refusal;
pub mod request;
pub mod withdraw;

pub use inputs::inputs;
pub use price::price;
pub use refusal::ChangeRefusal;

use crate::ids::{ChangeId, DocumentId, JobId, PlanId, SubscriptionId};
use crate::risk::RiskDecision;
use crate::words::words;
use jiff::Timestamp;
use jiff::civil::Date;

/// A change as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanChange {
    /// Its identity.
    pub id: ChangeId,
    /// Its number in the tenant; given when it is written.
    pub number: i64,
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// The plan that was to be in force before it, by what was known then.
    pub from: PlanId,
    /// The plan that is asked for.
    pub to: PlanId,
    /// From which day on, on the subscription's wall: it is done at that day's first instant, or
    /// at once where that is over.
    pub effective_on: Date,
    /// When it was asked for.
    pub requested_at: Timestamp,
}

/// Where a change stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeStatus {
    /// Somebody has to look at it.
    Review,
    /// It waits for its day.
    Scheduled,
    /// It was done.
    Done,
    /// It was taken back before its day.
    Withdrawn,
    /// Another one took its place.
    Replaced,
    /// It was not allowed.
    Rejected,
    /// It was not possible any more on its day.
    Failed,
}

words!(ChangeStatus {
    Review => "review",
    Scheduled => "scheduled",
    Done => "done",
    Withdrawn => "withdrawn",
    Replaced => "replaced",
    Rejected => "rejected",
    Failed => "failed",
});

impl ChangeStatus {
    /// Whether it may still be done.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Review | Self::Scheduled)
    }
}

/// The state of a change: the one part that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeState {
    /// Where it stands.
    pub status: ChangeStatus,
    /// The instant from which it is in force, or is to be.
    pub due_at: Timestamp,
    /// The work that waits for that.
    pub job: Option<JobId>,
    /// What it charged and credited, where it was done inside a cycle.
    pub confirmation: Option<DocumentId>,
    /// How many steps led here.
    pub steps: i64,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// One step of a change's status; `from` is `None` for its request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeStep {
    /// Of which change.
    pub change: ChangeId,
    /// Its place, from 1.
    pub seq: i64,
    /// Where it stood.
    pub from: Option<ChangeStatus>,
    /// Where it stands now.
    pub to: ChangeStatus,
    /// Why: one of [`Obstacle`]'s words where it failed, else what somebody said.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// What keeps a change from being done on its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Obstacle {
    /// The subscription is over.
    SubscriptionEnded,
    /// The plan is no longer sold.
    PlanWithdrawn,
    /// The plan that is in force doesn't change to it.
    PlanIncompatible,
    /// The plan has no price for the cycle on that day.
    NotSold,
    /// The risk decision doesn't hold any more, and a new one would be another.
    RiskDecisionLapsed,
    /// A figure is out of range.
    OutOfRange,
}

words!(Obstacle {
    SubscriptionEnded => "subscription_ended",
    PlanWithdrawn => "plan_withdrawn",
    PlanIncompatible => "plan_incompatible",
    NotSold => "not_sold",
    RiskDecisionLapsed => "risk_decision_lapsed",
    OutOfRange => "out_of_range",
});

/// A change, where it stands, and what was decided about its risk last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeView {
    /// What was asked for.
    pub change: PlanChange,
    /// What became of it.
    pub state: ChangeState,
    /// The reason of its last step.
    pub reason: Option<String>,
    /// What was decided about its risk last.
    pub risk: RiskDecision,
}

impl ChangeView {
    /// The first to be done comes first; of one instant, the one that was asked for first.
    pub fn turn(&self) -> (Timestamp, Timestamp, ChangeId) {
        (self.state.due_at, self.change.requested_at, self.change.id)
    }

    /// Whether it waits for its day.
    pub fn is_scheduled(&self) -> bool {
        self.state.status == ChangeStatus::Scheduled
    }
}
