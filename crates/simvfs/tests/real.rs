//! Real files: their syncs are counted and delayed, and they fail as they are told.

use abono_simvfs::{RealDisk, RealFault, RealFaultKind, RealFile, RealOp};
use rusqlite::{Connection, ErrorCode};
use std::time::Duration;

/// The settings are the process's, so that this is one test.
#[test]
fn real_files_count_their_syncs_and_fail_as_they_are_told() {
    let disk = RealDisk::interpose();
    let folder = tempfile::TempDir::new().unwrap();
    let conn = Connection::open(folder.path().join("books.db")).unwrap();
    conn.query_row("pragma journal_mode = wal", [], |_| Ok(())).unwrap();
    conn.pragma_update(None, "synchronous", "full").unwrap();
    conn.execute_batch("create table t (n)").unwrap();
    let insert = || conn.execute_batch("insert into t values (1)");
    let syncs_of_three = || {
        let before = disk.syncs();
        (0..3).for_each(|_| insert().unwrap());
        disk.syncs() - before
    };
    assert_eq!(syncs_of_three(), 3);
    disk.delay_syncs(Duration::from_millis(20));
    #[expect(clippy::disallowed_methods, reason = "it is the machine's clock that is measured")]
    let now = std::time::Instant::now;
    let started = now();
    syncs_of_three();
    assert!(started.elapsed() >= Duration::from_millis(60));
    disk.delay_syncs(Duration::ZERO);
    let cases = [
        (RealOp::Write, RealFaultKind::Io, ErrorCode::SystemIoFailure),
        (RealOp::Write, RealFaultKind::Full, ErrorCode::DiskFull),
        (RealOp::Write, RealFaultKind::Short, ErrorCode::DiskFull),
        (RealOp::Write, RealFaultKind::ReadOnly, ErrorCode::ReadOnly),
        (RealOp::Sync, RealFaultKind::Io, ErrorCode::SystemIoFailure),
    ];
    for (op, kind, expected) in cases {
        let fault = RealFault { file: RealFile::Log, op, kind, after: 0, lasting: false };
        disk.plan(vec![fault]);
        let failed = insert().expect_err("it is told to fail");
        assert_eq!(failed.sqlite_error_code(), Some(expected), "{fault:?}");
        insert().expect("it failed once");
        disk.plan(vec![RealFault { lasting: true, ..fault }]);
        assert!((0..3).all(|_| insert().is_err()), "{fault:?}");
        disk.plan(vec![]);
        insert().expect("it fails no more");
    }
    assert_eq!(disk.struck(), 5 * 4);
    let sound: String = conn.query_row("pragma integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
}
