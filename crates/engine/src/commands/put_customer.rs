//! Loads what writing a customer has to know.

use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::customer::put::{Facts, PutCustomer, decide};
use abono_store::nouns::customer;

pub(super) async fn plan(attempt: &Attempt<'_>, command: &PutCustomer) -> Result<Planned, Stop> {
    let mut loading = attempt.of_customer(command.proposal.id);
    let before = loading.add(customer::by_id);

    let mut loaded = loading.read().await?;
    let before = loaded.take(before)?;
    let facts = Facts { customer: before.as_ref() };
    loaded.decide(0, |moment| decide(command, &facts, moment))
}
