//! What is due: sent in no order by a hasty worker, and none of it left in the end.

use super::{Failed, failed};
use crate::dice::Dice;
use crate::executor::alone;
use abono_domain::ids::TenantId;
use abono_domain::seller::Tenant;
use abono_engine::views::After;
use abono_engine::{Actor, Call, Command, Engine};
use abono_store::nouns::journal;
use std::sync::{Arc, Mutex, PoisonError};

/// Due work that was seen.
pub(super) type Seen = Arc<Mutex<Vec<Command>>>;

/// Looks for due work, and sends any of what was ever seen: the command has to know whether it may
/// be done now.
pub(super) async fn hurry(engine: &Engine, tenant: TenantId, seen: &Seen, dice: &Dice) {
    let tenants = engine.tenants().await.unwrap_or_default();
    let Some(own) = tenants.iter().find(|own| own.id == tenant) else { return };
    if let Ok(due) = engine.due_work(own, After::NOTHING, 20).await {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.extend(due.commands);
    }
    let command = {
        let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        // What was seen last is due the most often.
        let back = dice.below(seen.len().min(12));
        seen.iter().rev().nth(back).cloned()
    };
    if let Some(command) = command {
        // What is declined was done, or has to wait.
        let _declined = engine.carry_out(&Call::new(tenant, Actor::Worker), &command).await;
    }
}

/// Whether nothing is due any more, and all is sealed.
pub(super) fn is_drained(engine: &Engine, tenant: &Tenant) -> Result<bool, Failed> {
    let due = alone(engine.due_work(tenant, After::NOTHING, 1)).map_err(failed)?;
    let (_, unsealed) =
        alone(engine.store().query(journal::unsealed(tenant.id, 1))).map_err(failed)?;
    Ok(due.commands.is_empty() && unsealed.is_empty())
}
