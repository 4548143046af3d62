//! The contract's page is true: its examples are replayed, and its table of routes is the code's.

use crate::support::{House, served};
use abono_testkit::{Database, on_each_database, page};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = include_str!("../../../../docs/contracts/bokamera.md");

/// What was made while the page was read: the ids that it shows, and those that there are.
#[derive(Default)]
struct Made(BTreeMap<String, String>);

impl Made {
    /// A text of the page with the ids that there are.
    fn fill(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (shown, real)| text.replace(shown, real))
    }

    /// Notes what an answer made.
    fn learn(&mut self, shown: &Value, real: &Value) {
        if let (Some(shown), Some(real)) = (shown["id"].as_str(), real["id"].as_str()) {
            self.0.insert(shown.to_owned(), real.to_owned());
        }
    }
}

#[test]
fn every_example_of_the_page_is_answered_as_it_stands_there() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await.repeating(60);
        let mut made = Made::default();
        let mut answered = None;
        let mut seen = 0;
        for (kind, text) in page::blocks(PAGE, &["request", "answer", "time"]) {
            match kind {
                "request" => {
                    let text = made.fill(text);
                    answered = Some((ask(&house, &text).await, text));
                }
                "time" => house.world.live_until(text.trim()).await,
                _ => {
                    let ((status, body), request) = answered.take().expect("a request before it");
                    let (expected, shown) = text.split_once('\n').expect("a status");
                    if let (Ok(shown), Ok(real)) =
                        (serde_json::from_str(shown), serde_json::from_str(&body))
                    {
                        made.learn(&shown, &real);
                    }
                    let shown = made.fill(&one_line(shown));
                    assert_eq!((status, body), (expected.to_owned(), shown), "{request}");
                    seen += 1;
                }
            }
        }
        assert_eq!((seen, made.0.len()), (13, 2), "examples, and groups that they made");
        house.holds().await;
    });
}

/// The body that an example shows: JSON as it is sent, or lines as they are.
fn one_line(shown: &str) -> String {
    match serde_json::from_str::<Value>(shown) {
        Ok(value) => value.to_string(),
        Err(_) => shown.trim_end().to_owned(),
    }
}

/// Sends a request of the page. Gives the status and the body, with one kind of line ends.
async fn ask(house: &House, text: &str) -> (String, String) {
    let tokens = [
        ("API_KEY", &house.application),
        ("READ_TOKEN", &house.read),
        ("WRITE_TOKEN", &house.write),
        ("SUPERADMIN_TOKEN", &house.superadmin),
    ];
    let text = tokens.iter().fold(text.to_owned(), |text, (name, token)| text.replace(name, token));
    let (request, body) = page::request(&text, "");
    let answer = house.send(request, body).await;
    (answer.status.to_string(), answer.text.replace("\r\n", "\n").trim_end().to_owned())
}

#[tokio::test]
async fn the_page_names_every_route_and_no_other() {
    let house = House::open(&Database::sqlite()).await;
    let mut named = BTreeSet::new();
    for row in page::table(PAGE, "## What is served") {
        let (method, path) = row[0].split_once(' ').expect("a method and a path");
        named.insert(format!("{method} {path}"));
        for format in ["json", "xml", "jsv", "csv", "jsonl", "html"] {
            for method in [method, "POST", "PUT"] {
                named.insert(format!("{method} /{format}/reply/{}", row[2]));
            }
        }
    }
    let surface = served(&house.world, &house.issuer, 0);
    let served = surface.entries().map(|entry| format!("{} {}", entry.method, entry.path));
    assert_eq!(served.collect::<BTreeSet<_>>(), named);
}

#[test]
fn each_difference_that_the_page_marks_has_its_reason() {
    let rows = page::table(PAGE, "## Differences");
    assert!(rows.iter().all(|row| row.len() == 2 && row.iter().all(|cell| cell.ends_with('.'))));
    let marked = PAGE.matches("(DIFFERENCE)").count();
    assert!(marked >= 2 && rows.len() > marked, "{} rows, {marked} marks", rows.len());
}
