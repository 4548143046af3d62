//! `abono licence grant` and `abono licence trial`.

use super::books;
use crate::cli::{Licence, LicenceGrant, LicenceOf, LicenceTrial};
use crate::output;
use abono_domain::decision::Outcome;
use abono_domain::ids::{CustomerId, PlanId, ProductId, TenantId};
use abono_domain::licence::grant::GrantLicence;
use abono_domain::licence::start_trial::StartTrial;
use abono_domain::quote::Order;
use abono_engine::{Actor, Call, Command, Engine};
use anyhow::{Context, Result};
use serde_json::json;
use std::sync::Arc;

pub(crate) async fn run(verb: Licence) -> Result<()> {
    match verb {
        Licence::Grant(args) => grant(args).await,
        Licence::Trial(args) => trial(args).await,
    }
}

async fn grant(args: LicenceGrant) -> Result<()> {
    let (quantity, as_json) = (args.of.quantity, args.of.json);
    let found = find(&args.of).await?;
    let (product, plan) = found.sold;
    let order = Order { product, plan, quantity, months: args.months };
    let give = GrantLicence { order, reason: args.reason };
    found.give(&Command::GrantLicence(found.customer, give), as_json).await
}

async fn trial(args: LicenceTrial) -> Result<()> {
    let (quantity, as_json) = (args.of.quantity, args.of.json);
    let found = find(&args.of).await?;
    let (product, plan) = found.sold;
    let start = StartTrial { product, plan, quantity };
    found.give(&Command::StartTrial(found.customer, start), as_json).await
}

/// Whose licence of what, in the books.
struct Found {
    engine: Arc<Engine>,
    tenant: TenantId,
    customer: CustomerId,
    sold: (ProductId, PlanId),
}

async fn find(of: &LicenceOf) -> Result<Found> {
    let engine = books::open(&of.database.database).await?;
    let tenant = books::tenant(&engine, &of.tenant).await?;
    let customer = books::customer(&engine, &tenant, &of.customer).await?;
    let seller = engine.seller(tenant.id).await?;
    let product = seller.catalogue.product_by_code(&of.product);
    let product = product.with_context(|| format!("there is no product `{}`", of.product))?;
    let plan = product.plan_by_code(&of.plan);
    let plan = plan.with_context(|| format!("{} has no plan `{}`", of.product, of.plan))?;
    Ok(Found { engine, tenant: tenant.id, customer, sold: (product.id, plan.id) })
}

impl Found {
    async fn give(&self, command: &Command, as_json: bool) -> Result<()> {
        let call = Call::new(self.tenant, Actor::Operator);
        if let Outcome::Licence { period, .. } = self.engine.carry_out(&call, command).await? {
            let (from, to) = (period.starts_at.to_string(), period.ends_at.to_string());
            if as_json {
                output::line(json!({"starts_at": from, "ends_at": to}));
            } else {
                output::line(format!("given from {from} to {to}"));
            }
        }
        Ok(())
    }
}
