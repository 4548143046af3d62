//! Wanting to pay: one attempt for two clicks, what nobody heard the end of is asked for again, and
//! nothing is charged twice.

use crate::shop::{Asked, PRICE, Shop, english, rub};
use abono_domain::checkout::Noticed;
use abono_domain::checkout::record::{Answer, RecordCheckout};
use abono_domain::checkout::start::StartCheckout;
use abono_domain::decision::Outcome;
use abono_domain::document::request_payment::RequestPayment;
use abono_domain::quote::Order;
use abono_engine::Command;
use abono_engine::checkout::{PayStanding, Paying};
use abono_engine::payments::{Standing, Started};
use abono_testkit::seller::{self, BASIC, CLOUD, SEATS};
use abono_testkit::{MACHINE, on_each_database, request_of};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

fn url(paying: &Paying) -> &str {
    let Paying::GoTo { url } = paying else { panic!("it leads nowhere: {paying:?}") };
    url
}

#[test]
fn two_clicks_are_one_attempt() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let of = shop.basic().await;
        let [a, b] = [shop.pay(of.customer, of.document), shop.pay(of.customer, of.document)];
        let (a, b) = futures_util::future::join(a, b).await;
        assert_eq!(url(&a), url(&b));
        assert!(url(&a).ends_with(&of.attempt.to_string()));
        assert_eq!(shop.provider.started(), 1);
    });
}

#[test]
fn a_start_that_nobody_heard_the_end_of_is_made_again_with_its_key() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let customer = shop.buyer().await;
        let request = shop.world.request(customer, BASIC, 1, 1);
        let request = abono_testkit::request_of(shop.world.run(request).await.expect("a request"));
        let document = request.document.id;
        let trouble = "no answer came".to_owned();
        shop.provider.answer_start(Started::Unknown { trouble: trouble.clone() });
        assert_eq!(shop.pay(customer, document).await, Paying::Unknown);
        let link = shop.link(customer, document);
        let page = shop.world.engine.pay_page(link).await.expect("a page").expect("a request");
        let unknown = PayStanding::Unknown { trouble: Some(trouble), is_open: false };
        assert_eq!(page.standing, unknown);
        let paying = shop.pay(customer, document).await;
        assert!(url(&paying).starts_with("https://pay.example/"));
        // Both calls had one key.
        assert_eq!(shop.provider.started(), 1);
    });
}

#[test]
fn a_start_that_nobody_heard_the_end_of_for_a_day_is_made_with_another_key() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let customer = shop.buyer().await;
        let request = shop.world.request(customer, BASIC, 1, 1);
        let request = abono_testkit::request_of(shop.world.run(request).await.expect("a request"));
        let document = request.document.id;
        shop.provider.answer_start(Started::Unknown { trouble: "no answer came".to_owned() });
        assert_eq!(shop.pay(customer, document).await, Paying::Unknown);
        // The provider may have started it, and forgotten the key: under the same key there would
        // be two, and the end of the first would count as the end of the second.
        shop.pass(SignedDuration::from_hours(24));
        let paying = shop.pay(customer, document).await;
        assert!(url(&paying).starts_with("https://pay.example/"));
        assert_eq!(shop.provider.started(), 2);
    });
}

#[test]
fn what_is_refused_can_be_tried_again() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let customer = shop.buyer().await;
        let request = shop.world.request(customer, BASIC, 1, 1);
        let request = abono_testkit::request_of(shop.world.run(request).await.expect("a request"));
        let document = request.document.id;
        let trouble = "not in this country".to_owned();
        shop.provider.answer_start(Started::Refused { trouble: trouble.clone() });
        assert_eq!(shop.pay(customer, document).await, Paying::Refused { trouble });
        assert!(matches!(shop.pay(customer, document).await, Paying::GoTo { .. }));
    });
}

#[test]
fn the_address_at_the_provider_is_kept_whole() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let customer = shop.buyer().await;
        let request = shop.world.request(customer, BASIC, 1, 1);
        let request = request_of(shop.world.run(request).await.expect("a request"));
        let url = format!("https://pay.example/{}", "a".repeat(4_000));
        let external_id = "cs-1".to_owned();
        shop.provider.answer_start(Started::Ready { external_id, url: url.clone() });
        assert_eq!(shop.pay(customer, request.document.id).await, Paying::GoTo { url });
    });
}

