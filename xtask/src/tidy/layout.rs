//! Lines that look the same in every editor.
//!
//! rustfmt leaves literals and long comments alone; this doesn't.

use super::source::{Source, numbered};
use crate::finding::Finding;

/// Characters of a line, as in rustfmt.toml.
const COLUMNS: usize = 100;

pub(super) fn check(source: &Source) -> Vec<Finding> {
    if !source.is_rust() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (number, line) in numbered(&source.text) {
        let mut found = |wrong: &str, mend| {
            findings.push(source.finding(number, wrong.to_owned(), mend));
        };
        if line.contains('\t') {
            found("a tab", "use spaces, or run `cargo fmt`");
        }
        if line.ends_with(char::is_whitespace) {
            found("white space at the end of the line", "take it away, or run `cargo fmt`");
        }
        let columns = line.chars().count();
        if columns > COLUMNS {
            let wrong = format!("{columns} columns, {COLUMNS} are allowed");
            found(&wrong, "break the line; a literal too, with `\\` at its end");
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Vec<String> {
        let text = format!("//! Fine.\n{line}\n");
        check(&Source::new("a.rs", text)).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn tabs_ends_and_long_lines_are_found() {
        assert_eq!(found("a\tb"), ["a.rs:2: a tab; use spaces, or run `cargo fmt`"]);
        assert!(found("a ")[0].contains("white space"));
        assert!(found("a\r")[0].contains("white space"), "a carriage return is white space");
        assert!(found(&"é".repeat(101))[0].contains("101 columns, 100 are allowed"));
    }

    #[test]
    fn a_hundred_columns_are_fine() {
        let none: &[String] = &[];
        assert_eq!(found(&"é".repeat(100)), none);
    }
}
