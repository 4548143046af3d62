//! On a disk that fails at any of its operations.

use crate::{alone, ask};
use abono_domain::ids::{CustomerId, TenantId};
use abono_engine::{Engine, Env, Failure};
use abono_simvfs::{Disk, DiskFault, DiskFaultKind, reset_sqlite_randomness};
use abono_testkit::seller;
use abono_testkit::{MACHINE, World, disk, runtime};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many requests each fault is tried with.
const REQUESTS: u8 = 2;

/// Books with a seller and customers, and who they are.
struct Sold {
    books: Vec<u8>,
    tenant: TenantId,
    customer: CustomerId,
    other: CustomerId,
}

impl Sold {
    /// These books through an engine over a disk.
    async fn on(&self, disk: &Disk, seed: u64) -> World {
        let (tenant, customer, other) = (self.tenant, self.customer, self.other);
        World { engine: engine_on(disk, seed).await, tenant, customer, other }
    }
}

/// An engine whose ids are of a seed of its own: no two commands have one id.
async fn engine_on(disk: &Disk, seed: u64) -> Arc<Engine> {
    let machine: jiff::Timestamp = MACHINE.parse().expect("an instant");
    let env = Env::seeded(Box::new(move || machine), seed);
    Arc::new(Engine::new(env, disk::store_on(disk).await.expect("the store opens")))
}

async fn sold() -> Sold {
    let disk = Disk::new(0);
    disk.put(disk::BOOKS, disk::empty_books().await);
    let world = World::selling(engine_on(&disk, 1).await, 1, MACHINE, seller::seller()).await;
    let World { engine, tenant, customer, other } = world;
    // Its files are closed, and everything is in the one that is taken.
    drop(engine);
    let books = disk.get(disk::BOOKS).expect("the books");
    Sold { books, tenant, customer, other }
}

/// How many requests there are.
async fn count(world: &World) -> usize {
    let page = abono_engine::views::PageRequest {
        filter: abono_engine::views::Filter::ALL,
        after: None,
        limit: 10,
        count: false,
    };
    let found = world.engine.payment_requests(&world.books().await, world.customer, page).await;
    found.expect("a page").items.len()
}

/// What an answer comes to.
fn outcome(answer: &Result<Vec<u8>, Failure>) -> &'static str {
    match answer {
        Ok(_) => "answered",
        Err(Failure::Unknown(_)) => "unknown",
        Err(failure) if failure.is_trouble() => "refused",
        Err(_) => "another",
    }
}

/// One kind of fault from an operation on, so many times.
async fn live_through(
    sold: &Sold,
    (fault, times): (DiskFault, usize),
    seen: &mut BTreeMap<&'static str, u32>,
) {
    reset_sqlite_randomness(fault.at);
    let disk = Disk::new(fault.at);
    disk.put(disk::BOOKS, sold.books.clone());
    let world = sold.on(&disk, 2).await;
    let fault = DiskFault { at: disk.ops() + fault.at, ..fault };
    disk.plan(vec![fault; times]);
    let mut first = Vec::new();
    for number in 0..REQUESTS {
        first.push(ask(&world, number).await);
    }
    disk.plan(vec![]);
    disk.restart();
    let how_many = |name| first.iter().filter(|answer| outcome(answer) == name).count();
    let (answered, unknown) = (how_many("answered"), how_many("unknown"));
    assert_eq!(how_many("another"), 0, "{first:?}, {fault:?}");
    let there = count(&world).await;
    assert!((answered..=answered + unknown).contains(&there), "{there}: {first:?}, {fault:?}");
    for (number, before) in (0..).zip(&first) {
        *seen.entry(outcome(before)).or_default() += 1;
        let again = ask(&world, number).await;
        let again = again.unwrap_or_else(|still| panic!("it is over: {still}, {fault:?}"));
        assert!(before.is_err() || before.as_ref() == Ok(&again), "another answer, {fault:?}");
    }
    disk.power_loss();
    drop(world);
    disk.restart();
    let world = sold.on(&disk, 3).await;
    assert_eq!(count(&world).await, usize::from(REQUESTS), "{fault:?}");
    assert_eq!(world.findings().await, [""; 0], "{fault:?}");
    assert_eq!(disk::soundness(&disk), "ok", "{fault:?}");
}

#[test]
fn a_fault_at_any_operation_is_refused_or_unknown_and_the_same_engine_goes_on() {
    use DiskFaultKind::{Full, Io, ReadOnly, Short};
    let _alone = alone();
    runtime().block_on(async {
        let sold = sold().await;
        let mut seen = BTreeMap::new();
        for at in 1..60 {
            for kind in [Io, Full, Short, ReadOnly] {
                let times = if at % 4 == 0 { 10_000 } else { 1 };
                live_through(&sold, (DiskFault { at, kind }, times), &mut seen).await;
            }
        }
        assert!(seen.values().all(|count| *count > 20), "{seen:?}");
        assert_eq!(seen.len(), 3, "{seen:?}");
    });
}
