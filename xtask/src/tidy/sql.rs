//! SQL lives in the store, and in tests that look behind it.

use super::source::{Source, words};
use crate::finding::Finding;

/// What the store is measured against does the same with bare drivers.
const FLOOR: &str = "crates/tools/src/bench/floor/";

pub(super) fn check(source: &Source) -> Vec<Finding> {
    if source.is_in(&["store"]) || source.path.starts_with(FLOOR) {
        return Vec::new();
    }
    let mend = "move the statement to crates/store; where it is prose, choose another verb";
    source
        .literals
        .iter()
        .filter(|(line, literal)| !source.is_test_line(*line) && is_sql(literal))
        .map(|(line, _)| source.finding(*line, "SQL outside of the store".to_owned(), mend))
        .collect()
}

/// Whether a literal starts like a statement or holds the bones of one.
fn is_sql(literal: &str) -> bool {
    let text = literal.to_lowercase();
    let Some((_, text)) = text.split_once('"') else { return false };
    let words: Vec<&str> = words(text).collect();
    let follows = |first, second| {
        let start = words.iter().position(|it| *it == first);
        start.is_some_and(|start| words[start..].contains(&second))
    };
    let adjacent = |first, second| words.windows(2).any(|pair| pair == [first, second]);
    matches!(words.as_slice(), ["select", _, ..])
        || follows("select", "from")
        || follows("update", "set")
        || adjacent("insert", "into")
        || adjacent("delete", "from")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        check(&Source::new(path, text.to_owned())).len()
    }

    #[test]
    fn each_kind_of_statement_is_found() {
        for statement in [
            "\"select 1\"",
            "\"SELECT a FROM b\"",
            "r#\"  select a\nfrom b\"#",
            "br\"a where exists (select b from c)\"",
            "\"with a as (select b from c)\"",
            "\"insert into a values (1)\"",
            "\"update a\n    set b = 1\"",
            "\"delete from a\"",
        ] {
            assert_eq!(
                found("crates/http/src/a.rs", &format!("run({statement});")),
                1,
                "{statement}"
            );
        }
    }

    #[test]
    fn prose_comments_the_store_and_tests_are_fine() {
        let statement = "run(\"delete from a\");";
        assert_eq!(
            found("crates/http/src/a.rs", "say(\"update the plan, then try again\"); // select"),
            0
        );
        assert_eq!(found("crates/store/src/a.rs", statement), 0);
        assert_eq!(found("crates/http/tests/a.rs", statement), 0);
        assert_eq!(found("crates/testkit/src/a.rs", statement), 0);
        assert_eq!(
            found("crates/http/src/a.rs", &format!("#[cfg(test)]\nmod tests {{\n{statement}\n}}")),
            0
        );
    }
}
