//! Tenants: made once, never changed.

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{Immutable, Query};
use abono_domain::ids::{ClockId, TenantId};
use abono_domain::seller::Tenant;

statements! {
    TENANT_BY_ID = "select tenant_id, slug, clock_id from tenant where tenant_id = $1", [Uuid]
        => [Uuid, Text, Uuid];
    TENANT_BY_SLUG = "select tenant_id, slug, clock_id from tenant where slug = $1", [Text]
        => [Uuid, Text, Uuid];
    TENANT_LIST = "select tenant_id, slug, clock_id from tenant where tenant_id > $1
        order by tenant_id limit 100", [Uuid] => [Uuid, Text, Uuid];
    TENANT_OPEN = "insert into tenant (tenant_id, slug, clock_id) values ($1, $2, $3)",
        [Uuid, Text, Uuid] => [];
}

/// The tenant of an id.
pub fn by_id(id: TenantId) -> Query<Option<Tenant>, Immutable> {
    Query::maybe(bind!(TENANT_BY_ID, id), tenant)
}

/// The tenant of a slug.
pub fn by_slug(slug: &str) -> Query<Option<Tenant>, Immutable> {
    Query::maybe(bind!(TENANT_BY_SLUG, slug), tenant)
}

/// Up to 100 tenants after one, by id.
pub fn list(after: TenantId) -> Query<Vec<Tenant>, Immutable> {
    Query::rows(bind!(TENANT_LIST, after), tenant)
}

fn tenant(mut row: Row) -> Result<Tenant, StoreError> {
    Ok(Tenant { id: TenantId(row.uuid()?), slug: row.text()?, clock: ClockId(row.uuid()?) })
}

pub(crate) fn open(tenant: &Tenant) -> Bound {
    bind!(TENANT_OPEN, tenant.id, tenant.slug.as_str(), tenant.clock)
}
