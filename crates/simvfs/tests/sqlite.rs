//! SQLite itself on the disk: what it acknowledged survives everything that may happen to a disk.

use abono_simvfs::{Disk, DiskFault, DiskFaultKind, reset_sqlite_randomness};
use rusqlite::{Connection, OpenFlags, Result};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many transactions the small workload has; each writes two rows.
const TRANSACTIONS: i64 = 6;

/// SQLite's randomness is the process's: one run at a time.
fn alone() -> MutexGuard<'static, ()> {
    static RUN: Mutex<()> = Mutex::new(());
    RUN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn open(disk: &Disk, synchronous: &str) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let conn = Connection::open_with_flags_and_vfs("books.db", flags, disk.vfs())?;
    let mode: String = conn.query_row("pragma journal_mode = wal", [], |row| row.get(0))?;
    assert_eq!(mode, "wal");
    conn.pragma_update(None, "synchronous", synchronous)?;
    // Often, so that checkpoints and a log that begins anew are within the small workload.
    conn.pragma_update(None, "wal_autocheckpoint", 12)?;
    Ok(conn)
}

/// What was acknowledged before the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Acknowledged {
    table: bool,
    transactions: i64,
}

/// Makes a table and fills it, with a reader beside the writer, until something fails.
fn work(disk: &Disk, synchronous: &str, seen: &mut Acknowledged) -> Result<()> {
    let writer = open(disk, synchronous)?;
    writer.execute_batch("create table pair (number integer, half integer, text blob)")?;
    seen.table = true;
    let reader = open(disk, synchronous)?;
    for number in 1..=TRANSACTIONS {
        writer.execute_batch("begin immediate")?;
        for half in [1, 2] {
            let sql = "insert into pair values (?1, ?2, zeroblob(3000))";
            writer.execute(sql, [number, half])?;
        }
        writer.execute_batch("commit")?;
        seen.transactions = number;
        let count: i64 = reader.query_row("select count(*) from pair", [], |row| row.get(0))?;
        assert_eq!(count, 2 * number);
    }
    Ok(())
}

/// What went wrong in the books, where something did.
fn complaint(disk: &Disk, seen: Acknowledged) -> Option<String> {
    let found = open(disk, "full").and_then(|conn| {
        let sound: String = conn.query_row("pragma integrity_check", [], |row| row.get(0))?;
        if sound != "ok" {
            return Ok(Some(sound));
        }
        let tables = "select count(*) from sqlite_schema";
        if conn.query_row(tables, [], |row| row.get::<_, i64>(0))? == 0 {
            return Ok(seen.table.then(|| "the table is gone".to_owned()));
        }
        let mut pairs =
            conn.prepare("select number, count(*) from pair group by number order by number")?;
        let pairs = pairs.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let pairs: Vec<(i64, i64)> = pairs.collect::<Result<_>>()?;
        let last = i64::try_from(pairs.len()).unwrap();
        if pairs != (1..=last).map(|number| (number, 2)).collect::<Vec<_>>() {
            return Ok(Some(format!("a half of a transaction: {pairs:?}")));
        }
        let expected = seen.transactions..=seen.transactions + 1;
        Ok((!expected.contains(&last)).then(|| format!("{last} transactions of {seen:?}")))
    });
    found.unwrap_or_else(|error| Some(error.to_string()))
}

/// One run with one fault, and what came of it.
struct Run {
    disk: Disk,
    /// How many operations the work took.
    ops: u64,
    complaint: Option<String>,
}

fn run(seed: u64, synchronous: &str, fault: Option<DiskFault>) -> Run {
    reset_sqlite_randomness(seed);
    let disk = Disk::new(seed);
    disk.plan(fault.into_iter().collect());
    let mut seen = Acknowledged::default();
    let done = {
        let _process = disk.as_owner(1);
        work(&disk, synchronous, &mut seen)
    };
    // A fault in what follows an acknowledgement, as a checkpoint, tells nobody.
    assert!(fault.is_some() || done.is_ok(), "{done:?}");
    let ops = disk.ops();
    disk.plan(Vec::new());
    disk.restart();
    let _next = disk.as_owner(2);
    let complaint = complaint(&disk, seen);
    Run { disk, ops, complaint }
}

