//! Loads what making a payment request has to know.

use super::product_facts::decide_on;
use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::document::request_payment::{RequestPayment, decide};
use abono_domain::ids::CustomerId;

pub(super) async fn plan(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &RequestPayment,
) -> Result<Planned, Stop> {
    decide_on(attempt, id, command.order.product, |facts, moment| decide(command, facts, moment))
        .await
}