#[test]
fn what_is_paid_before_the_start_is_written_stays_paid() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let customer = shop.buyer().await;
        let request = shop.world.request(customer, BASIC, 1, 1);
        let request = request_of(shop.world.run(request).await.expect("a request"));
        let (document, provider) = (request.document.id, "test".to_owned());
        let start = StartCheckout { document, provider, language: english() };
        let started = shop.world.run(Command::StartCheckout(customer, start)).await;
        let Ok(Outcome::Checkout(begun)) = started else { panic!("no attempt: {started:?}") };
        let checkout = begun.checkout.id;
        let told = Noticed::Paid { reference: "pay".to_owned(), amount: rub(PRICE) };
        shop.tell(Asked { customer, document, attempt: checkout.0 }, "1", &told).await;
        let (external_id, url) = ("cs-1".to_owned(), "https://pay.example/1".to_owned());
        let record = RecordCheckout { checkout, answer: Answer::Open { external_id, url } };
        shop.world.run(Command::RecordCheckout(customer, record)).await.expect("an answer");
        assert!(shop.state(customer).await.starts_with("Paid 99000 0 Paid"));
        assert_eq!(shop.pay(customer, document).await, Paying::NotPayable);
        assert_eq!(shop.world.findings().await, [""; 0]);
    });
}

#[test]
fn what_is_no_change_of_the_licence_any_more_says_so_when_it_is_to_be_paid() {
    on_each_database(async |database| {
        let machine: Timestamp = MACHINE.parse().expect("an instant");
        let shop = Shop::with(&database, move || machine, seller::varied()).await;
        let customer = shop.buyer().await;
        let ask = async |quantity| {
            let order = Order { product: CLOUD, plan: SEATS, quantity, months: 1 };
            let command = RequestPayment { order, payer: None };
            let command = Command::RequestPayment(customer, command);
            request_of(shop.world.run(command).await.expect("a request")).document
        };
        let first = ask(1).await;
        let Paying::GoTo { url } = shop.pay(customer, first.id).await else { panic!("no way") };
        let attempt = url.rsplit('/').next().and_then(|it| it.parse().ok()).expect("a key");
        let told = Noticed::Paid { reference: "pay".to_owned(), amount: first.total };
        shop.tell(Asked { customer, document: first.id, attempt }, "1", &told).await;
        shop.world.run(shop.world.set_clock("2026-02-27T10:00:00Z")).await.expect("the clock");
        let change = ask(2).await;
        // The licence has run out, the request hasn't.
        shop.world.run(shop.world.set_clock("2026-02-28T11:00:00Z")).await.expect("the clock");
        assert_eq!(shop.pay(customer, change.id).await, Paying::NotPayable);
        let link = shop.link(customer, change.id);
        let page = shop.world.engine.pay_page(link).await.expect("a page").expect("a request");
        assert_eq!(page.standing, PayStanding::Canceled);
        assert_eq!(shop.world.findings().await, [""; 0]);
    });
}

#[test]
fn an_answer_that_cant_be_kept_is_asked_for_later_and_not_at_once_again() {
    on_each_database(async |database| {
        let machine: Timestamp = MACHINE.parse().expect("an instant");
        let later = Arc::new(AtomicI64::new(0));
        let moved = later.clone();
        let clock = move || machine + SignedDuration::from_secs(moved.load(Ordering::Relaxed));
        let shop = Shop::with(&database, clock, seller::seller()).await;
        let (engine, tenant) = (&shop.world.engine, shop.world.tenant);
        let (refused, known) = (shop.basic().await, shop.basic().await);
        // Paid already, by a message that named the request alone.
        let told = Noticed::Paid { reference: "pay".to_owned(), amount: rub(PRICE) };
        shop.tell_of_document(known, "1", &told).await;
        later.store(120, Ordering::Relaxed);
        let too_much = rub(i64::MAX);
        for (of, amount) in [(known, rub(PRICE)), (refused, too_much)] {
            let reference = format!("{}-pay", of.customer);
            shop.provider.answer_look_up_of(of.attempt, Standing::Paid { reference, amount });
        }
        assert_eq!(engine.ask_about_checkouts(tenant, 32).await.expect("asked"), 2);
        assert_eq!(engine.ask_about_checkouts(tenant, 32).await.expect("asked"), 0);
        assert_eq!(shop.world.findings().await, [""; 0]);
    });
}

