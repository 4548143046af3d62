//! What can be done: one operation, one file.

mod calculate;
mod cancel_invoice;
mod create_invoice;
mod list_invoices;
mod list_legal_entities;
mod list_orgs;
mod list_products;
mod read_invoice;

pub(crate) use calculate::calculate;
pub(crate) use cancel_invoice::cancel_invoice;
pub(crate) use create_invoice::create_invoice;
pub(crate) use list_invoices::list_invoices;
pub(crate) use list_legal_entities::list_legal_entities;
pub(crate) use list_orgs::list_orgs;
pub(crate) use list_products::list_products;
pub(crate) use read_invoice::read_invoice;

use crate::Api;
use crate::dispatch::Asked;
use crate::dto::is_listed;
use crate::error::Refused;
use crate::refusal::period_not_sold;
use abono_domain::quote::Order;

/// Refuses what is sold in a currency that the contract doesn't know. Only for a plan that has such
/// a price does the customer have to be looked at.
async fn refuse_unlisted(api: &Api, asked: &Asked, order: &Order) -> Result<(), Refused> {
    let tenant = &asked.access.tenant;
    let seller = api.engine.seller(tenant.id).await?;
    let product = seller.catalogue.product(order.product);
    let Some(plan) = product.and_then(|product| product.plan(order.plan)) else { return Ok(()) };
    if plan.prices.iter().all(|price| is_listed(price.point.currency)) {
        return Ok(());
    }
    let customer = api.engine.customer(tenant, asked.org()?).await?.ok_or(Refused::not_found())?;
    if is_listed(customer.profile.currency) { Ok(()) } else { Err(period_not_sold()) }
}
