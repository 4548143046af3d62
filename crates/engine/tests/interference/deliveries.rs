//! What travels to a billing system behind: one delivery that was claimed, one that may be claimed,
//! one that has failed.

use crate::Books;
use abono_domain::decision::Outcome;
use abono_domain::delivery::claim::ClaimDelivery;
use abono_domain::delivery::record::{Answer, RecordDelivery};
use abono_domain::delivery::replay::ReplayDelivery;
use abono_domain::ids::{CustomerId, DeliveryId};
use abono_engine::Command;
use abono_testkit::World;
use abono_testkit::outbox::{addition, group, queue, views};
use abono_testkit::telecom;

const START: &str = "2026-01-01T09:00:00Z";

async fn added(world: &World, customer: CustomerId) -> DeliveryId {
    let group = group(world, customer).await;
    queue(world, customer, group, addition("SMS")).await
}

/// Claims a delivery; gives the command that records an answer under that claim.
async fn claimed(
    world: &World,
    customer: CustomerId,
    delivery: DeliveryId,
    answer: Answer,
) -> Command {
    let claim = Command::ClaimDelivery(customer, ClaimDelivery { delivery });
    let outcome = world.run(claim).await.expect("a claim");
    let Outcome::Delivery { view, .. } = outcome else { panic!("{outcome:?}") };
    let claimed_until = view.state.next_at.expect("a claim");
    let record = RecordDelivery { delivery, claimed_until, answer, attempts_max: 50 };
    Command::RecordDelivery(customer, record)
}

/// A world in which each command can be carried out.
pub(crate) async fn world(books: &Books) -> (World, Vec<Command>) {
    let world = telecom::open(books.engine.clone(), books.number(), START).await;
    let (customer, other) = (world.customer, world.other);
    let failed = added(&world, customer).await;
    let refused = Answer::Final { trouble: "no such article".to_owned() };
    let record = claimed(&world, customer, failed, refused).await;
    world.run(record).await.expect("it has failed");
    let pending = added(&world, customer).await;
    let done = Answer::Done { external_id: Some("pg-1".to_owned()), body: "{}".to_owned() };
    let claimed_until = views(&world, customer).await[1].state.next_at.expect("a time");
    let record =
        RecordDelivery { delivery: pending, claimed_until, answer: done.clone(), attempts_max: 50 };
    let elsewhere = added(&world, other).await;
    let commands = vec![
        Command::ClaimDelivery(customer, ClaimDelivery { delivery: pending }),
        Command::RecordDelivery(customer, record),
        Command::ReplayDelivery(customer, ReplayDelivery { delivery: failed }),
        claimed(&world, other, elsewhere, done).await,
    ];
    (world, commands)
}

/// What can be seen, without identities and instants, which differ.
pub(crate) async fn state(world: &World) -> String {
    let mut seen = Vec::new();
    for customer in [world.customer, world.other] {
        for view in views(world, customer).await {
            let state = view.state;
            let (status, attempts, id) = (state.status, state.attempts, state.external_id);
            seen.push(format!("{status:?} {attempts} {id:?} {:?}", state.trouble));
        }
    }
    seen.push(format!("{:?}", world.findings().await));
    seen.join("\n")
}
