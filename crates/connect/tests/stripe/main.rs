//! Stripe Checkout over real connections: what is asked, what the answers mean, and that nothing is
//! done twice however often an answer goes missing.

use abono_connect::Secret;
use abono_connect::outgoing::Reach;
use abono_connect::stripe::{Config, ConfigError, Stripe};
use abono_domain::language::Language;
use abono_domain::money::{Currency, Money};
use abono_engine::payments::{
    Checkout, Noticed, PaymentProvider, Returned, Standing, Started, Unread,
};
use abono_testkit::stripe::{self as fake, API_KEY, Fault, WEBHOOK_SECRET};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

const NOW: i64 = 1_790_000_000;

fn config(address: &str, reach: Reach, key: &str) -> Config {
    let secret = |text| Secret::new(text).expect("a secret");
    Config {
        address: address.parse().expect("an address"),
        reach,
        timeout: Duration::from_millis(300),
        api_key: secret(key),
        webhook_secret: secret(WEBHOOK_SECRET),
    }
}

fn provider(address: &str) -> Stripe {
    Stripe::new(config(address, Reach::Private, API_KEY)).expect("a configuration")
}

fn rub(minor: i64) -> Money {
    Money::new(minor, Currency::RUB)
}

fn checkout(key: u128) -> Checkout {
    Checkout {
        key: Uuid::from_u128(key),
        amount: rub(99_000),
        description: "Тариф «Бизнес» & 1 касса".to_owned(),
        language: Language::parse("ru").expect("a language"),
        back: "https://pay.example/p/7?a=b&c=d".to_owned(),
    }
}

/// Starts a checkout at a provider that works; gives the session's id.
async fn started(stripe: &Stripe, key: u128) -> String {
    let started = stripe.start(checkout(key)).await;
    let Started::Ready { external_id, url } = started else { panic!("{started:?}") };
    assert_eq!(url, format!("https://checkout.example/c/{external_id}#fid"));
    external_id
}

#[tokio::test]
async fn a_session_is_asked_for_with_one_line_and_the_attempts_key() {
    let fake = fake::Stripe::start().await;
    started(&provider(&fake.address), 7).await;
    let heard = fake.state().heard.remove(0);
    let key = Uuid::from_u128(7).to_string();
    assert_eq!(heard.headers["idempotency-key"], key);
    let form: Vec<_> = heard.form.iter().map(|(name, it)| (name.as_str(), it.as_str())).collect();
    let price = "line_items[0][price_data]";
    assert_eq!(
        form,
        [
            ("adaptive_pricing[enabled]", "false"),
            ("cancel_url", "https://pay.example/p/7?a=b&c=d"),
            ("client_reference_id", &key),
            (&format!("{price}[currency]"), "rub"),
            (&format!("{price}[product_data][name]"), "Тариф «Бизнес» & 1 касса"),
            (&format!("{price}[unit_amount]"), "99000"),
            ("line_items[0][quantity]", "1"),
            ("locale", "ru"),
            ("metadata[attempt]", &key),
            ("mode", "payment"),
            ("payment_intent_data[metadata][attempt]", &key),
            ("success_url", "https://pay.example/p/7?a=b&c=d"),
        ]
    );
}

