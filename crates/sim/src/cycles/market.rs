//! What the simulated subscribers may have: written down by hand beside what is published, so that
//! the model takes nothing from the catalogue that it checks.

use abono_domain::ids::{CustomerId, PlanId, ProductId, TenantId};
use abono_engine::Command;

/// A plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Which.
    pub id: PlanId,
    /// What one unit costs, in minor units, by the length of a cycle in months.
    pub prices: Vec<(i64, i64)>,
    /// To what it may be changed, and whether that is done at once where no day is asked for.
    pub changes_to: Vec<(PlanId, bool)>,
    /// For how many months it binds.
    pub binds: Option<i64>,
}

/// A version of the seller, beside what stays the same.
#[derive(Clone, Debug)]
pub struct Version {
    /// What publishes it.
    pub publish: Command,
    /// The plans that are no longer sold.
    pub archived: Vec<PlanId>,
    /// The plans that have no price.
    pub unpriced: Vec<PlanId>,
}

/// Limits beyond which somebody has to look at a change, or it is not done.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For review.
    pub review: i64,
    /// For rejection.
    pub rejected: i64,
}

/// What changes are measured by.
#[derive(Clone, Copy, Debug)]
pub struct Risk {
    /// By how many percent the price rises.
    pub price_rise: Limits,
    /// How many changes were asked for before.
    pub recent_changes: Limits,
    /// In how many days.
    pub recent_days: i64,
    /// For how many days a decision holds.
    pub valid_days: i64,
}

/// A seller and its subscribers, all in Madrid.
#[derive(Clone, Debug)]
pub struct Market {
    /// Whose books.
    pub tenant: TenantId,
    /// What opens them, in order, with the seller's first version.
    pub opening: Vec<Command>,
    /// What the seller publishes later, in order; without plans that are archived or have no price
    /// at first, and with none that has no price in the end.
    pub versions: Vec<Version>,
    /// The product.
    pub product: ProductId,
    /// Its plans.
    pub plans: Vec<Plan>,
    /// What changes are measured by.
    pub risk: Risk,
    /// Who subscribes.
    pub customers: Vec<CustomerId>,
}
