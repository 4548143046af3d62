//! Changes that fall due in one minute: two nodes at work on the same books, both killed in the
//! middle, twice; each change is done once, in order, and reads are answered meanwhile.
//!
//! A thousand of them by default; `ABONO_TEST_CHANGES=10000` takes minutes.

use abono_domain::change::ChangeStatus;
use abono_domain::change::request::ChangePlan;
use abono_domain::ids::{CustomerId, SubscriptionId};
use abono_engine::{Command, Engine, Env, Fault};
use abono_testkit::telecom::{self, GB10, GB20, GB50};
use abono_testkit::{Database, World, on_each_database, seller};
use abono_worker::{Next, step};
use futures_util::future::join_all;
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How many customers there are, each with one subscription and two changes on it.
#[expect(clippy::disallowed_methods, reason = "how long the proof may take")]
fn customers() -> u128 {
    let said = std::env::var("ABONO_TEST_CHANGES").ok().and_then(|text| text.parse().ok());
    said.unwrap_or(1_000_u128) / 2
}

/// How many are written at once.
const TOGETHER: usize = 250;
const START: &str = "2026-03-20T09:00:00Z";
/// The midnight of 29 March in Madrid, and a second later: both days' changes are due.
const DUE: &str = "2026-03-28T23:00:01Z";

async fn node(database: &Database, seed: u64) -> Arc<Engine> {
    let machine: Timestamp = "2026-03-20T09:00:00Z".parse().expect("an instant");
    let env = Env::seeded(Box::new(move || machine), seed);
    Arc::new(Engine::new(env, database.store().await))
}

/// Runs commands, a bounded number at once.
async fn run_all<T, F: Future<Output = T>>(work: impl Iterator<Item = F>) -> Vec<T> {
    let mut done = Vec::new();
    let mut work = work.peekable();
    while work.peek().is_some() {
        let some: Vec<F> = work.by_ref().take(TOGETHER).collect();
        done.extend(join_all(some).await);
    }
    done
}

/// A customer with a subscription and two changes: one a day before the other, both due by then.
async fn subscribe(world: &World, number: u128) -> (CustomerId, SubscriptionId) {
    let id = CustomerId(seller::id(2, 100 + number));
    let put = telecom::customer(id, &format!("c{number}"));
    world.run(Command::PutCustomer(put)).await.expect("a customer");
    world.run(telecom::start(id, GB10, None)).await.expect("a subscription");
    let tenant = world.books().await;
    let own = world.engine.subscriptions_of(&tenant, id).await.expect("its subscriptions");
    let subscription = own[0].agreement.subscription.id;
    for (plan, on) in [(GB20, "2026-03-28"), (GB50, "2026-03-29")] {
        let on = Some(on.parse().expect("a day"));
        let change = ChangePlan { subscription, plan, on, opinion: None };
        world.run(Command::ChangePlan(id, change)).await.expect("a change");
    }
    (id, subscription)
}

/// A worker that is killed once it has passed so many named points, wherever it then stands.
async fn work_until_killed(database: &Database, seed: u64, points: u64) {
    let engine = node(database, seed).await;
    let (left, killed) = (Arc::new(AtomicU64::new(points)), Arc::new(tokio::sync::Notify::new()));
    let signal = killed.clone();
    engine.env().plan_faults(Box::new(move |_| {
        let before =
            left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |it| it.checked_sub(1));
        if before.is_ok() {
            return Fault::Go;
        }
        signal.notify_one();
        Fault::Kill
    }));
    let work = async {
        loop {
            let _next = step(&engine).await;
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        () = killed.notified() => {}
        () = work => {}
    }
}

/// A worker that goes on until nothing is due.
async fn work_to_the_end(engine: &Engine) {
    while step(engine).await.is_ok_and(|next| !matches!(next, Next::Idle) && !is_later(next)) {}
}

fn is_later(next: Next) -> bool {
    let due: Timestamp = DUE.parse().expect("an instant");
    matches!(next, Next::At(at) if at > due)
}

#[test]
fn changes_due_in_one_minute_are_done_once_each_through_kills_and_by_two_nodes() {
    on_each_database(|database| async move {
        let engine = node(&database, 1).await;
        let world = telecom::open(engine, 1, START).await;
        let made = run_all((0..customers()).map(|number| subscribe(&world, number))).await;
        world.run(world.set_clock(DUE)).await.expect("the clock");

        // Killed in the middle, twice, each time two at once.
        let points = u64::try_from(customers()).expect("in range");
        for (round, points) in [(10, points / 2), (20, points)] {
            tokio::join!(
                work_until_killed(&database, round, points),
                work_until_killed(&database, round + 1, points),
            );
        }
        let (one, other) = (node(&database, 30).await, node(&database, 31).await);
        let reader = node(&database, 32).await;
        let tenant = world.books().await;
        let reading = async {
            let mut slowest = Duration::ZERO;
            for number in 1..=i64::try_from(customers().min(200)).expect("in range") {
                let asked = tokio::time::Instant::now();
                let seen = reader.subscription(&tenant, number).await.expect("a read");
                assert!(seen.is_some(), "subscription {number}");
                slowest = slowest.max(asked.elapsed());
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            slowest
        };
        let ((), (), slowest) =
            tokio::join!(work_to_the_end(&one), work_to_the_end(&other), reading);
        assert!(slowest < Duration::from_secs(2), "a read took {slowest:?}");

        let done = run_all(made.iter().map(|(customer, id)| done_in_order(&world, *customer, *id)));
        assert!(done.await.into_iter().all(|done| done));
        assert_eq!(world.findings().await, [""; 0]);
    });
}

/// Whether both changes are done, each once, the earlier first, and the plan is the last one.
async fn done_in_order(world: &World, customer: CustomerId, id: SubscriptionId) -> bool {
    let tenant = world.books().await;
    let view = world.engine.subscription_of(&tenant, customer, id).await.expect("a read");
    let view = view.expect("the subscription");
    let documents = world.engine.cycle_documents(&tenant, customer).await.expect("documents");
    let plans: Vec<_> = view.history().iter().map(|it| it.plan).collect();
    let is_done = |status| status == ChangeStatus::Done;
    view.changes.len() == 2
        && view.changes.iter().all(|change| is_done(change.state.status))
        && plans == [GB50, GB20, GB10]
        // The first invoice, and an order confirmation for each.
        && documents.len() == 3
}
