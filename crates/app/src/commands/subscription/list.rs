//! Lists subscriptions, each in a line.

use crate::cli::SubscriptionList;
use crate::commands::books::{self, Codes};
use crate::commands::change::say::plan;
use crate::output;
use abono_domain::seller::Seller;
use abono_domain::subscription::{Agreement, State};
use anyhow::Result;
use serde_json::{Value, json};

/// How many subscriptions are read at once.
const PAGE: i64 = 100;

pub(super) async fn run(args: SubscriptionList) -> Result<()> {
    let engine = books::open(&args.database.database).await?;
    let tenant = books::tenant(&engine, &args.tenant).await?;
    let seller = engine.seller(tenant.id).await?;
    let mut codes = Codes::default();
    if let Some(name) = &args.customer {
        let customer = books::customer(&engine, &tenant, name).await?;
        let code = codes.code(&engine, &tenant, customer).await?;
        for view in engine.subscriptions_of(&tenant, customer).await? {
            show((&view.agreement, &view.state), code, &seller, args.json);
        }
        return Ok(());
    }
    let mut after = 0;
    loop {
        let page = engine.subscriptions(&tenant, after, PAGE).await?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = last.subscription.number;
        for (agreement, state) in &page {
            let code = codes.code(&engine, &tenant, agreement.subscription.customer).await?;
            show((agreement, state), code, &seller, args.json);
        }
    }
}

/// The code of a subscription's product.
pub(super) fn product<'s>(seller: &'s Seller, agreement: &Agreement) -> &'s str {
    let found = seller.catalogue.product(agreement.subscription.product);
    found.map_or("?", |product| product.code.as_str())
}

fn show((agreement, state): (&Agreement, &State), customer: &str, seller: &Seller, as_json: bool) {
    if as_json {
        output::line(row((agreement, state), customer, seller));
        return;
    }
    let (number, product) = (agreement.subscription.number, product(seller, agreement));
    let (plan, quantity) = (plan(seller, state.plan), state.quantity);
    let until = match state.ends_on {
        Some(day) => format!("ends on {day}"),
        None => format!("billed until {}", state.billed_until),
    };
    let status = state.status.as_str();
    output::line(format!("{number}  {customer}  {product} {plan} x {quantity}  {status}, {until}"));
}

/// A subscription as JSON, without its history.
pub(super) fn row(
    (agreement, state): (&Agreement, &State),
    customer: &str,
    seller: &Seller,
) -> Value {
    let bundle = agreement.bundle.and_then(|id| seller.catalogue.bundle(id));
    json!({
        "subscription": agreement.subscription.number,
        "id": agreement.subscription.id.to_string(),
        "customer": customer,
        "product": product(seller, agreement),
        "plan": plan(seller, state.plan),
        "quantity": state.quantity,
        "status": state.status.as_str(),
        "bundle": bundle.map(|bundle| &bundle.code),
        "started_on": agreement.started_on.to_string(),
        "billed_until": state.billed_until.to_string(),
        "ends_on": state.ends_on.map(|day| day.to_string()),
    })
}
