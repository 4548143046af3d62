//! Loads what giving a licence by hand has to know.

use super::product_facts::ProductFacts;
use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::ids::CustomerId;
use abono_domain::licence::grant::{Facts, GrantLicence, decide};
use abono_store::nouns::ledger;

pub(super) async fn plan(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &GrantLicence,
) -> Result<Planned, Stop> {
    let seller = attempt.seller().await?;
    let mut loading = attempt.of_customer(id);
    let balances = loading.add(ledger::balances);
    let product = ProductFacts::ask(&mut loading, command.order.product);

    let mut loaded = loading.read().await?;
    let balances = loaded.take(balances)?;
    let product = product.take(&mut loaded)?;
    let facts = Facts { seller: &seller, holding: product.holding(), balances: &balances };
    loaded.decide(seller.version, |moment| decide(command, &facts, moment))
}
