//! Loads what publishing a seller has to know: the newest version, active or not.

use crate::execute::Stop;
use crate::failure::Failure;
use crate::loading::{Attempt, Planned};
use abono_domain::seller::publish::{Facts, PublishSeller, decide};
use abono_store::nouns::{seller, tenant};

pub(super) async fn plan(attempt: &Attempt<'_>, command: &PublishSeller) -> Result<Planned, Stop> {
    let mut loading = attempt.of_tenant();
    let versions = loading.add(seller::versions);
    let owner = loading.add_immutable(|_| tenant::by_slug(&command.tenant.slug));

    let mut loaded = loading.read().await?;
    let newest = loaded.take(versions)?.first().map(|(version, _)| *version);
    let owner = loaded.take(owner)?;
    let newest = match newest {
        Some(version) => as_of(attempt, version).await?,
        None => None,
    };
    let facts = Facts {
        tenant: attempt.tenant.as_ref(),
        newest: newest.as_ref(),
        slug_taken: owner.is_some_and(|owner| owner.id != command.tenant.id),
    };
    let version = newest.as_ref().map_or(0, |newest| newest.version);
    loaded.decide(version, |moment| decide(command, &facts, moment))
}

/// A version never changes, so it is read outside the snapshot that names it.
async fn as_of(
    attempt: &Attempt<'_>,
    version: i64,
) -> Result<Option<abono_domain::seller::Seller>, Failure> {
    Ok(attempt.engine.store.query(seller::as_of(attempt.call.tenant, version)).await?)
}
