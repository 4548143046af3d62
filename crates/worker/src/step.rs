//! One step of the worker.

use abono_domain::ids::TenantId;
use abono_domain::seller::Tenant;
use abono_engine::{Actor, Call, Command, Engine, Failure};
use jiff::Timestamp;

/// When there is something to do again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Now: a bounded batch was done, and more may be waiting.
    Now,
    /// At this business time, unless something comes in between.
    At(Timestamp),
    /// Nothing is planned.
    Idle,
}

/// How much of one kind is done for one tenant in one step.
const BATCH: i64 = 100;

/// Does what is due, a bounded batch for each tenant. One piece of work that fails is tried again
/// in the next step and doesn't hold the others up.
///
/// # Errors
/// [`Failure`], where the tenants can't be listed.
pub async fn step(engine: &Engine) -> Result<Next, Failure> {
    let mut next = Next::Idle;
    for tenant in engine.tenants().await? {
        next = sooner(next, unhindered(&tenant, seal(engine, tenant.id).await));
        next = sooner(next, unhindered(&tenant, due(engine, &tenant).await));
    }
    Ok(next)
}

/// Trouble with the books of one tenant doesn't keep the others waiting.
fn unhindered(tenant: &Tenant, done: Result<Next, Failure>) -> Next {
    done.unwrap_or_else(|failure| {
        tracing::warn!(tenant = tenant.slug, %failure, "work for a tenant failed");
        Next::Idle
    })
}

async fn seal(engine: &Engine, tenant: TenantId) -> Result<Next, Failure> {
    let sealed = engine.seal(tenant, BATCH).await?;
    Ok(if sealed == 0 { Next::Idle } else { Next::Now })
}

async fn due(engine: &Engine, tenant: &Tenant) -> Result<Next, Failure> {
    let work = engine.due_work(tenant, BATCH).await?;
    let mut failed = false;
    for command in &work.commands {
        failed |= !carry_out(engine, tenant.id, command).await;
    }
    Ok(match work.next_at {
        Some(at) if at > work.now => Next::At(at),
        // What failed is due already: it is tried again after a pause, not at once.
        Some(_) if failed => Next::At(work.now),
        Some(_) => Next::Now,
        None => Next::Idle,
    })
}

async fn carry_out(engine: &Engine, tenant: TenantId, command: &Command) -> bool {
    let call = Call::new(tenant, Actor::Worker);
    match engine.carry_out(&call, command).await {
        Ok(_) => true,
        // Another node may have been faster; then the work is gone when it is looked for again.
        Err(Failure::Refused(refusal)) => {
            tracing::debug!(command = command.name(), %refusal, "due work was declined");
            false
        }
        Err(failure) => {
            tracing::warn!(command = command.name(), %failure, "due work failed, try again");
            false
        }
    }
}

fn sooner(a: Next, b: Next) -> Next {
    match (a, b) {
        (Next::Now, _) | (_, Next::Now) => Next::Now,
        (Next::At(a), Next::At(b)) => Next::At(a.min(b)),
        (Next::At(at), Next::Idle) | (Next::Idle, Next::At(at)) => Next::At(at),
        (Next::Idle, Next::Idle) => Next::Idle,
    }
}