/// How many operations the workload has.
fn operations() -> u64 {
    let run = run(1, "full", None);
    assert_eq!(run.complaint, None);
    run.ops
}

#[test]
fn a_power_loss_at_any_operation_loses_nothing_that_was_acknowledged() {
    let _alone = alone();
    let (mut torn, mut lost) = (0, 0);
    for at in 1..=operations() {
        for seed in 0..8 {
            let fault = DiskFault { at, kind: DiskFaultKind::PowerLoss };
            let Run { disk, complaint, .. } = run(seed, "full", Some(fault));
            assert_eq!(complaint, None, "{fault:?}, seed {seed}");
            torn += disk.stats().sectors_torn;
            lost += disk.stats().writes_lost;
        }
    }
    assert!(torn > 500 && lost > 2_000, "{torn} sectors torn, {lost} writes lost");
}

#[test]
fn without_syncs_the_same_power_losses_do_lose_it() {
    let _alone = alone();
    let complaints = (1..=operations()).filter(|at| {
        let fault = DiskFault { at: *at, kind: DiskFaultKind::PowerLoss };
        run(0, "off", Some(fault)).complaint.is_some()
    });
    assert!(complaints.count() > 10);
}

#[test]
fn a_kill_at_any_operation_loses_nothing_even_without_syncs() {
    let _alone = alone();
    for at in 1..=operations() {
        let fault = DiskFault { at, kind: DiskFaultKind::Kill };
        assert_eq!(run(1, "off", Some(fault)).complaint, None, "{fault:?}");
    }
}

#[test]
fn an_error_at_any_operation_loses_nothing() {
    let _alone = alone();
    use DiskFaultKind::{Full, Io, ReadOnly, Short};
    for at in 1..=operations() {
        for kind in [Io, Full, Short, ReadOnly] {
            let fault = DiskFault { at, kind };
            assert_eq!(run(1, "full", Some(fault)).complaint, None, "{fault:?}");
        }
    }
}

#[test]
fn one_seed_is_one_trace_and_another_seed_another() {
    let _alone = alone();
    let fault = DiskFault { at: operations() / 2, kind: DiskFaultKind::PowerLoss };
    let trace = |seed| run(seed, "full", Some(fault)).disk.trace();
    assert_eq!(trace(7), trace(7));
    assert_ne!(trace(7), trace(8));
}

#[test]
fn a_killed_process_leaves_its_lock_and_its_open_transaction_behind() {
    let _alone = alone();
    let disk = Disk::new(1);
    let dead = {
        let _process = disk.as_owner(1);
        open(&disk, "full").unwrap()
    };
    let alive = open(&disk, "full").unwrap();
    dead.execute_batch("create table t (n)").unwrap();
    // Spilled to the log before its commit, so that its index is in shared memory.
    dead.execute_batch("pragma cache_size = 1; begin immediate").unwrap();
    for _ in 0..20 {
        dead.execute_batch("insert into t values (zeroblob(3000))").unwrap();
    }
    let busy = alive.execute_batch("insert into t values (1)");
    assert_eq!(busy.unwrap_err().sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseBusy));
    disk.kill(1);
    drop(dead);
    alive.execute_batch("insert into t values (1)").unwrap();
    let count: i64 = alive.query_row("select count(*) from t", [], |row| row.get(0)).unwrap();
    let sound: String = alive.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!((count, sound.as_str()), (1, "ok"));
}

#[test]
fn files_can_be_put_and_got_and_a_disk_goes_with_its_last_clone() {
    let disk = Disk::new(1);
    disk.put("a", vec![1, 2, 3]);
    disk.power_loss();
    assert!(open(&disk, "full").is_err());
    disk.restart();
    assert_eq!((disk.get("a"), disk.get("b")), (Some(vec![1, 2, 3]), None));
    let name = disk.vfs();
    drop(disk.clone());
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    assert!(Connection::open_with_flags_and_vfs("c", flags, name).is_ok());
    drop(disk);
    assert!(Connection::open_with_flags_and_vfs("c", flags, name).is_err());
}
