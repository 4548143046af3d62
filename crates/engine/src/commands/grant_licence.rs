//! Loads what giving a licence by hand has to know.

use super::product_facts::ProductFacts;
use super::request_payment::unknown_customer;
use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::ids::CustomerId;
use abono_domain::licence::grant::{Facts, GrantLicence, decide};
use abono_store::nouns::customer;

pub(super) async fn plan(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &GrantLicence,
) -> Result<Planned, Stop> {
    let seller = attempt.seller().await?;
    let mut loading = attempt.of_customer(id);
    let buyer = loading.add(customer::by_id);
    let product = ProductFacts::ask(&mut loading, command.order.product);

    let mut loaded = loading.read().await?;
    let buyer = loaded.take(buyer)?.ok_or_else(unknown_customer)?;
    let product = product.take(&mut loaded)?;
    let facts = Facts {
        seller: &seller,
        customer: &buyer,
        subscription: product.subscription.as_ref(),
        last_period: product.last_period.as_ref(),
    };
    loaded.decide(seller.version, |moment| decide(command, &facts, moment))
}
