//! The sandbox as the engine meets it: what is chosen on its page, what it tells, and how badly it
//! can behave.

use abono_connect::Secret;
use abono_connect::sandbox::{Choice, Manners, Message, SIGNATURE, Sandbox, State};
use abono_domain::language::Language;
use abono_domain::money::{Currency, Money};
use abono_engine::payments::{
    Checkout, Notice, Noticed, PaymentProvider, Returned, Standing, Started, Unread,
};
use jiff::Timestamp;
use proptest::prelude::*;
use std::time::Duration;
use uuid::Uuid;

const KEY: Uuid = Uuid::from_u128(7);
const PAYMENT: &str = "pay_00000000000000000000000000000007";
const LOST: &str = "the answer was lost";

fn now() -> Timestamp {
    Timestamp::from_second(1_790_000_000).expect("an instant")
}

fn sandbox() -> Sandbox {
    Sandbox::new("http://127.0.0.1:8080/", Secret::new("hush").expect("a secret"))
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn checkout() -> Checkout {
    Checkout {
        key: KEY,
        amount: eur(1_000),
        description: "Plan Pro".to_owned(),
        language: Language::ENGLISH,
        back: "http://127.0.0.1:8080/pay/7".to_owned(),
    }
}

/// One where a checkout was started.
async fn open() -> Sandbox {
    let sandbox = sandbox();
    assert!(matches!(sandbox.start(checkout()).await, Started::Ready { .. }));
    sandbox
}

/// One where it was paid, and that was told.
async fn paid() -> Sandbox {
    let sandbox = open().await;
    assert_eq!(sandbox.choose(KEY, Choice::Approve), Some(State::Paid));
    assert_eq!(sandbox.messages().len(), 1);
    sandbox
}

async fn standing(sandbox: &Sandbox) -> Standing {
    sandbox.look_up(KEY.to_string()).await
}

fn heard(sandbox: &Sandbox, body: &[u8]) -> Result<Notice, Unread> {
    let signature = sandbox.sign(body, now());
    let notices = sandbox.read(&[(SIGNATURE, signature.as_bytes())], body, now())?;
    assert_eq!(notices.len(), 1, "{notices:?}");
    Ok(notices.into_iter().next().expect("a notice"))
}

/// What it tells, as it is heard.
fn told(sandbox: &Sandbox) -> Vec<Noticed> {
    let messages = sandbox.messages();
    messages.iter().map(|it| heard(sandbox, &it.body).expect("a notice").what).collect()
}

fn paid_notice() -> Noticed {
    Noticed::Paid { reference: PAYMENT.to_owned(), amount: eur(1_000) }
}

#[tokio::test]
async fn a_checkout_is_paid_on_its_page_and_told_once() {
    let sandbox = sandbox();
    let url = format!("http://127.0.0.1:8080/sandbox/{KEY}");
    let ready = Started::Ready { external_id: KEY.to_string(), url: url.clone() };
    assert_eq!(sandbox.start(checkout()).await, ready);
    assert_eq!(sandbox.start(checkout()).await, ready, "the same key is the same checkout");
    assert_eq!(standing(&sandbox).await, Standing::Open { url: url.clone() });
    let shown = sandbox.shown(KEY).expect("a checkout");
    assert_eq!((shown.checkout, shown.state), (checkout(), State::Open));

    assert_eq!(sandbox.choose(KEY, Choice::Later), Some(State::Open));
    assert_eq!(standing(&sandbox).await, Standing::Open { url });
    assert_eq!(sandbox.messages(), []);
    for choice in [Choice::Approve, Choice::Approve, Choice::Decline, Choice::Later] {
        assert_eq!(sandbox.choose(KEY, choice), Some(State::Paid), "{choice:?}");
    }
    let reference = PAYMENT.to_owned();
    assert_eq!(standing(&sandbox).await, Standing::Paid { reference, amount: eur(1_000) });
    let messages = sandbox.messages();
    let [Message { after, body }] = &messages[..] else { panic!("{messages:?}") };
    assert_eq!(*after, Duration::ZERO);
    assert_eq!(
        String::from_utf8_lossy(body),
        format!(
            "{{\"id\":\"evt_{}_succeeded\",\"type\":\"payment.succeeded\",\"attempt\":\"{KEY}\",\
             \"reference\":\"{PAYMENT}\",\"amount\":1000,\"currency\":\"EUR\"}}",
            KEY.simple()
        )
    );
    let notice = heard(&sandbox, body).expect("a notice");
    assert_eq!((notice.attempt, notice.external_id), (Some(KEY), Some(KEY.to_string())));
    assert_eq!(notice.what, paid_notice());
    assert_eq!(sandbox.messages(), []);
}

#[tokio::test]
async fn what_is_declined_or_expired_stays_so() {
    let declined = open().await;
    assert_eq!(declined.choose(KEY, Choice::Decline), Some(State::Declined));
    assert_eq!(declined.choose(KEY, Choice::Approve), Some(State::Declined));
    let why = "the card was declined".to_owned();
    assert_eq!(standing(&declined).await, Standing::Ended { why: why.clone() });
    assert_eq!(told(&declined), [Noticed::Failed { why }]);

    let expired = open().await;
    assert_eq!(expired.expire(KEY), Some(State::Expired));
    assert_eq!(expired.choose(KEY, Choice::Approve), Some(State::Expired));
    assert!(matches!(standing(&expired).await, Standing::Ended { .. }));
    assert_eq!(told(&expired), [Noticed::Expired]);
    assert_eq!(paid().await.expire(KEY), Some(State::Paid));
}

#[tokio::test]
async fn what_nobody_started_is_unknown_and_cant_be_chosen() {
    let sandbox = sandbox();
    for id in [KEY.to_string(), "what".to_owned(), String::new()] {
        let standing = sandbox.look_up(id).await;
        assert!(matches!(standing, Standing::Unknown { .. }), "{standing:?}");
    }
    assert_eq!(sandbox.shown(KEY), None);
    assert_eq!(sandbox.choose(KEY, Choice::Approve), None);
    assert_eq!(sandbox.expire(KEY), None);
    assert!(!sandbox.dispute(KEY) && !sandbox.win_dispute(KEY));
    assert_eq!(sandbox.messages(), []);
}

#[tokio::test]
async fn a_key_that_was_used_otherwise_and_nothing_to_pay_are_refused() {
    let sandbox = open().await;
    let other = Checkout { amount: eur(2_000), ..checkout() };
    let nothing = Checkout { amount: eur(0), key: Uuid::max(), ..checkout() };
    for wrong in [other, nothing] {
        let started = sandbox.start(wrong).await;
        assert!(matches!(started, Started::Refused { .. }), "{started:?}");
    }
    assert_eq!(sandbox.shown(KEY).expect("a checkout").checkout, checkout());
    assert_eq!(sandbox.shown(Uuid::max()), None);
}

#[tokio::test]
async fn money_goes_back_in_parts_and_never_more_than_came() {
    let sandbox = paid().await;
    let give_back = async |payment: &str, amount, key| {
        sandbox.give_back(payment.to_owned(), amount, Uuid::from_u128(key)).await
    };
    let reference = |key: u128| format!("ref_{key:032x}");
    let done = |key| Returned::Done { reference: reference(key) };
    assert_eq!(give_back(PAYMENT, eur(400), 1).await, done(1));
    assert_eq!(give_back(PAYMENT, eur(400), 1).await, done(1), "the same key, the same refund");
    assert_eq!(give_back(PAYMENT, eur(600), 2).await, done(2));
    let yen = Money::new(1, "JPY".parse().expect("a currency"));
    for (payment, amount, key) in [
        (PAYMENT, eur(1), 3),
        (PAYMENT, eur(0), 3),
        (PAYMENT, eur(-1), 3),
        (PAYMENT, eur(i64::MAX), 3),
        (PAYMENT, yen, 3),
        (PAYMENT, eur(1), 1),
        ("pay_other", eur(1), 3),
    ] {
        let returned = give_back(payment, amount, key).await;
        assert!(matches!(returned, Returned::Refused { .. }), "{amount} {key} {returned:?}");
    }
    let refunded = |minor, key| Noticed::Refunded {
        payment: PAYMENT.to_owned(),
        reference: reference(key),
        amount: eur(minor),
    };
    assert_eq!(told(&sandbox), [refunded(400, 1), refunded(600, 2)]);
    let unpaid = open().await.give_back(PAYMENT.to_owned(), eur(1), Uuid::max()).await;
    assert!(matches!(unpaid, Returned::Refused { .. }), "{unpaid:?}");
}

#[tokio::test]
async fn what_was_paid_can_be_disputed_once_and_won() {
    let sandbox = paid().await;
    assert!(!sandbox.win_dispute(KEY));
    assert!(sandbox.dispute(KEY) && !sandbox.dispute(KEY) && sandbox.win_dispute(KEY));
    assert!(!open().await.dispute(KEY));
    let (payment, reference) = (PAYMENT.to_owned(), PAYMENT.replace("pay", "dis"));
    let amount = eur(1_000);
    assert_eq!(
        told(&sandbox),
        [
            Noticed::Disputed { payment: payment.clone(), reference: reference.clone(), amount },
            Noticed::DisputeWon { payment, reference, amount },
        ]
    );
}

#[tokio::test]
async fn it_tells_twice_late_and_out_of_order_where_it_is_told_to() {
    let sandbox = open().await;
    let late = Duration::from_secs(3);
    sandbox.behave(Manners { twice: true, late, reversed: true, lost_answers: 0 });
    sandbox.choose(KEY, Choice::Approve);
    assert_eq!(sandbox.messages(), [], "it waits for what happens next");
    sandbox.dispute(KEY);
    let messages = sandbox.messages();
    assert!(messages.iter().all(|message| message.after == late), "{messages:?}");
    let heard: Vec<_> =
        messages.iter().map(|it| heard(&sandbox, &it.body).expect("a notice")).collect();
    assert_eq!((heard.len(), &heard[..2]), (4, &heard[2..]), "the same events again");
    assert!(matches!(heard[0].what, Noticed::Disputed { .. }), "{heard:?}");
    assert_eq!(heard[1].what, paid_notice());
    assert_ne!(heard[0].event, heard[1].event);
}

#[tokio::test]
async fn an_answer_that_is_lost_is_unknown_and_what_was_asked_is_done() {
    let sandbox = sandbox();
    sandbox.behave(Manners { lost_answers: 2, ..Manners::default() });
    let lost = Started::Unknown { trouble: LOST.to_owned() };
    assert_eq!(sandbox.start(checkout()).await, lost);
    assert_eq!(standing(&sandbox).await, Standing::Unknown { trouble: LOST.to_owned() });
    assert!(matches!(standing(&sandbox).await, Standing::Open { .. }));
    sandbox.choose(KEY, Choice::Approve);
    sandbox.behave(Manners { lost_answers: 1, ..Manners::default() });
    let give_back = || sandbox.give_back(PAYMENT.to_owned(), eur(700), Uuid::from_u128(1));
    assert_eq!(give_back().await, Returned::Unknown { trouble: LOST.to_owned() });
    assert!(matches!(give_back().await, Returned::Done { .. }));
    assert_eq!(told(&sandbox).len(), 2, "one payment, one refund");
}

#[test]
fn the_page_sends_one_of_three_outcomes() {
    let parsed = ["approve", "decline", "later"].map(Choice::parse);
    assert_eq!(parsed, [Some(Choice::Approve), Some(Choice::Decline), Some(Choice::Later)]);
    for wrong in ["", "Approve", "approve ", "paid"] {
        assert_eq!(Choice::parse(wrong), None, "{wrong}");
    }
}

/// A message as somebody else may write it who has the secret.
fn succeeded(amount: &str, currency: &str) -> String {
    format!(
        r#"{{"id":"evt_1","type":"payment.succeeded","invoice":"inv_9","amount":{amount},
            "currency":"{currency}","x":[1.5,{{}}]}}"#
    )
}

