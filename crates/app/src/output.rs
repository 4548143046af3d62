//! Everything that is written to a terminal or a program that reads.

use std::io::Write;

/// A line for whoever asked. Nobody who reads any more is no reason to fail.
pub(crate) fn line(text: impl std::fmt::Display) {
    let _gone = writeln!(std::io::stdout(), "{text}");
}

/// A line that is there before whoever reads it goes on.
pub(crate) fn line_now(text: impl std::fmt::Display) {
    line(text);
    let _gone = std::io::stdout().flush();
}

/// What went wrong: the last sentence first, then why.
pub(crate) fn complain(error: &anyhow::Error) {
    let mut stderr = std::io::stderr();
    let _gone = writeln!(stderr, "abono: {error:#}");
}

/// A remark beside the answer.
pub(crate) fn remark(text: impl std::fmt::Display) {
    let _gone = writeln!(std::io::stderr(), "{text}");
}
