//! Gapless counters: drawn by the commit itself, never read as a guard.

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{Immutable, Query};
use abono_domain::document::{Issued, Series};
use abono_domain::ids::{LegalEntityId, TenantId};
use jiff::civil::Date;
use std::collections::VecDeque;
use uuid::Uuid;

statements! {
    COUNTER_DRAW = "insert into counter
          (tenant_id, legal_entity_id, series, year, value, last_issued_on)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (tenant_id, legal_entity_id, series, year) do update set
          value = counter.value + excluded.value,
          last_issued_on = case when excluded.last_issued_on > counter.last_issued_on
            then excluded.last_issued_on else counter.last_issued_on end
        returning value, last_issued_on", [Uuid, Uuid, Text, Text, Int, Text] => [Int, Text];
    COUNTER_LIST = "select legal_entity_id, series, year, value from counter
        where tenant_id = $1 order by legal_entity_id, series, year", [Uuid]
        => [Uuid, Text, Text, Int];
}

/// The last number drawn of each series of a tenant: for proofs, never to decide on.
pub fn list(tenant: TenantId) -> Query<Vec<(Series, i64)>, Immutable> {
    Query::rows(bind!(COUNTER_LIST, tenant), |mut row| {
        let legal_entity = LegalEntityId(row.uuid()?);
        let (series, year) = (row.text()?, row.text()?);
        Ok((Series { legal_entity, series, year }, row.int()?))
    })
}

/// Draws `count` numbers.
pub(crate) fn draw(tenant: Uuid, series: &Series, count: i64, on: Date) -> Bound {
    let count = count.saturating_add(i64::from(abono_domain::planted::is("a-number-is-skipped")));
    let (name, year) = (series.series.as_str(), series.year.as_str());
    bind!(COUNTER_DRAW, tenant, series.legal_entity, name, year, count, on)
}

/// The numbers drawn, lowest first, all issued on the counter's newest date.
pub(crate) fn drawn(rows: Vec<Row>, count: i64) -> Result<VecDeque<Issued>, StoreError> {
    let mut row = rows.into_iter().next().ok_or(StoreError::RowCount(COUNTER_DRAW.name))?;
    let last = row.int()?;
    let on = row.date()?;
    Ok((last - count + 1..=last).map(|number| Issued { number, on }).collect())
}
