//! A payment request as it is printed: in its languages, until it is paid and after.

use crate::support::{Demo, abono, must, refused, run};
use abono_testkit::Database;
use serde_json::json;
use tempfile::TempDir;

#[test]
fn a_request_is_printed_with_its_code_until_it_is_paid() {
    let (folder, database) = (TempDir::new().expect("a folder"), Database::sqlite());
    let demo = Demo::start(folder.path(), &database, Some("2026-01-31T10:00:00Z"));
    let plan = demo.fact("lifepos.plans.0.guid");
    let path = format!(
        "/orgs/{}/profile/subscriptions/products/{}:create-invoice",
        demo.fact("lifepos.org_guid"),
        demo.fact("lifepos.product_guid")
    );
    let body = json!({"plan": {"guid": plan}, "quantity": 1, "period_in_months": 1});
    demo.post(201, &path, &demo.fact("lifepos.token"), &body);

    let page = must(&database, &["print", "КО-1"]);
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"ru\">"), "{page}");
    for expected in ["ST00012|", "Девятьсот девяносто рублей 00 копеек", "<svg", "990,00"]
    {
        assert!(page.contains(expected), "{expected} is missing");
    }
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("src="));
    // The same in a file, and in another language.
    let out = folder.path().join("request.html");
    let file = out.to_str().expect("a path");
    assert_eq!(must(&database, &["print", "КО-1", "--language", "en", "--out", file]), "");
    let english = std::fs::read_to_string(&out).expect("the file");
    assert!(english.contains("<html lang=\"en\">") && english.contains("ST00012|"));

    let pay = ["payment", "record", "--invoice", "КО-1", "--amount", "990.00"];
    must(&database, &[&pay[..], &["--currency", "RUB"]].concat());
    let paid = must(&database, &["print", "КО-1"]);
    assert!(!paid.contains("ST00012|"), "what is paid shows no way to pay");
}

#[test]
fn what_cannot_be_printed_says_why() {
    let (folder, database) = (TempDir::new().expect("a folder"), Database::sqlite());
    let _demo = Demo::start(folder.path(), &database, Some("2026-01-31T10:00:00Z"));
    assert!(refused(&database, &["print", "КО-7"]).contains("there is no payment request `КО-7`"));
    let invoice = ["print", "TV-F-1", "--tenant", "tidvy"];
    assert!(refused(&database, &invoice).contains("there is no payment request `TV-F-1`"));
    assert_eq!(run(&database, &["print", "КО-7", "--language", "de"]).status.code(), Some(2));
    let help = abono().args(["print", "--help"]).output().expect("the binary runs");
    assert!(String::from_utf8_lossy(&help.stdout).contains("--out request.html"));
}
