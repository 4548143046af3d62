//! One step of the worker.

use abono_domain::decision::Outcome;
use abono_domain::ids::{CustomerId, TenantId};
use abono_domain::seller::Tenant;
use abono_engine::views::After;
use abono_engine::{Actor, Call, Command, Engine, Failure};
use futures_util::future::join_all;
use jiff::Timestamp;
use std::collections::BTreeMap;

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

/// One batch; and the next one, where nothing of it could be done: what waits for something else
/// doesn't hold up what doesn't.
async fn due(engine: &Engine, tenant: &Tenant) -> Result<Next, Failure> {
    let mut after = After::NOTHING;
    loop {
        let work = engine.due_work(tenant, after, BATCH).await?;
        let (done, failed) = all(engine, tenant.id, &work.commands).await;
        if let (false, Some(more)) = (done, work.more) {
            after = more;
            continue;
        }
        return Ok(match work.next_at {
            Some(at) if at > work.now => Next::At(at),
            // What failed is due already: it is tried again after a pause, not at once.
            Some(_) if failed && !done => Next::At(work.now),
            Some(_) => Next::Now,
            None => Next::Idle,
        });
    }
}

/// Carries a batch out: the work of one customer in order, that of several at once, so that their
/// commits are joined. Says whether anything was done, and whether anything failed.
async fn all(engine: &Engine, tenant: TenantId, commands: &[Command]) -> (bool, bool) {
    let mut of_customers: BTreeMap<Option<CustomerId>, Vec<&Command>> = BTreeMap::new();
    for command in commands {
        of_customers.entry(command.customer()).or_default().push(command);
    }
    let in_order = |own: Vec<&Command>| {
        let own: Vec<Command> = own.into_iter().cloned().collect();
        async move {
            let (mut done, mut failed) = (false, false);
            for command in &own {
                let is_done = carry_out(engine, tenant, command).await;
                done |= is_done;
                failed |= !is_done;
            }
            (done, failed)
        }
    };
    let results = join_all(of_customers.into_values().map(in_order)).await;
    results.into_iter().fold((false, false), |all, one| (all.0 || one.0, all.1 || one.1))
}

async fn carry_out(engine: &Engine, tenant: TenantId, command: &Command) -> bool {
    let call = Call::new(tenant, Actor::Worker);
    match engine.carry_out(&call, command).await {
        Ok(Outcome::Cycle { subscription, held: Some(reason) }) => {
            tracing::warn!(%subscription, reason, "a cycle can't be billed, and is tried again");
            true
        }
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
