//! Asks payment providers how the attempts stand whose end nobody has told: a step of its own, so
//! that a slow provider keeps nothing else waiting.

use abono_engine::{Engine, Failure};

/// How many attempts of one tenant are asked about at once.
const BATCH: usize = 32;

/// Asks about every attempt whose time has come; says how many there were. Trouble with the books
/// of one tenant doesn't keep the others waiting.
///
/// # Errors
/// [`Failure`], where the tenants can't be listed.
pub async fn ask(engine: &Engine) -> Result<usize, Failure> {
    let mut asked: usize = 0;
    for tenant in engine.tenants().await? {
        loop {
            match engine.ask_about_checkouts(tenant.id, BATCH).await {
                Ok(count) => {
                    asked = asked.saturating_add(count);
                    if count < BATCH {
                        break;
                    }
                }
                Err(failure) => {
                    tracing::warn!(tenant = tenant.slug, %failure, "attempts can't be looked for");
                    break;
                }
            }
        }
    }
    Ok(asked)
}
