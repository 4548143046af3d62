//! Loads what withdrawing a change has to know.

use super::subscription_facts::decide_on;
use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::change::withdraw::{WithdrawChange, decide};
use abono_domain::ids::CustomerId;

pub(super) async fn plan(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &WithdrawChange,
) -> Result<Planned, Stop> {
    decide_on(attempt, id, command.subscription, |facts, moment| decide(command, facts, moment))
        .await
}
