//! Bad input of every kind: each is answered as the contract says, and no row of the database is
//! another one afterwards.
//!
//! `tests/data/bad_inputs.jsonl` is the table, one case a line. In its texts stand names in double
//! braces: `sub` is a subscription of the seller who is asked, `ended` one that is over, `foreign`
//! one that only another seller has; `to` is a tariff to which it changes, `review` one at which
//! somebody looks first, `incompatible` and `archived` are what they say; `each` is what the line
//! has a list of.

use crate::support::{ENDED, FOREIGN, SUB, Telco};
use abono_testkit::{Database, on_each_database, telecom};
use http::Request;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// What of our inside must never be in an answer.
const INSIDE: [&str; 7] = ["select ", "sqlite", "postgres", ".rs", "abono_", "panic", "secret"];

/// One line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    id: String,
    /// What is bad about it.
    why: String,
    /// Method and path. An admin's token, and the content type of a body, are added.
    request: String,
    /// Headers beside or instead of these; `null` for none.
    #[serde(default)]
    headers: BTreeMap<String, Option<String>>,
    body: Option<String>,
    /// How often the body's text is sent, one after the other.
    #[serde(default = "once")]
    repeat: usize,
    /// The line is replayed with each of these in the place of `{{each}}`.
    #[serde(default)]
    each: Vec<String>,
    status: u16,
    /// The contract's code; without one there is no `ErrorMessage`.
    code: Option<u64>,
    /// What a detail begins with.
    detail: Option<String>,
    /// Whether it becomes something all the same.
    #[serde(default)]
    effect: bool,
}

const fn once() -> usize {
    1
}

fn table() -> Vec<Case> {
    let read =
        |line: &str| serde_json::from_str(line).unwrap_or_else(|why| panic!("{why}: {line}"));
    include_str!("../data/bad_inputs.jsonl").lines().map(read).collect()
}

fn fill(text: &str, each: &str) -> String {
    let names = [
        ("each", each.to_owned()),
        ("sub", SUB.to_string()),
        ("ended", ENDED.to_string()),
        ("foreign", FOREIGN.to_string()),
        ("to", telecom::number(telecom::GB20).to_string()),
        ("review", telecom::number(telecom::BUSINESS).to_string()),
        ("incompatible", telecom::number(telecom::ISLAND).to_string()),
        ("archived", telecom::number(telecom::OLD).to_string()),
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
        let telco = Telco::open(&database).await;
        let mut digest = database.digest().await;
        let mut wrong = Vec::new();
        for case in table() {
            let each = if case.each.is_empty() { vec![String::new()] } else { case.each.clone() };
            for each in each {
                let found = replay(&telco, &case, &each).await;
                wrong.extend(found.map(|fault| format!("{} {each:?}: {fault}", case.id)));
            }
            let after = database.digest().await;
            if (after == digest) == case.effect {
                wrong.push(format!("{}: the database is as it should not be", case.id));
            }
            digest = after;
        }
        assert!(wrong.is_empty(), "on {}:\n{}", database.kind(), wrong.join("\n"));
        assert_eq!(telco.world.findings().await, [""; 0]);
    });
}

/// What is wrong with what is answered: the first thing that is.
async fn replay(telco: &Telco, case: &Case, each: &str) -> Option<String> {
    let (method, path) = case.request.split_once(' ').expect("a method and a path");
    let mut headers = BTreeMap::from([
        ("authorization".to_owned(), Some(format!("Bearer {}", telco.admin))),
        ("content-type".to_owned(), case.body.as_ref().map(|_| "application/json".to_owned())),
    ]);
    headers.extend(case.headers.clone());
    let mut request = Request::builder().method(method).uri(fill(path, each));
    for (name, value) in headers.iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
        request = request.header(name, fill(value, each));
    }
    let body = fill(case.body.as_deref().unwrap_or_default(), each).repeat(case.repeat);
    let answer = telco.send(request, body).await;
    if answer.status != case.status {
        return Some(format!("another status: {answer:?}"));
    }
    let lower = answer.text.to_lowercase();
    if let Some(inside) = INSIDE.iter().find(|inside| lower.contains(**inside)) {
        return Some(format!("it says `{inside}`"));
    }
    let code = case.code?;
    if answer.code() != code {
        return Some(format!("another code: {}", answer.text));
    }
    let begins = case.detail.as_ref().is_none_or(|it| answer.details().starts_with(it));
    (!begins).then(|| format!("another detail: {}", answer.text))
}

#[test]
fn the_table_has_each_case_once_and_says_why() {
    let mut ids = BTreeSet::new();
    for case in table() {
        assert!(ids.insert(case.id.clone()), "{} stands twice", case.id);
        assert!(!case.why.is_empty(), "{}", case.id);
        assert!(case.code.is_none_or(|code| code / 100 == u64::from(case.status)), "{}", case.id);
    }
}
