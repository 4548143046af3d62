//! `abono subscription`, and the payment of what it invoices.

use crate::support::{must, refused, rows, run, telecom};
use serde_json::{Value, json};

/// Starts a line of the family with a plan.
const START: [&str; 7] =
    ["subscription", "start", "--customer", "familia-soto", "--product", "tarifas", "--plan"];

fn start(plan: &'static str, more: &[&'static str]) -> Vec<&'static str> {
    [&START[..], &[plan], more].concat()
}

#[test]
fn a_subscription_is_started_listed_shown_and_ended() {
    let books = telecom();
    let more = ["--origin", "ported", "--bundle", "casa", "--msisdn", "34600000001"];
    let started = &rows(&books, &start("movil-10", &more))[0];
    assert_eq!((&started["subscription"], &started["plan"]), (&json!(1), &json!("movil-10")));
    assert_eq!(started["documents"], json!(["LN-F-1"]));
    let text = must(&books, &start("movil-25", &["--quantity", "2", "--billing-day", "1"]));
    assert!(text.starts_with("subscription 2 has started, billed until "), "{text}");
    assert!(text.contains("\ninvoice LN-F-2 of "), "{text}");

    let all = must(&books, &["subscription", "list"]);
    let first = "1  familia-soto  tarifas movil-10 x 1  active, billed until ";
    assert!(all.starts_with(first) && all.lines().count() == 2, "{all}");
    let own = ["subscription", "list", "--customer", "familia-soto"];
    assert_eq!(must(&books, &own), all);
    assert_eq!(must(&books, &["subscription", "list", "--customer", "taller-otero"]), "");
    assert_eq!(rows(&books, &own)[1]["quantity"], 2);

    must(&books, &["subscription", "end", "1", "--reason", "moves abroad"]);
    let shown = must(&books, &["subscription", "show", "1"]);
    for part in ["ported, in casa; billed every month", "msisdn: 34600000001", "(moves abroad)"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let shown = &rows(&books, &["subscription", "show", "1"])[0];
    assert_eq!(shown["ends_on"], shown["billed_until"]);
    assert_eq!(shown["history"][0]["plan"], "movil-10");
    assert_eq!((&shown["steps"][0]["by"], &shown["bundle"]), (&json!("operator"), &json!("casa")));
    assert_eq!(shown["documents"][0]["number"], "LN-F-1");
    let again = refused(&books, &["subscription", "end", "1", "--reason", "twice"]);
    assert!(again.contains("its end is agreed"), "{again}");
    assert!(refused(&books, &["subscription", "end", "2", "--reason", ""]).contains("reason"));
    must(&books, &["verify"]);
}

#[test]
fn what_binds_a_subscription_is_shown_with_the_days_that_are_left() {
    let books = telecom();
    let fibre = ["--product", "fibra", "--plan", "fibra-600"];
    must(&books, &[&["subscription", "start", "--customer", "familia-soto"], &fibre[..]].concat());
    let bound = rows(&books, &["subscription", "show", "1"])[0]["commitments"][0].clone();
    assert_eq!((&bound["plan"], &bound["penalty"]), (&json!("fibra-600"), &json!("150.00")));
    let left = bound["days_left"].as_i64().expect("days");
    assert!((365..=366).contains(&left), "{left}");
    let shown = must(&books, &["subscription", "show", "1"]);
    assert!(
        shown.contains(&format!("{left} days are left; leaving on the first day costs 150.00"))
    );
}

#[test]
fn what_cannot_be_started_says_why_and_starts_nothing() {
    let books = telecom();
    let tomorrow = "9999-01-01";
    for (arguments, why) in [
        (start("gold", &[]), "tarifas has no plan `gold`"),
        (start("movil-10", &["--product", "fax"]), "there is no product `fax`"),
        (start("movil-10", &["--customer", "nobody"]), "there is no customer `nobody`"),
        (start("movil-10", &["--tenant", "nobody"]), "there is no tenant `nobody`"),
        (start("movil-10", &["--bundle", "trio"]), "there is no bundle `trio`"),
        (start("movil-10", &["--billing-day", "32"]), "billing_day must be from 1 to 31"),
        (start("movil-10", &["--quantity", "0"]), "quantity must be"),
        (start("movil-10", &["--months", "2"]), "sold"),
        (start("movil-10", &["--sold-on", tomorrow]), "the day of sale is today or"),
        (start("movil-10", &["--msisdn", "+34600"]), "msisdn is not 5 to 22 digits"),
    ] {
        // An option that stands twice is wrong usage, so the first one goes.
        let arguments = last_of_each(&arguments);
        let text = refused(&books, &arguments);
        assert!(text.contains(why), "{arguments:?}: {text}");
    }
    for more in [["--sold-on", "2026-01-31T10:00"], ["--origin", "stolen"], ["--months", "one"]] {
        assert_eq!(run(&books, &start("movil-10", &more)).status.code(), Some(2), "{more:?}");
    }
    assert_eq!(must(&books, &["subscription", "list"]), "");
    let unknown = refused(&books, &["subscription", "show", "1"]);
    assert!(unknown.contains("there is no subscription 1"), "{unknown}");
    let unknown = refused(&books, &["subscription", "end", "7", "--reason", "none"]);
    assert!(unknown.contains("there is no subscription 7"), "{unknown}");
}

/// The verb, and of each option that stands twice the last.
fn last_of_each<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    let (verb, options) = arguments.split_at(2);
    let mut all: Vec<&[&str]> = Vec::new();
    for option in options.chunks(2) {
        all.retain(|known| known[0] != option[0]);
        all.push(option);
    }
    [verb, &all.concat()].concat()
}

#[test]
fn an_invoice_is_paid_and_explained_by_its_number_or_guid() {
    let books = telecom();
    must(&books, &start("movil-10", &[]));
    let paid = |invoice: &str, amount: &str| {
        let args = ["payment", "record", "--invoice", invoice, "--amount", amount];
        must(&books, &[&args[..], &["--currency", "EUR"]].concat())
    };
    assert_eq!(paid("LN-F-1", "10.00"), "LN-F-1: 4.90 EUR are still to be paid\n");
    let args = ["payment", "record", "--invoice", "LN-F-1", "--amount", "5", "--currency", "EUR"];
    let payment: &Value = &rows(&books, &args)[0];
    assert_eq!((&payment["status"], &payment["balance"]), (&json!("paid"), &json!("0.10")));
    let guid = payment["invoice"].as_str().expect("a guid");
    assert_eq!(paid(guid, "1.00"), "LN-F-1 is paid\nthe customer's balance is 1.10 EUR\n");
    let explained = must(&books, &["explain", "LN-F-1"]);
    assert!(explained.starts_with("document LN-F-1: 14.90 EUR"), "{explained}");

    must(&books, &["change", "request", "--subscription", "1", "--plan", "movil-75"]);
    assert!(must(&books, &["explain", "LN-C-1"]).starts_with("document LN-C-1: 3.00 EUR"));
    let asks_nothing = ["payment", "record", "--invoice", "LN-C-1", "--amount", "3.00"];
    let text = refused(&books, &[&asks_nothing[..], &["--currency", "EUR"]].concat());
    assert!(text.contains("there is no payment request or invoice `LN-C-1`"), "{text}");
    let text = refused(&books, &["payment", "refund", "--invoice", "LN-F-1", "--reason", "x"]);
    assert!(text.contains("there is no payment request `LN-F-1`"), "{text}");
    must(&books, &["verify"]);
}
