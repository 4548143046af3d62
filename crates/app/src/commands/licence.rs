//! `abono licence grant` and `abono licence trial`.

use super::books;
use crate::cli::{Licence, LicenceGrant, LicenceTrial};
use crate::output;
use abono_domain::decision::Outcome;
use abono_domain::ids::{PlanId, ProductId, TenantId};
use abono_domain::licence::grant::GrantLicence;
use abono_domain::licence::start_trial::StartTrial;
use abono_domain::quote::Order;
use abono_engine::{Actor, Call, Command, Engine};
use anyhow::{Context, Result};
use serde_json::json;

pub(crate) async fn run(verb: Licence) -> Result<()> {
    match verb {
        Licence::Grant(args) => grant(args).await,
        Licence::Trial(args) => trial(args).await,
    }
}

async fn grant(args: LicenceGrant) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let customer = books::customer(&engine, &tenant, &args.customer).await?;
    let (product, plan) = find(&engine, tenant.id, &args.product, &args.plan).await?;
    let order = Order { product, plan, quantity: args.quantity, months: args.months };
    let command = Command::GrantLicence(customer, GrantLicence { order, reason: args.reason });
    give(&engine, tenant.id, &command, args.json).await
}

async fn trial(args: LicenceTrial) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let customer = books::customer(&engine, &tenant, &args.customer).await?;
    let (product, plan) = find(&engine, tenant.id, &args.product, &args.plan).await?;
    let start = StartTrial { product, plan, quantity: args.quantity };
    give(&engine, tenant.id, &Command::StartTrial(customer, start), args.json).await
}

async fn find(
    engine: &Engine,
    tenant: TenantId,
    product: &str,
    plan: &str,
) -> Result<(ProductId, PlanId)> {
    let seller = engine.seller(tenant).await?;
    let found = seller.catalogue.product_by_code(product);
    let found = found.with_context(|| format!("there is no product `{product}`"))?;
    let plan_found = found.plan_by_code(plan);
    let plan_found = plan_found.with_context(|| format!("{product} has no plan `{plan}`"))?;
    Ok((found.id, plan_found.id))
}

async fn give(engine: &Engine, tenant: TenantId, command: &Command, as_json: bool) -> Result<()> {
    let call = Call::new(tenant, Actor::Operator);
    if let Outcome::Licence { period, .. } = engine.carry_out(&call, command).await? {
        let (from, to) = (period.starts_at.to_string(), period.ends_at.to_string());
        if as_json {
            output::line(json!({"starts_at": from, "ends_at": to}));
        } else {
            output::line(format!("given from {from} to {to}"));
        }
    }
    Ok(())
}
