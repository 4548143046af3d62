//! Chromium for tests: one process of it for all tests of a binary, and a page of its own for each.
//!
//! ```no_run
//! # use abono_testkit::browser::{self, Options};
//! let Some(browser) = browser::shared() else { return };
//! let page = browser.page(Options::default());
//! page.open("http://127.0.0.1:8080/pay/token");
//! page.loads(|| page.click("button[type=submit]"));
//! assert_eq!(page.text("h1"), "Paid");
//! ```
//!
//! What goes wrong panics and says what it was: a page that doesn't load, an element that isn't
//! there or can't be hit, an answer that doesn't come in time.

pub mod axe;
mod input;
mod install;
mod page;
mod pipe;

pub use page::{Options, Page};
use pipe::Session;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// The environment variable that leaves these tests out, if it is `1`.
pub const SKIP: &str = "ABONO_SKIP_BROWSER";

/// How Chromium is started: nothing of it asks the network for anything by itself.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--no-default-browser-check",
    "--no-first-run",
];

/// The pipes to Chromium are descriptors 3 and 4. It ends when they close, so also when this
/// process is killed; the shell then takes its profile away.
const START: &str = r#"
    chromium="$1" profile="$2"; shift 2
    "$chromium" "$@" --user-data-dir="$profile" about:blank 3<&0 4>&1 </dev/null >&2
    rm -rf "$profile""#;

/// A running Chromium.
#[derive(Debug)]
pub struct Browser {
    session: Mutex<Session>,
}

/// The one Chromium of this process; `None` where the environment says to leave it out, and then
/// the test that asked is named on standard error.
///
/// # Panics
/// Where there is no Chromium and none can be installed; the text says why.
pub fn shared() -> Option<&'static Browser> {
    static BROWSER: OnceLock<Result<Browser, String>> = OnceLock::new();
    if variable(SKIP).as_deref() == Some("1") {
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("a test");
        // Not by a macro: what a passing test prints by one is not shown.
        writeln!(std::io::stderr(), "{test} was SKIPPED: {SKIP}=1").expect("standard error");
        return None;
    }
    match BROWSER.get_or_init(Browser::launch) {
        Ok(browser) => Some(browser),
        Err(why) => panic!(
            "these tests need Chromium: {why}\n\
             Install it, or set {SKIP}=1 to leave out what needs a browser."
        ),
    }
}

#[expect(clippy::disallowed_methods, reason = "a test has no `app` that could hand it in")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|it| !it.is_empty())
}

impl Browser {
    /// Starts Chromium with an empty profile, and installs it first where it is missing.
    ///
    /// # Errors
    /// Why it can't be started.
    pub fn launch() -> Result<Self, String> {
        let program = install::chromium()?;
        let profile = tempfile::Builder::new().prefix("abono-chromium-").tempdir();
        let profile = profile.map_err(|why| format!("no folder for a profile: {why}"))?.keep();
        let mut shell = Command::new("sh");
        shell.args(["-c", START, "sh"]).arg(program).arg(profile).args(FLAGS);
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = shell.spawn().map_err(|why| format!("no shell to start it: {why}"))?;
        let session = Session::open(child);
        session.try_call("Browser.getVersion", &json!({}))?;
        Ok(Self { session: Mutex::new(session) })
    }

    /// A new page, with cookies and a cache of its own.
    ///
    /// # Panics
    /// Where Chromium doesn't make one.
    pub fn page(&self, options: Options) -> Page<'_> {
        let session = self.session();
        let context = session.call("Target.createBrowserContext", &json!({}));
        let context = text(&context, "browserContextId");
        let target = json!({"url": "about:blank", "browserContextId": context});
        let target = session.call("Target.createTarget", &target);
        let attach = json!({"targetId": text(&target, "targetId"), "flatten": true});
        let attached = session.call("Target.attachToTarget", &attach);
        let of_page = session.beside(&text(&attached, "sessionId"));
        drop(session);
        Page::new(self, context, of_page, options)
    }

    /// Closes a page with all that it kept.
    fn close(&self, context: &str) {
        let gone = json!({"browserContextId": context});
        // A test that fails has its own reason already.
        let _closed = self.session().try_call("Target.disposeBrowserContext", &gone);
    }

    fn session(&self) -> MutexGuard<'_, Session> {
        // A test that panicked with it has lost its own answer, and nothing of the others.
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A text that an answer has.
fn text(answer: &Value, member: &str) -> String {
    let found = answer[member].as_str();
    found.unwrap_or_else(|| panic!("Chromium gave no {member}: {answer}")).to_owned()
}
