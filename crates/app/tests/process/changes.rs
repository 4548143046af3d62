//! `abono change` and `abono risk`.

use crate::support::{must, refused, rows, run, telecom};
use abono_testkit::Database;
use serde_json::{Value, json};

/// Books with one line, on the cheapest plan.
fn books() -> Database {
    let books = telecom();
    let line = ["--product", "tarifas", "--plan", "movil-25"];
    must(&books, &[&["subscription", "start", "--customer", "familia-soto"], &line[..]].concat());
    books
}

fn asked(verb: &'static str, plan: &'static str) -> [&'static str; 6] {
    ["change", verb, "--subscription", "1", "--plan", plan]
}

/// Asks for a change; gives where it stands.
fn request(books: &Database, plan: &'static str) -> Value {
    rows(books, &asked("request", plan))[0]["status"].clone()
}

#[test]
fn a_preview_says_what_happens_and_writes_nothing() {
    let books = books();
    let text = must(&books, &asked("preview", "movil-75"));
    for part in [
        "subscription 1: movil-25 to movil-75 on ",
        ": done\n  risk: accepted by the rules\n  measured: price 15.90 EUR to 17.90 EUR, overdue ",
        "\n    price-rise: accepted (price_rise: 12.58 %)\n",
        "\n  Tarifa móvil, Móvil 75 GB: 17.90 EUR\n",
        "Móvil 25 GB (",
        "\n  total: 2.00 EUR\n",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let cheaper = &rows(&books, &asked("preview", "movil-10"))[0];
    assert_eq!((&cheaper["status"], &cheaper["quote"]), (&json!("scheduled"), &Value::Null));
    let looked_at = &rows(&books, &asked("preview", "ilimitada"))[0];
    assert_eq!((&looked_at["status"], &looked_at["change"]), (&json!("review"), &Value::Null));
    assert_eq!(looked_at["risk"]["findings"][0]["rule"], "price-rise");
    assert_eq!(rows(&books, &asked("preview", "premium"))[0]["risk"]["verdict"], "rejected");
    assert_eq!(must(&books, &["change", "list"]), "");
}

#[test]
fn what_is_asked_for_stands_in_the_log_with_what_became_of_it() {
    let books = books();
    assert_eq!(request(&books, "movil-75"), "done");
    assert_eq!(request(&books, "movil-10"), "scheduled");
    assert_eq!(request(&books, "movil-50"), "scheduled");
    assert_eq!(request(&books, "ilimitada"), "review");
    assert_eq!(request(&books, "premium"), "rejected");
    let log = must(&books, &["change", "list"]);
    for part in [
        "change 1: subscription 1: movil-25 to movil-75 on ",
        ": replaced\n",
        "(price_rise: 67.04 %, above 25 %)\n",
        "    price-rise: rejected (price_rise: 234.64 %, above 150 %)\n",
    ] {
        assert!(log.contains(part), "{part}: {log}");
    }
    let numbers = |args: &[&str]| -> Vec<Value> {
        rows(&books, args).iter().map(|row| row["change"].clone()).collect()
    };
    assert_eq!(numbers(&["change", "list"]), [1, 2, 3, 4, 5]);
    assert_eq!(numbers(&["change", "list", "--status", "scheduled"]), [3]);
    let own = ["change", "list", "--subscription", "1"];
    assert_eq!(numbers(&own), [1, 2, 3, 4, 5]);
    assert_eq!(numbers(&[&own[..], &["--status", "rejected"]].concat()), [5]);

    let shown = must(&books, &["subscription", "show", "1"]);
    assert!(shown.contains(": to movil-50 (change 3)\n"), "{shown}");
    let shown = &rows(&books, &["subscription", "show", "1"])[0];
    assert_eq!((&shown["plan"], &shown["waiting"]), (&json!("movil-75"), &json!([3])));
    assert_eq!(shown["changes"].as_array().map(Vec::len), Some(5));
    must(&books, &["verify"]);
}

#[test]
fn what_cannot_be_changed_says_why() {
    let books = books();
    for (plan, on, why) in [
        ("gold", None, "tarifas has no plan `gold`"),
        ("fibra-600", None, "tarifas has no plan `fibra-600`"),
        ("prepago", None, "can't be changed to this one"),
        ("movil-25", None, "in force by then already"),
        ("movil-75", Some("2020-01-31"), "the day is over"),
        ("movil-75", Some("9000-01-31"), "can be scheduled up to"),
    ] {
        for verb in ["preview", "request"] {
            let on: Vec<&str> = on.into_iter().flat_map(|day| ["--on", day]).collect();
            let text = refused(&books, &[&asked(verb, plan)[..], &on].concat());
            assert!(text.contains(why), "{verb} {plan}: {text}");
        }
    }
    let nobody = ["change", "preview", "--subscription", "9", "--plan", "movil-75"];
    assert!(refused(&books, &nobody).contains("there is no subscription 9"));
    assert!(
        refused(&books, &["change", "list", "--subscription", "9"]).contains("no subscription")
    );
    for wrong in [["--status", "gone"], ["--subscription", "one"]] {
        let output = run(&books, &[&["change", "list"], &wrong[..]].concat());
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
    assert_eq!(must(&books, &["change", "list"]), "");
}

#[test]
fn a_change_that_waits_is_withdrawn_once() {
    let books = books();
    assert_eq!(request(&books, "movil-10"), "scheduled");
    let withdraw = ["change", "withdraw", "1", "--reason", "a mistake"];
    let text = must(&books, &withdraw);
    assert!(text.contains(": withdrawn (a mistake)\n"), "{text}");
    assert!(refused(&books, &withdraw).contains("doesn't wait any more"));
    assert!(refused(&books, &["change", "withdraw", "2"]).contains("there is no change 2"));
    // Withdrawn, it may be asked for again.
    assert_eq!(request(&books, "movil-10"), "scheduled");
    let withdrawn = &rows(&books, &["change", "withdraw", "2"])[0];
    assert_eq!((&withdrawn["status"], &withdrawn["reason"]), (&json!("withdrawn"), &Value::Null));
}

#[test]
fn what_is_looked_at_is_approved_or_rejected_by_somebody() {
    let books = books();
    assert_eq!(must(&books, &["risk", "list"]), "");
    assert_eq!(request(&books, "ilimitada"), "review");
    let listed = must(&books, &["risk", "list"]);
    for part in ["change 1: ", "  measured: price 15.90 EUR to 29.90 EUR", "  too-often: accepted"]
    {
        assert!(listed.contains(part), "{part}: {listed}");
    }
    assert_eq!(run(&books, &["risk", "approve", "1"]).status.code(), Some(2), "by whom?");
    assert!(refused(&books, &["risk", "approve", "1", "--by", " "]).contains("the name"));

    let reject = ["risk", "reject", "1", "--by", "lucia", "--note", "too dear"];
    let text = must(&books, &reject);
    assert!(text.contains(": rejected (too dear)\n"), "{text}");
    assert!(text.contains("  risk: rejected by lucia\n"), "{text}");
    assert!(refused(&books, &reject).contains("doesn't wait for a decision"));

    assert_eq!(request(&books, "ilimitada"), "review");
    let approved = &rows(&books, &["risk", "approve", "2", "--by", "lucia"])[0];
    assert_eq!((&approved["status"], &approved["risk"]["by"]), (&json!("done"), &json!("lucia")));
    assert_eq!(rows(&books, &["subscription", "show", "1"])[0]["plan"], "ilimitada");
    assert!(refused(&books, &["risk", "reject", "3", "--by", "x"]).contains("no change 3"));
    assert_eq!(must(&books, &["risk", "list"]), "");
    must(&books, &["verify"]);
}
