//! Time and settings are handed in, and amounts are exact.

use super::source::{Source, numbered, words};
use crate::finding::Finding;

/// Calls that reach for the machine, and the crates (their `src`) that may not.
const REACHING: &[&str] =
    &["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now", "env::var"];
const HANDED_IN: &[&str] = &["domain", "store", "api-*", "worker"];

/// The crates (their `src`) in which every number is exact.
const EXACT: &[&str] = &["domain", "store", "engine"];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    if source.path.split('/').nth(2) != Some("src") {
        return findings;
    }
    for (number, line) in numbered(&source.code) {
        if source.is_in(HANDED_IN)
            && let Some(call) = REACHING.iter().find(|it| line.contains(**it))
        {
            let mend = match *call {
                "env::var" => "let `app` read it and hand the value in",
                _ => "take the moment as an argument; only the engine's Env reads clocks",
            };
            findings.push(source.finding(
                number,
                format!("`{call}` reaches for the machine"),
                mend,
            ));
        }
        if source.is_in(EXACT)
            && let Some(word) = words(line).find(|it| is_float(it))
        {
            let mend = "use integers: minor units, i128 fractions, days";
            findings.push(source.finding(number, format!("the float `{word}`"), mend));
        }
    }
    findings
}

/// The types themselves, suffixes (`1f64`), and functions that end in one (`as_f64`).
fn is_float(word: &str) -> bool {
    ["f32", "f64"].into_iter().filter_map(|it| word.strip_suffix(it)).any(|before| {
        before.is_empty()
            || before.ends_with('_')
            || (before.starts_with(|it: char| it.is_ascii_digit()) && !before.starts_with("0x"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        check(&Source::new(path, text.to_owned())).len()
    }

    #[test]
    fn each_reach_for_the_machine_is_found() {
        for call in REACHING {
            let text = format!("let it = std::{call}();\n");
            assert_eq!(found("crates/api-native/src/a.rs", &text), 1, "{call}");
            assert_eq!(found("crates/engine/src/a.rs", &text), 0, "{call}");
            assert_eq!(found("crates/store/tests/a.rs", &text), 0, "{call}");
        }
    }

    #[test]
    fn each_spelling_of_a_float_is_found() {
        for float in ["a: f64", "1f32", "1.5_f64", "value.as_f64()", "f32::from(a)"] {
            assert_eq!(found("crates/domain/src/a.rs", &format!("{float};\n")), 1, "{float}");
        }
    }

    #[test]
    fn comments_and_other_words_are_fine() {
        assert_eq!(
            found("crates/domain/src/a.rs", "let a = 0x1f64; // never f64\nlet leaf64 = 1;\n"),
            0
        );
        assert_eq!(found("crates/http/src/a.rs", "a: f64\n"), 0);
    }
}
