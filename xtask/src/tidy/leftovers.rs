//! What was meant to be finished before it was committed.

use super::source::{Source, numbered, words};
use crate::finding::Finding;

/// Notes to oneself, in code or comments.
const NOTES: &[&str] = &["TODO", "FIXME", "XXX"];

/// Calls and attributes, and what to do instead.
const CALLS: &[(&str, &str)] = &[
    ("dbg!", "use tracing, or take it out"),
    ("todo!", "write it, or refuse with a typed error"),
    ("unimplemented!", "write it, or refuse with a typed error"),
    ("#[ignore", "make the test quick and steady, or take it out"),
    ("#[allow(", "mend the cause, or use `#[expect(…, reason = \"…\")]`"),
    ("#![allow(", "mend the cause, or use `#[expect(…, reason = \"…\")]`"),
];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in numbered(&source.prose) {
        for note in words(line).filter(|it| NOTES.contains(it)) {
            let wrong = format!("a note to oneself: {note}");
            findings.push(source.finding(number, wrong, "do it, or open an issue"));
        }
    }
    for (number, line) in numbered(&source.code) {
        for (call, mend) in CALLS.iter().filter(|(call, _)| has(line, call)) {
            findings.push(source.finding(number, format!("`{call}` was left behind"), mend));
        }
    }
    findings
}

/// Whether the line has this text, and not as the end of a longer name.
fn has(line: &str, call: &str) -> bool {
    line.match_indices(call)
        .any(|(at, _)| !line[..at].ends_with(|it: char| it.is_alphanumeric() || it == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> usize {
        check(&Source::new("a.rs", text.to_owned())).len()
    }

    #[test]
    fn each_note_and_call_is_found() {
        for note in NOTES {
            assert_eq!(found(&format!("a(); // {note}: later\n")), 1, "{note}");
        }
        for (call, _) in CALLS {
            assert_eq!(found(&format!("    {call}(a)\n")), 1, "{call}");
        }
    }

    #[test]
    fn literals_and_longer_names_are_fine() {
        assert_eq!(
            found("currency(\"XXX\"); my_todo!(); // todo!() is the macro, TODOS a table\n"),
            0
        );
    }
}
