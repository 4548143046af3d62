//! Loads what deciding about a delivery has to know: claiming it, recording what came of it, having
//! it sent again.

use crate::execute::Stop;
use crate::failure::Failure;
use crate::loading::{Attempt, Planned};
use abono_domain::decision::Decision;
use abono_domain::delivery::claim::{self, ClaimDelivery};
use abono_domain::delivery::record::{self, RecordDelivery};
use abono_domain::delivery::replay::{self, ReplayDelivery};
use abono_domain::delivery::{DeliveryRefusal, Facts};
use abono_domain::ids::{CustomerId, DeliveryId};
use abono_domain::moment::Moment;
use abono_store::nouns::delivery;

pub(super) async fn claim(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &ClaimDelivery,
) -> Result<Planned, Stop> {
    let decide = |facts: &Facts<'_>, moment| claim::decide(command, facts, moment);
    decide_on(attempt, id, command.delivery, decide).await
}

pub(super) async fn record(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &RecordDelivery,
) -> Result<Planned, Stop> {
    let decide = |facts: &Facts<'_>, moment| record::decide(command, facts, moment);
    decide_on(attempt, id, command.delivery, decide).await
}

pub(super) async fn replay(
    attempt: &Attempt<'_>,
    id: CustomerId,
    command: &ReplayDelivery,
) -> Result<Planned, Stop> {
    let decide = |facts: &Facts<'_>, moment| replay::decide(command, facts, moment);
    decide_on(attempt, id, command.delivery, decide).await
}

async fn decide_on(
    attempt: &Attempt<'_>,
    id: CustomerId,
    of: DeliveryId,
    decide: impl FnOnce(&Facts<'_>, Moment) -> Result<Decision, DeliveryRefusal>,
) -> Result<Planned, Stop> {
    let mut loading = attempt.of_customer(id);
    let view = loading.add(|tenant, customer| delivery::by_id(tenant, customer, of));
    let head = loading.add(delivery::head);
    let following = loading.add(delivery::following);
    let addition = loading.add(|tenant, customer| delivery::addition(tenant, customer, of));

    let mut loaded = loading.read().await?;
    let view = loaded.take(view)?.ok_or_else(|| Failure::from(DeliveryRefusal::Unknown))?;
    let (head, following) = (loaded.take(head)?, loaded.take(following)?);
    let addition = loaded.take(addition)?;
    let facts =
        Facts { view: &view, head, following: following.as_ref(), addition: addition.as_ref() };
    loaded.decide(0, |moment| decide(&facts, moment))
}
