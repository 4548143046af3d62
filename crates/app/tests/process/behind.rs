//! The demo with a second instance as the billing system behind: over cycles, notices and ends of
//! every kind, both bill and credit the same.

use crate::support::{Demo, abono};
use abono_testkit::Database;
use serde_json::json;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// What the binary says on the books of an address.
fn said(books: &str, words: &str) -> String {
    let output = abono().args(words.split(' ')).args(["--database", books]).output();
    let output = output.expect("the binary runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}: {errors}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn booking(books: &str, words: &str) -> String {
    said(books, &format!("{words} --tenant tidvy"))
}

/// The addresses of both books.
fn addresses(folder: &Path, front: &Database) -> [String; 2] {
    [front.url_text(), format!("sqlite:{}", folder.join("behind/abono.db").display())]
}

/// The company's product groups and documents, as they are told; not by which rule something ends,
/// which is looked at in front alone.
fn told(books: &str) -> String {
    let all = ["group list --subscription 1", "subscription show 1"];
    let all = all.map(|words| booking(books, words)).join("\n");
    all.lines()
        .filter(|line| !line.trim_start().starts_with("termination "))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Waits until nothing waits to be sent.
fn delivered(books: &str) {
    let is_sent = || booking(books, "outbox list --status pending").is_empty();
    let sent = (0..400).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        is_sent()
    });
    assert!(sent, "what was queued is never sent");
    assert_eq!(booking(books, "outbox list --status failed"), "");
}

#[test]
fn both_instances_bill_and_credit_the_same_through_cycles_and_notices() {
    let folder = TempDir::new().expect("a folder");
    let database = Database::sqlite();
    let clock = Some("2026-01-10T09:00:00Z");
    let demo = Demo::start_with(folder.path(), &database, clock, &["--external-billing"]);
    let [front, behind] = addresses(folder.path(), &database);
    let advance = |span: &str| {
        let (status, body) = demo
            .try_post("/demo/clock", &demo.fact("admin_token"), None, &json!({"advance": span}))
            .expect("an answer");
        assert_eq!(status, 200, "{body}");
    };
    let agree = |when: &str| {
        delivered(&front);
        assert_eq!(told(&front), told(&behind), "{when}");
        assert!(said(&front, "verify").starts_with("the books hold: "), "{when}");
        assert!(said(&behind, "verify").starts_with("the books hold: "), "{when}");
    };
    // PAY has a notice of 30 days, the others have none.
    for plan in ["sms-1000", "sms-1000", "payments", "payments", "extra-calendar"] {
        let add = format!("group add --subscription 1 --product booking --plan {plan}");
        booking(&front, &add);
    }
    agree("all are added");
    let numbers: Vec<String> = booking(&front, "group list --subscription 1")
        .lines()
        .filter(|line| line.contains("optional"))
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect();
    let [first, second, noticed, at_end, last] = numbers.try_into().expect("five of them");
    let end = |number: &str, how: &str| {
        booking(&front, &format!("group terminate {number} --subscription 1 {how}"));
    };
    end(&first, "--when now --as internal");
    end(&noticed, "--credit prorate --as internal");
    end(&at_end, "--when period-end");
    delivered(&front);
    advance("P9D");
    end(&second, "--when period-end --credit none");
    advance("P24D");
    agree("the first of them have ended");
    end(&last, "--when now --credit full");
    advance("P2M");
    agree("all have ended");
    let groups = booking(&behind, "group list --subscription 1");
    assert_eq!(groups.matches("optional, terminated").count(), 5, "{groups}");
}

/// The folder of the instance behind is made with the demo.
#[test]
fn the_instance_behind_is_found_again_when_the_demo_starts_again() {
    let folder = TempDir::new().expect("a folder");
    let database = Database::sqlite();
    let [front, behind] = addresses(folder.path(), &database);
    let clock = Some("2026-01-10T09:00:00Z");
    let first = Demo::start_with(folder.path(), &database, clock, &["--external-billing"]);
    let add = "group add --subscription 1 --product booking --plan staff";
    booking(&front, &format!("{add} --quantity 3"));
    delivered(&front);
    drop(first);
    let _again = Demo::start_with(folder.path(), &database, None, &["--external-billing"]);
    booking(&front, &format!("{add} --quantity 4"));
    delivered(&front);
    assert_eq!(told(&front), told(&behind));
    assert!(Path::exists(&folder.path().join("behind/demo.json")));
}
