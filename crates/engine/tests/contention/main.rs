//! Sixty-four writers at two nodes on a Postgres that refuses a share of the transactions, and ends the sessions
//! of others: no command is lost, none is carried out twice, and every answer is true.

mod trouble;

use abono_domain::decision::Outcome;
use abono_domain::ids::CustomerId;
use abono_engine::{Call, Failure, Key, Render, Reply};
use abono_testkit::seller::{self, BASIC};
use abono_testkit::{Database, World, request_of, runtime};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use trouble::{Point, Share, Trouble};

const WRITERS: u128 = 64;

/// How many commands each writer sends; `ABONO_CONTENTION` says otherwise.
#[expect(clippy::disallowed_methods, reason = "a test has no `app` that could hand it in")]
fn each() -> u32 {
    std::env::var("ABONO_CONTENTION").ok().map_or(12, |it| it.parse().expect("a number"))
}

/// What the writers met on their way.
#[derive(Clone, Copy, Debug, Default)]
struct Met {
    /// Answers that said that nothing was changed.
    failed: u32,
    /// Answers that said that the outcome is unknown.
    unknown: u32,
}

/// The number of a request, and who it is.
fn printed() -> Render {
    Arc::new(|outcome| {
        let Outcome::PaymentRequest { view, .. } = outcome else {
            panic!("not a request: {outcome:?}")
        };
        Reply {
            status: 201,
            content_type: "text/plain".to_owned(),
            body: format!("{} {}", view.document.issued.number, view.document.id).into_bytes(),
        }
    })
}

fn keyed(world: &World, key: &str) -> Call {
    let key = Key { route: "r".to_owned(), key: key.to_owned(), input_hash: vec![] };
    Call { key: Some(key), ..world.call() }
}

