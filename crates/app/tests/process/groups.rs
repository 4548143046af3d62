//! `abono group`: what is added to a subscription, and its end.

use crate::support::{must, refused, rows, run};
use abono_testkit::Database;
use serde_json::json;

/// A subscription with a product that is free to end, number 2, and one that is bound, number 3.
/// All of it begins today, so that what is charged and what comes back is the whole cycle.
fn salon() -> Database {
    let books = Database::sqlite();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/sellers/salong.toml");
    must(&books, &["apply", file, "--yes"]);
    let start = ["subscription", "start", "--customer", "klippet", "--product", "booking"];
    must(&books, &[&start[..], &["--plan", "base"]].concat());
    for plan in ["calendar", "terminal"] {
        must(&books, &of("add", &["--product", "extras", "--plan", plan, "--quantity", "2"]));
    }
    books
}

/// A verb of the first subscription.
fn of<'a>(verb: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["group", verb], more, &["--subscription", "1"]].concat()
}

#[test]
fn what_is_added_is_listed_with_what_binds_it() {
    let books = salon();
    let all = must(&books, &of("list", &[]));
    assert!(all.starts_with("2  extras calendar x 2  optional, active, billed until "), "{all}");
    assert!(
        all.contains("\n3  extras terminal x 2  ") && all.contains("\n  bound until "),
        "{all}"
    );
    let more = ["--product", "extras", "--plan", "support"];
    let added = &rows(&books, &of("add", &more))[0];
    assert_eq!((&added["group"], &added["status"]), (&json!(4), &json!("active")));
    assert_eq!(added["balance_change"]["total"], "80.00");
    assert_eq!(added["balance_change"]["items"][0]["plan"], "support");
    assert_eq!(rows(&books, &of("list", &[])).len(), 3);
    must(&books, &["verify"]);
}

#[test]
fn a_preview_shows_what_the_end_changes_and_writes_nothing() {
    let books = salon();
    let now = ["2", "--when", "now", "--reason", "unused", "--text", "Case 17"];
    let seen = &rows(&books, &of("terminate", &[&now[..], &["--preview"]].concat()))[0];
    assert_eq!((&seen["preview"], &seen["status"]), (&json!(true), &json!("done")));
    let text = must(&books, &of("terminate", &["2", "--preview"]));
    assert!(text.starts_with("preview, nothing is written: product group 2 done: "), "{text}");
    assert!(text.contains("\n  balance change, without tax: -200.00 SEK\n"), "{text}");
    assert_eq!(rows(&books, &of("list", &[]))[0]["terminations"], json!([]));

    let done = &rows(&books, &of("terminate", &now))[0];
    assert_eq!(done["balance_change"], seen["balance_change"], "what was shown is what is done");
    assert_eq!(done["balance_change"]["total"], "-200.00");
    let listed = &rows(&books, &of("list", &[]))[0];
    assert_eq!(
        (&listed["status"], &listed["terminations"][0]["reason"]),
        (&json!("terminated"), &json!("unused"),)
    );
    assert!(refused(&books, &of("terminate", &["2"])).contains("the product group has ended"));
    must(&books, &["verify"]);
}

#[test]
fn what_waits_for_its_day_is_shown_and_taken_back() {
    let books = salon();
    let text = refused(&books, &of("terminate", &["3", "--when", "now"]));
    assert!(text.contains("the product group is bound until "), "{text}");
    let at_end = ["2", "--when", "period-end", "--credit", "full", "--as", "internal"];
    let asked = &rows(&books, &of("terminate", &at_end))[0];
    assert_eq!(
        (&asked["type"], &asked["as"]),
        (&json!("at_billing_period_end"), &json!("internal"),)
    );
    assert_eq!(
        (&asked["status"], &asked["balance_change"]["total"]),
        (&json!("scheduled"), &json!("-200.00"),)
    );
    let listed = must(&books, &of("list", &[]));
    assert!(listed.contains("\n  termination scheduled: at_billing_period_end at "), "{listed}");
    let text = refused(&books, &of("terminate", &["2"]));
    assert!(text.contains("withdraw that termination first"), "{text}");
    let text = must(&books, &of("withdraw", &["2"]));
    assert!(text.starts_with("product group 2 withdrawn: at_billing_period_end at "), "{text}");
    assert!(refused(&books, &of("withdraw", &["2"])).contains("does not wait any more"));
    must(&books, &["verify"]);
}

#[test]
fn what_cannot_be_added_or_ended_says_why() {
    let books = salon();
    let add = ["--product", "extras", "--plan", "gold"];
    for (arguments, why) in [
        (of("add", &add), "extras has no plan `gold`"),
        (of("add", &["--product", "fax", "--plan", "gold"]), "there is no product `fax`"),
        (of("add", &["--product", "booking", "--plan", "plus"]), "the article is unknown"),
        (of("terminate", &["9"]), "the subscription has no product group 9"),
        (of("terminate", &["2", "--reason", "none"]), "there is no termination reason `none`"),
        (of("withdraw", &["2"]), "product group 2 has no termination"),
        (vec!["group", "list", "--subscription", "7"], "there is no subscription 7"),
    ] {
        let text = refused(&books, &arguments);
        assert!(text.contains(why), "{arguments:?}: {text}");
    }
    for more in [["--when", "never"], ["--credit", "double"], ["--as", "gift"]] {
        let arguments = of("terminate", &[&["2"], &more[..]].concat());
        assert_eq!(run(&books, &arguments).status.code(), Some(2), "{more:?}");
    }
    assert_eq!(rows(&books, &of("list", &[])).len(), 2);
}
