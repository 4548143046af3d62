//! Every page of the story in every language, at the width of a telephone, for everybody.

use crate::shop::{APPROVE, DECLINE, LATER, Shop, choose, go_to_sandbox};
use crate::{axe, browser};
use abono_testkit::browser::{Options, Page};

/// A page as everybody must be able to use it.
fn must_fit(shop: &Shop, page: &Page<'_>, language: &str, name: &str) {
    let told = page.attribute("html", "lang");
    assert_eq!(told.as_deref(), Some(language), "{name}");
    // Colours are the same in every language, and axe takes its time.
    let schemes: &[bool] = if language == "en" { &[false, true] } else { &[false] };
    for &dark in schemes {
        page.emulate_dark(dark);
        let found = page.axe(axe()).into_iter().filter(|it| it.is_serious());
        let serious: Vec<String> = found.map(|it| it.text).collect();
        assert_eq!(serious, [""; 0], "{name} in {language}, dark: {dark}");
    }
    page.emulate_dark(false);
    assert!(!page.text("h1").is_empty(), "{name} in {language} has no heading");
    shop.must_be_sound(page);
}

fn story(language: &str) {
    let Some(browser) = browser() else { return };
    let shop = Shop::open();
    let page = browser.page(Options::telephone());
    let check = |name: &str| {
        must_fit(&shop, &page, language, name);
        page.text("main")
    };
    page.open(&shop.link_in("transaction", language));
    must_fit(&shop, &page, language, "print");
    page.open(&shop.link_in("card", language));
    let mut texts = vec![check("pay")];
    go_to_sandbox(&page);
    texts.push(check("sandbox"));
    let sandbox = page.url();
    choose(&page, LATER);
    texts.push(check("unknown"));
    page.open(&sandbox);
    choose(&page, DECLINE);
    texts.push(check("declined"));
    go_to_sandbox(&page);
    choose(&page, APPROVE);
    texts.push(check("last"));
    assert_eq!(page.count("form"), 0);
    for (at, text) in texts.iter().enumerate() {
        assert!(!texts[..at].contains(text), "two pages say the same:\n{text}");
    }
    shop.must_be_paid();
}

#[test]
fn in_english() {
    story("en");
}

#[test]
fn in_russian() {
    story("ru");
}

#[test]
fn in_spanish() {
    story("es");
}

#[test]
fn in_swedish() {
    story("sv");
}
