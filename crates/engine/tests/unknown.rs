//! Commits in doubt: what was written is found and answered, what was not is written once.

use abono_engine::{Engine, Env, Failure, Fault};
use abono_testkit::seller::BASIC;
use abono_testkit::{Database, World, on_each_database, request_of};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Loses the answers to the commits whose ordinals `lose` chooses.
fn losing(lose: fn(usize) -> bool) -> Env {
    let env = Env::real();
    let commits = AtomicUsize::new(0);
    env.plan_faults(Box::new(move |point| {
        let answer = point == "commit.answer";
        let ordinal = if answer { commits.fetch_add(1, Ordering::Relaxed) } else { 0 };
        if answer && lose(ordinal) { Fault::Lose } else { Fault::Go }
    }));
    env
}

#[test]
fn a_commit_whose_answer_is_lost_is_found_and_answered_with_its_number() {
    on_each_database(|database| async move {
        let world = World::real(&database).await;
        let engine = Engine::new(losing(|_| true), database.store().await);
        let node = World { engine: Arc::new(engine), ..world.clone() };
        for number in 1..=5 {
            let outcome = node.run(node.request(node.customer, BASIC, 1, 1)).await;
            let view = request_of(outcome.expect("it is found"));
            assert_eq!(view.document.issued.number, number);
        }
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn a_commit_that_lands_after_it_was_looked_for_is_found_in_the_end() {
    on_each_database(|database| async move {
        let world = World::real(&database).await;
        let env = Env::real();
        let lookups = AtomicUsize::new(0);
        env.plan_faults(Box::new(move |point| match point {
            "commit.answer" => Fault::Lose,
            "commit.lookup" if lookups.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) => {
                Fault::Lose
            }
            _ => Fault::Go,
        }));
        let engine = Arc::new(Engine::new(env, database.store().await));
        let node = World { engine, ..world.clone() };
        let request = node.invoice(BASIC, 1, 1).await;
        let paid = node.run(node.payment(request.document.id, 1_000, None)).await;
        assert!(paid.is_ok(), "{paid:?}");
        let named = node.run(node.payment(request.document.id, 1_000, Some("PP-1"))).await;
        assert!(named.is_ok(), "{named:?}");
        let after = world.pay(request.document.id, 1).await;
        assert_eq!(after.document.state.paid.minor, 2_001);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn a_dead_database_is_an_error_and_never_a_success() {
    on_each_database(|database| async move {
        let world = World::real(&database).await;
        database.tamper("drop table outbox").await;
        let answer = world.run(world.request(world.customer, BASIC, 1, 1)).await;
        assert!(matches!(answer, Err(Failure::Store(_))), "{answer:?}");
        database.tamper("drop table journal_seal").await;
        let page = abono_engine::views::PageRequest {
            filter: abono_engine::views::Filter::ALL,
            after: None,
            limit: 10,
            count: false,
        };
        let tenant = world.engine.tenants().await.expect("tenants").remove(0);
        let requests = world.engine.payment_requests(&tenant, world.customer, page).await;
        assert!(requests.expect("a page").items.is_empty());
    });
}

/// Cuts every other connection to the database, as a restart of the server would.
const CUT: &str = "select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()";

#[test]
fn connections_cut_under_load_lose_nothing_that_was_answered() {
    let Some(database) = Database::postgres() else { return };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let world = World::real(&database).await;
        let stop = Arc::new(AtomicUsize::new(0));
        let mut clients = Vec::new();
        for client in 0..8 {
            let (world, stop) = (world.clone(), stop.clone());
            clients.push(tokio::spawn(async move {
                let customer = if client % 2 == 0 { world.customer } else { world.other };
                let mut answered = Vec::new();
                while stop.load(Ordering::Relaxed) == 0 {
                    let command = world.request(customer, BASIC, 1, 1);
                    match world.run(command).await {
                        Ok(outcome) => answered.push(request_of(outcome).document.issued.number),
                        Err(Failure::Store(_) | Failure::Unknown(_)) => {
                            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                        }
                        Err(other) => panic!("{other}"),
                    }
                }
                answered
            }));
        }
        for _ in 0..15 {
            tokio::time::sleep(std::time::Duration::from_millis(60)).await;
            database.tamper(CUT).await;
        }
        stop.store(1, Ordering::Relaxed);
        let mut answered = Vec::new();
        for client in clients {
            answered.extend(client.await.expect("no panic"));
        }
        let count = answered.len();
        answered.sort_unstable();
        answered.dedup();
        assert_eq!(answered.len(), count, "a number was answered twice");
        assert!(count > 50, "too little was answered: {count}");
        let last = request_of(
            world.run(world.request(world.customer, BASIC, 1, 1)).await.expect("it works again"),
        );
        assert!(usize::try_from(last.document.issued.number).expect("small") > count);
        assert_eq!(world.findings().await, [""; 0]);
    });
}
