//! Product groups: what runs on a subscription beside its plan, and is billed with it.
//!
//! An optional one was added by itself and has its price; an included one comes with the plan and
//! costs nothing. Each hangs on an agreement of its own, with the days and the length of cycle of
//! the subscription that it belongs to; what it gave and cost are grants on that.

pub mod add;
mod balance_change;
mod bill;
mod include;
mod refusal;

pub use balance_change::{BalanceChange, BalanceItem, Charged};
pub use bill::quote;
pub(crate) use bill::{Charge, billed, charges, provide};
pub(crate) use include::include;
pub use refusal::GroupRefusal;

use crate::ids::{PlanId, SubscriptionId};
use crate::licence::{Holding, Period, Subscription, Value};
use crate::subscription::{Agreement, Commitment};
use crate::termination::TerminationView;
use crate::words::words;
use jiff::Timestamp;
use jiff::civil::Date;

/// A product group as it was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductGroup {
    /// Its identity, number, customer and product; what it is given hangs on it.
    pub subscription: Subscription,
    /// The subscription that it belongs to.
    pub parent: SubscriptionId,
    /// Whether it was added by itself.
    pub kind: GroupKind,
    /// The plan.
    pub plan: PlanId,
    /// How many.
    pub quantity: i64,
    /// Who asked for it, as far as the caller said; a repetition is known by it.
    pub added_by: String,
    /// Whether the billing system behind was asked to bill it, and so is to end it too, whatever
    /// the seller's setting is by then.
    pub billed_behind: bool,
}

/// How a product group came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKind {
    /// It was added by itself.
    Optional,
    /// It comes with the plan of the subscription.
    Included,
}

words!(GroupKind { Optional => "optional", Included => "included" });

/// Whether a product group runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupStatus {
    /// It runs.
    Active,
    /// It is over.
    Terminated,
}

words!(GroupStatus { Active => "active", Terminated => "terminated" });

/// Where a product group stands: the one part of it that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupState {
    /// Whether it runs.
    pub status: GroupStatus,
    /// The first day that isn't billed; none where it costs nothing.
    pub billed_until: Option<Date>,
    /// From when on it isn't any more.
    pub ended_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A product group, where it stands, and what it gave and cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What was added.
    pub group: ProductGroup,
    /// What became of it.
    pub state: GroupState,
    /// The periods for which it is given, oldest first.
    pub periods: Vec<Period>,
    /// What was charged for them.
    pub values: Vec<Value>,
    /// What it is bound by, oldest first.
    pub commitments: Vec<Commitment>,
}

/// A product group as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupView {
    /// What was added.
    pub group: ProductGroup,
    /// Where it stands.
    pub state: GroupState,
    /// How it ends, or did, where that is agreed.
    pub termination: Option<TerminationView>,
    /// What adding it changed for the customer.
    pub change: BalanceChange,
}

impl Group {
    /// Its identity.
    pub const fn id(&self) -> SubscriptionId {
        self.group.subscription.id
    }

    /// Whether it runs.
    pub fn is_active(&self) -> bool {
        self.state.status == GroupStatus::Active
    }

    /// What it gave and cost, in the place of what the subscription itself did.
    pub(crate) fn holding<'a>(&'a self, of: Holding<'a>) -> Holding<'a> {
        Holding {
            subscription: Some(&self.group.subscription),
            // Nothing moves what was laid: it is only ever prolonged.
            laying: 1,
            periods: &self.periods,
            values: &self.values,
            ..of
        }
    }
}

impl Agreement {
    /// What is agreed about a product group: the same days and cycles, for another product.
    pub fn of_group(&self, group: &Subscription) -> Self {
        Self { subscription: group.clone(), ..self.clone() }
    }
}
