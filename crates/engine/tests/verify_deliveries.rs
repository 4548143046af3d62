//! The proof finds what is planted in what travels to a billing system behind.

use abono_domain::delivery::DeliveryStatus::{Delivered, Failed, Pending};
use abono_domain::delivery::replay::ReplayDelivery;
use abono_engine::{Command, Engine, Env};
use abono_testkit::outbox::Reaction::{Does, Fails, Refuses};
use abono_testkit::outbox::{Behind, addition, group, queue, termination, views};
use abono_testkit::{Database, World, plants, telecom};
use std::sync::Arc;

/// Sends what is due, until nothing is.
async fn send(world: &World) {
    let tenant = world.books().await;
    loop {
        let due = world.engine.due_deliveries(&tenant, 10).await.expect("what is due").due;
        if due.is_empty() {
            return;
        }
        for of in due {
            world.engine.deliver(world.tenant, of, 5).await.expect("sent");
        }
    }
}

/// One that failed and was sent again after the next was delivered, and both terminated; then one
/// that failed, one that is delivered, and one that waits.
async fn lived(database: &Database) -> World {
    let machine = "2026-01-01T09:00:00Z".parse().expect("an instant");
    let behind = Behind::willing();
    let env = Env::seeded(Box::new(move || machine), 1).with_billing_system(behind.port());
    let engine = Arc::new(Engine::new(env, database.store().await));
    let world = telecom::open(engine, 1, "2026-01-01T09:00:00Z").await;
    let customer = world.customer;
    let mut groups = Vec::new();
    for article in ["A", "B", "C", "D", "E"] {
        let group = group(&world, customer).await;
        groups.push((group, queue(&world, customer, group, addition(article)).await));
        if article == "B" {
            behind.script([Refuses, Does]);
            send(&world).await;
            let delivery = groups[0].1;
            let replay = Command::ReplayDelivery(customer, ReplayDelivery { delivery });
            world.run(replay).await.expect("it is sent again");
            for (group, _) in &groups {
                queue(&world, customer, *group, termination()).await;
            }
            send(&world).await;
        }
    }
    behind.script([Refuses, Does, Fails]);
    send(&world).await;
    let told: Vec<_> = views(&world, customer).await.iter().map(|it| it.state.status).collect();
    let expected = [Delivered, Delivered, Delivered, Delivered, Failed, Delivered, Pending];
    assert_eq!(told, expected);
    assert_eq!(world.findings().await, [""; 0]);
    world
}

plants! {
    in lived;
    a_delivery_without_a_state:
        "delete from delivery_state where status = 'pending'" => "one of them has no state";
    one_that_is_next_and_has_no_time:
        "update delivery_state set next_at = null where status = 'pending'"
        => "waits for nothing and has no time";
    one_that_waits_while_a_later_one_is_delivered:
        "update delivery_state set status = 'pending' where status = 'failed'"
        => "a later one was delivered while it waited";
    one_that_was_delivered_after_a_later_one:
        "update delivery_state set replayed_at = null"
        => "a later one was delivered while it waited";
    one_that_was_settled_late:
        "update delivery_state set updated_at = updated_at + 86400000000 where status = 'failed'"
        => "a later one was delivered while it waited";
    one_that_was_sent_and_does_not_say_what_came_of_it:
        "update delivery_state set trouble = null where status = 'pending'"
        => "does not say what came of its attempts";
    one_that_was_settled_before_it_was_queued:
        "update delivery_state set updated_at = queued_at - 1 where status = 'failed'"
        => "does not say what came of its attempts";
    a_termination_of_what_was_not_added:
        "update delivery set kind = 'terminate', article_number = null, quantity = null,
           behaviour = 'none', ended_at = 0, internal = (1 = 0),
           comment = '' where article_number = 'D'"
        => "was not added before it";
    a_termination_of_what_has_no_id:
        "update delivery_state set external_id = null
         where delivery_id in (select id from delivery where article_number = 'A')"
        => "was not added before it";
}
