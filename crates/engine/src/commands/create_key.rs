//! Loads what making an access token has to know.

use crate::execute::Stop;
use crate::failure::Failure;
use crate::loading::{Attempt, Planned};
use abono_domain::access::create_key::{CreateKey, Facts, decide};
use abono_store::nouns::customer;

pub(super) async fn plan(attempt: &Attempt<'_>, command: &CreateKey) -> Result<Planned, Stop> {
    require_tenant(attempt)?;
    let mut loading = attempt.of_tenant();
    let asked: Vec<_> = command
        .customers
        .iter()
        .map(|id| loading.add_immutable(|tenant| customer::exists(tenant, *id)))
        .collect();

    let mut loaded = loading.read().await?;
    let mut known_customers = Vec::new();
    for (id, exists) in command.customers.iter().zip(asked) {
        if loaded.take(exists)? {
            known_customers.push(*id);
        }
    }
    let facts = Facts { known_customers };
    loaded.decide(0, |moment| decide(command, &facts, moment))
}

/// Only publishing opens a tenant.
pub(super) fn require_tenant(attempt: &Attempt<'_>) -> Result<(), Failure> {
    attempt.tenant.as_ref().map(|_| ()).ok_or(Failure::UnknownTenant)
}
