//! The roots of aggregates: every batch that writes or relies on an aggregate bumps its version.

use crate::batch::{Claim, ClaimKey};
use crate::db::{Row, StoreError, bind, statements};
use crate::query::{OfCustomer, OfTenant, Query};
use abono_domain::ids::{CustomerId, TenantId};
use jiff::Timestamp;
use uuid::Uuid;

statements! {
    ROOT_BY_ID = "select version, last_moment from root
        where tenant_id = $1 and kind = $2 and id = $3", [Uuid, Text, Uuid] => [Int, Int];
    ROOT_OPEN = "insert into root (tenant_id, kind, id, version, last_moment)
        values ($1, $2, $3, 1, $4) on conflict do nothing", [Uuid, Text, Uuid, Int] => [];
    ROOT_CLOSE = "delete from root
        where tenant_id = $1 and kind = $2 and id = $3 and version = 1", [Uuid, Text, Uuid] => [];
    ROOT_BUMP = "update root set version = version + 1, last_moment = $5
        where tenant_id = $1 and kind = $2 and id = $3 and version = $4",
        [Uuid, Text, Uuid, Int, Int] => [];
    ROOT_UNBUMP = "update root set version = version - 1, last_moment = $5
        where tenant_id = $1 and kind = $2 and id = $3 and version = $4",
        [Uuid, Text, Uuid, Int, Int] => [];
}

/// The version of an aggregate, and the last moment of a decision about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Raised by every batch that writes or relies on it.
    pub version: i64,
    /// The next moment is later.
    pub last_moment: Timestamp,
}

const CUSTOMER: &str = "customer";
const TENANT: &str = "tenant";
const JOURNAL: &str = "journal";

/// The root of a customer.
pub fn of_customer(tenant: TenantId, id: CustomerId) -> Query<Option<Version>, OfCustomer> {
    Query::maybe(bind!(ROOT_BY_ID, tenant, CUSTOMER, id), version)
}

/// The root of a tenant.
pub fn of_tenant(tenant: TenantId) -> Query<Option<Version>, OfTenant> {
    Query::maybe(bind!(ROOT_BY_ID, tenant, TENANT, tenant), version)
}

/// The root of a tenant's chain of seals.
pub fn of_journal(tenant: TenantId) -> Query<Option<Version>, OfTenant> {
    Query::maybe(bind!(ROOT_BY_ID, tenant, JOURNAL, tenant), version)
}

fn version(mut row: Row) -> Result<Version, StoreError> {
    Ok(Version { version: row.int()?, last_moment: row.instant()? })
}

/// Guards a customer that was read at `version`.
pub fn guard_customer(
    tenant: TenantId,
    id: CustomerId,
    version: Version,
    moment: Timestamp,
) -> Claim {
    guard(CUSTOMER, tenant, id.0, version, moment)
}

/// Guards a tenant that was read at `version`.
pub fn guard_tenant(tenant: TenantId, version: Version, moment: Timestamp) -> Claim {
    guard(TENANT, tenant, tenant.0, version, moment)
}

/// Guards that a customer isn't there, by making its root.
pub fn open_customer(tenant: TenantId, id: CustomerId, moment: Timestamp) -> Claim {
    open(CUSTOMER, tenant, id.0, moment)
}

/// Guards that a tenant isn't there, by making its root.
pub fn open_tenant(tenant: TenantId, moment: Timestamp) -> Claim {
    open(TENANT, tenant, tenant.0, moment)
}

/// Guards a tenant's chain of seals.
pub fn guard_journal(tenant: TenantId, version: Option<Version>, moment: Timestamp) -> Claim {
    match version {
        Some(version) => guard(JOURNAL, tenant, tenant.0, version, moment),
        None => open(JOURNAL, tenant, tenant.0, moment),
    }
}

fn guard(
    kind: &'static str,
    tenant: TenantId,
    id: Uuid,
    read: Version,
    moment: Timestamp,
) -> Claim {
    Claim {
        key: ClaimKey::Root(kind, tenant.0, id),
        take: bind!(ROOT_BUMP, tenant, kind, id, read.version, moment),
        undo: bind!(
            ROOT_UNBUMP,
            tenant,
            kind,
            id,
            read.version.saturating_add(1),
            read.last_moment
        ),
    }
}

fn open(kind: &'static str, tenant: TenantId, id: Uuid, moment: Timestamp) -> Claim {
    Claim {
        key: ClaimKey::Root(kind, tenant.0, id),
        take: bind!(ROOT_OPEN, tenant, kind, id, moment),
        undo: bind!(ROOT_CLOSE, tenant, kind, id),
    }
}
