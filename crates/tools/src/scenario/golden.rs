//! What a story must come to, and how a difference is shown.

use similar::TextDiff;
use std::path::{Path, PathBuf};

/// Where the text stands that a story's file must come to: beside it.
pub fn expected_path(scenario: &Path) -> PathBuf {
    scenario.with_extension("expected")
}

/// How many lines around a difference are shown.
const CONTEXT: usize = 4;

/// Whether a story was told as it must be.
///
/// # Errors
/// The lines that differ, with some around them: `-` was expected, `+` was told.
pub fn is_expected(expected: &str, told: &str) -> Result<(), String> {
    if expected == told {
        return Ok(());
    }
    let difference = TextDiff::from_lines(expected, told);
    let mut lines = difference.unified_diff();
    Err(lines.context_radius(CONTEXT).header("expected", "told").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_both_lines_and_some_around_them() {
        let lines: Vec<String> = (1..=20).map(|n| format!("line {n}\n")).collect();
        let expected = lines.concat();
        assert_eq!(is_expected(&expected, &expected), Ok(()));
        let told = expected.replace("line 10\n", "line ten\n");
        let difference = is_expected(&expected, &told).expect_err("it differs");
        assert!(difference.contains("-line 10\n+line ten\n"), "{difference}");
        assert!(difference.contains(" line 14\n") && !difference.contains("line 15"));
    }
}
