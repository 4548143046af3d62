//! What is due: the worker asks, and sends the commands.

use crate::commands::Command;
use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::change::execute::ExecuteChange;
use abono_domain::checkout::book::BookNotice;
use abono_domain::decision::JobKind;
use abono_domain::document::expire::ExpireRequest;
use abono_domain::seller::Tenant;
use abono_domain::subscription::bill::BillCycle;
use abono_domain::termination::execute::ExecuteTermination;
use abono_store::ReadBatch;
use abono_store::nouns::job;
pub use abono_store::nouns::job::After;
use abono_store::nouns::subscription::{change, termination};
use jiff::Timestamp;

/// What is due for a tenant now, and when the next work falls due, in its business time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueWork {
    /// What is due, oldest first.
    pub commands: Vec<Command>,
    /// Where more of it goes on; `None` where this is all.
    pub more: Option<After>,
    /// When the next work falls due: now or earlier, while more is due than was read.
    pub next_at: Option<Timestamp>,
    /// The business time at which this was asked.
    pub now: Timestamp,
}

impl Engine {
    /// Up to `limit` pieces of work that are due for a tenant, after a place in the list.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn due_work(
        &self,
        tenant: &Tenant,
        after: After,
        limit: i64,
    ) -> Result<DueWork, Failure> {
        let now = self.business_time(tenant).await?;
        let mut batch = ReadBatch::default();
        let due = batch.add(job::due(tenant.id, tenant.clock, now, after, limit));
        let next = batch.add(job::next(tenant.id, tenant.clock));
        let mut results = self.store.read(batch).await?;
        let mut commands = Vec::new();
        let found = results.take(due)?;
        let is_full = i64::try_from(found.len()).is_ok_and(|count| count == limit);
        let more = found.last().filter(|_| is_full).map(job::Due::place);
        for due in found {
            commands.extend(self.command(tenant, due).await?);
        }
        Ok(DueWork { commands, more, next_at: results.take(next)?, now })
    }
}

impl Engine {
    /// When work of a tenant falls due next, after an instant of its business time.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn due_after(
        &self,
        tenant: &Tenant,
        after: Timestamp,
    ) -> Result<Option<Timestamp>, Failure> {
        Ok(self.store.query(job::due_after(tenant.id, tenant.clock, after)).await?)
    }

    /// The command of a piece of work; none where what it is about isn't there.
    async fn command(&self, tenant: &Tenant, due: job::Due) -> Result<Option<Command>, Failure> {
        let (customer, job) = (due.customer, due.job.id);
        Ok(match due.job.kind {
            JobKind::ExpireRequest(document) => {
                Some(Command::ExpireRequest(customer, ExpireRequest { document, job }))
            }
            JobKind::ExecuteChange(change) => {
                let found = change::subject(tenant.id, customer, change);
                self.store.query(found).await?.map(|subscription| {
                    Command::ExecuteChange(customer, ExecuteChange { subscription, change, job })
                })
            }
            JobKind::ExecuteTermination(termination) => {
                let found = termination::subject(tenant.id, customer, termination);
                self.store.query(found).await?.map(|subscription| {
                    let command = ExecuteTermination { subscription, termination, job };
                    Command::ExecuteTermination(customer, command)
                })
            }
            JobKind::BookNotice(notice) => {
                Some(Command::BookNotice(customer, BookNotice { notice, job }))
            }
            JobKind::BillCycle(subscription) => {
                Some(Command::BillCycle(customer, BillCycle { subscription, job }))
            }
        })
    }
}
