//! The examples of `docs/calc.md` and `docs/scenarios.md` are run, so that the pages stay true; and
//! the pages name every word there is.

use abono_domain::catalogue::{Effect, PlanKind};
use abono_domain::risk::{Measure, Verdict};
use abono_tools::calc::{LINE_MAX, answer};
use abono_tools::scenario::Scenario;
use serde_json::Value;

const PAGE: &str = include_str!("../../../docs/calc.md");

/// The fenced blocks of the page that open with `json`: what kind each is, and its text.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let fenced = PAGE.split("```").skip(1).step_by(2);
    fenced.filter_map(|block| block.strip_prefix("json ")?.split_once('\n')).collect()
}

/// The page breaks answers into lines; what is compared is the order of members too.
fn on_one_line(answer: &str) -> String {
    serde_json::from_str::<Value>(answer).expect("JSON").to_string()
}

#[test]
fn every_request_on_the_page_gets_the_answer_that_follows_it() {
    let blocks = blocks();
    assert!(blocks.len() >= 10, "the examples were not found");
    for pair in blocks.chunks(2) {
        let [("request", request), ("answer", expected)] = pair else {
            panic!("a request is followed by its answer: {pair:?}");
        };
        assert_eq!(request.trim_end().lines().count(), 1, "{request}");
        assert_eq!(answer(request.trim_end()), on_one_line(expected), "{request}");
    }
}

#[test]
fn the_page_names_every_op_and_the_longest_line() {
    let unknown: Value = serde_json::from_str(&answer(r#"{"op":"?"}"#)).expect("JSON");
    let message = unknown["error"]["message"].as_str().expect("message");
    let (_, ops) = message.split_once("there are: ").expect("ops");
    for op in ops.split(", ") {
        assert!(PAGE.contains(&format!("## `{op}`")), "no section on {op}");
    }
    assert_eq!(LINE_MAX, 1_048_576);
}

#[test]
fn the_story_on_the_page_is_one_that_is_told() {
    let page = include_str!("../../../docs/scenarios.md");
    let story = include_str!("../../../scenarios/late-payment.toml");
    let expected = include_str!("../../../scenarios/late-payment.expected");
    assert!(page.contains(&format!("```toml\n{story}```")), "the page has another story");
    assert!(page.contains(&format!("```text\n{expected}```")), "the page tells it otherwise");
}

#[test]
fn the_page_names_every_verb_of_a_story() {
    let page = include_str!("../../../docs/scenarios.md");
    let (path, step) = (std::path::Path::new("x.toml"), "[[step]]\nrefused = \"a\"\n");
    let seller = "seller = \"../../docs/seller.example.toml\"";
    let head = format!("name = \"n\"\nabout = \"a\"\nstart = 2026-01-31T10:00:00Z\n{seller}\n");
    let error = Scenario::parse(path, &format!("{head}{step}")).expect_err("no verb");
    let (_, verbs) = error.message.split_once("exactly one of ").expect("the verbs");
    for verb in verbs.split(", ") {
        assert!(page.contains(&format!("| `{verb} = ")), "no line on {verb}");
    }
}

#[test]
fn the_page_of_the_sellers_file_names_every_word_of_risk_changes_and_kinds() {
    let page = include_str!("../../../docs/seller-file.md");
    for measure in Measure::ALL {
        assert!(page.contains(&format!("| `{}` |", measure.as_str())), "no line on {measure:?}");
    }
    let words = Verdict::ALL.iter().map(|it| it.as_str());
    let words = words.chain(PlanKind::ALL.iter().map(|it| it.as_str()));
    for word in words.chain(Effect::ALL.iter().map(|it| it.as_str())) {
        assert!(
            page.contains(&format!("`{word}`")) || page.contains(&format!("\"{word}\"")),
            "{word}"
        );
    }
}
