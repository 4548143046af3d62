//! Values that only one may take.

use crate::batch::{Claim, ClaimKey};
use crate::db::{bind, statements};
use crate::query::{Immutable, Query};
use abono_domain::decision;
use abono_domain::ids::{CommandId, TenantId};

statements! {
    UNIQUE_TAKE = "insert into unique_claim (tenant_id, scope, value, command_id)
        values ($1, $2, $3, $4) on conflict do nothing", [Uuid, Text, Text, Uuid] => [];
    UNIQUE_GIVE_BACK = "delete from unique_claim
        where tenant_id = $1 and scope = $2 and value = $3 and command_id = $4",
        [Uuid, Text, Text, Uuid] => [];
    UNIQUE_IS_TAKEN = "select command_id from unique_claim
        where tenant_id = $1 and scope = $2 and value = $3", [Uuid, Text, Text] => [Uuid];
}

/// Takes a value.
pub fn take(tenant: TenantId, command: CommandId, claim: &decision::Claim) -> Claim {
    let (scope, value) = (claim.scope.as_str(), claim.value.as_str());
    Claim {
        key: ClaimKey::Unique(tenant.0, claim.scope.clone(), claim.value.clone()),
        take: bind!(UNIQUE_TAKE, tenant, scope, value, command),
        undo: bind!(UNIQUE_GIVE_BACK, tenant, scope, value, command),
    }
}

/// Whether a value is taken. A taken value stays taken; a free one is guarded by [`take`].
pub fn is_taken(tenant: TenantId, claim: &decision::Claim) -> Query<bool, Immutable> {
    let (scope, value) = (claim.scope.as_str(), claim.value.as_str());
    Query::rows(bind!(UNIQUE_IS_TAKEN, tenant, scope, value), |mut row| row.uuid())
        .map(|rows| Ok(!rows.is_empty()))
}