#[test]
fn asking_finds_out_and_counts_once_with_what_is_told() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let of = shop.basic().await;
        let link = shop.link(of.customer, of.document);
        let (trouble, reference) = ("under way".to_owned(), format!("{}-pay", of.customer));
        shop.provider.answer_look_up(Standing::Unknown { trouble: trouble.clone() });
        shop.world.engine.ask_provider(link).await.expect("asked");
        let page = shop.world.engine.pay_page(link).await.expect("a page").expect("a request");
        let unknown = PayStanding::Unknown { trouble: Some(trouble), is_open: true };
        assert_eq!(page.standing, unknown);
        shop.provider.answer_look_up(Standing::Paid { reference, amount: rub(PRICE) });
        shop.world.engine.ask_provider(link).await.expect("asked");
        let page = shop.world.engine.pay_page(link).await.expect("a page").expect("a request");
        assert_eq!(
            (page.standing, page.licence.map(|it| it.quantity)),
            (PayStanding::Paid, Some(1))
        );
        let told = Noticed::Paid { reference: "pay".to_owned(), amount: rub(PRICE) };
        shop.tell(of, "late", &told).await;
        let state = shop.state(of.customer).await;
        assert!(state.starts_with("Paid 99000 0") && !state.contains("Credit"), "{state}");
        assert_eq!(shop.pay(of.customer, of.document).await, Paying::NotPayable);
        assert_eq!(shop.world.findings().await, [""; 0]);
    });
}

#[test]
fn after_a_decline_another_attempt_is_made() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let of = shop.basic().await;
        let why = "the card was declined".to_owned();
        shop.provider.answer_look_up(Standing::Ended { why: why.clone() });
        let paying = shop.pay(of.customer, of.document).await;
        assert!(!url(&paying).ends_with(&of.attempt.to_string()));
        assert_eq!(shop.provider.started(), 2);
        let link = shop.link(of.customer, of.document);
        let page = shop.world.engine.pay_page(link).await.expect("a page").expect("a request");
        let unknown = PayStanding::Unknown { trouble: None, is_open: true };
        assert_eq!(page.standing, unknown);
        let told = Noticed::Failed { why: why.clone() };
        let second = crate::shop::Asked {
            attempt: url(&paying).rsplit('/').next().and_then(|it| it.parse().ok()).expect("a key"),
            ..of
        };
        shop.tell(second, "declined", &told).await;
        let page = shop.world.engine.pay_page(link).await.expect("a page").expect("a request");
        assert_eq!(page.standing, PayStanding::Payable { declined: Some(why) });
    });
}

#[test]
fn what_the_credit_covers_is_paid_from_it() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let of = shop.basic().await;
        let later = shop.ask(of.customer, BASIC).await;
        let told = Noticed::Paid { reference: "pay".to_owned(), amount: rub(PRICE * 2) };
        shop.tell(of, "paid", &told).await;
        assert_eq!(shop.pay(of.customer, later.document).await, Paying::NotPayable);
        let state = shop.state(of.customer).await;
        assert!(state.matches("Paid 99000 0 Paid").count() == 2, "{state}");
        assert_eq!(shop.world.findings().await, [""; 0]);
    });
}

#[test]
fn a_foreign_link_opens_nothing() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let (of, other) = (shop.basic().await, shop.basic().await);
        let link = shop.link(of.customer, other.document);
        let page = shop.world.engine.pay_page(link).await.expect("an answer");
        assert!(page.is_none());
        let back = String::new();
        let paying = shop.world.engine.pay(link, &english(), |_| back.clone()).await;
        assert!(!matches!(paying, Ok(Paying::GoTo { .. })), "{paying:?}");
    });
}
