//! The row of a termination reason.

use super::Row4;
use crate::db::{Bound, Row, bind, statements};
use crate::query::{Immutable, Query};
use abono_domain::catalogue::TerminationReason;
use abono_domain::ids::{TenantId, TerminationReasonId};
use abono_domain::language::Names;

statements! {
    SELLER_TERMINATION_REASONS = "select id, since, place, code, external_id, parent
        from termination_reason where tenant_id = $1 and since <= $2 order by id, since",
        [Uuid, Int] => [Uuid, Int, Int, Text, Text, Text];
    TERMINATION_REASON_WRITE = "insert into termination_reason
          (tenant_id, id, since, place, code, external_id, parent)
        values ($1, $2, $3, $4, $5, $6, $7)", [Uuid, Uuid, Int, Int, Text, Text, Text] => [];
}

/// The termination reasons up to a version, without their names.
pub(super) fn all(
    tenant: TenantId,
    version: i64,
) -> Query<Vec<Row4<TerminationReason>>, Immutable> {
    Query::rows(bind!(SELLER_TERMINATION_REASONS, tenant, version), |mut row: Row| {
        let (owner, since, place) = (row.uuid()?, row.int()?, row.int()?);
        let thing = TerminationReason {
            id: TerminationReasonId(owner),
            code: row.text()?,
            external_id: row.maybe_text()?,
            parent: row.maybe_text()?,
            names: Names::default(),
        };
        Ok(Row4 { owner, since, place, thing })
    })
}

pub(super) fn row(tenant: TenantId, since: i64, place: i64, reason: &TerminationReason) -> Bound {
    bind!(
        TERMINATION_REASON_WRITE,
        tenant,
        reason.id,
        since,
        place,
        reason.code.as_str(),
        reason.external_id.clone(),
        reason.parent.clone(),
    )
}