/// Asks under a key until there is an answer.
async fn settle(world: &World, customer: CustomerId, key: &str, met: &mut Met) -> Vec<u8> {
    let call = keyed(world, key);
    let command = world.request(customer, BASIC, 1, 1);
    for _ in 0..200 {
        match world.engine.execute(&call, &command, printed()).await {
            Ok(executed) => return executed.into_reply().body,
            Err(Failure::Unknown(_)) => met.unknown += 1,
            Err(Failure::Contended | Failure::Store(_)) => {
                met.failed += 1;
                // Who hears that nothing was changed may rely on it.
                if let Ok(found) = world.engine.answered(&call).await {
                    assert_eq!(found, None, "{key} failed, and was carried out");
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            Err(other) => panic!("{key}: {other}"),
        }
    }
    panic!("{key} is never answered")
}

async fn customers(world: &World) -> Vec<CustomerId> {
    let mut all = Vec::new();
    for number in 0..WRITERS {
        let id = CustomerId(seller::id(2, 100 + number));
        let put = seller::customer(id, &format!("writer-{number}"));
        world.run(abono_engine::Command::PutCustomer(put)).await.expect("a customer");
        all.push(id);
    }
    all
}

/// Every writer sends its commands, one after the other; what was answered, by key.
async fn write(
    nodes: &[World],
    customers: &[CustomerId],
    name: &str,
) -> (BTreeMap<String, Vec<u8>>, Met) {
    let mut writers = Vec::new();
    for (writer, customer) in customers.iter().copied().enumerate() {
        let (world, name) = (nodes[writer % nodes.len()].clone(), name.to_owned());
        writers.push(tokio::spawn(async move {
            let (mut answers, mut met) = (Vec::new(), Met::default());
            for number in 0..each() {
                let key = format!("{name}-{writer}-{number}");
                let body = settle(&world, customer, &key, &mut met).await;
                answers.push((key, body));
            }
            (answers, met)
        }));
    }
    let (mut all, mut sum) = (BTreeMap::new(), Met::default());
    for writer in writers {
        let (answers, met) = writer.await.expect("no panic");
        all.extend(answers);
        sum = Met { failed: sum.failed + met.failed, unknown: sum.unknown + met.unknown };
    }
    (all, sum)
}

/// The law: each key has one request, asked again it gives the same bytes, the numbers have no gap,
/// nothing else is there, and the books are proved.
async fn prove(world: &World, customers: &[CustomerId], all: &BTreeMap<String, Vec<u8>>) {
    let number = |body: &Vec<u8>| -> i64 {
        let text = std::str::from_utf8(body).expect("text");
        text.split(' ').next().expect("a number").parse().expect("a number")
    };
    let mut numbers: Vec<i64> = all.values().map(number).collect();
    numbers.sort_unstable();
    let count = i64::try_from(all.len()).expect("small");
    assert_eq!(numbers, (1..=count).collect::<Vec<_>>());
    for (key, body) in all {
        let again = world.engine.answered(&keyed(world, key)).await.expect("an answer");
        assert_eq!(again.as_ref().map(|reply| &reply.body), Some(body), "{key} is not there");
    }
    let next = world.run(world.request(customers[0], BASIC, 1, 1)).await.expect("a request");
    assert_eq!(request_of(next).document.issued.number, count + 1);
    assert_eq!(world.findings().await, [""; 0]);
}

/// Conflicts in one of so many transactions, half of them in the COMMIT itself.
fn conflicts(one_in: u32) -> Vec<Share> {
    let share = |point, trouble, one_in| Share { point, trouble, one_in };
    vec![
        share(Point::Commit, Trouble::Serialization, one_in * 2),
        share(Point::Claim, Trouble::Deadlock, one_in * 4),
        share(Point::Write, Trouble::Serialization, one_in * 4),
    ]
}

/// Runs the writers while things go wrong; how often they did, and what the writers met.
async fn trouble(
    database: &Database,
    nodes: &[World],
    customers: &[CustomerId],
    (name, shares): (&str, &[Share]),
) -> (BTreeMap<String, Vec<u8>>, i64, Met) {
    trouble::begin(database, shares).await;
    let began = Instant::now();
    let (answers, met) = write(nodes, customers, name).await;
    let took = began.elapsed();
    let thrown = trouble::end(database).await;
    let rate = answers.len() as u128 * 1_000 / took.as_millis().max(1);
    show(&format!("{name}: {thrown} transactions failed, {rate} commands a second, {met:?}"));
    (answers, thrown, met)
}

async fn nodes(database: &Database) -> [World; 2] {
    let world = World::real(database).await;
    let engine = abono_engine::Engine::new(abono_engine::Env::real(), database.store().await);
    [World { engine: Arc::new(engine), ..world.clone() }, world]
}

#[test]
fn conflicts_at_a_fifth_of_the_commits_lose_nothing_and_double_nothing() {
    let Some(database) = Database::postgres() else { return };
    runtime().block_on(async {
        let nodes = nodes(&database).await;
        let customers = customers(&nodes[0]).await;
        let mut all = BTreeMap::new();
        for (name, shares, least) in
            [("none", vec![], 0), ("1 in 20", conflicts(20), 0), ("1 in 5", conflicts(5), 5)]
        {
            let run = trouble(&database, &nodes, &customers, (name, &shares)).await;
            let (answers, thrown, met) = run;
            assert!(thrown >= least, "{name}: only {thrown} went wrong");
            // What was rolled back for certain is tried again, and not the client's trouble.
            assert_eq!((met.failed, met.unknown), (0, 0), "{name}");
            all.extend(answers);
        }
        prove(&nodes[0], &customers, &all).await;
    });
}

#[test]
fn sessions_ended_in_the_middle_of_a_transaction_lose_nothing_and_double_nothing() {
    let Some(database) = Database::postgres() else { return };
    runtime().block_on(async {
        let nodes = nodes(&database).await;
        let customers = customers(&nodes[0]).await;
        let shares = [Point::Claim, Point::Write, Point::Commit];
        let shares = shares.map(|point| Share { point, trouble: Trouble::Shutdown, one_in: 30 });
        let run = trouble(&database, &nodes, &customers, ("ended", &shares)).await;
        let (answers, ended, _) = run;
        assert!(ended >= 1, "only {ended} were ended");
        prove(&nodes[0], &customers, &answers).await;
    });
}

#[expect(clippy::print_stdout, reason = "the rates belong in the test's output")]
fn show(text: &str) {
    println!("{text}");
}
