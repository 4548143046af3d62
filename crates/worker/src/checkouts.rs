//! Asks payment providers how the attempts stand whose end nobody has told, and for the money that
//! is to go back: a step of its own, so that a slow provider keeps nothing else waiting.

use abono_domain::seller::Tenant;
use abono_engine::{Engine, Failure};

/// How many of each kind are asked about at once for one tenant.
const BATCH: usize = 32;

/// Asks about every attempt, and for every refund, whose time has come; says how many there were.
/// Trouble with the books of one tenant doesn't keep the others waiting.
///
/// # Errors
/// [`Failure`], where the tenants can't be listed.
pub async fn ask(engine: &Engine) -> Result<usize, Failure> {
    let mut asked: usize = 0;
    for tenant in engine.tenants().await? {
        loop {
            // A buyer who waits comes before money that goes back.
            let attempts = engine.ask_about_checkouts(tenant.id, BATCH).await;
            let attempts = unhindered(&tenant, attempts);
            let refunds = engine.give_back_through_providers(tenant.id, BATCH).await;
            let refunds = unhindered(&tenant, refunds);
            asked = asked.saturating_add(attempts).saturating_add(refunds);
            if attempts.max(refunds) < BATCH {
                break;
            }
        }
    }
    Ok(asked)
}

fn unhindered(tenant: &Tenant, asked: Result<usize, Failure>) -> usize {
    asked.unwrap_or_else(|failure| {
        tracing::warn!(tenant = tenant.slug, %failure, "it can't be looked for what to ask");
        0
    })
}
