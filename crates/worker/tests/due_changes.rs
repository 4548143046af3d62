//! Changes that fall due in one minute: two nodes at work on the same books, both killed in the
//! middle, twice; each change is done once, in order, and reads are answered meanwhile.
//!
//! A thousand of them by default; `ABONO_TEST_CHANGES=10000` takes minutes.

use abono_engine::{Engine, Env, Fault};
use abono_testkit::due_changes::{self, DUE, START};
use abono_testkit::{Database, on_each_database, telecom};
use abono_worker::{Next, step};
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

async fn node(database: &Database, seed: u64) -> Arc<Engine> {
    let machine: Timestamp = "2026-03-20T09:00:00Z".parse().expect("an instant");
    let env = Env::seeded(Box::new(move || machine), seed);
    Arc::new(Engine::new(env, database.store().await))
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
        let lines = due_changes::subscribe(&world, customers()).await;
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

        assert!(lines.are_done_in_order(&world).await);
        assert_eq!(world.findings().await, [""; 0]);
    });
}
