//! The pictures of the documentation, drawn anew where the environment names a folder for them.

use crate::browser;
use crate::shop::{APPROVE, Shop, choose, go_to_sandbox};
use abono_testkit::browser::{Options, Page};
use std::path::PathBuf;

/// The environment variable that names the folder.
const VARIABLE: &str = "ABONO_SCREENSHOTS";

/// What fits into a repository.
const MOST_BYTES: u64 = 200_000;

#[test]
fn pictures_are_drawn_where_they_are_asked_for() {
    let Some(folder) = folder() else { return };
    let Some(browser) = browser() else { return };
    std::fs::create_dir_all(&folder).expect("the folder");
    let shop = Shop::open();
    let draw = |page: &Page<'_>, name: &str| {
        let file = folder.join(name);
        page.screenshot(&file);
        let bytes = std::fs::metadata(&file).expect("the picture").len();
        assert!(bytes < MOST_BYTES, "{name} has {bytes} bytes");
    };
    let telephone = browser.page(Options::telephone());
    telephone.open(&shop.link_in("card", "en"));
    draw(&telephone, "pay-page-telephone.png");
    let page = browser.page(Options { width: 900, height: 600, ..Options::default() });
    page.open(&shop.link("transaction"));
    draw(&page, "request.png");
    page.open(&shop.link_in("card", "en"));
    draw(&page, "pay-page.png");
    go_to_sandbox(&page);
    draw(&page, "sandbox.png");
    choose(&page, APPROVE);
    draw(&page, "paid.png");
}

#[expect(clippy::disallowed_methods, reason = "a test has no `app` that could hand it in")]
fn folder() -> Option<PathBuf> {
    // Tests run in the folder of their crate, and whoever names a folder is above it.
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    std::env::var(VARIABLE).ok().filter(|it| !it.is_empty()).map(|it| PathBuf::from(root).join(it))
}
