//! On real files that fail: each failure has a name, and the same engine goes on afterwards.

use crate::{alone, ask};
use abono_engine::Failure;
use abono_simvfs::{RealDisk, RealFault, RealFaultKind, RealFile, RealOp};
use abono_store::StoreError;
use abono_testkit::{Database, World, runtime};

/// How many requests each trouble is tried with.
const REQUESTS: u8 = 2;

/// What a failure of the store is called.
fn name(failure: &Failure) -> &'static str {
    let Failure::Store(error) = failure else {
        return if matches!(failure, Failure::Unknown(_)) { "unknown" } else { "another" };
    };
    match error {
        StoreError::Unreachable(_) => "unreachable",
        StoreError::DiskFull(_) => "full",
        StoreError::ReadOnly(_) => "read-only",
        StoreError::DiskFailed(_) => "failed",
        StoreError::Damaged(_) => "damaged",
        StoreError::Contended(_)
        | StoreError::Starting(_)
        | StoreError::Stopping(_)
        | StoreError::Crowded(_)
        | StoreError::Refused(_)
        | StoreError::Inconsistent(_)
        | StoreError::RowCount(_)
        | StoreError::Schema(_)
        | StoreError::Address(_) => "another",
    }
}

async fn count(database: &Database) -> i64 {
    database.number("select count(*) from document").await
}

/// Every command that can come to grief: which file, how, and what it may be called.
fn troubles() -> Vec<(RealFile, RealOp, RealFaultKind, &'static [&'static str])> {
    use RealFaultKind::{Full, Io, ReadOnly, Short};
    use RealFile::{Log, Main};
    use RealOp::{MapShared, Open, Read, Sync, Truncate, Write};
    vec![
        (Log, Write, Full, &["full"]),
        (Log, Write, Short, &["full"]),
        (Log, Write, Io, &["failed"]),
        (Log, Write, ReadOnly, &["read-only", "unknown"]),
        (Log, Sync, Io, &["failed", "unknown"]),
        (Log, Read, Io, &["failed", "unknown"]),
        (Log, Open, Io, &["failed", "unreachable", "unknown"]),
        (Main, Open, Io, &["failed", "unreachable", "unknown"]),
        (Main, Read, Io, &["failed", "unknown"]),
        // These are in a checkpoint, which tries again with the next commit and tells nobody.
        (Main, Write, Full, &[]),
        (Main, Write, Io, &[]),
        (Main, Sync, Io, &[]),
        (Main, Truncate, Io, &[]),
        (Main, MapShared, Io, &["failed", "unknown"]),
        (Main, MapShared, ReadOnly, &["failed", "read-only", "unknown"]),
    ]
}

/// One trouble, from an operation on: the names of the failures that were seen.
async fn live_through(fault: RealFault, seen: &mut Vec<&'static str>) {
    let disk = RealDisk::interpose();
    disk.plan(vec![]);
    let database = Database::sqlite();
    let world = World::at(&database, "2026-01-30T00:00:00Z").await;
    let before = count(&database).await;
    // A reader that fails to read is not used again, so that another one is opened.
    let (file, op, kind) = (RealFile::Log, RealOp::Read, RealFaultKind::Io);
    let unread = RealFault { file, op, kind, after: 0, lasting: false };
    let of_new_connections = matches!(fault.op, RealOp::Open | RealOp::MapShared);
    disk.plan(if of_new_connections { vec![fault, unread] } else { vec![fault] });
    let mut first = Vec::new();
    for number in 0..REQUESTS {
        first.push(ask(&world, number).await);
    }
    disk.plan(vec![]);
    let failed = first.iter().filter_map(|answer| answer.as_ref().err()).map(name);
    let failed: Vec<&str> = failed.collect();
    let in_doubt = i64::try_from(failed.iter().filter(|name| **name == "unknown").count());
    let done = i64::try_from(first.iter().filter(|answer| answer.is_ok()).count());
    let (in_doubt, done) = (in_doubt.expect("few"), done.expect("few"));
    let there = count(&database).await - before;
    assert!((done..=done + in_doubt).contains(&there), "{there} of {first:?}, {fault:?}");
    for (number, answer) in (0..).zip(first) {
        let again = ask(&world, number).await.expect("the trouble is over");
        assert!(answer.is_err() || answer == Ok(again), "another answer, {fault:?}");
    }
    assert_eq!(count(&database).await - before, i64::from(REQUESTS), "{fault:?}");
    assert_eq!(world.findings().await, [""; 0], "{fault:?}");
    seen.extend(failed);
}

#[test]
fn a_failing_file_has_a_name_and_the_same_engine_goes_on_when_it_is_over() {
    let _alone = alone();
    runtime().block_on(async {
        for (file, op, kind, expected) in troubles() {
            let mut seen = Vec::new();
            for (after, lasting) in [(0, false), (0, true), (1, false), (3, true)] {
                live_through(RealFault { file, op, kind, after, lasting }, &mut seen).await;
            }
            let strange: Vec<_> = seen.iter().filter(|name| !expected.contains(name)).collect();
            assert!(strange.is_empty(), "{file:?} {op:?} {kind:?}: {strange:?}");
            let is_told = expected.is_empty() || !seen.is_empty();
            assert!(is_told, "{file:?} {op:?} {kind:?} was never seen");
        }
        let struck = RealDisk::interpose().struck();
        assert!(struck > 40, "{struck}");
    });
}
