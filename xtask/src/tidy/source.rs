//! One text file as the rules see it.

use super::lexer::{Kind, pieces};
use crate::finding::Finding;

/// A file of the repository.
pub(super) struct Source {
    /// As seen from the root, with `/` between the parts.
    pub(super) path: String,
    /// The text as it is stored.
    pub(super) text: String,
    /// The same without literals: blank where they stand. Empty unless the file is Rust.
    pub(super) prose: String,
    /// The same without literals and comments. Empty unless the file is Rust.
    pub(super) code: String,
    /// The literals and the line each starts on. Empty unless the file is Rust.
    pub(super) literals: Vec<(usize, String)>,
}

impl Source {
    pub(super) fn new(path: &str, text: String) -> Self {
        let (mut prose, mut code, mut literals) = (String::new(), String::new(), Vec::new());
        if path.ends_with(".rs") {
            for (kind, piece) in pieces(&text) {
                if kind == Kind::Literal {
                    literals.push((code.matches('\n').count() + 1, piece.to_owned()));
                }
                let keep = |wanted: &[Kind]| match wanted.contains(&kind) {
                    true => piece.to_owned(),
                    false => blank(piece),
                };
                prose.push_str(&keep(&[Kind::Code, Kind::Comment]));
                code.push_str(&keep(&[Kind::Code]));
            }
        }
        Self { path: path.to_owned(), text, prose, code, literals }
    }

    pub(super) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether the file lies in one of these folders of `crates/`; `api-*` stands for all of them.
    pub(super) fn is_in(&self, crates: &[&str]) -> bool {
        let mine = self.path.strip_prefix("crates/").and_then(|it| it.split('/').next());
        mine.is_some_and(|mine| {
            crates.iter().any(|it| match it.strip_suffix('*') {
                Some(start) => mine.starts_with(start),
                None => mine == *it,
            })
        })
    }

    /// Whether the whole file is for tests: in a folder `tests`, named `tests.rs`, or of the
    /// testkit.
    pub(super) fn is_test(&self) -> bool {
        self.path.split('/').any(|it| it == "tests" || it == "tests.rs") || self.is_in(&["testkit"])
    }

    /// The line on which the tests at the end of the file start, counted from 1.
    pub(super) fn tests_start(&self) -> Option<usize> {
        let mut lines = self.code.lines().enumerate();
        while let Some((index, line)) = lines.next() {
            if line == "#[cfg(test)]" {
                let module =
                    lines.find(|(_, it)| !it.trim().is_empty() && !it.starts_with("#["))?.1;
                if module.starts_with("mod ") && module.contains('{') {
                    return Some(index + 1);
                }
            }
        }
        None
    }

    /// Whether this line, counted from 1, is for tests.
    pub(super) fn is_test_line(&self, line: usize) -> bool {
        self.is_test() || self.tests_start().is_some_and(|start| start <= line)
    }

    pub(super) fn finding(&self, line: usize, wrong: String, mend: &str) -> Finding {
        Finding { path: self.path.clone(), line: Some(line), wrong, mend: mend.to_owned() }
    }
}

/// Lines counted from 1.
pub(super) fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_terminator('\n').enumerate().map(|(index, line)| (index + 1, line))
}

/// The words of a line: runs of letters, digits and underscores.
pub(super) fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|it: char| !it.is_alphanumeric() && it != '_').filter(|it| !it.is_empty())
}

fn blank(piece: &str) -> String {
    piece.chars().map(|it| if it == '\n' { '\n' } else { ' ' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_and_prose_keep_their_lines() {
        let source = Source::new("a.rs", "one // two\n\"three\nfour\" five\n".to_owned());
        assert_eq!(source.code, "one       \n      \n      five\n");
        assert_eq!(source.prose, "one // two\n      \n      five\n");
        assert_eq!(source.literals, [(2, "\"three\nfour\"".to_owned())]);
    }

    #[test]
    fn tests_start_at_their_module_and_not_at_a_helper() {
        let start = |text: &str| Source::new("a.rs", text.to_owned()).tests_start();
        assert_eq!(start("fn a() {}\n\n#[cfg(test)]\nmod tests {\n}\n"), Some(3));
        assert_eq!(start("#[cfg(test)]\nmod tests;\nfn a() {}\n"), None);
        assert_eq!(start("#[cfg(test)]\nuse a::b;\n#[cfg(test)]\n#[x]\nmod tests {}\n"), Some(3));
    }

    #[test]
    fn a_crate_is_known_by_its_folder() {
        let source = Source::new("crates/api-native/src/lib.rs", String::new());
        assert!(source.is_in(&["api-*"]) && !source.is_in(&["api", "native"]));
    }
}
