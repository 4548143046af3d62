//! `cargo xtask tidy`: the form of the source files, one rule per file of this folder.
//!
//! A new rule is a function from [`Source`] to findings with a test that it can fail, named in
//! [`RULES`].

mod folders;
mod layout;
mod leftovers;
mod length;
mod lexer;
mod opening;
mod purity;
mod source;
mod sql;
mod traces;
mod vendors;

use crate::finding::{Finding, settle};
use anyhow::{Context, Result, ensure};
use cargo_metadata::{Metadata, camino::Utf8Path};
use source::Source;
use std::{fs, process::Command};

/// The rules that look at one file.
const RULES: &[fn(&Source) -> Vec<Finding>] = &[
    opening::check,
    length::files,
    length::functions,
    layout::check,
    leftovers::check,
    sql::check,
    vendors::check,
    purity::check,
    traces::check,
];

/// Checks every file that git tracks, or would track if it were added.
pub(crate) fn run(workspace: &Metadata) -> Result<()> {
    settle("tidy", check(&sources(&workspace.workspace_root)?))
}

fn check(sources: &[Source]) -> Vec<Finding> {
    let mut findings = folders::check(sources);
    findings.extend(sources.iter().flat_map(|it| RULES.iter().flat_map(|rule| rule(it))));
    findings
}

/// The text files; what isn't UTF-8 is no text.
fn sources(root: &Utf8Path) -> Result<Vec<Source>> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("tidy asks git for the list of files, and git didn't start")?;
    ensure!(listed.status.success(), "git: {}", String::from_utf8_lossy(&listed.stderr).trim());
    let names = String::from_utf8(listed.stdout).context("a file name isn't UTF-8")?;
    let mut sources = Vec::new();
    for name in names.split_terminator('\0') {
        let path = root.join(name);
        // Git still lists what was deleted and not yet committed, and links to folders.
        if path.is_file() {
            let bytes = fs::read(&path).with_context(|| format!("can't read {path}"))?;
            sources.extend(String::from_utf8(bytes).ok().map(|text| Source::new(name, text)));
        }
    }
    Ok(sources)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_sees_every_file() {
        let text = "fn late() {}\t\n".to_owned();
        let found = check(&[Source::new("crates/app/src/a.rs", text)]);
        let lines: Vec<String> = found.iter().map(Finding::to_string).collect();
        assert_eq!(
            lines,
            [
                "crates/app/src/a.rs:1: the file doesn't say what it is for; open it with a `//!` \
                 sentence",
                "crates/app/src/a.rs:1: a tab; use spaces, or run `cargo fmt`",
                "crates/app/src/a.rs:1: white space at the end of the line; take it away, or run \
                 `cargo fmt`",
            ]
        );
    }
}
