//! Loads what giving a licence by hand has to know.

use super::product_facts::decide_on;
use crate::execute::Stop;
use crate::loading::{Attempt, Planned};
use abono_domain::ids::CustomerId;
use abono_domain::licence::grant::{GrantLicence, decide};

pub(super) async fn plan(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &GrantLicence,
) -> Result<Planned, Stop> {
    decide_on(attempt, id, command.order.product, |facts, moment| decide(command, facts, moment))
        .await
}
