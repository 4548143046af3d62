//! The demo's two sellers: their facts, their one clock, and a start that was killed half-way.

use crate::support::{Demo, abono, each_database, must, rows, telecom};
use abono_testkit::Database;
use serde_json::{Value, json};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;

/// The books of the telecom.
const TELECOM: [&str; 2] = ["--tenant", "lineanorte"];

fn of_telecom(database: &Database, args: &[&str]) -> Vec<Value> {
    rows(database, &[args, &TELECOM].concat())
}

/// Asks for the plan of a number from today on; gives the change.
fn change(database: &Database, subscription: &str, number: &Value, more: &[&str]) -> Value {
    let plan = match number.as_i64() {
        Some(1010) => "movil-10",
        Some(1025) => "movil-25",
        Some(1050) => "movil-50",
        Some(1075) => "movil-75",
        Some(1200) => "ilimitada",
        Some(1300) => "premium",
        _ => panic!("{number} is none of the plans"),
    };
    let args = ["change", "request", "--subscription", subscription, "--plan", plan];
    of_telecom(database, &[&args[..], more].concat()).remove(0)
}

#[test]
fn each_of_the_telecoms_products_is_accepted_from_each_other_time_and_again() {
    each_database(|database, folder| {
        let demo = Demo::start(folder, database, Some("2026-01-31T10:00:00Z"));
        let facts = &demo.facts["masstack"];
        let line = demo.fact("masstack.subscription_id");
        let products = facts["product_ids"].as_array().expect("a list");
        let today = ["--on", "2026-01-31"];
        for _ in 0..2 {
            for (place, first) in products.iter().enumerate() {
                // From each to each: there and back between every two.
                for other in &products[place + 1..] {
                    for plan in [other, first] {
                        let made = change(database, &line, plan, &today);
                        assert_eq!(made["status"], "done", "{made}");
                    }
                }
                if let Some(next) = products.get(place + 1) {
                    change(database, &line, next, &today);
                }
            }
            change(database, &line, &products[0], &today);
        }
        let shown = &of_telecom(database, &["subscription", "show", &line])[0];
        assert_eq!((&shown["plan"], &shown["waiting"]), (&json!("movil-10"), &json!([])));
        for first in products {
            change(database, &line, first, &today);
            let looked_at = change(database, &line, &facts["review_product_id"], &[]);
            assert_eq!(looked_at["status"], "review", "{looked_at}");
            let rejected = change(database, &line, &facts["rejected_product_id"], &[]);
            assert_eq!(rejected["status"], "rejected", "{rejected}");
        }
        must(database, &["verify"]);
    });
}

#[test]
fn one_clock_moves_both_sellers_and_what_falls_due_is_done_before_it_answers() {
    each_database(|database, folder| {
        let demo = Demo::start(folder, database, Some("2026-01-31T10:00:00Z"));
        let all = of_telecom(database, &["subscription", "list"]);
        assert_eq!(all.len(), 5);
        let bundled = demo.fact("masstack.bundled_subscription_id");
        let is_it = |row: &&Value| row["subscription"].to_string() == bundled;
        assert_eq!(all.iter().find(is_it).expect("the line")["bundle"], "casa");
        let statuses = |rows: Vec<Value>| -> Vec<Value> {
            rows.into_iter().map(|row| row["status"].clone()).collect()
        };
        let log = of_telecom(database, &["change", "list"]);
        assert_eq!(statuses(log), ["scheduled", "review"]);

        let admin = demo.fact("admin_token");
        for (advance, until) in [("P1M", "2026-03-31"), ("P5M", "2026-07-31")] {
            demo.post(200, "/demo/clock", &admin, &json!({"advance": advance}));
            let line = demo.fact("masstack.subscription_id");
            let shown = &of_telecom(database, &["subscription", "show", &line])[0];
            assert_eq!(shown["billed_until"], until, "{shown}");
        }
        assert_eq!(statuses(of_telecom(database, &["change", "list"])), ["done", "review"]);
        let calendar = demo.post(200, "/demo/clock", &admin, &json!({"advance": "PT0S"}));
        assert_eq!(calendar["now"], "2026-07-28T10:00:00Z");
        must(database, &["verify"]);
    });
}

#[test]
fn a_start_that_was_killed_half_way_is_completed_and_nothing_is_there_twice() {
    for pause in (20..180).step_by(20) {
        let (folder, database) = (TempDir::new().expect("a folder"), Database::sqlite());
        let mut command = abono();
        command.args(["demo", "--listen", "127.0.0.1:0", "--dir"]).arg(folder.path());
        command.args(["--clock", "2026-01-31T10:00:00Z", "--database", &database.url_text()]);
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs");
        std::thread::sleep(Duration::from_millis(pause));
        child.kill().expect("killed");
        child.wait().expect("reaped");
        let demo = Demo::start(folder.path(), &database, Some("2026-01-31T10:00:00Z"));
        assert_eq!(of_telecom(&database, &["subscription", "list"]).len(), 5, "{pause}");
        assert_eq!(of_telecom(&database, &["change", "list"]).len(), 2, "{pause}");
        demo.post(200, "/demo/clock", &demo.fact("admin_token"), &json!({"advance": "P1D"}));
        must(&database, &["verify"]);
    }
}

#[test]
fn a_line_without_its_change_gets_the_change_and_is_not_started_again() {
    let (folder, database) = (TempDir::new().expect("a folder"), telecom());
    let seller = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/pos.toml");
    must(&database, &["apply", seller, "--yes"]);
    let line = ["--customer", "taller-otero", "--product", "tarifas", "--plan", "movil-75"];
    let line = [&line[..], &["--msisdn", "34600000003"]].concat();
    of_telecom(&database, &[&["subscription", "start"], &line[..]].concat());
    let _demo = Demo::start(folder.path(), &database, None);
    let all = of_telecom(&database, &["subscription", "list"]);
    assert_eq!((all.len(), &all[0]["plan"]), (5, &json!("movil-75")));
    let waiting = of_telecom(&database, &["change", "list", "--status", "scheduled"]);
    assert_eq!((waiting.len(), &waiting[0]["subscription"]), (1, &json!(1)));
}

#[test]
fn a_demo_with_one_seller_gets_the_other_and_keeps_its_own() {
    let (folder, database) = (TempDir::new().expect("a folder"), Database::sqlite());
    must(&database, &["apply", concat!(env!("CARGO_MANIFEST_DIR"), "/demo/pos.toml"), "--yes"]);
    let first = Demo::start(folder.path(), &database, None);
    let (token, line) = (first.fact("lifepos.token"), first.fact("masstack.subscription_id"));
    assert_eq!(of_telecom(&database, &["subscription", "list"]).len(), 5);
    let mut facts = first.facts.clone();
    drop(first);
    // A file of before knows one seller only.
    facts.as_object_mut().expect("an object").remove("masstack");
    std::fs::write(folder.path().join("demo.json"), facts.to_string()).expect("written");
    let second = Demo::start(folder.path(), &database, None);
    assert_eq!(second.fact("lifepos.token"), token);
    assert_eq!(second.fact("masstack.subscription_id"), line);
}