#[tokio::test]
async fn a_session_stands_as_the_buyer_left_it() {
    let fake = fake::Stripe::start().await;
    let stripe = provider(&fake.address);
    let id = started(&stripe, 1).await;
    let look_up = || stripe.look_up(id.clone());
    let url = format!("https://checkout.example/c/{id}#fid");
    assert_eq!(look_up().await, Standing::Open { url });

    let intent = |intent| json!({"payment_intent": "pi_1", "intent": intent});
    fake.change(&id, json!({"status": "complete", "url": null}));
    fake.change(&id, intent(json!({"status": "processing"})));
    let trouble = "the money is under way".to_owned();
    assert_eq!(look_up().await, Standing::Unknown { trouble });

    let error = json!({"code": "debit_not_authorized", "message": "Not\nauthorized"});
    let failed = json!({"status": "requires_payment_method", "last_payment_error": error});
    fake.change(&id, intent(failed));
    assert_eq!(look_up().await, Standing::Ended { why: "Not authorized".to_owned() });
    fake.change(&id, intent(json!({"status": "canceled"})));
    assert_eq!(look_up().await, Standing::Ended { why: "the payment was canceled".to_owned() });

    fake.change(&id, json!({"status": "expired"}));
    assert_eq!(look_up().await, Standing::Ended { why: "nobody paid in time".to_owned() });

    fake.pay(&id);
    let reference = format!("pi_{id}");
    assert_eq!(look_up().await, Standing::Paid { reference, amount: rub(99_000) });
    // What was paid is told as it was paid, not as it was asked for.
    fake.change(&id, json!({"amount_total": 1, "currency": "jpy"}));
    let yen = Money::new(1, "JPY".parse().expect("a currency"));
    let standing = look_up().await;
    assert!(matches!(standing, Standing::Paid { amount, .. } if amount == yen), "{standing:?}");
    fake.change(&id, json!({"currency": "xyz"}));
    let trouble = "its answer can't be read".to_owned();
    assert_eq!(look_up().await, Standing::Unknown { trouble });
}

#[tokio::test]
async fn that_stripe_wont_tell_is_no_news_about_a_payment() {
    let fake = fake::Stripe::start().await;
    let stripe = provider(&fake.address);
    for id in ["cs_test_none", "../refunds", ""] {
        let standing = stripe.look_up(id.to_owned()).await;
        assert!(matches!(standing, Standing::Unknown { .. }), "{standing:?}");
    }
    assert_eq!(fake.state().heard.len(), 1, "what is no id is not asked for");
}

/// What an answer means for a checkout that it is the answer to.
async fn means(fault: Fault) -> Started {
    let fake = fake::Stripe::start().await;
    fake.fail([fault]);
    provider(&fake.address).start(checkout(1)).await
}

fn refused(trouble: &str) -> Started {
    Started::Refused { trouble: trouble.to_owned() }
}

fn unknown(trouble: &str) -> Started {
    Started::Unknown { trouble: trouble.to_owned() }
}

