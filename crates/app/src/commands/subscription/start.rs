//! Starts a subscription, and shows the invoice of its first cycle.

use crate::cli::SubscriptionStart;
use crate::commands::books;
use crate::output;
use abono_domain::decision::Outcome;
use abono_domain::ids::BundleId;
use abono_domain::seller::Seller;
use abono_domain::subscription::LineIdentity;
use abono_domain::subscription::start::StartSubscription;
use abono_engine::{Actor, Call, Command};
use anyhow::{Context, Result};
use serde_json::json;

pub(super) async fn run(args: SubscriptionStart) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let customer = books::customer(&engine, &tenant, &args.customer).await?;
    let seller = engine.seller(tenant.id).await?;
    let command = command(&args, &seller)?;
    let call = Call::new(tenant.id, Actor::Operator);
    let command = Command::StartSubscription(customer, Box::new(command));
    let Outcome::Subscription { agreement, state } = engine.carry_out(&call, &command).await?
    else {
        return Ok(());
    };
    let subscription = &agreement.subscription;
    let documents = super::documents(&engine, &tenant, (customer, subscription.id)).await?;
    if args.json {
        let numbers = documents.iter().map(|view| view.document.number());
        output::line(json!({
            "subscription": subscription.number,
            "id": subscription.id.to_string(),
            "plan": args.plan,
            "quantity": state.quantity,
            "started_on": agreement.started_on.to_string(),
            "billed_until": state.billed_until.to_string(),
            "documents": numbers.collect::<Vec<_>>(),
        }));
        return Ok(());
    }
    let (number, until) = (subscription.number, state.billed_until);
    output::line(format!("subscription {number} has started, billed until {until}"));
    documents.iter().map(super::document).for_each(output::line);
    Ok(())
}

fn command(args: &SubscriptionStart, seller: &Seller) -> Result<StartSubscription> {
    let product = seller.catalogue.product_by_code(&args.product);
    let product = product.with_context(|| format!("there is no product `{}`", args.product))?;
    let plan = product.plan_by_code(&args.plan);
    let plan = plan.with_context(|| format!("{} has no plan `{}`", args.product, args.plan))?;
    Ok(StartSubscription {
        product: product.id,
        plan: plan.id,
        quantity: args.quantity,
        months: args.months,
        billing_day: args.billing_day,
        sold_on: args.sold_on,
        origin: args.origin,
        bundle: args.bundle.as_deref().map(|code| bundle(seller, code)).transpose()?,
        line: LineIdentity {
            msisdn: args.msisdn.clone(),
            imsi: args.imsi.clone(),
            iccid: args.iccid.clone(),
        },
    })
}

fn bundle(seller: &Seller, code: &str) -> Result<BundleId> {
    let found = seller.catalogue.bundles.iter().find(|bundle| bundle.code == code);
    found.map(|bundle| bundle.id).with_context(|| format!("there is no bundle `{code}`"))
}
