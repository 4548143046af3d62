//! Loads what revoking an access token has to know.

use super::create_key::require_tenant;
use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::access::revoke_key::{RevokeKey, decide};
use abono_store::nouns::access;

pub(super) async fn plan(attempt: &Attempt<'_>, command: &RevokeKey) -> Result<Planned, Stop> {
    require_tenant(attempt)?;
    let mut loading = attempt.of_tenant();
    let key = loading.add(|tenant| access::by_id(tenant, command.id));

    let mut loaded = loading.read().await?;
    let key = loaded.take(key)?;
    loaded.decide(0, |moment| decide(command, key.as_ref(), moment))
}
