//! `abono licence grant`.

use super::books;
use crate::cli::Licence;
use crate::output;
use abono_domain::decision::Outcome;
use abono_domain::licence::grant::GrantLicence;
use abono_domain::quote::Order;
use abono_engine::{Actor, Call, Command};
use anyhow::{Context, Result};
use serde_json::json;

pub(crate) async fn run(Licence::Grant(args): Licence) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let customer = books::customer(&engine, &tenant, &args.customer).await?;
    let seller = engine.seller(tenant.id).await?;
    let product = seller.catalogue.product_by_code(&args.product);
    let product = product.with_context(|| format!("there is no product `{}`", args.product))?;
    let plan = product.plan_by_code(&args.plan);
    let plan = plan.with_context(|| format!("{} has no plan `{}`", args.product, args.plan))?;
    let order =
        Order { product: product.id, plan: plan.id, quantity: args.quantity, months: args.months };
    let command = Command::GrantLicence(customer, GrantLicence { order, reason: args.reason });
    let call = Call::new(tenant.id, Actor::Operator);
    if let Outcome::Licence { period, .. } = engine.carry_out(&call, &command).await? {
        let (from, to) = (period.starts_at.to_string(), period.ends_at.to_string());
        if args.json {
            output::line(json!({"starts_at": from, "ends_at": to}));
        } else {
            output::line(format!("given from {from} to {to}"));
        }
    }
    Ok(())
}
