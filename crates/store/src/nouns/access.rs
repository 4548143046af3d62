//! Access tokens.

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{OfTenant, Query};
use abono_domain::access::{AccessKey, Role};
use abono_domain::ids::{CustomerId, KeyId, TenantId};
use jiff::Timestamp;

statements! {
    ACCESS_KEY_BY_ID = "select id, secret_hash, role, label, created_at, expires_at, revoked_at
        from access_key where tenant_id = $1 and id = $2", [Uuid, Uuid]
        => [Uuid, Bytes, Text, Text, Int, Int, Int];
    ACCESS_KEY_CUSTOMERS = "select customer_id from access_key_customer
        where tenant_id = $1 and key_id = $2 order by customer_id", [Uuid, Uuid] => [Uuid];
    ACCESS_KEY_LIST = "select id, secret_hash, role, label, created_at, expires_at, revoked_at
        from access_key where tenant_id = $1 and id > $2 order by id limit 100", [Uuid, Uuid]
        => [Uuid, Bytes, Text, Text, Int, Int, Int];
    ACCESS_KEY_CREATE = "insert into access_key
          (tenant_id, id, secret_hash, role, label, created_at, expires_at, revoked_at)
        values ($1, $2, $3, $4, $5, $6, $7, null)", [Uuid, Uuid, Bytes, Text, Text, Int, Int]
        => [];
    ACCESS_KEY_LIMIT = "insert into access_key_customer (tenant_id, key_id, customer_id)
        values ($1, $2, $3)", [Uuid, Uuid, Uuid] => [];
    ACCESS_KEY_REVOKE = "update access_key set revoked_at = $3
        where tenant_id = $1 and id = $2", [Uuid, Uuid, Int] => [];
}

/// A token's row.
pub fn by_id(tenant: TenantId, id: KeyId) -> Query<Option<AccessKey>, OfTenant> {
    let key = Query::maybe(bind!(ACCESS_KEY_BY_ID, tenant, id), key);
    let customers =
        Query::rows(bind!(ACCESS_KEY_CUSTOMERS, tenant, id), |mut row| Ok(CustomerId(row.uuid()?)));
    key.and(customers).map(|(key, customers)| Ok(key.map(|key| AccessKey { customers, ..key })))
}

/// Up to 100 tokens after one, without the customers they are limited to.
pub fn list(tenant: TenantId, after: KeyId) -> Query<Vec<AccessKey>, OfTenant> {
    Query::rows(bind!(ACCESS_KEY_LIST, tenant, after), key)
}

fn key(mut row: Row) -> Result<AccessKey, StoreError> {
    let id = KeyId(row.uuid()?);
    let hash = row.bytes()?;
    Ok(AccessKey {
        id,
        secret_hash: hash.try_into().map_err(|_| row.wrong())?,
        role: row.read(Role::parse)?,
        label: row.text()?,
        created_at: row.instant()?,
        expires_at: row.maybe_instant()?,
        revoked_at: row.maybe_instant()?,
        customers: Vec::new(),
    })
}

pub(crate) fn create(tenant: TenantId, key: &AccessKey) -> Vec<Bound> {
    let hash = key.secret_hash.to_vec();
    let (role, label) = (key.role.as_str(), key.label.as_str());
    let limits = key.customers.iter().map(|id| bind!(ACCESS_KEY_LIMIT, tenant, key.id, *id));
    let row =
        bind!(ACCESS_KEY_CREATE, tenant, key.id, hash, role, label, key.created_at, key.expires_at);
    std::iter::once(row).chain(limits).collect()
}

pub(crate) fn revoke(tenant: TenantId, id: KeyId, at: Timestamp) -> Bound {
    bind!(ACCESS_KEY_REVOKE, tenant, id, at)
}
