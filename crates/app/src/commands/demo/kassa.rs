//! The Russian seller of point-of-sale software: payment requests and licences.

use super::facts::Tokens;
use super::seller::customer;
use abono_domain::access::Role;
use abono_domain::catalogue::{Plan, Product};
use abono_domain::seller::Tenant;
use abono_engine::Engine;
use anyhow::{Context, Result};
use serde_json::{Value, json};

pub(super) const SELLER: &str = include_str!("../../../demo/pos.toml");
/// Its slug in that file.
pub(super) const SLUG: &str = "kassa";
/// The two customers that the demo's tokens are limited to.
const CUSTOMERS: [&str; 2] = ["pekarnya", "kofeynya"];
/// Its tokens in the facts.
pub(super) const TOKENS: &[&str] = &["token", "other_token"];

/// What a client of the LIFE POS contract has to know.
pub(super) async fn facts(engine: &Engine, tenant: &Tenant) -> Result<Value> {
    let [first, other] = CUSTOMERS;
    let first = customer(engine, tenant, first).await?;
    let other = customer(engine, tenant, other).await?;
    let tokens = Tokens { engine, tenant };
    let seller = engine.seller(tenant.id).await?;
    let product = seller.catalogue.products.first().context("a product")?;
    let payer = first.payer(None).context("a default payer")?;
    let second = first.payers.iter().find(|p| p.id != payer.id).context("a second payer")?;
    Ok(json!({
        "token": tokens.make(Role::Buyer, vec![first.id], "demo: buyer").await?,
        "other_token": tokens.make(Role::Buyer, vec![other.id], "demo: another buyer").await?,
        "org_guid": first.id.to_string(),
        "other_org_guid": other.id.to_string(),
        "product_guid": product.id.to_string(),
        "plans": plans(product),
        "payer_guid": payer.id.to_string(),
        "second_payer_guid": second.id.to_string(),
    }))
}

fn plans(product: &Product) -> Value {
    let periods = |plan: &Plan| {
        let mut months: Vec<i64> = plan.prices.iter().map(|price| price.point.months).collect();
        months.dedup();
        months
    };
    let live = product.plans.iter().filter(|plan| !plan.archived);
    live.map(
        |plan| json!({"guid": plan.id.to_string(), "code": plan.code, "periods": periods(plan)}),
    )
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use abono_tools::apply::SellerFile;

    #[test]
    fn the_file_is_that_of_the_slug() {
        assert_eq!(SellerFile::parse(SELLER).expect("the file").slug, SLUG);
    }
}
