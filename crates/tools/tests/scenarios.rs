//! The life stories in `scenarios/`, told on both databases: each comes to what is written down
//! beside it, to the byte.

use abono_engine::Engine;
use abono_testkit::{Database, on_each_database};
use abono_tools::scenario::{Machine, Scenario, expected_path, is_expected, run};
use abono_worker::{Next, step};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios")
}

fn stories() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).expect("the folder of the stories");
    let files = entries.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    files.sort();
    files
}

async fn work(engine: &Engine) {
    while let Ok(Next::Now) = step(engine).await {}
}

async fn tell(story: &Scenario, seed: u64, database: &Database) -> String {
    let machine = Machine::new(seed);
    let engine = Engine::new(machine.env(), database.store().await);
    let told = run(story, &engine, &machine, &work).await;
    told.unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_story_comes_to_what_is_written_beside_it_on_each_database() {
    let stories = stories();
    assert!(stories.len() >= 25, "{} stories were found", stories.len());
    for some in stories.chunks(TOGETHER) {
        on_each_database(async |database| {
            for (seed, path) in (0..).zip(some) {
                let story = Scenario::read(path).unwrap_or_else(|error| panic!("{error}"));
                let expected = std::fs::read_to_string(expected_path(path));
                let expected = expected.expect("what is expected");
                let told = tell(&story, seed, &database).await;
                if let Err(difference) = is_expected(&expected, &told) {
                    panic!("{} on {}:\n{difference}", path.display(), database.kind());
                }
            }
        });
    }
}

/// How many stories share books: none of them sees the others. The worker looks at everybody's, so
/// that all of them together would take long.
const TOGETHER: usize = 5;

#[test]
fn what_is_expected_belongs_to_a_story() {
    for entry in std::fs::read_dir(folder()).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|end| end == "expected") {
            assert!(path.with_extension("toml").exists(), "{} has no story", path.display());
        }
    }
}

/// A story of one step on the demo's kind of seller.
fn story(step: &str) -> String {
    let seller = "seller = \"sellers/kassa.toml\"";
    format!("name = \"n\"\nabout = \"a\"\nstart = 2026-01-31T10:00:00Z\n{seller}\n{step}")
}

fn unreadable(text: &str) -> String {
    let path = folder().join("x.toml");
    let error = Scenario::parse(&path, text).expect_err("it is wrong").to_string();
    let prefix = format!("{}:", path.display());
    error.strip_prefix(&prefix).unwrap_or_else(|| panic!("no file: {error}")).to_owned()
}

#[test]
fn a_story_that_is_wrong_is_refused_with_its_line_and_key() {
    let step = |text: &str| story(&format!("\n[[step]]\n{text}\n"));
    for (text, line, words) in [
        ("about = \"a\"\n".to_owned(), "1: ", "missing field `name`"),
        (step("wait = \"a\"\ncolour = 1"), "8: ", "unknown field `colour`"),
        (step("pay = { request = \"a\" }"), "7: ", "missing field `amount`"),
        (step("at = 2026-01-31"), "7: ", "is not an instant"),
        (step("at = 2026-01-30T00:00:00Z\nwait = \"a\""), "6: ", "never goes back"),
        (step("at = 2026-01-31T13:00:00"), "6: ", "exactly one of list, quote"),
        (step("wait = \"a\"\ncancel = \"b\""), "6: ", "exactly one of list, quote"),
        (story("").replace("kassa.toml", "nobody.toml"), "4: ", "nobody.toml"),
        (step("[step.apply.tenant]\nslugg = \"a\""), "8: ", "slugg"),
    ] {
        let error = unreadable(&text);
        assert!(error.starts_with(line) && error.contains(words), "{text}\n{error}");
    }
}

#[test]
fn a_story_that_goes_otherwise_than_it_says_is_told_no_further() {
    on_each_database(async |database| {
        for (seed, (step, words)) in (0..).zip([
            ("cancel = \"a\"", "no request is called `a`"),
            ("list = \"nobody\"", "there is no customer `nobody`"),
            ("wait = \"a\"\nrefused = \"b\"", "it is not refused"),
            (
                "grant = { customer = \"shop\", product = \"pos\", plan = \"start\", \
                 months = 0, reason = \"r\" }",
                "it is refused: months must be from 1 to 60",
            ),
            (
                "grant = { customer = \"shop\", product = \"pos\", plan = \"start\", \
                 months = 0, reason = \"r\" }\nrefused = \"b\"",
                "refused, but with: months must be",
            ),
        ]) {
            let text = story(&format!("\n[[step]]\n{step}\n"));
            let story = Scenario::parse(&folder().join("x.toml"), &text).expect("a story");
            let machine = Machine::new(seed);
            let engine = Engine::new(machine.env(), database.store().await);
            let error = run(&story, &engine, &machine, &work).await.expect_err("it fails");
            assert_eq!(error.line, 6, "{error}");
            assert!(error.message.contains(words), "{error}");
        }
    });
}
