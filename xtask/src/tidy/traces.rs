//! No file tells on which machine it was written, or needs that machine.

use super::source::{Source, numbered};
use crate::finding::Finding;

/// Paths of one machine, in two halves so that this file doesn't find itself.
const PATHS: &[[&str; 2]] = &[["/wo", "rk/"], ["/tmp/abono", "-target"], ["../sha", "red"]];

/// Registries, in two halves. Their names belong into lock files only.
const HOSTS: &[[&str; 2]] = &[["crates", ".io"], ["pypi", ".org"], ["npmjs", ".com"]];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    if source.path.split('/').next_back() == Some("Cargo.lock") {
        return findings;
    }
    for (number, line) in numbered(&source.text) {
        for path in PATHS.iter().map(|it| it.concat()).filter(|it| starts_in(line, it)) {
            let wrong = format!("`{path}` is a path of one machine");
            findings.push(source.finding(number, wrong, "name it from the root of the repository"));
        }
        for host in HOSTS.iter().map(|it| it.concat()).filter(|it| line.contains(it.as_str())) {
            let wrong = format!("the registry's name `{host}`");
            findings.push(source.finding(number, wrong, "leave the choice of registry to cargo"));
        }
    }
    findings
}

/// Whether a path starts in this line: an absolute one isn't the middle of a longer one, or of an
/// address.
fn starts_in(line: &str, path: &str) -> bool {
    if !path.starts_with('/') {
        return line.contains(path);
    }
    line.match_indices(path).any(|(at, _)| {
        !line[..at].ends_with(|it: char| it.is_alphanumeric() || "._-/~*}".contains(it))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: String) -> usize {
        check(&Source::new(path, text)).len()
    }

    #[test]
    fn each_trace_is_found_in_any_text() {
        for trace in PATHS.iter().chain(HOSTS).map(|it| it.concat()) {
            assert_eq!(found("a.md", format!("see `{trace}`\n")), 1, "{trace}");
            assert_eq!(found("Cargo.lock", format!("\"{trace}\"\n")), 0, "{trace}");
        }
        assert_eq!(found("a.rs", format!("include!(\"../{}/a\")\n", PATHS[2].concat())), 1);
    }

    #[test]
    fn the_middle_of_a_longer_path_is_fine() {
        assert_eq!(found("a.md", format!("https://example.org{} home{0}\n", PATHS[0].concat())), 0);
    }
}
