//! The store on a disk that loses power: what was acknowledged is there afterwards.

use abono_domain::ids::{CommandId, TenantId};
use abono_simvfs::{Disk, DiskFault, DiskFaultKind, reset_sqlite_randomness};
use abono_store::nouns::journal;
use abono_store::{Batch, DatabaseUrl, Options, Stepping, Store, Verdict};
use abono_testkit::{Database, runtime, seller};
use jiff::Timestamp;
use std::path::PathBuf;

const TENANT: TenantId = TenantId(seller::id(1, 1));
const COMMANDS: u128 = 4;

/// Migrated books that nothing was written in yet.
async fn empty_books() -> Vec<u8> {
    let database = Database::sqlite();
    drop(database.store().await);
    let DatabaseUrl::Sqlite(path) = database.url() else { unreachable!("it is a file") };
    // Opened and closed once more, so that everything is in the file and nothing in its log.
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch("pragma wal_checkpoint(truncate)").unwrap();
    drop(conn);
    std::fs::read(path).unwrap()
}

async fn open(disk: &Disk) -> Result<Store, abono_store::StoreError> {
    let options = Options::On { vfs: disk.vfs(), stepping: Stepping::Simulated };
    Store::open(&DatabaseUrl::Sqlite(PathBuf::from("abono.db")), options).await
}

fn batch(number: u128) -> Batch {
    let entry = journal::Entry {
        command_id: CommandId(seller::id(5, number)),
        attempt: 1,
        actor: journal::Actor::Operator,
        command: "test".to_owned(),
        customer: None,
        input_hash: vec![],
        business_at: Timestamp::UNIX_EPOCH,
        machine_at: Timestamp::UNIX_EPOCH,
        seller_version: 0,
        rules_version: 1,
        tzdb: String::new(),
    };
    let send = journal::send(TENANT, &entry);
    Batch {
        tenant: TENANT.0,
        journal: Some(journal::write(TENANT, &entry)),
        claims: vec![],
        draws: vec![],
        finish: Box::new(move |_| vec![send.clone()]),
    }
}

/// Which commands are acknowledged, until something goes wrong.
async fn work(disk: &Disk) -> u128 {
    let Ok(store) = open(disk).await else { return 0 };
    for number in 1..=COMMANDS {
        if store.commit(batch(number)).await != Verdict::Committed {
            return number - 1;
        }
    }
    COMMANDS
}

async fn is_there(store: &Store, number: u128) -> bool {
    let id = CommandId(seller::id(5, number));
    store.query(journal::by_id(TENANT, id)).await.unwrap().is_some()
}

#[test]
fn what_a_store_acknowledged_outlives_a_power_loss_at_any_operation() {
    runtime().block_on(async {
        let books = empty_books().await;
        let disk_with = |seed, faults| {
            reset_sqlite_randomness(seed);
            let disk = Disk::new(seed);
            disk.put("abono.db", books.clone());
            disk.plan(faults);
            disk
        };
        let calm = disk_with(0, vec![]);
        assert_eq!(work(&calm).await, COMMANDS);
        assert!(calm.stats().syncs >= 4, "{:?}", calm.stats());
        let mut cut_short = 0;
        for at in 1..=calm.ops() {
            let disk = disk_with(at, vec![DiskFault { at, kind: DiskFaultKind::PowerLoss }]);
            let acknowledged = work(&disk).await;
            cut_short += u32::from(acknowledged < COMMANDS);
            disk.restart();
            let store = open(&disk).await.unwrap();
            for number in 1..=acknowledged {
                assert!(is_there(&store, number).await, "{number} of {acknowledged}, at {at}");
            }
        }
        assert!(cut_short > 20, "{cut_short}");
    });
}
