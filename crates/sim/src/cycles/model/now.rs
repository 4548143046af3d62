//! When a deed is done, and what the seller sells then.

use crate::cycles::market::{Market, Version};
use crate::cycles::wall;
use abono_domain::ids::PlanId;

/// The moment of a deed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now<'a> {
    pub(crate) market: &'a Market,
    /// The seller's version that counts, from 1.
    pub(crate) version: i64,
    pub(crate) at: i64,
}

impl Now<'_> {
    pub(super) fn today(&self) -> i64 {
        wall::day(self.at)
    }

    /// What was published after the first version.
    fn published(&self) -> Option<&Version> {
        let place = usize::try_from(self.version).ok()?.checked_sub(2)?;
        self.market.versions.get(place)
    }

    pub(super) fn is_archived(&self, plan: PlanId) -> bool {
        self.published().is_some_and(|version| version.archived.contains(&plan))
    }

    /// What one unit of a plan costs for a whole cycle.
    pub(super) fn price(&self, plan: PlanId, months: i64) -> Option<i64> {
        if self.published().is_some_and(|version| version.unpriced.contains(&plan)) {
            return None;
        }
        let plan = self.market.plans.iter().find(|it| it.id == plan)?;
        plan.prices.iter().find(|(length, _)| *length == months).map(|(_, minor)| *minor)
    }

    /// Whether a change is done at once where no day is asked for; `None` where there is none.
    pub(super) fn effect(&self, from: PlanId, to: PlanId) -> Option<bool> {
        let from = self.market.plans.iter().find(|it| it.id == from)?;
        from.changes_to.iter().find(|(plan, _)| *plan == to).map(|(_, at_once)| *at_once)
    }

    /// For how many months a plan binds.
    pub(super) fn binds(&self, plan: PlanId) -> Option<i64> {
        self.market.plans.iter().find(|it| it.id == plan)?.binds
    }
}
