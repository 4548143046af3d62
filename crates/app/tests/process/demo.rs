//! The demo's sellers: their facts, their one clock, and a start that was killed half-way.

use crate::support::{Demo, abono, each_database, must, rows, telecom};
use abono_testkit::Database;
use serde_json::{Value, json};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;

/// The books of the telecom.
const TELECOM: [&str; 2] = ["--tenant", "lineanorte"];

/// The books of the seller of booking software.
const BOOKING: [&str; 2] = ["--tenant", "tidvy"];

fn of_booking(database: &Database, args: &[&str]) -> Vec<Value> {
    rows(database, &[args, &BOOKING].concat())
}

fn of_telecom(database: &Database, args: &[&str]) -> Vec<Value> {
    rows(database, &[args, &TELECOM].concat())
}

/// A client of the telecom's contract.
struct Client<'d> {
    demo: &'d Demo,
    token: String,
    path: String,
}

impl<'d> Client<'d> {
    fn new(demo: &'d Demo) -> Self {
        let (org, line) = (demo.fact("masstack.org"), demo.fact("masstack.subscription_id"));
        let path = format!("/v2/orgs/{org}/subscriptions/{line}/products");
        Self { demo, token: demo.fact("masstack.token"), path }
    }

    fn product(&self) -> Value {
        self.demo.get(&self.path, &self.token)["product"].clone()
    }

    /// Asks for a tariff.
    fn change(&self, product: &Value, day: Option<&str>) -> (u16, String) {
        let body = json!({"productId": product, "scheduled_date": day});
        self.demo.try_post(&self.path, &self.token, None, &body).expect("an answer")
    }
}

#[test]
fn each_of_the_telecoms_products_is_accepted_from_each_other_time_and_again() {
    each_database(|database, folder| {
        let demo = Demo::start(folder, database, Some("2026-01-31T10:00:00Z"));
        let client = Client::new(&demo);
        let facts = &demo.facts["masstack"];
        let products = facts["product_ids"].as_array().expect("a list");
        assert!(products.contains(&client.product()["id"]));
        assert_eq!(client.product()["scheduled"], json!({}));
        let switch = |product: &Value| {
            // What is in force already can't be asked for.
            if client.product()["id"] != *product {
                let answer = client.change(product, Some("2026-01-31"));
                assert_eq!(answer, (201, String::new()));
            }
            assert_eq!(client.product()["id"], *product);
        };
        for _ in 0..3 {
            for first in products {
                for other in products {
                    switch(first);
                    switch(other);
                }
            }
        }
        let asks = |decision: &str| (202, json!({"risk_decision": decision}).to_string());
        for first in products {
            switch(first);
            let looked_at = client.change(&facts["review_product_id"], Some("2026-03-01"));
            assert_eq!(looked_at, asks("REVIEW"));
            assert_eq!(client.change(&facts["rejected_product_id"], None), asks("REJECTED"));
            assert_eq!(client.change(&facts["incompatible_product_id"], None).0, 400);
            for other in products.iter().filter(|other| *other != first) {
                assert_eq!(client.change(other, Some("2026-04-01")).0, 201);
            }
        }
        must(database, &["verify"]);
    });
}

#[test]
fn one_clock_moves_all_sellers_and_what_falls_due_is_done_before_it_answers() {
    each_database(|database, folder| {
        let demo = Demo::start(folder, database, Some("2026-01-31T10:00:00Z"));
        let all = of_telecom(database, &["subscription", "list"]);
        assert_eq!(all.len(), 5);
        let bundled = &demo.facts["masstack"]["bundled_subscription_id"];
        let is_it = |row: &&Value| row["subscription"] == *bundled;
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
        let billed = of_booking(database, &["subscription", "list"]);
        let billed: Vec<&Value> = billed.iter().map(|row| &row["billed_until"]).collect();
        assert_eq!(billed, ["2026-08-01", "2027-01-31"]);
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
        assert_eq!(of_booking(&database, &["subscription", "list"]).len(), 2, "{pause}");
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

#[test]
fn the_companies_of_the_booking_software_are_the_same_in_every_demo_and_their_cycles_run() {
    each_database(|database, folder| {
        let demo = Demo::start(folder, database, Some("2026-02-10T10:00:00Z"));
        let mut facts = demo.facts["bokamera"].clone();
        for token in ["api_key", "admin_token", "write_token", "read_token"] {
            let text = facts[token].take();
            assert!(text.as_str().is_some_and(|text| !text.is_empty()), "{token}");
        }
        let known = json!({
            "api_key": null,
            "admin_token": null,
            "write_token": null,
            "read_token": null,
            "company_id": "5b1f0c62-9d3e-4a67-8c1d-7e2f40a9b311",
            "other_company_id": "8e46d7a9-2c05-4f1b-b3e8-16c95d0f7a42",
            "article_id": 101,
            "usage_article_number": "SMS",
        });
        assert_eq!(facts, known);
        let all = of_booking(database, &["subscription", "list"]);
        let shown: Vec<[&Value; 4]> = all
            .iter()
            .map(|row| ["customer", "plan", "status", "billed_until"].map(|name| &row[name]))
            .collect();
        let words = |row: [&str; 4]| row.map(Value::from);
        let expected = [
            words(["salong-norrsken", "plus", "active", "2026-03-01"]),
            words(["klinik-havsvik", "bas", "active", "2027-02-10"]),
        ];
        assert_eq!(shown, expected.each_ref().map(|row| row.each_ref()));
        let before = demo.facts["bokamera"].clone();
        drop(demo);
        let demo = Demo::start(folder, database, None);
        assert_eq!(demo.facts["bokamera"], before, "the same tokens as before");
        must(database, &["verify"]);
    });
}
