//! Whole pages, as they are expected.

use crate::shop::Shop;
use abono_documents::locale::Locale;
use std::path::Path;

/// The style sheet stands in a file of its own.
fn compare(name: &str, shop: &Shop, html: &str) {
    let html = html.replace(abono_pages::page::STYLE, "").replace(&shop.token, "TOKEN");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected").join(name);
    let expected = std::fs::read_to_string(&path).expect("an expected page");
    assert_eq!(html, expected, "{name}");
}

#[tokio::test]
async fn the_pay_page_and_the_last_page_are_as_expected() {
    let shop = Shop::open().await;
    compare("pay.en.html", &shop, &shop.html(&shop.page().await, Locale::English));
    shop.pay().await;
    compare("paid.en.html", &shop, &shop.html(&shop.page().await, Locale::English));
}
