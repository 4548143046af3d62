//! `abono test` as people and programs meet it.

use crate::support::{abono, each_database, run};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Output;
use tempfile::TempDir;

const STORY: &str = include_str!("../../../../scenarios/late-payment.toml");
const EXPECTED: &str = include_str!("../../../../scenarios/late-payment.expected");
const SELLER: &str = include_str!("../../../../scenarios/sellers/kassa.toml");

/// A folder with a story, its seller and what it must come to.
struct Shelf(TempDir);

impl Shelf {
    fn new() -> Self {
        let shelf = Self(TempDir::new().expect("a folder"));
        std::fs::create_dir(shelf.path("sellers")).expect("a folder");
        shelf.write("sellers/kassa.toml", SELLER);
        shelf.write("late.toml", STORY);
        shelf.write("late.expected", EXPECTED);
        shelf
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("written");
    }

    fn test(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let mut command = abono();
        command.arg("test").args(arguments).current_dir(self.0.path());
        said(command.output().expect("it runs"))
    }
}

fn said(output: Output) -> (Option<i32>, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout) + &text(output.stderr))
}

#[test]
fn a_story_that_is_told_otherwise_shows_the_lines_and_fails() {
    let shelf = Shelf::new();
    assert_eq!(shelf.test(&["late.toml"]), (Some(0), "ok late\n1 as expected, 0 not\n".into()));

    shelf.write("late.expected", &EXPECTED.replace("990.00 = 990.00 RUB", "990.00 = 991.00 RUB"));
    let (code, text) = shelf.test(&["late.toml"]);
    assert_eq!(code, Some(1));
    assert!(text.starts_with("differs late\n"), "{text}");
    assert!(text.contains("-    Point of sale, Start: 1 x 990.00 = 991.00 RUB\n"), "{text}");
    assert!(text.contains("+    Point of sale, Start: 1 x 990.00 = 990.00 RUB\n"), "{text}");
    let (code, text) = shelf.test(&["--json", "late.toml"]);
    let summary: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((code, &summary["scenarios"][0]["result"]), (Some(1), &"differs".into()));

    let blessed = (Some(0), "blessed late\n1 as expected, 0 not\n".to_owned());
    assert_eq!(shelf.test(&["--bless", "late.toml"]), blessed);
    assert_eq!(std::fs::read_to_string(shelf.path("late.expected")).expect("read"), EXPECTED);
}

#[test]
fn a_story_that_cannot_be_told_says_where_and_the_others_are_told_all_the_same() {
    let shelf = Shelf::new();
    shelf.write("wrong.toml", &STORY.replace("months = 1", "month = 1"));
    shelf.write("new.toml", STORY);
    let (code, text) = shelf.test(&["wrong.toml", "new.toml", "nobody.toml", "late.toml"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("failed wrong\nwrong.toml:") && text.contains("`month`"), "{text}");
    assert!(text.contains("new.expected") && text.contains("--bless writes it"), "{text}");
    assert!(text.contains("nobody.toml:1: it can't be read"), "{text}");
    assert!(text.ends_with("ok late\n1 as expected, 3 not\n"), "{text}");
    assert_eq!(shelf.test(&[]).0, Some(2));
}

#[test]
fn stories_are_told_in_an_empty_database_and_never_beside_anybodys_books() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let story = |name: &str| folder.join(name).display().to_string();
    let stories = [story("late-payment.toml"), story("currencies.toml"), story("cancel.toml")];
    let stories: Vec<&str> = stories.iter().map(String::as_str).collect();
    each_database(|database, _| {
        let told = run(database, &[&["test"], stories.as_slice()].concat());
        let all = "ok late-payment\nok currencies\nok cancel\n3 as expected, 0 not\n";
        assert_eq!(said(told), (Some(0), all.to_owned()));
        let (code, text) = said(run(database, &["test", stories[0]]));
        assert_eq!(code, Some(1), "{text}");
        assert!(text.contains("holds the books of `"), "{text}");
    });
}
