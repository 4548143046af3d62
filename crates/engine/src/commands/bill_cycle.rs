//! Loads what billing a cycle has to know.

use super::subscription_facts::decide_on;
use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::ids::CustomerId;
use abono_domain::subscription::bill::{BillCycle, decide};

pub(super) async fn plan(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &BillCycle,
) -> Result<Planned, Stop> {
    decide_on(attempt, id, command.subscription, |facts, moment| decide(command, facts, moment))
        .await
}