#[test]
fn a_message_is_heard_where_it_is_signed_about_now_as_it_stands() {
    let sandbox = sandbox();
    let body = succeeded("1", "RUB");
    let read = |signed: i64, body: &str| {
        let at = Timestamp::from_second(now().as_second() + signed).expect("an instant");
        let signature = sandbox.sign(succeeded("1", "RUB").as_bytes(), at);
        sandbox.read(&[("abono-signature", signature.as_bytes())], body.as_bytes(), now())
    };
    assert_eq!(sandbox.read(&[], body.as_bytes(), now()), Err(Unread::NoSignature));
    assert_eq!(read(600, &body), Err(Unread::TooOld));
    assert_eq!(read(-301, &body), Err(Unread::TooOld));
    assert_eq!(read(0, &body.replace("evt_1", "evt_2")), Err(Unread::BadSignature));
    let what =
        Noticed::Paid { reference: "inv_9".to_owned(), amount: Money::new(1, Currency::RUB) };
    let external_id = Some("inv_9".to_owned());
    let notice = Notice { event: "evt_1".to_owned(), attempt: None, external_id, what };
    assert_eq!(read(0, &body), Ok(vec![notice]));
}

#[test]
fn what_cant_be_read_is_said_and_what_we_dont_know_changes_nothing() {
    let sandbox = sandbox();
    for wrong in [
        String::new(),
        "null".to_owned(),
        r#"["evt_1","payment.expired"]"#.to_owned(),
        r#"{"type":"payment.expired"}"#.to_owned(),
        r#"{"id":"","type":"payment.expired"}"#.to_owned(),
        r#"{"id":"a b","type":"payment.expired"}"#.to_owned(),
        r#"{"id":"a","id":"a","type":"payment.expired"}"#.to_owned(),
        r#"{"id":"a","type":"payment.expired","attempt":"7"}"#.to_owned(),
        format!(r#"{{"id":"a","type":"payment.expired","x":"{}"}}"#, "a".repeat(70_000)),
        r#"{"id":"a","type":"payment.refunded","amount":1,"currency":"EUR"}"#.to_owned(),
        succeeded("0", "RUB"),
        succeeded("-1", "RUB"),
        succeeded("1.5", "RUB"),
        succeeded("\"1\"", "RUB"),
        succeeded("null", "RUB"),
        succeeded("9223372036854775808", "RUB"),
        succeeded("1", "rub"),
        succeeded("1", "XAU"),
        succeeded("1", "RUB").replace("invoice", "order"),
    ] {
        let heard = heard(&sandbox, wrong.as_bytes());
        assert!(matches!(heard, Err(Unread::Malformed(_))), "{wrong} {heard:?}");
    }
    let other = heard(&sandbox, br#"{"id":"a","type":"payout.paid","amount":-1}"#);
    assert_eq!(other.map(|notice| notice.what), Ok(Noticed::Other));
}

proptest! {
    #[test]
    fn nothing_that_is_sent_stops_the_reader(
        body in ".{0,200}",
        place in any::<proptest::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let sandbox = sandbox();
        let _whatever = heard(&sandbox, body.as_bytes());
        let mut changed = succeeded("1", "RUB").into_bytes();
        let at = place.index(changed.len());
        changed[at] = byte;
        let _whatever = heard(&sandbox, &changed);
    }
}
