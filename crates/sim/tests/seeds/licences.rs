//! Licences that are paid for before they run.

use crate::{books, seeds, worker};
use abono_domain::ids::{ClockId, CustomerId, TenantId};
use abono_engine::Command;
use abono_sim::licences::{Deal, Market, run};
use abono_sim::{Failed, Passed, Settings};
use abono_testkit::seller::{self, BASIC, PRO};
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

fn play(settings: Settings) -> Result<Passed, Failed> {
    let folder = TempDir::new().expect("a folder");
    run(settings, &market(), &books(&folder), worker)
}

fn moderate(seed: u64) -> Settings {
    Settings { seed, nodes: 2, clients: 5, commands: 8, kills_per_mille: 4, lost_per_mille: 20 }
}

#[test]
fn nothing_answered_is_lost_and_nothing_happens_twice() {
    let Some(all) = seeds((1, 60), moderate, play) else { return };
    let (expired, refunded) = (all.marks.count("expired"), all.marks.count("refunded"));
    let is_wild = all.kills > 100 && all.done > 500 && expired > 0 && refunded > 20;
    assert!(is_wild, "the dice are too tame: {all:?}");
}

#[test]
fn a_storm_of_kills_and_lost_answers_changes_nothing_about_the_books() {
    let storm = |seed| Settings { kills_per_mille: 25, lost_per_mille: 300, ..moderate(seed) };
    let Some(all) = seeds((1_000, 25), storm, play) else { return };
    assert!(all.kills > 300, "the dice are too tame: {all:?}");
}

#[test]
fn without_faults_everything_is_done_at_once() {
    let calm = |seed| Settings { kills_per_mille: 0, lost_per_mille: 0, ..moderate(seed) };
    let Some(all) = seeds((2_000, 15), calm, play) else { return };
    assert_eq!(all.kills, 0);
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