#[tokio::test]
async fn what_stripe_didnt_do_is_told_from_what_nobody_knows() {
    let said = |kind: &str, code: &str| {
        json!({"error": {"type": kind, "code": code, "message": "No\r\nway"}}).to_string()
    };
    let about_key = said("idempotency_error", "");
    let unreadable = unknown("its answer can't be read");
    let ready = |url: &str| json!({"id": "cs_1", "url": url}).to_string();
    for (status, body, means_) in [
        (400, said("a", "b"), refused("it answered with status 400 Bad Request: b: No  way")),
        (
            402,
            said("card_error", "card_declined"),
            refused("it answered with status 402 Payment Required: card_declined: No  way"),
        ),
        (401, said("a", "b"), refused("it answered with status 401 Unauthorized")),
        (403, String::new(), refused("it answered with status 403 Forbidden")),
        (404, "<html>".to_owned(), refused("it answered with status 404 Not Found")),
        (400, about_key, unknown("it answered with status 400 Bad Request: No  way")),
        (408, String::new(), unknown("it answered with status 408 Request Timeout")),
        (409, String::new(), unknown("it answered with status 409 Conflict")),
        (429, String::new(), unknown("it answered with status 429 Too Many Requests")),
        (500, String::new(), unknown("it answered with status 500 Internal Server Error")),
        (503, "a".repeat(100_000), unknown("it answered with status 503 Service Unavailable")),
        (302, String::new(), unknown("it answered with status 302 Found")),
        (200, "a".repeat(100_000), unknown("its answer is longer than 64 KiB")),
        (200, "{".to_owned(), unreadable.clone()),
        (200, "[]".to_owned(), unreadable.clone()),
        (200, r#"{"id":"cs_1","url":null}"#.to_owned(), unreadable.clone()),
        (200, ready("javascript:alert(1)"), unreadable.clone()),
        (200, ready("https://a/\r\nb"), unreadable.clone()),
        (200, ready("https://a/").replace("cs_1", "../a"), unreadable),
    ] {
        assert_eq!(means(Fault::Instead(status, body.clone())).await, means_, "{status} {body}");
    }
    assert_eq!(means(Fault::Silence).await, unknown("no answer in 300 ms"));
    assert_eq!(means(Fault::LostAnswer).await, unknown("the connection broke"));
    assert_eq!(means(Fault::LostRequest).await, unknown("the connection broke"));
    let nobody = provider("http://127.0.0.1:1").start(checkout(1)).await;
    assert_eq!(nobody, unknown("the service can't be reached"));
}

#[tokio::test]
async fn an_amount_that_stripe_cant_charge_exactly_is_refused_and_nobody_called() {
    let fake = fake::Stripe::start().await;
    let stripe = provider(&fake.address);
    let money = |minor, code: &str| Money::new(minor, code.parse().expect("a currency"));
    for amount in [money(5_124, "KWD"), money(1, "LYD"), rub(0), rub(-1)] {
        let started = stripe.start(Checkout { amount, ..checkout(1) }).await;
        assert_eq!(started, refused(&format!("{amount} can't be paid through Stripe")));
        let back = stripe.give_back("pi_1".to_owned(), amount, Uuid::max()).await;
        assert!(matches!(back, Returned::Refused { .. }), "{back:?}");
    }
    assert!(fake.state().heard.is_empty());
    let yen = Checkout { amount: money(500, "JPY"), ..checkout(2) };
    assert!(matches!(stripe.start(yen).await, Started::Ready { .. }));
    let form = fake.state().heard.remove(0).form;
    assert_eq!(form["line_items[0][price_data][unit_amount]"], "500");
}

#[tokio::test]
async fn money_goes_back_in_parts_and_never_more_than_came() {
    let fake = fake::Stripe::start().await;
    let stripe = provider(&fake.address);
    let id = started(&stripe, 1).await;
    let payment = format!("pi_{id}");
    let give_back =
        |minor, key| stripe.give_back(payment.clone(), rub(minor), Uuid::from_u128(key));
    let none = give_back(1, 9).await;
    assert!(matches!(none, Returned::Refused { .. }), "nothing came yet: {none:?}");
    fake.pay(&id);
    let done = |reference: &str| Returned::Done { reference: reference.to_owned() };
    assert_eq!(give_back(40_000, 10).await, done("re_0"));
    assert_eq!(give_back(40_000, 10).await, done("re_0"), "the same key is the same refund");
    assert_eq!(give_back(40_000, 11).await, done("re_1"), "another key is another");
    let trouble = "it answered with status 400 Bad Request: charge_already_refunded: Refund \
                   amount is greater than unrefunded amount";
    assert_eq!(give_back(20_000, 12).await, Returned::Refused { trouble: trouble.to_owned() });
    let other = give_back(1, 10).await;
    assert!(matches!(other, Returned::Unknown { .. }), "a key used otherwise: {other:?}");
    for (status, is_done) in [("pending", true), ("requires_action", true), ("failed", false)] {
        fake.state().refund_status = Some(status);
        let key = 20 + u128::from(is_done) + status.len() as u128;
        let returned = give_back(1, key).await;
        assert_eq!(matches!(returned, Returned::Done { .. }), is_done, "{returned:?}");
        assert_eq!(matches!(returned, Returned::Refused { .. }), !is_done, "{returned:?}");
    }
}

#[tokio::test]
async fn what_stripe_tells_is_heard_signed_and_unchanged() {
    let fake = fake::Stripe::start().await;
    let stripe = provider(&fake.address);
    let id = started(&stripe, 7).await;
    fake.pay(&id);
    let (body, signature) = fake.event("checkout.session.completed", &id, NOW);
    let read = |name: &str, body: &str, second| {
        let now = Timestamp::from_second(second).expect("an instant");
        stripe.read(&[(name, signature.as_bytes())], body.as_bytes(), now)
    };
    let notices = read("stripe-signature", &body, NOW).expect("a notice");
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].attempt, Some(Uuid::from_u128(7)));
    assert_eq!(notices[0].external_id.as_deref(), Some(id.as_str()));
    let reference = format!("pi_{id}");
    assert_eq!(notices[0].what, Noticed::Paid { reference, amount: rub(99_000) });
    assert_eq!(read("Stripe-Signature", &body, NOW + 300), Ok(notices), "and again");
    let cheaper = body.replace("99000", "99001");
    assert_eq!(read("Stripe-Signature", &cheaper, NOW), Err(Unread::BadSignature));
    assert_eq!(read("Abono-Signature", &body, NOW), Err(Unread::NoSignature));
    assert_eq!(read("Stripe-Signature", &body, NOW + 301), Err(Unread::TooOld));
    assert_eq!(read("Stripe-Signature", &body, NOW - 301), Err(Unread::TooOld));
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_never_repeated_in_words() {
    let fake = fake::Stripe::start().await;
    let wrong = config(&fake.address, Reach::Private, "sk_test_wrong");
    assert!(!format!("{wrong:?}").contains("hush"), "{wrong:?}");
    assert!(!format!("{wrong:?}").contains("sk_test"), "{wrong:?}");
    let stripe = Stripe::new(wrong).expect("a configuration");
    assert_eq!(
        stripe.start(checkout(1)).await,
        refused("it answered with status 401 Unauthorized")
    );
    // The key may have been right when the same refund was asked for before.
    let returned = stripe.give_back("pi_1".to_owned(), rub(1), Uuid::from_u128(1)).await;
    let trouble = "it answered with status 401 Unauthorized".to_owned();
    assert_eq!(returned, Returned::Unknown { trouble });
}

