//! The row of a bundle.

use super::Row4;
use crate::db::{Bound, Row, bind, statements};
use crate::query::{Immutable, Query};
use abono_domain::catalogue::Bundle;
use abono_domain::ids::{BundleId, TenantId};
use abono_domain::language::Names;

statements! {
    SELLER_BUNDLES = "select id, since, place, number, code from bundle
        where tenant_id = $1 and since <= $2 order by id, since", [Uuid, Int]
        => [Uuid, Int, Int, Int, Text];
    BUNDLE_WRITE = "insert into bundle (tenant_id, id, since, place, number, code)
        values ($1, $2, $3, $4, $5, $6)", [Uuid, Uuid, Int, Int, Int, Text] => [];
}

/// The bundles up to a version, without their names.
pub(super) fn all(tenant: TenantId, version: i64) -> Query<Vec<Row4<Bundle>>, Immutable> {
    Query::rows(bind!(SELLER_BUNDLES, tenant, version), |mut row: Row| {
        let (owner, since, place) = (row.uuid()?, row.int()?, row.int()?);
        let (number, code) = (row.int()?, row.text()?);
        let thing = Bundle { id: BundleId(owner), number, code, names: Names::default() };
        Ok(Row4 { owner, since, place, thing })
    })
}

pub(super) fn row(tenant: TenantId, since: i64, place: i64, bundle: &Bundle) -> Bound {
    let Bundle { id, number, code, .. } = bundle;
    bind!(BUNDLE_WRITE, tenant, *id, since, place, *number, code.as_str())
}
