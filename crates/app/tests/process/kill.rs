//! `kill -9` under load, again and again: every answered invoice and payment is there, none twice,
//! numbers without a gap, the proof clean.

use crate::support::{Demo, each_database, must, run};
use abono_testkit::Database;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

const ROUNDS: usize = 50;
const CLIENTS: usize = 8;

/// What was answered over all rounds: invoice by key, payments by reference.
#[derive(Default)]
struct Answered {
    invoices: Mutex<BTreeMap<String, (String, String)>>,
    unanswered: Mutex<Vec<String>>,
    payments: Mutex<BTreeSet<String>>,
}

/// Asks for one invoice under a key.
fn invoice(demo: &Demo, key: &str, answered: &Answered) {
    let org = demo.fact("lifepos.org_guid");
    let product = demo.fact("lifepos.product_guid");
    let path = format!("/orgs/{org}/profile/subscriptions/products/{product}:create-invoice");
    let plan = demo.fact("lifepos.plans.0.guid");
    let period = demo.facts.pointer("/lifepos/plans/0/periods/0").cloned();
    let body = json!({"plan": {"guid": plan}, "quantity": 1, "period_in_months": period});
    let answer = demo.try_post(&path, &demo.fact("lifepos.token"), Some(key), &body);
    let Some((status, text)) = answer else {
        answered.unanswered.lock().expect("a lock").push(key.to_owned());
        return;
    };
    assert_eq!(status, 201, "{text}");
    let invoice: Value = serde_json::from_str(&text).expect("JSON");
    let of = |name: &str| invoice[name].as_str().expect("a text").to_owned();
    let new = (of("guid"), of("number"));
    let old = answered.invoices.lock().expect("a lock").insert(key.to_owned(), new.clone());
    assert!(old.is_none_or(|old| old == new), "{key} was answered with two invoices");
}

/// Records payments at the command line until it is told to stop.
fn pay(database: &Database, round: usize, guid: &str, stop: &AtomicBool, answered: &Answered) {
    for number in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let reference = format!("{round}-{number}");
        let args =
            ["payment", "record", "--invoice", guid, "--amount", "0.01", "--currency", "RUB"];
        let output = run(database, &[&args[..], &["--reference", &reference]].concat());
        if output.status.success() {
            answered.payments.lock().expect("a lock").insert(reference);
        }
    }
}

/// One life of the server: clients ask until it is killed.
fn life(demo: Demo, database: &Database, round: usize, answered: &Answered) {
    let again = std::mem::take(&mut *answered.unanswered.lock().expect("a lock"));
    for key in again {
        invoice(&demo, &key, answered);
    }
    let paid = format!("paid-{round}");
    invoice(&demo, &paid, answered);
    let guid = answered.invoices.lock().expect("a lock")[&paid].0.clone();
    let (stop, sent) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let demo = &demo;
        let (stop, sent) = (&stop, &sent);
        for _ in 0..CLIENTS {
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let number = sent.fetch_add(1, Ordering::Relaxed);
                    invoice(demo, &format!("{round}-{number}"), answered);
                }
            });
        }
        scope.spawn(|| pay(database, round, &guid, stop, answered));
        let pause = 40 + u64::try_from(round * 37 % 120).unwrap_or(0);
        std::thread::sleep(Duration::from_millis(pause));
        demo.kill_now();
        stop.store(true, Ordering::Relaxed);
    });
}

/// Every invoice that the server lists: guid and number.
fn listed(demo: &Demo) -> BTreeMap<String, String> {
    let org = demo.fact("lifepos.org_guid");
    let mut all = BTreeMap::new();
    let mut token = String::new();
    loop {
        let path = format!("/orgs/{org}/profile/invoices?items_per_page=1000{token}");
        let page = demo.get(&path, &demo.fact("lifepos.token"));
        for invoice in page["items"].as_array().expect("items") {
            let of = |name: &str| invoice[name].as_str().expect("a text").to_owned();
            assert!(all.insert(of("guid"), of("number")).is_none(), "an invoice is listed twice");
        }
        match page["next_page_token"].as_str() {
            Some(next) => token = format!("&page_token={next}"),
            None => return all,
        }
    }
}

fn check(demo: &Demo, answered: &Answered) {
    let listed = listed(demo);
    let known = answered.invoices.lock().expect("a lock");
    for (key, (guid, number)) in known.iter() {
        assert_eq!(listed.get(guid), Some(number), "{key} was answered and is not there");
    }
    let numbers: BTreeSet<&String> = listed.values().collect();
    assert_eq!(numbers.len(), listed.len(), "a number was given twice");
}

fn survive(database: &Database, folder: &Path) {
    let answered = Answered::default();
    for round in 0..ROUNDS {
        let demo = Demo::start(folder, database, None);
        if round % 10 == 9 {
            check(&demo, &answered);
        }
        life(demo, database, round, &answered);
    }
    let demo = Demo::start(folder, database, None);
    let again = std::mem::take(&mut *answered.unanswered.lock().expect("a lock"));
    for key in again {
        invoice(&demo, &key, &answered);
    }
    check(&demo, &answered);
    let (invoices, payments) = (answered.invoices.lock(), answered.payments.lock());
    let (invoices, payments) = (invoices.expect("a lock"), payments.expect("a lock"));
    assert_eq!(listed(&demo).len(), invoices.len(), "an invoice is there that nobody asked for");
    assert!(invoices.len() > ROUNDS * 3, "too little was asked for: {}", invoices.len());
    for reference in payments.iter() {
        let guid = &invoices.values().next().expect("an invoice").0;
        let args =
            ["payment", "record", "--invoice", guid, "--amount", "0.01", "--currency", "RUB"];
        let output = run(database, &[&args[..], &["--reference", reference]].concat());
        assert!(!output.status.success(), "payment {reference} was answered and is not there");
    }
    let report = must(database, &["verify", "--json"]);
    let facts: Value = serde_json::from_str(&report).expect("JSON");
    let recorded = facts["payments"].as_u64().expect("a count");
    assert!(recorded >= payments.len() as u64, "a payment was answered and is not there");
    show(&format!("{} invoices, {} payments: {report}", invoices.len(), payments.len()));
}

#[test]
fn fifty_kills_lose_nothing_that_was_answered() {
    each_database(survive);
}

#[expect(clippy::print_stdout, reason = "what was survived belongs in the test's output")]
fn show(text: &str) {
    println!("{text}");
}
