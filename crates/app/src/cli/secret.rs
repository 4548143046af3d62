//! Secrets: from files or the environment, never from the command line, where every list of
//! processes shows them.

use abono_connect::Secret;
use anyhow::{Context, Result};
use std::path::Path;

/// A secret from its file, or from the environment where no file is named; `None` where neither
/// says anything.
pub(super) fn secret(file: Option<&Path>, flag: &str, variable: &str) -> Result<Option<Secret>> {
    if let Some(path) = file {
        let text = std::fs::read_to_string(path);
        let text = text.with_context(|| format!("reading {} ({flag})", path.display()))?;
        let secret = Secret::new(&text).with_context(|| format!("{} ({flag})", path.display()));
        return secret.map(Some);
    }
    #[expect(clippy::disallowed_methods, reason = "the binary reads the environment")]
    let text = std::env::var(variable).ok();
    let secret = text.map(|text| Secret::new(&text).with_context(|| variable.to_owned()));
    secret.transpose()
}

/// A secret without which an option means nothing.
pub(super) fn needed(
    file: Option<&Path>,
    (flag, variable): (&str, &str),
    by: &str,
) -> Result<Secret> {
    let missing = || format!("{by} needs {flag}, or {variable} in the environment");
    secret(file, flag, variable)?.with_context(missing)
}
