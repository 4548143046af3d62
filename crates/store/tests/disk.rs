//! The store on a disk that loses power: what was acknowledged is there afterwards.

use abono_simvfs::{Disk, DiskFault, DiskFaultKind, reset_sqlite_randomness};
use abono_store::nouns::journal;
use abono_store::{Store, Verdict};
use abono_testkit::batch::{TENANT, batch, command};
use abono_testkit::{disk, runtime};

const COMMANDS: u128 = 4;

/// Which commands are acknowledged, until something goes wrong.
async fn work(disk: &Disk) -> u128 {
    let Ok(store) = disk::store_on(disk).await else { return 0 };
    for number in 1..=COMMANDS {
        if store.commit(batch(number)).await != Verdict::Committed {
            return number - 1;
        }
    }
    COMMANDS
}

async fn is_there(store: &Store, number: u128) -> bool {
    let id = command(number);
    store.query(journal::by_id(TENANT, id)).await.expect("a read").is_some()
}

fn disk_with(books: &[u8], seed: u64, faults: Vec<DiskFault>) -> Disk {
    reset_sqlite_randomness(seed);
    let disk = Disk::new(seed);
    disk.put(disk::BOOKS, books.to_vec());
    disk.plan(faults);
    disk
}

#[test]
fn what_a_store_acknowledged_outlives_a_power_loss_at_any_operation() {
    runtime().block_on(async {
        let books = disk::empty_books().await;
        let calm = disk_with(&books, 0, vec![]);
        assert_eq!(work(&calm).await, COMMANDS);
        assert!(calm.stats().syncs >= 4, "{:?}", calm.stats());
        let mut cut_short = 0;
        for at in 1..=calm.ops() {
            let disk =
                disk_with(&books, at, vec![DiskFault { at, kind: DiskFaultKind::PowerLoss }]);
            let acknowledged = work(&disk).await;
            cut_short += u32::from(acknowledged < COMMANDS);
            disk.restart();
            let store = disk::store_on(&disk).await.expect("it opens");
            for number in 1..=acknowledged {
                assert!(is_there(&store, number).await, "{number} of {acknowledged}, at {at}");
            }
        }
        assert!(cut_short > 20, "{cut_short}");
    });
}

/// A sync fails, and the process is killed before it can do anything about it. Its successor finds
/// the commit in the log, but only in memory.
#[test]
fn what_is_acknowledged_after_a_sync_failed_and_its_process_died_outlives_a_power_loss() {
    runtime().block_on(async {
        let books = disk::empty_books().await;
        let calm = disk_with(&books, 0, vec![]);
        assert_eq!(work(&calm).await, COMMANDS);
        let mut cut_short = 0;
        for at in 1..=calm.ops() {
            let (fails, dies) = (DiskFaultKind::Io, DiskFaultKind::Kill);
            let disk = disk_with(&books, at, vec![]);
            disk.plan(vec![DiskFault { at, kind: fails }, DiskFault { at: at + 1, kind: dies }]);
            let acknowledged = {
                let _process = disk.as_owner(1);
                work(&disk).await
            };
            cut_short += u32::from(acknowledged < COMMANDS);
            let _next = disk.as_owner(2);
            disk.plan(vec![]);
            let store = disk::store_on(&disk).await.expect("it opens");
            let later = COMMANDS + 1;
            assert_eq!(store.commit(batch(later)).await, Verdict::Committed);
            disk.power_loss();
            drop(store);
            disk.restart();
            let store = disk::store_on(&disk).await.expect("it opens");
            for number in (1..=acknowledged).chain([later]) {
                assert!(is_there(&store, number).await, "{number} of {acknowledged}, at {at}");
            }
        }
        assert!(cut_short > 20, "{cut_short}");
    });
}

/// A commit that failed is not there, whoever recovers the log; also where its process died before
/// anybody wrote to it again.
#[test]
fn what_failed_stays_away_when_its_process_dies_at_once() {
    runtime().block_on(async {
        let books = disk::empty_books().await;
        let calm = disk_with(&books, 0, vec![]);
        assert_eq!(work(&calm).await, COMMANDS);
        let mut failed = 0;
        for at in 1..=calm.ops() {
            let disk = disk_with(&books, at, vec![DiskFault { at, kind: DiskFaultKind::Io }]);
            let mut verdicts = Vec::new();
            {
                let _process = disk.as_owner(1);
                let store = disk::store_on(&disk).await;
                if let Ok(store) = &store {
                    // The last is the one that fails, so that nobody writes over it.
                    while verdicts.last().is_none_or(|verdict| *verdict == Verdict::Committed)
                        && verdicts.len() < 4
                    {
                        verdicts.push(store.commit(batch(verdicts.len() as u128 + 1)).await);
                    }
                }
                disk.kill(1);
            }
            disk.plan(vec![]);
            let _next = disk.as_owner(2);
            let store = disk::store_on(&disk).await.expect("it opens");
            for (number, verdict) in (1..).zip(verdicts) {
                let there = is_there(&store, number).await;
                match verdict {
                    Verdict::Committed => assert!(there, "{number}, at {at}"),
                    Verdict::Failed(error) => {
                        assert!(!there, "{number}: {error}, at {at}");
                        failed += 1;
                    }
                    Verdict::Unknown(_) => {}
                    Verdict::Stale | Verdict::AlreadyDone => panic!("{verdict:?}"),
                }
            }
        }
        assert!(failed > 10, "{failed}");
    });
}
