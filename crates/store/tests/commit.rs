//! Commits: an error at any position of a merged group never acknowledges what is not there.

use abono_domain::decision::{self, Draw};
use abono_domain::document::Series;
use abono_domain::ids::{CustomerId, LegalEntityId};
use abono_store::nouns::{counter, idempotency, journal, root, unique};
use abono_store::{Batch, Bound, Kind, Stmt, Store, StoreError, Value, Verdict};
use abono_testkit::batch::{TENANT, command, entry};
use abono_testkit::{Database, on_each_database, seller};
use futures_util::future::join_all;
use jiff::Timestamp;
use jiff::civil::date;
use std::collections::BTreeSet;
use std::sync::{Mutex, mpsc};

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

/// Succeeds, and is refused by the COMMIT: it promises a row that nobody writes.
static PROMISE: Stmt = Stmt {
    name: "PROMISE",
    sql: "insert into promise (id) values ($1)",
    params: &[Kind::Uuid],
    row: &[],
};

/// Where a promise is kept, and a counter that has no next number.
const TRAPS: [&str; 3] = [
    "create table kept (id ID primary key)",
    "create table promise (id ID references kept (id) deferrable initially deferred)",
    "insert into counter (tenant_id, legal_entity_id, series, year, value, last_issued_on)
        values (TENANT, TENANT, 'full', '', 9223372036854775807, '')",
];

/// Where something goes wrong in a batch.
#[derive(Clone, Copy, Debug)]
enum Place {
    Claim(usize),
    Journal,
    Number,
    Write(usize),
    Commit,
}

/// Every position of a batch, in the order in which they are run.
const PLACES: [Place; 10] = [
    Place::Claim(0),
    Place::Claim(1),
    Place::Claim(2),
    Place::Journal,
    Place::Number,
    Place::Write(0),
    Place::Write(1),
    Place::Write(2),
    Place::Write(3),
    Place::Commit,
];

/// What goes wrong, and where.
#[derive(Clone, Copy, Debug)]
struct Spoil {
    place: Place,
    by: &'static Stmt,
}

fn bound(stmt: &'static Stmt) -> Bound {
    Bound { stmt, params: vec![Value::Uuid(TENANT.0)] }
}

fn key(number: u128) -> idempotency::Key {
    idempotency::Key { route: "r".to_owned(), key: number.to_string(), input_hash: vec![] }
}

fn value(number: u128) -> decision::Claim {
    decision::Claim { scope: "s".to_owned(), value: number.to_string() }
}

fn series(name: &str) -> Series {
    let legal_entity = LegalEntityId(TENANT.0);
    Series { legal_entity, series: name.to_owned(), year: String::new() }
}

/// A batch that claims an aggregate, a key and a value, draws a number, journals and writes.
fn batch(number: u128, spoil: Option<Spoil>) -> Batch {
    let (entry, key, id) = (entry(number), key(number), command(number));
    let customer = CustomerId(seller::id(2, number));
    let mut claims = vec![
        root::open_customer(TENANT, customer, Timestamp::UNIX_EPOCH),
        idempotency::take(TENANT, id, &key),
        unique::take(TENANT, id, &value(number)),
    ];
    let mut row = journal::write(TENANT, &entry);
    let mut draws = vec![Draw { series: series("good"), on: date(2026, 1, 1) }];
    let reply = idempotency::Reply { status: 201, content_type: String::new(), body: vec![] };
    let mut writes = vec![
        journal::send(TENANT, &entry),
        idempotency::fill(TENANT, &key, &reply),
        idempotency::fill(TENANT, &key, &reply),
    ];
    if let Some(Spoil { place, by }) = spoil {
        match place {
            Place::Claim(at) => claims[at].take = bound(by),
            Place::Journal => row = bound(by),
            Place::Number => draws.push(Draw { series: series("full"), on: date(2026, 1, 1) }),
            Place::Write(at) => writes.insert(at, bound(by)),
            Place::Commit => writes.push(bound(&PROMISE)),
        }
    }
    let finish = Box::new(move |_: &[_]| writes.clone());
    Batch { tenant: TENANT.0, journal: Some(row), claims, draws, finish }
}

/// Whether a batch is there: the whole of it, or nothing.
async fn is_there(store: &Store, number: u128) -> bool {
    let customer = CustomerId(seller::id(2, number));
    let journaled = store.query(journal::by_id(TENANT, command(number))).await.expect("a read");
    let key = store.query(idempotency::by_key(TENANT, &key(number))).await.expect("a read");
    let root = store.query(root::of_customer(TENANT, customer)).await.expect("a read");
    let taken = store.query(unique::is_taken(TENANT, &value(number))).await.expect("a read");
    let parts = [journaled.is_some(), key.is_some(), root.is_some(), taken];
    assert!(parts.iter().all(|part| *part == parts[0]), "a part of {number} is there: {parts:?}");
    parts[0]
}

/// The last number that was drawn.
async fn last_number(store: &Store) -> i64 {
    let counters = store.query(counter::list(TENANT)).await.expect("a read");
    let good = counters.iter().find(|(found, _)| *found == series("good"));
    good.map_or(0, |(_, value)| *value)
}

