//! Loads what ending a subscription has to know.

use super::subscription_facts::decide_on;
use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::ids::CustomerId;
use abono_domain::subscription::end::{EndSubscription, decide};

pub(super) async fn plan(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &EndSubscription,
) -> Result<Planned, Stop> {
    decide_on(attempt, id, command.subscription, |facts, moment| decide(command, facts, moment))
        .await
}
