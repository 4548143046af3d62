//! Clients' idempotency keys: claimed with the command, filled with the bytes of its answer.

use crate::batch::{Claim, ClaimKey};
use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{Immutable, Query};
use abono_domain::ids::{CommandId, TenantId};

statements! {
    IDEMPOTENCY_TAKE = "insert into idempotency (tenant_id, route, key, input_hash, command_id)
        values ($1, $2, $3, $4, $5) on conflict do nothing", [Uuid, Text, Text, Bytes, Uuid] => [];
    IDEMPOTENCY_GIVE_BACK = "delete from idempotency
        where tenant_id = $1 and route = $2 and key = $3 and command_id = $4",
        [Uuid, Text, Text, Uuid] => [];
    IDEMPOTENCY_FILL = "update idempotency set status = $4, content_type = $5, body = $6
        where tenant_id = $1 and route = $2 and key = $3", [Uuid, Text, Text, Int, Text, Bytes]
        => [];
    IDEMPOTENCY_BY_KEY = "select input_hash, status, content_type, body from idempotency
        where tenant_id = $1 and route = $2 and key = $3", [Uuid, Text, Text]
        => [Bytes, Int, Text, Bytes];
}

/// A client's key: it counts for one route of one tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Where it was used.
    pub route: String,
    /// The key.
    pub key: String,
    /// SHA-256 of what was sent.
    pub input_hash: Vec<u8>,
}

/// An answer as it was sent, to be sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Content type.
    pub content_type: String,
    /// Body.
    pub body: Vec<u8>,
}

/// A key that was used before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// SHA-256 of what was sent then.
    pub input_hash: Vec<u8>,
    /// What was answered then.
    pub reply: Reply,
}

/// What a key was used for. A key that isn't there is guarded by [`take`].
pub fn by_key(tenant: TenantId, key: &Key) -> Query<Option<Used>, Immutable> {
    Query::maybe(bind!(IDEMPOTENCY_BY_KEY, tenant, key.route.as_str(), key.key.as_str()), used)
}

fn used(mut row: Row) -> Result<Used, StoreError> {
    let input_hash = row.bytes()?;
    let status = u16::try_from(row.int()?).map_err(|_| row.wrong())?;
    let reply = Reply { status, content_type: row.text()?, body: row.bytes()? };
    Ok(Used { input_hash, reply })
}

/// Takes a key.
pub fn take(tenant: TenantId, command: CommandId, key: &Key) -> Claim {
    let (route, text) = (key.route.as_str(), key.key.as_str());
    Claim {
        key: ClaimKey::Idempotency(tenant.0, key.route.clone(), key.key.clone()),
        take: bind!(IDEMPOTENCY_TAKE, tenant, route, text, key.input_hash.clone(), command),
        undo: bind!(IDEMPOTENCY_GIVE_BACK, tenant, route, text, command),
    }
}

/// Keeps the answer.
pub fn fill(tenant: TenantId, key: &Key, reply: &Reply) -> Bound {
    bind!(
        IDEMPOTENCY_FILL,
        tenant,
        key.route.as_str(),
        key.key.as_str(),
        i64::from(reply.status),
        reply.content_type.as_str(),
        reply.body.clone(),
    )
}
