//! What a buyer meets, in a real browser.

mod card;
mod harness;
mod languages;
mod pictures;
mod shop;
mod site;
#[path = "../process/support.rs"]
#[expect(dead_code, reason = "the tests of the processes use the rest of it")]
mod support;
mod transfer;

use abono_testkit::browser::{self, Browser, Page};
use std::path::Path;
use std::sync::OnceLock;

/// The browser of all these tests; `None` where it is left out.
fn browser() -> Option<&'static Browser> {
    browser::shared()
}

/// The script of axe, from npm where it isn't there yet.
fn axe() -> &'static str {
    static SCRIPT: OnceLock<String> = OnceLock::new();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    SCRIPT.get_or_init(|| browser::axe::script(folder).expect("axe-core comes from npm"))
}

/// Whether something sticks out to the side.
fn scrolls_sideways(page: &Page<'_>) -> bool {
    page.evaluate("document.documentElement.scrollWidth > window.screen.width") == true
}
