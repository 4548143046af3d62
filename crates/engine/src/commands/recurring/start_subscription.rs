//! Loads what starting a subscription has to know.

use crate::execute::Stop;
use crate::failure::Failure;
use crate::loading::{Attempt, Planned};
use abono_domain::customer::CustomerRefusal;
use abono_domain::ids::CustomerId;
use abono_domain::licence::Holding;
use abono_domain::subscription::start::{StartFacts, StartSubscription, decide};
use abono_store::nouns::document::recurring;
use abono_store::nouns::{customer, ledger, licence};

pub(in crate::commands) async fn plan(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &StartSubscription,
) -> Result<Planned, Stop> {
    let seller = attempt.seller().await?;
    let mut loading = attempt.of_customer(id);
    let customer = loading.add(customer::by_id);
    let uses = loading.add(licence::discount_uses);
    let open = loading.add(recurring::open_invoices);
    let balances = loading.add(ledger::balances);

    let mut loaded = loading.read().await?;
    let customer = loaded.take(customer)?;
    let customer = customer.ok_or_else(|| Failure::from(CustomerRefusal::Unknown))?;
    let (uses, open_invoices) = (loaded.take(uses)?, loaded.take(open)?);
    let balances = loaded.take(balances)?;
    let facts = StartFacts {
        seller: &seller,
        holding: Holding {
            customer: &customer,
            subscription: None,
            laying: 1,
            periods: &[],
            values: &[],
            changes: &[],
            discounts_used: &uses,
        },
        open_invoices: &open_invoices,
        balances: &balances,
    };
    loaded.decide(seller.version, |moment| decide(command, &facts, moment))
}
