//! Buying by card, from the link in the invoice to the licence.

use crate::browser;
use crate::shop::{APPROVE, ASK, DECLINE, LATER, PAY, Shop, must_say_paid};
use crate::support::rows;
use abono_testkit::browser::Options;

#[test]
fn a_licence_is_bought_by_card() {
    let Some(browser) = browser() else { return };
    let shop = Shop::open();
    let page = browser.page(Options::default());
    page.open(&shop.link_in("card", "en"));
    let text = page.text("main");
    for expected in [shop.number(), "990.00", "Start"] {
        assert!(text.contains(expected), "{expected} is missing:\n{text}");
    }
    shop.must_be_unpaid();
    shop.pay(&page, APPROVE);
    must_say_paid(&page);
    shop.must_be_paid();
    // The link goes on telling it, and offers nothing to be paid twice.
    page.open(&shop.link_in("card", "en"));
    must_say_paid(&page);
    shop.must_be_sound(&page);
}

#[test]
fn what_was_declined_is_paid_at_the_next_try_and_once() {
    let Some(browser) = browser() else { return };
    let shop = Shop::open();
    let page = browser.page(Options::default());
    page.open(&shop.link_in("card", "en"));
    shop.pay(&page, DECLINE);
    let text = page.text("main");
    assert!(text.contains("declined"), "{text}");
    shop.must_be_unpaid();
    shop.pay(&page, APPROVE);
    must_say_paid(&page);
    shop.must_be_paid();
    // Back and forth in the browser pays nothing again.
    page.evaluate("history.back()");
    page.wait_for_url("/sandbox/");
    shop.must_be_paid();
    assert_eq!(rows(&shop.database, &["payment", "list"]).len(), 1);
    shop.must_be_sound(&page);
}

#[test]
fn what_nobody_knows_yet_is_asked_for_until_it_is_known() {
    let Some(browser) = browser() else { return };
    let shop = Shop::open();
    let page = browser.page(Options::default());
    page.open(&shop.link_in("card", "en"));
    page.loads(|| page.click(PAY));
    page.wait_for_url("/sandbox/");
    let sandbox = page.url();
    page.loads(|| page.click(LATER));
    page.wait_for_url("/back");
    for _ in 0..2 {
        shop.must_be_unpaid();
        page.loads(|| page.click(ASK));
    }
    let elsewhere = browser.page(Options::default());
    elsewhere.open(&sandbox);
    elsewhere.loads(|| elsewhere.click(APPROVE));
    page.loads(|| page.click(ASK));
    must_say_paid(&page);
    shop.must_be_paid();
    shop.must_be_sound(&page);
}

#[test]
fn without_scripts_and_with_the_keyboard_alone() {
    let Some(browser) = browser() else { return };
    let shop = Shop::open();
    let page = browser.page(Options::without_javascript());
    page.open(&shop.link_in("card", "en"));
    let choose = |css| {
        page.tab_to(css);
        page.loads(|| page.press("Enter"));
    };
    choose(PAY);
    page.wait_for_url("/sandbox/");
    choose(DECLINE);
    page.wait_for_url("/pay/");
    choose(PAY);
    page.wait_for_url("/sandbox/");
    choose(LATER);
    page.wait_for_url("/back");
    choose(ASK);
    assert_eq!(page.count(ASK), 1, "it is still unknown:\n{}", page.text("body"));
    page.open(&shop.link_in("card", "en"));
    shop.must_be_unpaid();
    shop.must_be_sound(&page);
}
