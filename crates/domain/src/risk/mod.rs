//! The risk of a change: what the seller's rules make of it, and who decided.
//!
//! Each rule measures one thing and gives accepted, review or rejected; the worst of them counts.
//! Inputs, findings and the decision are kept, so that everybody can see later why.

mod assess;

pub use assess::{Assessment, assess, lapses_on};

use crate::exact::Exact;
use crate::ids::{ChangeId, RiskDecisionId};
use crate::money::Money;
use crate::words::words;
use jiff::Timestamp;
use jiff::civil::Date;

/// What is decided about a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It may be done.
    Accepted,
    /// Somebody has to look at it.
    Review,
    /// It is not done.
    Rejected,
}

words!(Verdict { Accepted => "accepted", Review => "review", Rejected => "rejected" });

/// What a seller has set about risk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RiskPolicy {
    /// The rules, in the order in which their findings are shown.
    pub rules: Vec<Rule>,
    /// For how many days a decision holds, its own day among them; for ever where nothing is said.
    pub valid_days: Option<i64>,
    /// What counts where an outside service is asked and doesn't answer in time; none is asked
    /// where nothing is said.
    pub service_fallback: Option<Verdict>,
}

/// A rule: one measure and its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its code, unique in the policy.
    pub code: String,
    /// What it measures.
    pub measure: Measure,
    /// For [`Measure::RecentChanges`], how many days it looks back.
    pub days: i64,
    /// The limit beyond which somebody has to look at the change.
    pub review: Option<Exact>,
    /// The limit beyond which it is not done.
    pub rejected: Option<Exact>,
}

/// What a rule measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// By how many percent the price of a cycle rises.
    PriceRise,
    /// What the customer hasn't paid of invoices that are due, in major units.
    Overdue,
    /// For how many days the customer has had the subscription; less is worse.
    Tenure,
    /// How many changes of the subscription were asked for in the last days.
    RecentChanges,
    /// How many days the longest commitment still runs.
    Commitment,
    /// What the change would credit, in major units.
    Credit,
}

words!(Measure {
    PriceRise => "price_rise",
    Overdue => "overdue",
    Tenure => "tenure",
    RecentChanges => "recent_changes",
    Commitment => "commitment",
    Credit => "credit",
});

/// What a change is measured by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inputs {
    /// The price of a cycle before it.
    pub price_before: Money,
    /// The price of a cycle after it.
    pub price_after: Money,
    /// What the customer hasn't paid of invoices that are due.
    pub overdue: Money,
    /// What the change would credit.
    pub credit: Money,
    /// For how many days the customer has had the subscription.
    pub tenure_days: i64,
    /// How many days the longest commitment still runs.
    pub commitment_days: i64,
    /// How many changes were asked for before and not rejected.
    pub requests: i64,
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's code, or that of the outside service.
    pub rule: String,
    /// What it gives.
    pub verdict: Verdict,
    /// Why, for people.
    pub reason: String,
}

/// Who decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decider {
    /// The seller's rules, with the outside service where one is asked.
    Rules,
    /// Somebody of the seller, by the name that was given.
    Operator(String),
}

impl Decider {
    /// The word in the store, and the name beside it.
    pub fn parts(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Rules => ("rules", None),
            Self::Operator(name) => ("operator", Some(name)),
        }
    }

    /// The decider of its parts.
    pub fn from_parts(word: &str, name: Option<String>) -> Option<Self> {
        match (word, name) {
            ("rules", None) => Some(Self::Rules),
            ("operator", Some(name)) => Some(Self::Operator(name)),
            _ => None,
        }
    }
}

/// What was decided about the risk of a change, and from what. A later one takes the place of an
/// earlier one, which stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RiskDecision {
    /// Its identity.
    pub id: RiskDecisionId,
    /// About which change.
    pub change: ChangeId,
    /// What was decided.
    pub verdict: Verdict,
    /// By whom.
    pub by: Decider,
    /// Why, where somebody said so.
    pub note: Option<String>,
    /// When.
    pub decided_at: Timestamp,
    /// The first day on which it doesn't hold any more; `None` where it holds for ever.
    pub lapses_on: Option<Date>,
    /// What the change was measured by.
    pub inputs: Inputs,
    /// What each rule found.
    pub findings: Vec<Finding>,
}

/// What an outside service answered about a change, or that it didn't.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// Its verdict, and why.
    Given(Verdict, String),
    /// It didn't answer in time, or not in a way that can be read.
    Silent(String),
}
