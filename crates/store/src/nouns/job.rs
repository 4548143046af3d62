//! Work that falls due at a business time.

use crate::db::{Bound, Row, StoreError, bind, statements};
use crate::query::{Immutable, OfCustomer, Query};
use abono_domain::decision::{Job, JobKind};
use abono_domain::ids::{ClockId, CustomerId, JobId, TenantId, slot};
use jiff::Timestamp;

statements! {
    JOB_SCHEDULE = "insert into job
          (tenant_id, slot, clock_id, due_at, id, kind, turn, customer_id, subject_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [Uuid, Int, Uuid, Int, Uuid, Text, Int, Uuid, Uuid] => [];
    JOB_DONE = "delete from job where tenant_id = $1 and id = $2", [Uuid, Uuid] => [];
    JOB_DUE = "select id, kind, customer_id, subject_id, due_at from job
        where tenant_id = $1 and clock_id = $2 and due_at <= $3
          and (due_at > $4 or (due_at = $4 and (turn > $5 or (turn = $5 and id > $6))))
        order by due_at, turn, id limit $7", [Uuid, Uuid, Int, Int, Int, Uuid, Int]
        => [Uuid, Text, Uuid, Uuid, Int];
    JOB_BY_ID = "select due_at from job
        where tenant_id = $1 and customer_id = $2 and id = $3", [Uuid, Uuid, Uuid] => [Int];
    JOB_AFTER = "select due_at from job where tenant_id = $1 and clock_id = $2 and due_at > $3
        order by due_at limit 1", [Uuid, Uuid, Int] => [Int];
    JOB_NEXT = "select due_at from job where tenant_id = $1 and clock_id = $2
        order by due_at limit 1", [Uuid, Uuid] => [Int];
}

/// Work and whose it is. It is read as a hint: the command that carries it out decides on the
/// customer's guarded facts, and takes the row away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Of which customer.
    pub customer: CustomerId,
    /// The work.
    pub job: Job,
}

/// Where a list of due work goes on: the turn of its last piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After(Timestamp, i64, JobId);

impl After {
    /// The beginning.
    pub const NOTHING: Self = Self(Timestamp::MIN, 0, JobId(uuid::Uuid::nil()));
}

impl Due {
    /// Its place in the list.
    pub const fn place(&self) -> After {
        After(self.job.due_at, self.job.kind.turn(), self.job.id)
    }
}

/// Up to `limit` pieces of work that are due on a clock, oldest first, after a place.
pub fn due(
    tenant: TenantId,
    clock: ClockId,
    now: Timestamp,
    After(at, turn, id): After,
    limit: i64,
) -> Query<Vec<Due>, Immutable> {
    Query::rows(bind!(JOB_DUE, tenant, clock, now, at, turn, id, limit), read)
}

/// When the next work falls due on a clock.
pub fn next(tenant: TenantId, clock: ClockId) -> Query<Option<Timestamp>, Immutable> {
    Query::maybe(bind!(JOB_NEXT, tenant, clock), |mut row| row.instant())
}

/// When work falls due next on a clock, after an instant.
pub fn due_after(
    tenant: TenantId,
    clock: ClockId,
    after: Timestamp,
) -> Query<Option<Timestamp>, Immutable> {
    Query::maybe(bind!(JOB_AFTER, tenant, clock, after), |mut row| row.instant())
}

/// Whether a piece of work of a customer still waits.
pub fn is_waiting(tenant: TenantId, customer: CustomerId, id: JobId) -> Query<bool, OfCustomer> {
    Query::maybe(bind!(JOB_BY_ID, tenant, customer, id), |mut row| row.int())
        .map(|found| Ok(found.is_some()))
}

fn read(mut row: Row) -> Result<Due, StoreError> {
    let id = JobId(row.uuid()?);
    let word = row.text()?;
    let customer = CustomerId(row.uuid()?);
    let subject = row.uuid()?;
    let kind = JobKind::from_parts(&word, subject).ok_or_else(|| row.wrong())?;
    Ok(Due { customer, job: Job { id, kind, due_at: row.instant()? } })
}

pub(crate) fn schedule(tenant: TenantId, clock: ClockId, customer: CustomerId, job: &Job) -> Bound {
    let (word, subject) = job.kind.parts();
    let slot = slot(customer);
    let turn = job.kind.turn();
    bind!(JOB_SCHEDULE, tenant, slot, clock, job.due_at, job.id, word, turn, customer, subject)
}

pub(crate) fn done(tenant: TenantId, id: JobId) -> Bound {
    bind!(JOB_DONE, tenant, id)
}
