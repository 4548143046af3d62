//! A subscription that lives in cycles: what is agreed, where it stands, what it gave and cost, its
//! changes, what was added to it, and what its customer owes.

mod verb;

pub(super) mod start_subscription;

pub(super) use verb::Verb;

use crate::execute::Stop;
use crate::failure::Failure;
use crate::loading::{Attempt, Planned};
use abono_domain::customer::CustomerRefusal;
use abono_domain::ids::CustomerId;
use abono_domain::licence::Holding;
use abono_domain::subscription::{Facts, SubscriptionRefusal};
use abono_store::nouns::document::recurring;
use abono_store::nouns::licence::{self, value};
use abono_store::nouns::subscription::{self, change, product_group, termination};
use abono_store::nouns::{customer, ledger};

/// Loads what deciding about a subscription has to know, and decides on it.
pub(super) async fn plan(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &impl Verb,
) -> Result<Planned, Stop> {
    let of = command.subscription();
    let seller = attempt.seller().await?;
    let mut loading = attempt.of_customer(id);
    let customer = loading.add(customer::by_id);
    let found = loading.add(|tenant, customer| subscription::by_id(tenant, customer, of));
    let laying = loading.add(|tenant, customer| licence::laying_of(tenant, customer, of));
    let periods = loading.add(|tenant, customer| licence::of_subscription(tenant, customer, of));
    let values = loading.add(|tenant, customer| value::of_subscription(tenant, customer, of));
    let uses = loading.add(licence::discount_uses);
    let changes = loading.add(|tenant, customer| change::of_subscription(tenant, customer, of));
    let bound = loading.add(|tenant, customer| subscription::commitments(tenant, customer, of));
    let groups =
        loading.add(|tenant, customer| product_group::of_subscription(tenant, customer, of));
    let ends = loading.add(|tenant, customer| termination::of_subscription(tenant, customer, of));
    let confirmed = loading.add(|tenant, customer| recurring::confirmations(tenant, customer, of));
    let open = loading.add(recurring::open_invoices);
    let balances = loading.add(ledger::balances);

    let mut loaded = loading.read().await?;
    let customer = loaded.take(customer)?;
    let customer = customer.ok_or_else(|| Failure::from(CustomerRefusal::Unknown))?;
    let found = loaded.take(found)?;
    let (agreement, state) = found.ok_or_else(|| Failure::from(SubscriptionRefusal::Unknown))?;
    let (laying, periods) = (loaded.take(laying)?, loaded.take(periods)?);
    let (values, uses) = (loaded.take(values)?, loaded.take(uses)?);
    let (changes, commitments) = (loaded.take(changes)?, loaded.take(bound)?);
    let (groups, terminations) = (loaded.take(groups)?, loaded.take(ends)?);
    let (confirmations, open_invoices) = (loaded.take(confirmed)?, loaded.take(open)?);
    let balances = loaded.take(balances)?;
    let facts = Facts {
        seller: &seller,
        agreement: &agreement,
        state: &state,
        holding: Holding {
            customer: &customer,
            subscription: Some(&agreement.subscription),
            laying,
            periods: &periods,
            values: &values,
            changes: &[],
            discounts_used: &uses,
        },
        changes: &changes,
        commitments: &commitments,
        groups: &groups,
        terminations: &terminations,
        confirmations: &confirmations,
        open_invoices: &open_invoices,
        balances: &balances,
    };
    loaded.decide(seller.version, |moment| command.decide(&facts, moment))
}
