//! The contract's page is true: its examples are replayed, and its tables are the code's.

use crate::support::{Telco, served};
use abono_api_masstack::Code;
use abono_http::gate::rate::RateLimit;
use abono_testkit::{Database, on_each_database};
use http::Request;
use serde_json::Value;
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../../docs/contracts/masstack.md");

/// The fenced blocks of an example: what kind each is, and its text.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let fenced = PAGE.split("```").skip(1).step_by(2);
    let parts = fenced.filter_map(|block| block.split_once('\n'));
    parts.filter(|(kind, _)| ["request", "answer", "time"].contains(kind)).collect()
}

#[test]
fn every_example_of_the_page_is_answered_as_it_stands_there() {
    on_each_database(async |database: Database| {
        let telco = Telco::open(&database).await;
        let mut answered = None;
        let mut seen = 0;
        for (kind, text) in blocks() {
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

/// Sends a request of the page: a line, headers, and after an empty line the body. Gives the
/// status and the body, on one line where it is JSON.
async fn ask(telco: &Telco, text: &str) -> (String, String) {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let (method, path) = lines.next().and_then(|line| line.split_once(' ')).expect("a request");
    let mut request = Request::builder().method(method).uri(path);
    for line in lines {
        let (name, value) = line.split_once(": ").expect("a header");
        request = request.header(name, value.replace("TOKEN", &telco.buyer));
    }
    let answer = telco.send(request, body.trim_end().to_owned()).await;
    (answer.status.to_string(), answer.text)
}

/// The cells of the rows of the table that follows a heading.
fn table(heading: &str) -> BTreeSet<Vec<String>> {
    let (_, after) = PAGE.split_once(heading).expect("the heading");
    let rows = after.lines().skip_while(|line| !line.starts_with('|')).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let cell = |cell: &str| cell.trim().trim_matches('`').to_owned();
    rows.map(|row| row.trim_matches('|').split('|').map(cell).collect()).collect()
}

#[tokio::test]
async fn the_page_names_every_route_and_no_other() {
    let telco = Telco::open(&Database::sqlite()).await;
    let surface = served(&telco.world, RateLimit::off());
    let served: BTreeSet<String> =
        surface.entries().map(|entry| format!("{} {}", entry.method, entry.path)).collect();
    let named = table("## What is served").into_iter().map(|row| row[0].clone());
    assert_eq!(named.collect::<BTreeSet<_>>(), served);
}

#[test]
fn the_page_names_every_code_with_its_status_and_message() {
    let row = |code: Code| {
        (code.number().to_string(), code.status().to_string(), code.message().to_owned())
    };
    let named = table("## Errors").into_iter();
    let named = named.map(|row| (row[0].clone(), row[1].clone(), row[2].clone()));
    assert_eq!(named.collect::<BTreeSet<_>>(), BTreeSet::from(Code::ALL.map(row)));
}
