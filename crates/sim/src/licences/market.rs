//! What the simulated clients trade in.

use abono_domain::ids::{CustomerId, PlanId, ProductId, TenantId};
use abono_engine::Command;

/// Something that can be bought, and what the model must find it to cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deal {
    /// The plan.
    pub plan: PlanId,
    /// How many.
    pub quantity: i64,
    /// For how many months.
    pub months: i64,
    /// What it costs, in minor units.
    pub total: i64,
}

/// A seller and its customers, all in a zone three hours ahead of UTC all year.
#[derive(Clone, Debug)]
pub struct Market {
    /// Whose books.
    pub tenant: TenantId,
    /// What opens them, in order.
    pub opening: Vec<Command>,
    /// The product.
    pub product: ProductId,
    /// What can be bought of it.
    pub deals: Vec<Deal>,
    /// Who buys.
    pub customers: Vec<CustomerId>,
    /// For how many banking days a payment request is valid.
    pub valid_days: i64,
}
