//! Bad input of every kind: each is answered as the contract says, and no row of the database is
//! another one afterwards.
//!
//! `tests/data/bad_inputs.jsonl` is the table, one case a line. In its texts stand names in double
//! braces: `write` is a token of the company that is asked for, `key` its seller's application,
//! `foreign_key` that of another seller, `tail_wrong` the first one with another last character;
//! `company` and `article` are what they say.
//!
//! The cases TXT-02 to TXT-06, TXT-12, TXT-13 and TXT-15 are about the operations of company
//! billing and come with them. How long AUTH-18 takes is not measured here.

use crate::support::{House, SIM_ID};
use abono_testkit::{Database, on_each_database};
use http::Request;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What of our inside must never be in an answer.
const INSIDE: [&str; 8] =
    ["select ", "sqlite", "postgres", ".rs", "abono_", "panic", "secret", "root:"];

/// One line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    id: String,
    /// What is bad about it.
    why: String,
    /// Method and path. A writer's token, the application, and JSON as type are added.
    request: String,
    /// Headers beside or instead of these; `null` for none.
    #[serde(default)]
    headers: BTreeMap<String, Option<Text>>,
    body: Text,
    /// What it may be answered with.
    status: Vec<u16>,
    /// The type of the answer.
    #[serde(default = "json")]
    content_type: String,
    /// The contract's code; without one there is no `ResponseStatus`.
    code: Option<String>,
    /// The member that is said to be wrong.
    field: Option<String>,
    /// Whether it becomes something all the same.
    #[serde(default)]
    effect: bool,
}

/// A text as it stands, or parts of one, each so many times.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Text {
    Whole(String),
    Parts(Vec<(String, usize)>),
}

impl Text {
    fn fill(&self, house: &House) -> String {
        match self {
            Self::Whole(text) => fill(house, text),
            Self::Parts(parts) => parts.iter().map(|(text, times)| text.repeat(*times)).collect(),
        }
    }
}

fn json() -> String {
    "application/json".to_owned()
}

fn table() -> Vec<Case> {
    let read =
        |line: &str| serde_json::from_str(line).unwrap_or_else(|why| panic!("{why}: {line}"));
    include_str!("../data/bad_inputs.jsonl").lines().map(read).collect()
}

fn fill(house: &House, text: &str) -> String {
    let (head, last) = house.application.split_at(house.application.len() - 1);
    let names = [
        ("write", house.write.clone()),
        ("key", house.application.clone()),
        ("foreign_key", house.foreign_application.clone()),
        ("tail_wrong", format!("{head}{}", if last == "0" { "1" } else { "0" })),
        ("company", house.world.customer.to_string()),
        ("article", SIM_ID.to_string()),
    ];
    let filled = names.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{{{name}}}}}"), value)
    });
    assert!(!filled.contains("{{"), "{filled}: a name of nothing");
    filled
}

#[test]
fn every_bad_input_is_answered_by_the_table_and_changes_nothing() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let mut digest = database.digest().await;
        let mut wrong = Vec::new();
        for case in table() {
            let found = replay(&house, &case).await;
            wrong.extend(found.map(|fault| format!("{}: {fault}", case.id)));
            let after = database.digest().await;
            if (after == digest) == case.effect {
                wrong.push(format!("{}: the database is as it should not be", case.id));
            }
            digest = after;
        }
        assert!(wrong.is_empty(), "on {}:\n{}", database.kind(), wrong.join("\n"));
        house.holds().await;
    });
}

/// What is wrong with what is answered: the first thing that is.
async fn replay(house: &House, case: &Case) -> Option<String> {
    let (method, path) = case.request.split_once(' ').expect("a method and a path");
    let usual = [
        ("authorization", "Bearer {{write}}"),
        ("x-api-key", "{{key}}"),
        ("content-type", "application/json"),
    ];
    let mut headers: BTreeMap<&str, Option<String>> =
        usual.iter().map(|(name, value)| (*name, Some(fill(house, value)))).collect();
    for (name, value) in &case.headers {
        headers.insert(name, value.as_ref().map(|value| value.fill(house)));
    }
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        request = request.header(name, value);
    }
    let answer = house.send(request, case.body.fill(house)).await;
    if !case.status.contains(&answer.status) {
        return Some(format!("another status: {answer:?}"));
    }
    if answer.content_type() != case.content_type {
        return Some(format!("another type: {}", answer.content_type()));
    }
    let lower = answer.text.to_lowercase();
    if let Some(inside) = INSIDE.iter().find(|inside| lower.contains(**inside)) {
        return Some(format!("it says `{inside}`"));
    }
    let code = case.code.as_ref()?;
    let said = if case.content_type == json() {
        let json: Value = answer.json();
        json["ResponseStatus"]["ErrorCode"].as_str().unwrap_or_default().to_owned()
    } else {
        let after = answer.text.split("<ErrorCode>").nth(1).unwrap_or_default();
        after.split('<').next().unwrap_or_default().to_owned()
    };
    if said != *code {
        return Some(format!("another code: {}", answer.text));
    }
    let fields = case.field.as_ref().map(|_| answer.fields());
    (fields != case.field.as_ref().map(|it| vec![it.clone()])).then(|| answer.text.clone())
}

#[test]
fn the_table_has_each_case_once_and_says_why() {
    let mut ids = BTreeSet::new();
    for case in table() {
        assert!(ids.insert(case.id.clone()), "{} stands twice", case.id);
        assert!(!case.why.is_empty() && !case.status.is_empty(), "{}", case.id);
        let is_success = case.status.iter().all(|status| *status == 200);
        assert_eq!(case.effect, is_success, "{}", case.id);
    }
    assert_eq!(ids.len(), 15);
}
