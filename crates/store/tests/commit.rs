//! Commits: an error at any position of a merged group never acknowledges what is not there.

use abono_domain::ids::{CommandId, CustomerId, TenantId};
use abono_store::nouns::{journal, root};
use abono_store::{Batch, Bound, Kind, Stmt, Store, StoreError, Value, Verdict};
use abono_testkit::{Database, on_each_database, seller};
use jiff::Timestamp;
use std::sync::Arc;

/// Refused by every database: it breaks a check.
static BROKEN: Stmt = Stmt {
    name: "BROKEN",
    sql: "insert into counter (tenant_id, legal_entity_id, series, year, value, last_issued_on)
        values ($1, $1, 'broken', '', -1, '')",
    params: &[Kind::Uuid],
    row: &[],
};

/// Succeeds, and changes no row where one must change.
static NOTHING: Stmt = Stmt {
    name: "NOTHING",
    sql: "update counter set value = value where tenant_id = $1 and series = 'none'",
    params: &[Kind::Uuid],
    row: &[],
};

const TENANT: TenantId = TenantId(seller::id(1, 1));

fn bound(stmt: &'static Stmt) -> Bound {
    Bound { stmt, params: vec![Value::Uuid(TENANT.0)] }
}

fn entry(number: u128) -> journal::Entry {
    journal::Entry {
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
    }
}

/// A batch that opens an aggregate, journals and writes one row; `spoil` is put at a position.
fn batch(number: u128, position: usize, spoil: Option<&'static Stmt>) -> Batch {
    let entry = entry(number);
    let mut claims =
        vec![root::open_customer(TENANT, CustomerId(seller::id(2, number)), Timestamp::UNIX_EPOCH)];
    let mut row = journal::write(TENANT, &entry);
    let mut writes = vec![journal::send(TENANT, &entry)];
    if let Some(spoil) = spoil {
        match position {
            0 => claims[0].take = bound(spoil),
            1 => row = bound(spoil),
            2 => writes.insert(0, bound(spoil)),
            _ => writes.push(bound(spoil)),
        }
    }
    Batch {
        tenant: TENANT.0,
        journal: Some(row),
        claims,
        draws: vec![],
        finish: Box::new(move |_| writes.clone()),
    }
}

async fn is_there(store: &Store, number: u128) -> bool {
    let id = CommandId(seller::id(5, number));
    store.query(journal::by_id(TENANT, id)).await.expect("a read").is_some()
}

async fn group_with(store: &Arc<Store>, from: u128, position: usize, spoil: &'static Stmt) {
    let mut tasks = Vec::new();
    for number in from..from + 5 {
        let spoil = (number == from + 2).then_some(spoil);
        let (store, batch) = (store.clone(), batch(number, position, spoil));
        tasks.push((number, tokio::spawn(async move { store.commit(batch).await })));
    }
    for (number, task) in tasks {
        let verdict = task.await.expect("no panic");
        let acknowledged = verdict == Verdict::Committed;
        let place = format!("batch {number}, {} at {position}: {verdict:?}", spoil.name);
        assert_eq!(acknowledged, is_there(store, number).await, "{place}");
        assert_eq!(acknowledged, number != from + 2, "{place}");
    }
}

#[test]
fn an_error_at_any_position_spoils_its_own_batch_alone() {
    on_each_database(|database| async move {
        let store = Arc::new(database.store().await);
        let mut from = 0;
        for spoil in [&BROKEN, &NOTHING] {
            for position in 0..4 {
                group_with(&store, from, position, spoil).await;
                from += 10;
            }
        }
    });
}

#[test]
fn a_stale_batch_gives_back_what_it_claimed() {
    on_each_database(|database| async move {
        let store = database.store().await;
        let mut stale = batch(1, 9, None);
        stale.claims.push(abono_store::Claim {
            key: abono_store::ClaimKey::Unique(TENANT.0, "s".to_owned(), "v".to_owned()),
            take: bound(&NOTHING),
            undo: bound(&NOTHING),
        });
        assert_eq!(store.commit(stale).await, Verdict::Stale);
        assert!(!is_there(&store, 1).await);
        assert_eq!(store.commit(batch(1, 9, None)).await, Verdict::Committed);
    });
}

#[test]
fn a_command_is_carried_out_once() {
    on_each_database(|database| async move {
        let store = database.store().await;
        assert_eq!(store.commit(batch(1, 9, None)).await, Verdict::Committed);
        let mut again = batch(1, 9, None);
        again.claims.clear();
        assert_eq!(store.commit(again).await, Verdict::AlreadyDone);
    });
}

#[test]
fn the_writer_may_not_change_what_never_changes() {
    static UPDATE: Stmt = Stmt {
        name: "UPDATE",
        sql: "update journal set command = 'other' where tenant_id = $1",
        params: &[Kind::Uuid],
        row: &[],
    };
    let database = Database::sqlite();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let store = database.store().await;
        assert_eq!(store.commit(batch(1, 9, None)).await, Verdict::Committed);
        let verdict = store.commit(batch(2, 3, Some(&UPDATE))).await;
        let Verdict::Failed(StoreError::Refused(text)) = verdict else { panic!("{verdict:?}") };
        assert!(text.contains("not authorized"), "{text}");
    });
}
