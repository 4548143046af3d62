//! Seeds: interleaved commands of many clients on two nodes that are killed again and again.

use abono_domain::ids::{ClockId, CustomerId, TenantId};
use abono_engine::Command;
use abono_sim::licences::{Deal, Market, run};
use abono_sim::{Failed, Passed, Settings};
use abono_store::{DatabaseUrl, migrate};
use abono_testkit::seller::{self, BASIC, PRO};
use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;

fn market() -> Market {
    let tenant = TenantId(seller::id(1, 1));
    let start = "2026-01-31T10:00:00Z".parse().expect("an instant");
    let publish = seller::publish(tenant, "sim", Some((ClockId(seller::id(9, 1)), start)));
    let customers: Vec<CustomerId> = (1..=3).map(|n| CustomerId(seller::id(2, n))).collect();
    let mut opening = vec![Command::PublishSeller(Box::new(publish))];
    for (number, id) in customers.iter().enumerate() {
        opening.push(Command::PutCustomer(seller::customer(*id, &format!("c{number}"))));
    }
    let deal = |plan, quantity, months, total| Deal { plan, quantity, months, total };
    Market {
        tenant,
        opening,
        product: seller::PRODUCT,
        deals: vec![
            deal(BASIC, 1, 1, 99_000),
            deal(BASIC, 1, 3, 270_000),
            deal(PRO, 12, 1, 12 * 179_000),
        ],
        customers,
        valid_days: 5,
    }
}

/// An empty, migrated file; migrated once and copied.
fn books(folder: &TempDir) -> PathBuf {
    static EMPTY: OnceLock<Vec<u8>> = OnceLock::new();
    let empty = EMPTY.get_or_init(|| {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("empty.db");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(migrate(&DatabaseUrl::Sqlite(path.clone()))).expect("migrations run");
        std::fs::read(path).expect("the file")
    });
    let path = folder.path().join("abono.db");
    std::fs::write(&path, empty).expect("a copy");
    path
}

fn worker(engine: Arc<abono_engine::Engine>) -> std::pin::Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(async move {
        // A step that fails is tried again by the next one.
        let _next = abono_worker::step(&engine).await;
    })
}

fn play(settings: Settings) -> Result<Passed, Failed> {
    let folder = TempDir::new().expect("a folder");
    run(settings, &market(), &books(&folder), worker)
}

fn moderate(seed: u64) -> Settings {
    Settings { seed, nodes: 2, clients: 5, commands: 8, kills_per_mille: 4, lost_per_mille: 20 }
}

fn seeds(from: u64, count: u64, settings: impl Fn(u64) -> Settings) -> Passed {
    let mut all = Passed::default();
    for seed in from..from + count {
        match play(settings(seed)) {
            Ok(passed) => all.add(&passed),
            Err(failed) => panic!("seed {seed} ({:?}): {failed}", settings(seed)),
        }
    }
    show(count, &all);
    all
}

#[test]
fn nothing_answered_is_lost_and_nothing_happens_twice() {
    let all = seeds(1, 60, moderate);
    let (expired, refunded) = (all.marks.count("expired"), all.marks.count("refunded"));
    let is_wild = all.kills > 100 && all.done > 500 && expired > 0 && refunded > 20;
    assert!(is_wild, "the dice are too tame: {all:?}");
}

#[test]
fn a_storm_of_kills_and_lost_answers_changes_nothing_about_the_books() {
    let storm = |seed| Settings { kills_per_mille: 25, lost_per_mille: 300, ..moderate(seed) };
    let all = seeds(1_000, 25, storm);
    assert!(all.kills > 300, "the dice are too tame: {all:?}");
}

#[test]
fn without_faults_everything_is_done_at_once() {
    let calm = |seed| Settings { kills_per_mille: 0, lost_per_mille: 0, ..moderate(seed) };
    assert_eq!(seeds(2_000, 15, calm).kills, 0);
}

#[test]
fn a_seed_gives_the_same_run_every_time() {
    for seed in [3, 1_003] {
        let settings = Settings { kills_per_mille: 15, ..moderate(seed) };
        let first = play(settings).expect("it holds");
        assert_ne!(first.trace, 0);
        assert_eq!(play(settings), Ok(first));
    }
}

#[expect(clippy::print_stdout, reason = "what was played shows how far the dice reach")]
fn show(count: u64, all: &Passed) {
    println!("{count} seeds: {all:?}");
}
