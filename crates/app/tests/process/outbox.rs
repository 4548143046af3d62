//! `abono outbox`.

use crate::support::{must, refused, rows, run};
use abono_engine::{Engine, Env};
use abono_testkit::outbox::Reaction::{Does, Fails, Refuses};
use abono_testkit::outbox::{Behind, addition, group, queue, termination};
use abono_testkit::{Database, telecom};
use serde_json::{Value, json};
use std::sync::Arc;

const START: &str = "2026-03-20T09:00:00Z";

/// Books with four deliveries of one customer: delivered, refused, to be sent again, and not sent
/// yet; and one of another, that terminates what the billing system behind did.
fn books() -> Database {
    let books = Database::sqlite();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let (machine, behind) = (START.parse().expect("an instant"), Behind::willing());
        let env = Env::seeded(Box::new(move || machine), 1).with_billing_system(behind.port());
        let engine = Arc::new(Engine::new(env, books.store().await));
        let world = telecom::open(engine, 1, START).await;
        let (first, second) = (world.customer, world.other);
        let own = group(&world, second).await;
        let paid = queue(&world, second, own, addition("PAY")).await;
        world.engine.deliver(world.tenant, (second, paid), 9).await.expect("sent");
        for (article, reaction) in [("SMS", Does), ("FAX", Refuses), ("WEB", Fails)] {
            let group = group(&world, first).await;
            let id = queue(&world, first, group, addition(article)).await;
            behind.script([reaction]);
            world.engine.deliver(world.tenant, (first, id), 9).await.expect("sent");
        }
        queue(&world, world.other, own, termination()).await;
    });
    books
}

fn all(books: &Database, args: &[&str]) -> Vec<Value> {
    rows(books, &[&["outbox", "list"], args].concat())
}

fn articles(books: &Database, args: &[&str]) -> Vec<Value> {
    all(books, args).iter().map(|row| row["order"]["article_number"].clone()).collect()
}

#[test]
fn what_travels_is_listed_with_where_it_stands() {
    let books = books();
    let text = must(&books, &["outbox", "list"]);
    for part in [
        "  first  add SMS x 1  delivered, 1 attempt, as behind-",
        "  first  add FAX x 1  failed, 1 attempt (status 422: no such article)\n",
        "  first  add WEB x 1  pending, 1 attempt, next at 2026-03-20T09:00:0",
        "  second  add PAY x 1  delivered, 1 attempt, as behind-",
        "  second  terminate with a full credit  pending, next at 2026-03-20T09:00:00Z\n",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.contains("Z (status 500)\n"), "{text}");

    assert_eq!(text.lines().count(), 5, "{text}");
    assert_eq!(all(&books, &[]).len(), 5);
    assert_eq!(articles(&books, &["--status", "failed"]), ["FAX"]);
    assert_eq!(articles(&books, &["--customer", "first"]), ["SMS", "FAX", "WEB"]);
    assert_eq!(articles(&books, &["--customer", "first", "--status", "delivered"]), ["SMS"]);
    let last = &all(&books, &["--customer", "second", "--status", "pending"])[0];
    let order = json!({
        "kind": "terminate",
        "behaviour": "full",
        "internal": false,
        "comment": "not needed",
        "texts": ["Thank you", "for trying, it"],
        "ended_at": "1970-01-01T00:00:00Z",
    });
    assert_eq!(last["order"], order);
    let first = &all(&books, &["--customer", "first"])[0];
    assert_eq!((&first["answer"], &first["next_attempt_at"]), (&json!("{}"), &Value::Null));
    assert!(first["external_id"].is_string(), "{first}");
    must(&books, &["verify"]);
}

#[test]
fn what_has_failed_is_sent_again_once() {
    let books = books();
    let id = |article: usize| {
        let id = &all(&books, &["--customer", "first"])[article]["id"];
        id.as_str().expect("an id").to_owned()
    };
    let (done, failed, waits) = (id(0), id(1), id(2));
    let replayed = &rows(&books, &["outbox", "replay", &failed])[0];
    assert_eq!((&replayed["status"], &replayed["attempts"]), (&json!("pending"), &json!(0)));
    assert!(replayed["replayed_at"].is_string(), "{replayed}");
    for other in [&done, &failed, &waits] {
        let text = refused(&books, &["outbox", "replay", other]);
        assert!(text.contains("only a delivery that has failed can be sent again"), "{text}");
    }
    assert_eq!(articles(&books, &["--status", "failed"]), [Value::Null; 0]);
    must(&books, &["verify"]);
}

#[test]
fn what_is_not_there_is_named() {
    let books = books();
    let nobody = "0197f0c2-9a1e-7c33-8f0e-5b1d3c2a4e6f";
    let text = refused(&books, &["outbox", "replay", nobody]);
    assert!(text.contains(&format!("there is no delivery {nobody}")), "{text}");
    let text = refused(&books, &["outbox", "list", "--customer", "nobody"]);
    assert!(text.contains("there is no customer `nobody`"), "{text}");
    for wrong in [&["outbox", "list", "--status", "lost"][..], &["outbox", "replay", "first"]] {
        let output = run(&books, wrong);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {text}");
    }
    let text = run(&books, &["outbox", "list", "--status", "lost"]).stderr;
    assert!(String::from_utf8_lossy(&text).contains("pending, delivered, failed"));
}
