//! The plain model of subscriptions that live in cycles: what the books must say after a list of
//! deeds, without SQL, guards, or anything that decides in the engine. Days are numbers, amounts
//! minor units.

mod ask;
mod bill;
mod carry;
mod cycle;
mod now;

pub(crate) use ask::Asked;
pub(crate) use now::Now;

use crate::run::Marks;
use abono_domain::ids::PlanId;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Something that was done to a customer's books.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the members are whom and what the deed is about")]
pub enum Deed {
    /// A subscription began.
    Started { subscription: Uuid, order: Order },
    /// Another plan was asked for, on a day where one was named.
    Asked { subscription: Uuid, change: Uuid, to: PlanId, on: Option<i64> },
    /// A change was withdrawn.
    Withdrawn { subscription: Uuid, change: Uuid },
    /// Somebody decided about the risk of a change.
    Decided { subscription: Uuid, change: Uuid, approve: bool },
    /// Its end was agreed.
    Ending { subscription: Uuid },
    /// Money came for an invoice.
    Paid { document: Uuid, minor: i64 },
    /// The worker has carried a change out, or ended it.
    Executed { subscription: Uuid, change: Uuid },
    /// The worker has billed the next cycle, or ended the subscription.
    Billed { subscription: Uuid },
}

/// What is subscribed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Which plan.
    pub plan: PlanId,
    /// How many.
    pub quantity: i64,
    /// For how many months at a time.
    pub months: i64,
    /// On which day of a month a cycle begins; that of the start where none is named.
    pub billing_day: Option<i64>,
}

/// Why a deed doesn't go with the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It is to be declined.
    Declined(&'static str),
    /// It may not happen at all.
    Wrong(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Review,
    Scheduled,
    Done,
    Withdrawn,
    Replaced,
    Rejected,
    Failed(&'static str),
}

/// A change of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) id: Uuid,
    pub(crate) from: PlanId,
    pub(crate) to: PlanId,
    pub(crate) on: i64,
    pub(crate) asked_at: i64,
    pub(crate) due_at: i64,
    pub(crate) status: Status,
    /// Whether the last decision about its risk let it be done.
    pub(crate) accepted: bool,
    /// Whether the rules decided, and nobody else.
    pub(crate) by_rules: bool,
    /// The first day on which that doesn't hold any more.
    pub(crate) lapses_on: i64,
    pub(crate) steps: i64,
    pub(crate) updated_at: i64,
}

/// What a change inside a cycle charged and credited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Confirmation {
    pub(crate) change: Uuid,
    pub(crate) at: i64,
    pub(crate) charge: i64,
    pub(crate) credit: i64,
    /// When the invoice was issued that carries it.
    pub(crate) carried_at: Option<i64>,
}

/// A cycle that was billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cycle {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) billed_at: i64,
}

/// An invoice, told apart by when it was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invoice {
    pub(crate) at: i64,
    pub(crate) subscription: Uuid,
    /// What its own cycle costs.
    pub(crate) own: Option<i64>,
    pub(crate) total: i64,
    pub(crate) paid: i64,
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subscription {
    pub(crate) id: Uuid,
    pub(crate) started_on: i64,
    months: i64,
    billing_day: i64,
    pub(crate) quantity: i64,
    pub(crate) plan: PlanId,
    /// The plans that were in force, each from its first day, oldest first.
    pub(crate) history: Vec<(PlanId, i64)>,
    pub(crate) cycles: Vec<Cycle>,
    pub(crate) billed_until: i64,
    pub(crate) ends_on: Option<i64>,
    pub(crate) is_ended: bool,
    /// In the order in which they were asked for.
    pub(crate) changes: Vec<Change>,
    pub(crate) confirmations: Vec<Confirmation>,
    /// By which plan it is bound from when to when.
    pub(crate) bound: Vec<(PlanId, i64, i64)>,
    /// Since which day the plan runs that was charged last, and what was charged.
    running: (i64, i64),
}

/// One customer's books.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    /// When each invoice was issued: its id is told by the books alone.
    pub(crate) issued: BTreeMap<Uuid, i64>,
    pub(crate) credit: i64,
    pub(crate) subscriptions: BTreeMap<Uuid, Subscription>,
    /// Oldest first.
    pub(crate) invoices: Vec<Invoice>,
}

impl Account {
    /// Does a deed.
    pub(crate) fn apply(
        &mut self,
        now: &Now<'_>,
        deed: &Deed,
        marks: &mut Marks,
    ) -> Result<(), Stop> {
        match deed {
            Deed::Started { subscription, order } => self.start(now, *subscription, order, marks),
            Deed::Asked { subscription, change, to, on } => {
                let asked = self.of(*subscription)?.ask(now, *change, (*to, *on), marks)?;
                match asked {
                    Asked::New => Ok(()),
                    Asked::Same(other) => {
                        wrong(format!("{change} is one change with {other}, and was made anew"))
                    }
                }
            }
            Deed::Withdrawn { subscription, change } => {
                self.of(*subscription)?.withdraw(now, *change, marks)
            }
            Deed::Decided { subscription, change, approve } => {
                self.of(*subscription)?.decide(now, *change, *approve, marks)
            }
            Deed::Ending { subscription } => self.of(*subscription)?.agree_end(now),
            Deed::Paid { document, minor } => self.pay(*document, *minor, marks),
            Deed::Executed { subscription, change } => {
                self.of(*subscription)?.execute(now, *change, marks)
            }
            Deed::Billed { subscription } => self.bill(now, *subscription, marks),
        }
    }

    pub(crate) fn of(&mut self, id: Uuid) -> Result<&mut Subscription, Stop> {
        let found = self.subscriptions.get_mut(&id);
        found.ok_or_else(|| Stop::Wrong(format!("nobody started the subscription {id}")))
    }
}

impl Subscription {
    /// Whether it is over, or will be, on a day.
    fn is_over(&self, day: i64) -> bool {
        self.is_ended || self.ends_on.is_some_and(|end| end <= day)
    }

    fn change(&mut self, id: Uuid) -> Result<&mut Change, Stop> {
        let found = self.changes.iter_mut().find(|change| change.id == id);
        found.ok_or_else(|| Stop::Wrong(format!("nobody asked for the change {id}")))
    }
}

impl Change {
    pub(crate) fn is_scheduled(&self) -> bool {
        self.status == Status::Scheduled
    }

    /// The first to be done comes first; of one instant, the one that was asked for first.
    fn turn(&self) -> (i64, i64, Uuid) {
        (self.due_at, self.asked_at, self.id)
    }

    fn step(&mut self, now: &Now<'_>, to: Status) {
        (self.status, self.updated_at) = (to, now.at);
        self.steps += 1;
    }
}

fn wrong<T>(why: String) -> Result<T, Stop> {
    Err(Stop::Wrong(why))
}
