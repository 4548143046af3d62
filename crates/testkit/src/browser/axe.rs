//! axe-core: whether people who see, hear or move differently can use a page.

use super::{Page, install};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;
use sha2::{Digest, Sha512};
use std::path::Path;
use std::process::Command;

/// The version, and what npm's registry says about its package (`dist.integrity`).
const VERSION: &str = "4.14.1";
const SHA512: &str =
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==";

const RUN: &str = "axe.run(document, {resultTypes: ['violations']}).then(found =>
    found.violations.map(it => ({
        impact: it.impact ?? '',
        text: `${it.id}: ${it.help}: ${it.nodes.map(node => node.target.join(' ')).join(', ')}`
    })))";

/// A rule that a page breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// `minor`, `moderate`, `serious` or `critical`.
    pub impact: String,
    /// The rule, and the elements that break it.
    pub text: String,
}

impl Violation {
    /// Whether it keeps somebody from using the page.
    pub fn is_serious(&self) -> bool {
        ["serious", "critical"].contains(&self.impact.as_str())
    }
}

/// The script, from npm, kept in a folder for the next time; its bytes are always the same ones.
///
/// # Errors
/// Why it can't be had.
pub fn script(folder: &Path) -> Result<String, String> {
    let name = format!("axe-core-{VERSION}.tgz");
    let package = folder.join(&name);
    if !package.exists() {
        fetch(folder, &name)?;
    }
    let bytes = std::fs::read(&package).map_err(|why| format!("{name}: {why}"))?;
    let sum = BASE64.encode(Sha512::digest(&bytes));
    if sum != SHA512 {
        return Err(format!("{} has the SHA-512 {sum} and not {SHA512}", package.display()));
    }
    let mut tar = Command::new("tar");
    let file = install::run(tar.arg("-xzOf").arg(&package).arg("package/axe.min.js"))?;
    String::from_utf8(file).map_err(|why| format!("{name}: {why}"))
}

/// Into a folder beside first, so that nobody reads half a package.
fn fetch(folder: &Path, name: &str) -> Result<(), String> {
    let explain = |why: std::io::Error| format!("{name}: {why}");
    let beside = tempfile::tempdir_in(folder).map_err(explain)?;
    if install::run(Command::new("npm").arg("--version")).is_err() {
        install::apt(&["npm"], &["/usr/bin/npm"])?;
    }
    let mut npm = Command::new("npm");
    npm.args(["pack", &format!("axe-core@{VERSION}"), "--pack-destination"]).arg(beside.path());
    install::run(npm.current_dir(beside.path()))?;
    std::fs::rename(beside.path().join(name), folder.join(name)).map_err(explain)
}

impl Page<'_> {
    /// The rules of axe that the page breaks. The page's security policy doesn't bind what the
    /// protocol runs.
    ///
    /// # Panics
    /// Where the script doesn't run.
    pub fn axe(&self, script: &str) -> Vec<Violation> {
        self.evaluate(&format!("{script}; null"));
        let found = self.evaluate(RUN);
        let found = found.as_array().unwrap_or_else(|| panic!("axe gave {found}"));
        let text = |it: &Value, member: &str| it[member].as_str().unwrap_or_default().to_owned();
        let one = |it| Violation { impact: text(it, "impact"), text: text(it, "text") };
        found.iter().map(one).collect()
    }
}
