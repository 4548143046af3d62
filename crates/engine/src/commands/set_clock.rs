//! Loads what moving a clock has to know.

use super::create_key::require_tenant;
use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::clock::set::{Facts, SetClock, decide};
use abono_domain::ids::ClockId;
use abono_store::nouns::clock;

pub(super) async fn plan(attempt: &Attempt<'_>, command: &SetClock) -> Result<Planned, Stop> {
    require_tenant(attempt)?;
    let id = attempt.tenant.as_ref().map_or(ClockId::REAL, |tenant| tenant.clock);
    let mut loading = attempt.of_tenant();
    let stands_at = loading.add_immutable(|_| clock::stands_at(id));

    let mut loaded = loading.read().await?;
    let facts = Facts { clock: id, stands_at: loaded.take(stands_at)? };
    loaded.decide(0, |moment| decide(command, facts, moment))
}
