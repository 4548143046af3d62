//! Subscriptions that live in cycles: billed at the start of each, together with what changes
//! charged and credited in the one before.
//!
//! What was agreed at the start never changes; where a subscription stands is kept beside it, with
//! the steps of its status and the chain of the cycles that were billed.

pub mod bill;
mod cycle;
pub mod end;
mod invoice;
mod projection;
mod refusal;
pub mod start;

pub use cycle::{Cycle, cycle_quote};
pub use invoice::{Carried, carry};
pub(crate) use invoice::{confirm, confirm_credit, invoice, pay_open};
pub(crate) use projection::projected;
pub use refusal::SubscriptionRefusal;

use crate::calendar::{self, CalendarError};
use crate::change::ChangeView;
use crate::customer::Customer;
use crate::document::{Document, DocumentView};
use crate::ids::{
    BundleId, CommitmentId, DocumentId, JobId, LegalEntityId, PlanId, SubscriptionId,
};
use crate::ledger::Balance;
use crate::licence::{Holding, Subscription};
use crate::money::Money;
use crate::planted;
use crate::product_group::Group;
use crate::seller::Seller;
use crate::termination::TerminationView;
use crate::words::words;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// What was agreed when a subscription began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Its identity, number, customer and product.
    pub subscription: Subscription,
    /// The plan with which it began.
    pub plan: PlanId,
    /// Which company sells it.
    pub legal_entity: LegalEntityId,
    /// The IANA zone in which its days begin.
    pub zone: String,
    /// Its first day.
    pub started_on: Date,
    /// The day on which it was sold.
    pub sold_on: Date,
    /// The length of a cycle in months.
    pub months: i64,
    /// The day of the month on which a cycle begins, 1 to 31; the month's last where it is shorter.
    pub billing_day: i64,
    /// How it came about.
    pub origin: Origin,
    /// What it was sold together with others as.
    pub bundle: Option<BundleId>,
    /// What it is reached by.
    pub line: LineIdentity,
}

/// How a subscription came about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// It is new.
    #[default]
    New,
    /// It was brought along from another provider, with its number.
    Ported,
    /// It was moved from another system or contract.
    Migrated,
}

words!(Origin { New => "new", Ported => "ported", Migrated => "migrated" });

/// The numbers of a telephone line; all of them may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineIdentity {
    /// The telephone number (ITU-T E.164).
    pub msisdn: Option<String>,
    /// The subscriber's identity in the network (ITU-T E.212).
    pub imsi: Option<String>,
    /// The number of the card (ITU-T E.118).
    pub iccid: Option<String>,
}

/// Where a subscription stands: the one part of it that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Whether it runs.
    pub status: Status,
    /// The plan that is in force.
    pub plan: PlanId,
    /// How many.
    pub quantity: i64,
    /// The number of the cycle that was billed last, from 1.
    pub cycle: i64,
    /// The day on which the next cycle begins, or it ends.
    pub billed_until: Date,
    /// The day from which it isn't any more, where that is agreed; always the start of a cycle.
    pub ends_on: Option<Date>,
    /// Why, as it was said when that was agreed.
    pub end_reason: Option<String>,
    /// The work that waits for the next cycle; none once it has ended.
    pub job: Option<JobId>,
    /// How many steps its status took; the first is its start.
    pub steps: i64,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Whether a subscription runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It runs.
    Active,
    /// It is over.
    Ended,
}

words!(Status { Active => "active", Ended => "ended" });

/// One step of a subscription's status; `from` is `None` for its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusStep {
    /// Its place, from 1.
    pub seq: i64,
    /// Where it stood.
    pub from: Option<Status>,
    /// Where it stands now.
    pub to: Status,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A cycle that was billed, or closed by the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BilledCycle {
    /// Its place, from 1.
    pub seq: i64,
    /// Its first day.
    pub starts_on: Date,
    /// The first day of the next.
    pub ends_on: Date,
    /// The invoice that billed it.
    pub invoice: DocumentId,
}

/// A time for which a subscription is bound, half-open; each is a clock of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// Its identity.
    pub id: CommitmentId,
    /// The plan that it came with.
    pub plan: PlanId,
    /// Its first day.
    pub starts_on: Date,
    /// The first day that is free.
    pub ends_on: Date,
    /// What leaving on its first day would cost, tax included; it falls to 0 day by day.
    pub penalty: Money,
}

impl Commitment {
    /// How many of its days are left on a day.
    pub fn days_left(&self, on: Date) -> i64 {
        let from = on.max(self.starts_on);
        calendar::days_between(from, self.ends_on).max(0)
    }
}

/// What has to be known to decide about a subscription.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What the seller has set.
    pub seller: &'a Seller,
    /// What was agreed.
    pub agreement: &'a Agreement,
    /// Where it stands.
    pub state: &'a State,
    /// Who has it, and what its plans gave and cost.
    pub holding: Holding<'a>,
    /// Its changes, oldest request first.
    pub changes: &'a [ChangeView],
    /// What it is bound by.
    pub commitments: &'a [Commitment],
    /// What was added to it, oldest first.
    pub groups: &'a [Group],
    /// How that ends, oldest request first.
    pub terminations: &'a [TerminationView],
    /// What changes have charged and credited, and no invoice has carried yet; oldest first.
    pub confirmations: &'a [Document],
    /// The customer's invoices that aren't paid in full, oldest first.
    pub open_invoices: &'a [DocumentView],
    /// The customer's balances.
    pub balances: &'a [Balance],
}

impl Agreement {
    /// The zone in which its days begin.
    ///
    /// # Errors
    /// [`CalendarError::UnknownZone`], only for a damaged row.
    pub fn zone(&self) -> Result<TimeZone, CalendarError> {
        calendar::zone(&self.zone)
    }

    /// The day on its wall.
    ///
    /// # Errors
    /// As [`Agreement::zone`].
    pub fn day(&self, at: Timestamp) -> Result<Date, CalendarError> {
        Ok(self.zone()?.to_datetime(at).date())
    }

    /// The first instant of a day on its wall.
    ///
    /// # Errors
    /// [`CalendarError`].
    pub fn midnight(&self, day: Date) -> Result<Timestamp, CalendarError> {
        if planted::is("offset-of-the-first-day-kept") {
            let first = calendar::start_of_day(self.started_on, &self.zone()?)?;
            let days = jiff::SignedDuration::from_hours(24_i64.saturating_mul(i64::from(
                day.since(self.started_on).map_or(0, |span| span.get_days()),
            )));
            return first.checked_add(days).map_err(|_| CalendarError::OutOfRange);
        }
        calendar::start_of_day(day, &self.zone()?)
    }
}

impl<'a> Facts<'a> {
    /// Who has it.
    pub fn customer(&self) -> &Customer {
        self.holding.customer
    }

    /// One of its product groups.
    pub(crate) fn group(&self, id: SubscriptionId) -> Option<&'a Group> {
        self.groups.iter().find(|group| group.id() == id)
    }

    /// Whether it is over, or will be, on a day.
    pub fn is_over(&self, on: Date) -> bool {
        self.state.status == Status::Ended || self.state.ends_on.is_some_and(|end| end <= on)
    }
}
