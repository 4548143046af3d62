//! Files and functions that fit a reader's head.

use super::source::Source;
use crate::finding::Finding;

/// Lines of a file, without the tests at its end.
const FILE: usize = 400;
/// Lines of a file of tests.
const TEST_FILE: usize = 500;
/// Lines of a function, from `fn` to its closing brace.
const FUNCTION: usize = 70;

pub(super) fn files(source: &Source) -> Vec<Finding> {
    if !source.is_rust() {
        return Vec::new();
    }
    let limit = if source.is_test() { TEST_FILE } else { FILE };
    let lines = match source.tests_start() {
        Some(start) if !source.is_test() => start - 1,
        _ => source.text.lines().count(),
    };
    if lines <= limit {
        return Vec::new();
    }
    let wrong = format!("{lines} lines, {limit} are allowed");
    vec![source.finding(limit + 1, wrong, "split the file by what its parts are about")]
}

pub(super) fn functions(source: &Source) -> Vec<Finding> {
    let code = &source.code;
    let mut findings = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let inside_a_word = code[..at].ends_with(|it: char| it.is_alphanumeric() || it == '_');
        let Some(body) = (!inside_a_word).then(|| body(&code[at..])).flatten() else { continue };
        let lines = body.matches('\n').count() + 1;
        if lines > FUNCTION {
            let name: String = body[3..].chars().take_while(|it| !"(<{ ".contains(*it)).collect();
            let line = code[..at].matches('\n').count() + 1;
            let wrong = format!("`{name}` has {lines} lines, {FUNCTION} are allowed");
            findings.push(source.finding(line, wrong, "give its steps names of their own"));
        }
    }
    findings
}

/// From `fn` to the brace that closes it; `None` for a declaration without a body.
fn body(code: &str) -> Option<&str> {
    let (mut braces, mut brackets) = (0_usize, 0_usize);
    for (at, it) in code.char_indices() {
        match it {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets = brackets.saturating_sub(1),
            ';' if braces == 0 && brackets == 0 => return None,
            '{' => braces += 1,
            '}' => {
                braces = braces.saturating_sub(1);
                if braces == 0 && brackets == 0 {
                    return Some(&code[..=at]);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rule: fn(&Source) -> Vec<Finding>, path: &str, text: &str) -> Vec<String> {
        rule(&Source::new(path, text.to_owned())).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn a_long_file_is_found_and_its_tests_are_free() {
        let none: &[String] = &[];
        let full = "a\n".repeat(FILE);
        assert_eq!(found(files, "a.rs", &full), none);
        assert_eq!(
            found(files, "a.rs", &format!("{full}#[cfg(test)]\nmod tests {{\n{full}}}")),
            none
        );
        assert_eq!(
            found(files, "a.rs", &format!("{full}b\n")),
            ["a.rs:401: 401 lines, 400 are allowed; split the file by what its parts are about"]
        );
        assert_eq!(found(files, "tests/a.rs", &format!("{full}b\n")), none);
        assert_eq!(found(files, "tests/a.rs", &"a\n".repeat(TEST_FILE + 1)).len(), 1);
    }

    #[test]
    fn a_long_function_is_found_whatever_its_strings_say() {
        let short = "fn short() {\n    \"}\";\n}\ntrait T {\n    fn none(a: [u8; 2]);\n}\n";
        let long =
            format!("{short}pub fn long<T>(a: [u8; 2]) {{\n{}}}\n", "    \"{\";\n".repeat(69));
        let none: &[String] = &[];
        assert_eq!(found(functions, "a.rs", short), none);
        assert_eq!(
            found(functions, "a.rs", &long),
            ["a.rs:7: `long` has 71 lines, 70 are allowed; give its steps names of their own"]
        );
    }
}
