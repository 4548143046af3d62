//! Loads what making a payment request has to know.

use super::product_facts::ProductFacts;
use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::customer::CustomerRefusal;
use abono_domain::document::request_payment::{Facts, RequestPayment, decide};
use abono_domain::ids::CustomerId;
use abono_store::nouns::{customer, ledger};

pub(super) async fn plan(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &RequestPayment,
) -> Result<Planned, Stop> {
    let seller = attempt.seller().await?;
    let mut loading = attempt.of_customer(id);
    let buyer = loading.add(customer::by_id);
    let balances = loading.add(ledger::balances);
    let product = ProductFacts::ask(&mut loading, command.order.product);

    let mut loaded = loading.read().await?;
    let buyer = loaded.take(buyer)?.ok_or_else(unknown_customer)?;
    let balances = loaded.take(balances)?;
    let product = product.take(&mut loaded)?;
    let facts = Facts {
        seller: &seller,
        customer: &buyer,
        subscription: product.subscription.as_ref(),
        last_period: product.last_period.as_ref(),
        balances: &balances,
    };
    loaded.decide(seller.version, |moment| decide(command, &facts, moment))
}

/// The customer isn't there.
pub(super) fn unknown_customer() -> Stop {
    Stop::Failed(CustomerRefusal::Unknown.into())
}
