//! The contract's page is true: its examples are replayed, and its tables are the code's.

use crate::support::{Telco, served};
use abono_api_masstack::Code;
use abono_http::gate::rate::RateLimit;
use abono_testkit::{Database, on_each_database, page};
use serde_json::Value;
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../../docs/contracts/masstack.md");

#[test]
fn every_example_of_the_page_is_answered_as_it_stands_there() {
    on_each_database(async |database: Database| {
        let telco = Telco::open(&database).await;
        let mut answered = None;
        let mut seen = 0;
        for (kind, text) in page::blocks(PAGE, &["request", "answer", "time"]) {
            match kind {
                "request" => answered = Some((text, ask(&telco, text).await)),
                "time" => telco.wait_until(text.trim()).await,
                _ => {
                    let (request, answer) = answered.take().expect("a request before it");
                    let (status, json) = text.split_once('\n').expect("a status");
                    assert_eq!(answer, (status.to_owned(), one_line(json)), "{request}");
                    seen += 1;
                }
            }
        }
        assert!(seen >= 10, "only {seen} examples were found");
        assert_eq!(telco.world.findings().await, [""; 0]);
    });
}

/// The body that an example shows: none, or JSON as it is sent.
fn one_line(shown: &str) -> String {
    if shown.is_empty() {
        return String::new();
    }
    let value: Value = serde_json::from_str(shown).expect("JSON on the page");
    value.to_string()
}

/// Sends a request of the page. Gives the status and the body, on one line where it is JSON.
async fn ask(telco: &Telco, text: &str) -> (String, String) {
    let (request, body) = page::request(text, &telco.buyer);
    let answer = telco.send(request, body).await;
    (answer.status.to_string(), answer.text)
}

#[tokio::test]
async fn the_page_names_every_route_and_no_other() {
    let telco = Telco::open(&Database::sqlite()).await;
    let surface = served(&telco.world, RateLimit::off());
    let served: BTreeSet<String> =
        surface.entries().map(|entry| format!("{} {}", entry.method, entry.path)).collect();
    let named = page::table(PAGE, "## What is served").into_iter().map(|row| row[0].clone());
    assert_eq!(named.collect::<BTreeSet<_>>(), served);
}

#[test]
fn the_page_names_every_code_with_its_status_and_message() {
    let row = |code: Code| {
        (code.number().to_string(), code.status().to_string(), code.message().to_owned())
    };
    let named = page::table(PAGE, "## Errors").into_iter();
    let named = named.map(|row| (row[0].clone(), row[1].clone(), row[2].clone()));
    assert_eq!(named.collect::<BTreeSet<_>>(), BTreeSet::from(Code::ALL.map(row)));
}
