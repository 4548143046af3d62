//! How a plan is sold: where its periods lie, how it may be tried, and what a change of it costs.

use crate::calendar::Trial;
use crate::money::Money;
use crate::proration::{Behaviour, DayCount};
use crate::words::words;

/// How a plan is sold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanTerms {
    /// Where its periods lie.
    pub billing: Billing,
    /// For how long it may be tried, once; not at all where nothing is said.
    pub trial: Option<Trial>,
    /// What a change to it does.
    pub change: ChangeMode,
    /// What a change takes back of what was paid for it.
    pub credit: CreditTerms,
    /// What it may be changed to, of the same product; every other plan at the start of the next
    /// cycle where nothing is said.
    pub changes_to: Option<Vec<PlanRule>>,
    /// For how long a subscription to it is bound; not at all where nothing is said.
    pub commitment: Option<CommitmentTerms>,
    /// How many days before its end a termination is to be given, 0 to 3660.
    pub notice_days: i64,
    /// What comes with it and costs nothing, by the article numbers; of a main plan.
    pub includes: Vec<String>,
}

/// That a plan may be changed to another one, and when that takes effect by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRule {
    /// The other plan, by its code.
    pub to: String,
    /// When, where no day is asked for.
    pub effect: Effect,
}

/// When a change takes effect where no day is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// At once.
    Immediate,
    /// At the start of the next cycle.
    #[default]
    NextCycle,
}

/// For how long a subscription is bound to a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommitmentTerms {
    /// How many months.
    pub months: i64,
    /// What leaving on the first day costs, tax included.
    pub penalty: Money,
}

/// Where the periods of a plan lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Billing {
    /// From the instant at which it is bought, to the same time of day on the anchored date.
    #[default]
    Anniversary,
    /// On the calendar's months, quarters and years: the first period is a part of one.
    Calendar,
}

/// What a change to a plan, or to another quantity of it, does with the licence that runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeMode {
    /// A whole new period starts when it is paid.
    #[default]
    NewPeriod,
    /// The licence keeps its end, and only the days up to it are charged (co-term).
    CoTerm,
}

/// What a change takes back of what was paid, as it was agreed when that was sold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CreditTerms {
    /// The unused days, all of the current period, or nothing.
    pub behaviour: Behaviour,
    /// How days are counted.
    pub day_count: DayCount,
}

words!(Billing { Anniversary => "anniversary", Calendar => "calendar" });
words!(ChangeMode { NewPeriod => "new_period", CoTerm => "co_term" });
words!(Effect { Immediate => "immediate", NextCycle => "next_cycle" });
