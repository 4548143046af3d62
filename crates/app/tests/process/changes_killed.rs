//! Changes that fall due at once, two servers on one database at work on them, both killed with -9
//! in the middle, twice: each change is done once, in order, and reads are answered meanwhile.

use crate::support::{Server, each_database, must};
use abono_domain::access::Role;
use abono_testkit::due_changes::{self, DUE, START, left};
use abono_testkit::{Database, World, telecom};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How many customers, each with two changes that are due.
const CUSTOMERS: u128 = 250;

async fn world(database: &Database) -> World {
    let store = database.store().await;
    let engine = abono_engine::Engine::new(abono_engine::Env::real(), store);
    telecom::open(Arc::new(engine), 1, START).await
}

/// Waits until at most so many are left.
async fn wait(world: &World, most: usize, meanwhile: impl Fn()) -> usize {
    let began = Instant::now();
    loop {
        let left = left(world).await;
        if left <= most {
            return left;
        }
        assert!(began.elapsed() < Duration::from_secs(120), "{left} are left");
        meanwhile();
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn survive_kills(database: &Database) {
    let world = world(database).await;
    let lines = due_changes::subscribe(&world, CUSTOMERS).await;
    let token = world.token(Role::Viewer, &[]).await;
    let org = world.books().await.slug;
    world.run(world.set_clock(DUE)).await.expect("the clock");
    let all = left(&world).await;
    assert_eq!(all, 2 * usize::try_from(CUSTOMERS).expect("in range"));

    // In the middle, twice, each time both at once.
    for most in [all * 2 / 3, all / 3] {
        let (one, other) = (Server::start(database), Server::start(database));
        wait(&world, most, || ()).await;
        one.kill_now();
        other.kill_now();
    }
    let killed_at = left(&world).await;
    assert!(killed_at > 0, "nothing was left to be done after the kills");

    let (one, other) = (Server::start(database), Server::start(database));
    let path = format!("/v2/orgs/{org}/subscriptions/7/products");
    let read = || {
        for server in [&one, &other] {
            let asked = Instant::now();
            let (status, text) = server.get(&path, &token);
            assert_eq!(status, 200, "{text}");
            assert!(asked.elapsed() < Duration::from_secs(2), "a read took {:?}", asked.elapsed());
        }
    };
    read();
    wait(&world, 0, read).await;
    assert!(lines.are_done_in_order(&world).await);
    let report = must(database, &["verify", "--json"]);
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["clean"], true, "{report}");
}

#[test]
fn what_is_due_is_done_once_through_kills_by_two_processes() {
    each_database(|database: &Database, _: &Path| {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(survive_kills(database));
    });
}
