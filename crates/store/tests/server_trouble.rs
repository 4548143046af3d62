//! Postgres in trouble: each has a name, and the same store goes on when it is over.

use abono_store::{DatabaseUrl, Options, Store, StoreError, Verdict};
use abono_testkit::batch::batch;
use abono_testkit::{Database, runtime};

/// A table's trigger raises an error, or has the session ended as an administrator would.
async fn raise(database: &Database, code: &str) {
    let deed = match code {
        "57P01" => "perform pg_terminate_backend(pg_backend_pid());".to_owned(),
        code => format!("raise exception 'thrown' using errcode = '{code}';"),
    };
    let function = format!(
        "create or replace function throw() returns trigger language plpgsql as $$
        begin {deed} return null; end $$"
    );
    database.tamper(&function).await;
    database.tamper("create trigger throw after insert on journal execute function throw()").await;
}

#[test]
fn each_trouble_has_a_name_and_the_store_goes_on_when_it_is_over() {
    let Some(database) = Database::postgres() else { return };
    runtime().block_on(async {
        let store = database.store().await;
        let mut number = 0;
        for code in ["53100", "25006", "53300", "57P03", "57P01"] {
            raise(&database, code).await;
            number += 1;
            let verdict = store.commit(batch(number)).await;
            let Verdict::Failed(error) = &verdict else { panic!("{code}: {verdict:?}") };
            let named = match code {
                "53100" => matches!(error, StoreError::DiskFull(_)),
                "25006" => matches!(error, StoreError::ReadOnly(_)),
                "53300" => matches!(error, StoreError::Crowded(_)),
                "57P03" => matches!(error, StoreError::Starting(_)),
                _ => matches!(error, StoreError::Stopping(_)),
            };
            assert!(named && error.is_trouble(), "{code}: {error}");
            database.tamper("drop function throw() cascade").await;
            assert_eq!(store.commit(batch(number)).await, Verdict::Committed, "after {code}");
        }
    });
}

#[test]
fn a_server_without_a_connection_left_is_crowded() {
    let Some(database) = Database::postgres() else { return };
    runtime().block_on(async {
        drop(database.store().await);
        let role = format!("abono_crowd_{}", std::process::id());
        database.tamper(&format!("create role {role} login password 'p' connection limit 0")).await;
        let DatabaseUrl::Postgres(url) = database.url() else { unreachable!("it is a server") };
        let (_, place) = url.rsplit_once('@').expect("the address names a user");
        let crowded = DatabaseUrl::Postgres(format!("postgres://{role}:p@{place}"));
        let opened = Store::open(&crowded, Options::Serving).await.map(|_| ());
        database.tamper(&format!("drop role {role}")).await;
        assert!(matches!(opened, Err(StoreError::Crowded(_))), "{opened:?}");
    });
}