#[test]
fn the_key_crosses_the_internet_encrypted_or_not_at_all() {
    let made = |address, reach| Stripe::new(config(address, reach, API_KEY)).err();
    let refused = made("http://api.example", Reach::Public);
    assert!(matches!(refused, Some(ConfigError::Unencrypted(_))));
    assert_eq!(made("http://127.0.0.1:1", Reach::Private), None);
    assert_eq!(made(abono_connect::stripe::ADDRESS, Reach::Public), None);
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let fault = prop_oneof![
        Just(Fault::None),
        Just(Fault::LostAnswer),
        Just(Fault::LostRequest),
        Just(Fault::Instead(500, String::new())),
        Just(Fault::Instead(429, String::new())),
        Just(Fault::Instead(200, "<html>".to_owned())),
    ];
    proptest::collection::vec(fault, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_goes_missing_one_key_is_one_session_and_one_refund(
        starting in faults(),
        returning in faults(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let fake = fake::Stripe::start().await;
            let stripe = provider(&fake.address);
            fake.fail(starting);
            let mut id = None;
            for _ in 0..8 {
                match stripe.start(checkout(1)).await {
                    Started::Ready { external_id, .. } => id = Some(external_id),
                    Started::Unknown { .. } => {}
                    Started::Refused { trouble } => panic!("{trouble}"),
                }
            }
            assert_eq!(id.as_deref(), Some("cs_test_0"));
            assert_eq!(fake.state().sessions.len(), 1);
            fake.pay("cs_test_0");
            fake.fail(returning);
            let mut refund = None;
            for _ in 0..8 {
                let payment = "pi_cs_test_0".to_owned();
                match stripe.give_back(payment, rub(60_000), Uuid::from_u128(2)).await {
                    Returned::Done { reference } => refund = Some(reference),
                    Returned::Unknown { .. } => {}
                    Returned::Refused { trouble } => panic!("{trouble}"),
                }
            }
            assert_eq!(refund.as_deref(), Some("re_0"));
            assert_eq!(fake.state().refunds.len(), 1);
        });
    }
}
