//! What a check found: where, what is wrong, and what to do.

use crate::say;
use anyhow::{Result, bail};
use std::fmt;

/// One thing to mend.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// The file or folder, as seen from the root of the workspace.
    pub(crate) path: String,
    /// The line, counted from 1; `None` where a folder or a manifest is meant.
    pub(crate) line: Option<usize>,
    /// What is wrong.
    pub(crate) wrong: String,
    /// What to do.
    pub(crate) mend: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}; {}", self.wrong, self.mend)
    }
}

/// Prints the findings in order; an error if there are any.
pub(crate) fn settle(check: &str, mut findings: Vec<Finding>) -> Result<()> {
    findings.sort();
    for finding in &findings {
        say(finding);
    }
    match findings.len() {
        0 => Ok(()),
        1 => bail!("{check} found one thing to mend"),
        many => bail!("{check} found {many} things to mend"),
    }
}
