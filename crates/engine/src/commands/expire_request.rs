//! Loads what closing an expired request has to know.

use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::document::DocumentRefusal;
use abono_domain::document::expire::{ExpireRequest, Facts, decide};
use abono_domain::ids::CustomerId;
use abono_store::nouns::{document, job, ledger};

pub(super) async fn plan(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &ExpireRequest,
) -> Result<Planned, Stop> {
    let seller = attempt.seller().await?;
    let mut loading = attempt.of_customer(id);
    let view =
        loading.add(|tenant, customer| document::request(tenant, customer, command.document));
    let balances = loading.add(ledger::balances);
    let job = loading.add(|tenant, customer| job::is_waiting(tenant, customer, command.job));

    let mut loaded = loading.read().await?;
    let unknown = || Stop::Failed(DocumentRefusal::Unknown.into());
    let view = loaded.take(view)?.ok_or_else(unknown)?;
    if !loaded.take(job)? {
        return Err(Stop::Failed(DocumentRefusal::NotPending.into()));
    }
    let balances = loaded.take(balances)?;
    let facts = Facts { seller: &seller, view: &view, balances: &balances };
    loaded.decide(seller.version, |moment| decide(command, &facts, moment))
}
