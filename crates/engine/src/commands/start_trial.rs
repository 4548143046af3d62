//! Loads what starting a trial has to know.

use super::product_facts::decide_on;
use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::ids::CustomerId;
use abono_domain::licence::start_trial::{StartTrial, decide};

pub(super) async fn plan(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &StartTrial,
) -> Result<Planned, Stop> {
    decide_on(attempt, id, command.product, |facts, moment| decide(command, facts, moment)).await
}
