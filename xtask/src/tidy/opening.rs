//! Every Rust file opens with a sentence that says what it is for.

use super::source::Source;
use crate::finding::Finding;

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let opens = source.text.strip_prefix("//! ").is_some_and(|it| !it.starts_with(['\n', ' ']));
    if !source.is_rust() || opens {
        return Vec::new();
    }
    let wrong = "the file doesn't say what it is for".to_owned();
    vec![source.finding(1, wrong, "open it with a `//!` sentence")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rust_file_without_an_opening_sentence_is_found() {
        let count = |path, text: &str| check(&Source::new(path, text.to_owned())).len();
        assert_eq!(count("build.rs", "fn main() {}\n"), 1);
        assert_eq!(count("a.rs", "// Plain.\n"), 1);
        assert_eq!(count("a.rs", "//!\n//! Late.\n"), 1);
        assert_eq!(count("a.rs", "//! What it is.\n"), 0);
        assert_eq!(count("a.md", "# Title\n"), 0);
    }
}
