//! Many at once: numbers without a gap, one command for one key, two nodes on one database.

use abono_domain::decision::Outcome;
use abono_domain::ids::CustomerId;
use abono_engine::{Call, Executed, Key, Render, Reply};
use abono_testkit::seller::{self, BASIC};
use abono_testkit::{Database, World, on_each_database, request_of};
use std::collections::BTreeSet;
use std::sync::Arc;

async fn numbers(world: &World, customers: &[CustomerId]) -> Vec<i64> {
    let mut tasks = Vec::new();
    for customer in customers {
        let (world, customer) = (world.clone(), *customer);
        tasks.push(tokio::spawn(async move {
            let outcome = world.run(world.request(customer, BASIC, 1, 1)).await;
            request_of(outcome.expect("a request")).document.issued.number
        }));
    }
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.push(task.await.expect("no panic"));
    }
    numbers.sort_unstable();
    numbers
}

#[test]
fn sixty_four_clients_of_one_customer_and_of_many_draw_numbers_without_a_gap() {
    on_each_database(|database| async move {
        let world = World::real(&database).await;
        let one = numbers(&world, &[world.customer; 64]).await;
        assert_eq!(one, (1..=64).collect::<Vec<_>>());
        let mut many = Vec::new();
        for number in 0..64 {
            let id = CustomerId(seller::id(2, 100 + number));
            let put = seller::customer(id, &format!("many-{number}"));
            world.run(abono_engine::Command::PutCustomer(put)).await.expect("a customer");
            many.push(id);
        }
        assert_eq!(numbers(&world, &many).await, (65..=128).collect::<Vec<_>>());
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn two_nodes_at_once_draw_numbers_without_a_gap() {
    on_each_database(|database| async move {
        let world = World::real(&database).await;
        let node = other_node(&database, &world).await;
        let customers = [world.customer, world.other].repeat(16);
        let (here, there) = tokio::join!(numbers(&world, &customers), numbers(&node, &customers));
        let all: BTreeSet<i64> = here.into_iter().chain(there).collect();
        assert_eq!(all, (1..=64).collect());
        assert_eq!(world.findings().await, [""; 0]);
    });
}

async fn other_node(database: &Database, world: &World) -> World {
    let engine = abono_engine::Engine::new(abono_engine::Env::real(), database.store().await);
    World { engine: Arc::new(engine), ..world.clone() }
}

fn printed() -> Render {
    Arc::new(|outcome| {
        let Outcome::PaymentRequest { view, .. } = outcome else {
            panic!("not a request: {outcome:?}")
        };
        Reply {
            status: 201,
            content_type: "text/plain".to_owned(),
            body: format!("{} {}", view.document.number(), view.document.id).into_bytes(),
        }
    })
}

fn keyed(world: &World, input: u8) -> Call {
    let key = Key { route: "r".to_owned(), key: "k".to_owned(), input_hash: vec![input] };
    Call { key: Some(key), ..world.call() }
}

#[test]
fn one_key_from_thirty_two_clients_is_one_request_and_the_same_bytes() {
    on_each_database(|database| async move {
        let world = World::real(&database).await;
        let node = other_node(&database, &world).await;
        let mut tasks = Vec::new();
        for client in 0..32 {
            let world = if client % 2 == 0 { world.clone() } else { node.clone() };
            tasks.push(tokio::spawn(async move {
                let command = world.request(world.customer, BASIC, 1, 1);
                world.engine.execute(&keyed(&world, 1), &command, printed()).await
            }));
        }
        let mut replies = Vec::new();
        let mut done = 0;
        for task in tasks {
            let executed = task.await.expect("no panic").expect("an answer");
            done += usize::from(matches!(executed, Executed::Done { .. }));
            replies.push(executed.into_reply());
        }
        assert_eq!(done, 1);
        replies.dedup();
        assert_eq!(replies.len(), 1);
        let command = world.request(world.customer, BASIC, 1, 1);
        let other = world.engine.execute(&keyed(&world, 2), &command, printed()).await;
        assert_eq!(other, Err(abono_engine::Failure::KeyReused));
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn a_refusal_is_not_kept_for_its_key() {
    on_each_database(|database| async move {
        let world = World::real(&database).await;
        let refused = world.request(world.customer, BASIC, 1, 7);
        assert!(world.engine.execute(&keyed(&world, 1), &refused, printed()).await.is_err());
        let command = world.request(world.customer, BASIC, 1, 1);
        let done = world.engine.execute(&keyed(&world, 2), &command, printed()).await;
        assert!(matches!(done, Ok(Executed::Done { .. })));
    });
}