/// Commits batches in one group: they are offered while the committer is held by another one.
async fn merged(store: &Store, holder: u128, batches: Vec<Batch>) -> Vec<Verdict> {
    let (release, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    let mut first = batch(holder, None);
    let writes = (first.finish)(&[]);
    first.finish = Box::new(move |_| {
        // It ends when the other end is gone.
        let _released = held.lock().expect("a lock").recv();
        writes.clone()
    });
    let all = std::iter::once(first).chain(batches);
    let mut offered: Vec<_> = all.map(|batch| Box::pin(store.commit(batch))).collect();
    for waiting in &mut offered {
        assert!(futures_util::poll!(waiting).is_pending());
    }
    drop(release);
    join_all(offered).await
}

/// Five batches in a group, the third of them spoiled; the numbers from `from` on.
async fn group_with(store: &Store, from: u128, spoil: Spoil) {
    let numbers = from + 1..from + 6;
    let spoiled = from + 3;
    let of = |number| batch(number, (number == spoiled).then_some(spoil));
    let before = last_number(store).await;
    let verdicts = merged(store, from, numbers.clone().map(of).collect()).await;
    for (number, verdict) in (from..).zip(verdicts) {
        let acknowledged = verdict == Verdict::Committed;
        let place = format!("batch {number}, {} at {:?}: {verdict:?}", spoil.by.name, spoil.place);
        assert_eq!(acknowledged, is_there(store, number).await, "{place}");
        assert_eq!(acknowledged, number != spoiled, "{place}");
    }
    assert_eq!(last_number(store).await, before + 5, "{spoil:?}: the numbers have a gap");
}

async fn with_traps(database: &Database) -> Store {
    let store = database.store().await;
    let kind = if matches!(database, Database::Sqlite(_)) { "blob" } else { "uuid" };
    for trap in TRAPS {
        let tenant = database.uuid(TENANT.0);
        database.tamper(&trap.replace("ID", kind).replace("TENANT", &tenant)).await;
    }
    store
}

#[test]
fn an_error_at_any_position_spoils_its_own_batch_alone() {
    on_each_database(|database| async move {
        let store = with_traps(&database).await;
        let mut from = 0;
        for by in [&BROKEN, &NOTHING] {
            for place in PLACES {
                group_with(&store, from, Spoil { place, by }).await;
                from += 10;
            }
        }
    });
}

/// Of a group in which everything that can go wrong does, the good ones are there.
#[test]
fn errors_at_all_positions_at_once_spoil_their_own_batches_alone() {
    on_each_database(|database| async move {
        let store = with_traps(&database).await;
        let spoils: Vec<Spoil> = [&BROKEN, &NOTHING]
            .into_iter()
            .flat_map(|by| PLACES.map(|place| Spoil { place, by }))
            .collect();
        // One good batch after each spoiled one.
        let of = |number: u128| {
            let spoil = spoils.get(usize::try_from(number / 2).expect("small")).copied();
            batch(1 + number, spoil.filter(|_| number.is_multiple_of(2)))
        };
        let count = 2 * spoils.len() as u128;
        let verdicts = merged(&store, 0, (0..count).map(of).collect()).await;
        let mut acknowledged = BTreeSet::new();
        for (number, verdict) in (0..).zip(&verdicts) {
            let committed = *verdict == Verdict::Committed;
            assert_eq!(committed, is_there(&store, number).await, "batch {number}: {verdict:?}");
            acknowledged.extend(committed.then_some(number));
        }
        assert_eq!(acknowledged, (0..=count).step_by(2).collect());
        let issued = i64::try_from(acknowledged.len()).expect("small");
        assert_eq!(last_number(&store).await, issued);
    });
}

#[test]
fn a_stale_batch_gives_back_what_it_claimed() {
    on_each_database(|database| async move {
        let store = database.store().await;
        let mut stale = batch(1, None);
        stale.claims.push(abono_store::Claim {
            key: abono_store::ClaimKey::Unique(TENANT.0, "s".to_owned(), "v".to_owned()),
            take: bound(&NOTHING),
            undo: bound(&NOTHING),
        });
        assert_eq!(store.commit(stale).await, Verdict::Stale);
        assert!(!is_there(&store, 1).await);
        assert_eq!(store.commit(batch(1, None)).await, Verdict::Committed);
    });
}

#[test]
fn a_command_is_carried_out_once() {
    on_each_database(|database| async move {
        let store = database.store().await;
        assert_eq!(store.commit(batch(1, None)).await, Verdict::Committed);
        let mut again = batch(1, None);
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
        assert_eq!(store.commit(batch(1, None)).await, Verdict::Committed);
        let spoil = Spoil { place: Place::Write(3), by: &UPDATE };
        let verdict = store.commit(batch(2, Some(spoil))).await;
        let Verdict::Failed(StoreError::Refused(text)) = verdict else { panic!("{verdict:?}") };
        assert!(text.contains("not authorized"), "{text}");
    });
}
