//! Buying by card, from the link in the invoice to the licence.

use crate::browser;
use crate::shop::{
    APPROVE, ASK, CONTINUE, DECLINE, LATER, PAY, Shop, choose, go_to_sandbox, must_say_paid,
};
use abono_testkit::browser::Options;
use std::time::Duration;

#[test]
fn a_licence_is_bought_by_card() {
    let Some(browser) = browser() else { return };
    let shop = Shop::open();
    let page = browser.page(Options::default());
    page.open(&shop.link_in("card", "en"));
    let text = page.text("main");
    for expected in [shop.number(), "990.00", "Касса, Старт"] {
        assert!(text.contains(expected), "{expected} is missing:\n{text}");
    }
    shop.must_be_unpaid();
    go_to_sandbox(&page);
    choose(&page, APPROVE);
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
    go_to_sandbox(&page);
    choose(&page, DECLINE);
    let text = page.text("main");
    for expected in ["did not go through", "Nothing was charged"] {
        assert!(text.contains(expected), "{expected} is missing:\n{text}");
    }
    shop.must_be_unpaid();
    go_to_sandbox(&page);
    choose(&page, APPROVE);
    must_say_paid(&page);
    shop.must_be_paid();
    // Back and forth in the browser pays nothing again.
    page.evaluate("history.back()");
    page.wait_for_url("/sandbox/");
    shop.must_be_paid();
    // Had it been paid twice, the rest would pay the next one at once.
    assert_eq!(shop.order()["status"], "Pending");
    shop.must_be_sound(&page);
}

#[test]
fn what_nobody_knows_yet_is_asked_for_until_it_is_known() {
    let Some(browser) = browser() else { return };
    let shop = Shop::open();
    let page = browser.page(Options::default());
    page.open(&shop.link_in("card", "en"));
    go_to_sandbox(&page);
    let sandbox = page.url();
    choose(&page, LATER);
    for _ in 0..2 {
        shop.must_be_unpaid();
        page.loads(|| page.click(ASK));
    }
    let elsewhere = browser.page(Options::default());
    elsewhere.open(&sandbox);
    choose(&elsewhere, APPROVE);
    page.loads(|| page.click(ASK));
    must_say_paid(&page);
    shop.must_be_paid();
    shop.must_be_sound(&page);
}

#[test]
fn a_provider_that_tells_everything_twice_and_loses_answers_is_paid_once() {
    let Some(browser) = browser() else { return };
    let shop = Shop::open();
    let page = browser.page(Options::default());
    page.open(&shop.link_in("card", "en"));
    go_to_sandbox(&page);
    page.click("summary");
    page.click("input[name=twice]");
    page.click("input[name=lost]");
    // It had been 0.
    page.press("ArrowUp");
    choose(&page, APPROVE);
    for _ in 0..100 {
        if page.count(ASK) == 0 {
            break;
        }
        page.loads(|| page.click(ASK));
        std::thread::sleep(Duration::from_millis(100));
    }
    must_say_paid(&page);
    shop.must_be_paid();
    assert_eq!(shop.order()["status"], "Pending");
    shop.must_be_sound(&page);
}

#[test]
fn what_was_canceled_and_what_was_mistyped_offer_nothing_to_pay() {
    let Some(browser) = browser() else { return };
    let shop = Shop::open();
    let page = browser.page(Options::default());
    shop.cancel();
    page.open(&shop.link_in("card", "en"));
    assert!(page.text("main").contains("no longer valid"), "{}", page.text("main"));
    assert_eq!(page.count("form"), 0);
    shop.must_be_sound(&page);
    let elsewhere = browser.page(Options::default());
    elsewhere.open(&format!("{}x", shop.link("card")));
    assert!(elsewhere.text("main").contains("leads nowhere"), "{}", elsewhere.text("main"));
    assert_eq!(elsewhere.count("form"), 0);
}

#[test]
fn without_scripts_and_with_the_keyboard_alone() {
    let Some(browser) = browser() else { return };
    let shop = Shop::open();
    let page = browser.page(Options::without_javascript());
    page.open(&shop.link_in("card", "en"));
    let enter = |css| {
        page.tab_to(css);
        page.loads(|| page.press("Enter"));
    };
    // The choices are one stop of the Tab key; the arrows go from one to the next.
    let choose = |downs: usize| {
        enter(PAY);
        page.wait_for_url("/sandbox/");
        page.tab_to(APPROVE);
        (0..downs).for_each(|_| page.press("ArrowDown"));
        enter(CONTINUE);
        page.wait_for_url("/pay/");
    };
    choose(1);
    assert!(page.text("main").contains("did not go through"), "{}", page.text("main"));
    shop.must_be_unpaid();
    choose(2);
    enter(ASK);
    assert_eq!(page.count(ASK), 1, "it is still unknown:\n{}", page.text("main"));
    shop.must_be_unpaid();
    choose(0);
    must_say_paid(&page);
    shop.must_be_paid();
    shop.must_be_sound(&page);
}
