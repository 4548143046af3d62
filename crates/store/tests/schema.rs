//! The schema and the register, on both databases.

use abono_engine::{Engine, Env};
use abono_store::{DatabaseUrl, Options, Store, StoreError, grant_serving, migrate};
use abono_testkit::outbox::{Behind, addition, group, queue, termination};
use abono_testkit::{Database, World, on_each_database, seller, telecom};
use std::sync::Arc;

#[test]
fn every_statement_is_understood_as_it_is_declared() {
    on_each_database(|database| async move {
        let store = database.store().await;
        let count = store.check_register().await.expect("every statement");
        assert!(count > 60, "{count}");
    });
}

#[test]
fn migrating_twice_and_from_two_nodes_at_once_is_harmless() {
    on_each_database(|database| async move {
        let url = database.url();
        let (here, there) = tokio::join!(migrate(&url), migrate(&url));
        here.expect("one node");
        there.expect("the other node");
        migrate(&url).await.expect("again");
        Store::open(&url, Options::Serving).await.expect("it opens");
    });
}

#[test]
fn serving_refuses_a_schema_that_it_does_not_know() {
    on_each_database(|database| async move {
        let url = database.url();
        migrate(&url).await.expect("migrations run");
        database.tamper("insert into schema_version (version) values (999)").await;
        let opened = Store::open(&url, Options::Serving).await.map(|_| ());
        assert!(matches!(opened, Err(StoreError::Schema(text)) if text.contains("newer abono")));
        let empty = match &database {
            Database::Sqlite(_) => Database::sqlite(),
            Database::Postgres(_) => Database::postgres().expect("as before"),
        };
        assert!(Store::open(&empty.url(), Options::Serving).await.is_err());
    });
}

/// What a client of the database may not do, whoever it is: the laws stand in the schema.
#[test]
fn the_laws_are_constraints() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-01-31T10:00:00Z").await;
        let request = world.invoice(seller::BASIC, 1, 1).await;
        world.pay(request.document.id, 99_500).await;
        world.invoice(seller::BASIC, 1, 3).await;
        for broken in [
            "update transfer set amount = 0",
            "update transfer set credit = debit",
            "update balance set amount = -1",
            "update document_state set paid = paid + 1 where status = 'paid'",
            "update document_state set status = 'paid' where status = 'pending'",
            "update document_state set credited = -1",
            "update document_state set total = total + 1",
            "update document_step set to_status = 'refunded' where to_status = 'paid'",
            "update document_step set seq = 7 where seq = 2",
            "update document_line set total = total + 1",
            "update document set number = 1",
            "update licence_period set starts_at = ends_at",
            "update licence_period set seq = 2",
            "update licence_grant set reason = 'both'",
            "update licence_grant set document_id = null",
            "update price set final_price = list_price + 1",
            "update customer set number = 1",
        ] {
            let refused = database.try_tamper(broken).await;
            assert!(refused.is_err(), "{broken} is allowed on {}", database.kind());
        }
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn the_laws_of_deliveries_are_constraints() {
    on_each_database(|database| async move {
        let (start, behind) = ("2026-01-31T10:00:00Z", Behind::willing());
        let env = Env::real().with_billing_system(behind.port());
        let engine = Arc::new(Engine::new(env, database.store().await));
        let world = telecom::open(engine, 1, start).await;
        let own = group(&world, world.customer).await;
        queue(&world, world.customer, own, addition("SMS")).await;
        let due = world.engine.due_deliveries(&world.books().await, 1).await.expect("due").due;
        world.engine.deliver(world.tenant, due[0], 1).await.expect("it is sent");
        queue(&world, world.customer, own, termination()).await;
        for broken in [
            "update delivery set quantity = 0 where kind = 'add'",
            "update delivery set article_number = null where kind = 'add'",
            "update delivery set article_number = 'SMS' where kind = 'terminate'",
            "update delivery set comment = null where kind = 'terminate'",
            "update delivery set kind = 'add', article_number = 'SMS', quantity = 1,
               behaviour = null, internal = null, comment = null where kind = 'terminate'",
            "update delivery set subscription_id = id",
            "update delivery_state set queued_at = queued_at + 1",
            "update delivery_state set status = 'lost'",
            "update delivery_state set status = 'pending' where status = 'delivered'",
            "update delivery_state set status = 'delivered' where status = 'pending'",
            "update delivery_state set status = 'failed', answer = null, external_id = null",
            "update delivery_state set attempts = 0 where status = 'delivered'",
            "update delivery_state set answer = null where status = 'delivered'",
            "update delivery_state set trouble = 'none' where status = 'delivered'",
            "update delivery_state set external_id = 'x' where status = 'pending'",
            "update delivery_state set next_at = 0 where status = 'delivered'",
            "update delivery_state set slot = 256",
            "update delivery_text set place = 0",
        ] {
            let refused = database.try_tamper(broken).await;
            assert!(refused.is_err(), "{broken} is allowed on {}", database.kind());
        }
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn the_serving_role_cannot_change_what_never_changes() {
    let Some(database) = Database::postgres() else { return };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let world = World::at(&database, "2026-01-31T10:00:00Z").await;
        world.invoice(seller::BASIC, 1, 1).await;
        let role = format!("serving_{}", std::process::id());
        database.tamper(&format!("create role {role}")).await;
        grant_serving(&database.url(), &role).await.expect("it is granted");
        let as_role = |sql: &str| format!("set role {role}; {sql}");
        for table in [
            "journal",
            "document",
            "document_line",
            "transfer",
            "event",
            "journal_seal",
            "delivery",
            "delivery_text",
        ] {
            let delete = database.try_tamper(&as_role(&format!("delete from {table}"))).await;
            assert!(delete.is_err(), "{table}");
        }
        database.tamper(&as_role("update root set version = version + 1")).await;
        database.tamper(&format!("drop owned by {role}; drop role {role}")).await;
        assert!(grant_serving(&database.url(), "x; drop table journal").await.is_err());
    });
}

#[test]
fn an_address_is_printed_without_its_password() {
    let url: DatabaseUrl = "postgres://abono:secret@db:5432/books".parse().expect("an address");
    assert_eq!(url.to_string(), "postgres://db:5432/books");
    assert_eq!(format!("{url:?}"), "postgres://db:5432/books");
    let url: DatabaseUrl =
        "postgres://abono:se?cr,et@a:1,b:2/books?target_session_attrs=read-write"
            .parse()
            .expect("an address");
    assert_eq!(url.to_string(), "postgres://a:1,b:2/books");
    for wrong in ["", "sqlite:", "mysql://x", "abono.db"] {
        assert!(wrong.parse::<DatabaseUrl>().is_err(), "{wrong}");
    }
}
