//! What each event means, whatever else it tells.

use super::*;
use abono_domain::money::{Currency, Money};
use proptest::prelude::*;
use uuid::Uuid;

const ATTEMPT: Uuid = Uuid::from_u128(7);

fn event(kind: &str, object: &str) -> String {
    format!(
        r#"{{"id":"evt_1","object":"event","api_version":"2024-11-20.acacia","created":1790000000,
            "type":"{kind}","livemode":false,"data":{{"object":{object},"previous":[1.5]}}}}"#
    )
}

fn session(payment_status: &str) -> String {
    format!(
        r#"{{"id":"cs_1","object":"checkout.session","mode":"payment","status":"complete",
            "payment_status":"{payment_status}","amount_total":99000,"currency":"rub",
            "client_reference_id":"{ATTEMPT}","payment_intent":"pi_1","url":null,
            "metadata":{{"attempt":"{ATTEMPT}"}},"total_details":{{"amount_tax":0}}}}"#
    )
}

fn refund(status: &str) -> String {
    format!(
        r#"{{"id":"re_1","object":"refund","status":"{status}","amount":500,"currency":"eur",
            "payment_intent":"pi_1","failure_reason":"lost_or_stolen_card","metadata":null}}"#
    )
}

fn dispute(status: &str) -> String {
    format!(
        r#"{{"id":"dp_1","object":"dispute","status":"{status}","amount":700,"currency":"eur",
            "payment_intent":"pi_1","charge":"ch_1"}}"#
    )
}

fn told(kind: &str, object: &str) -> Notice {
    let notices = read(event(kind, object).as_bytes()).expect("an event");
    assert_eq!(notices.len(), 1, "{notices:?}");
    notices.into_iter().next().expect("a notice")
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

#[test]
fn a_session_tells_whose_it_is_and_what_came() {
    let about = |what| Notice {
        event: "evt_1".to_owned(),
        attempt: Some(ATTEMPT),
        external_id: Some("cs_1".to_owned()),
        what,
    };
    let amount = Money::new(99_000, Currency::RUB);
    let paid = about(Noticed::Paid { reference: "pi_1".to_owned(), amount });
    let why = "the payment failed".to_owned();
    for (kind, status, means) in [
        ("completed", "paid", paid.clone()),
        ("completed", "unpaid", about(Noticed::Other)),
        ("completed", "no_payment_required", about(Noticed::Other)),
        ("async_payment_succeeded", "paid", paid),
        ("async_payment_failed", "unpaid", about(Noticed::Failed { why })),
        ("expired", "unpaid", about(Noticed::Expired)),
    ] {
        let kind = format!("checkout.session.{kind}");
        assert_eq!(told(&kind, &session(status)), means, "{kind} {status}");
    }
}

#[test]
fn a_session_of_somebody_elses_is_nobodys_attempt() {
    let object = session("paid").replace(&ATTEMPT.to_string(), "order 12");
    let notice = told("checkout.session.completed", &object);
    assert_eq!((notice.attempt, notice.external_id.as_deref()), (None, Some("cs_1")));
    let object = session("paid").replace("\"payment\",", "\"subscription\",");
    assert_eq!(told("checkout.session.completed", &object).what, Noticed::Other);
}

#[test]
fn a_refund_counts_when_it_has_succeeded_or_failed() {
    let (payment, reference) = ("pi_1".to_owned(), "re_1".to_owned());
    let done = Noticed::Refunded {
        payment: payment.clone(),
        reference: reference.clone(),
        amount: eur(500),
    };
    let why = "the refund failed: lost_or_stolen_card".to_owned();
    let failed = Noticed::RefundFailed { payment, reference, why };
    for kind in ["charge.refund.updated", "refund.created", "refund.updated", "refund.failed"] {
        for (status, means) in [
            ("succeeded", &done),
            ("failed", &failed),
            ("canceled", &failed),
            ("pending", &Noticed::Other),
            ("requires_action", &Noticed::Other),
        ] {
            assert_eq!(&told(kind, &refund(status)).what, means, "{kind} {status}");
        }
    }
}

#[test]
fn a_charge_tells_its_refunds_one_by_one_or_not_at_all() {
    let two = format!("{},{}", refund("succeeded"), refund("pending").replace("re_1", "re_2"));
    let charge = format!(r#"{{"id":"ch_1","amount_refunded":9,"refunds":{{"data":[{two}]}}}}"#);
    let notices = read(event("charge.refunded", &charge).as_bytes()).expect("an event");
    let events: Vec<_> = notices.iter().map(|notice| notice.event.as_str()).collect();
    assert_eq!(events, ["evt_1/re_1", "evt_1/re_2"]);
    assert!(matches!(&notices[0].what, Noticed::Refunded { amount, .. } if *amount == eur(500)));
    assert_eq!(notices[1].what, Noticed::Other);
    for alone in [r#"{"id":"ch_1"}"#, r#"{"refunds":null}"#, r#"{"refunds":{"data":[]}}"#] {
        let notice = told("charge.refunded", alone);
        assert_eq!((notice.event.as_str(), notice.what), ("evt_1", Noticed::Other), "{alone}");
    }
}

#[test]
fn a_dispute_is_what_its_state_says_in_whatever_event() {
    let (payment, reference) = ("pi_1".to_owned(), "dp_1".to_owned());
    let taken = Noticed::Disputed {
        payment: payment.clone(),
        reference: reference.clone(),
        amount: eur(700),
    };
    let won = Noticed::DisputeWon { payment, reference, amount: eur(700) };
    for kind in ["created", "updated", "closed", "funds_withdrawn", "funds_reinstated"] {
        for (status, means) in [
            ("needs_response", &taken),
            ("under_review", &taken),
            ("lost", &taken),
            ("won", &won),
            ("warning_needs_response", &Noticed::Other),
            ("warning_closed", &Noticed::Other),
            ("prevented", &Noticed::Other),
        ] {
            let kind = format!("charge.dispute.{kind}");
            assert_eq!(&told(&kind, &dispute(status)).what, means, "{kind} {status}");
        }
    }
}

#[test]
fn what_we_dont_know_changes_nothing_and_what_cant_be_read_is_said() {
    assert_eq!(told("customer.created", "[1]").what, Noticed::Other);
    let thin = br#"{"id":"evt_1","type":"v2.core.health"}"#;
    assert_eq!(read(thin).expect("an event")[0].what, Noticed::Other);
    let completed = |object: &str| event("checkout.session.completed", object);
    let paid = session("paid");
    for wrong in [
        String::new(),
        "null".to_owned(),
        r#"["evt_1","a",null]"#.to_owned(),
        r#"{"id":"evt_1"}"#.to_owned(),
        r#"{"id":"","type":"a"}"#.to_owned(),
        r#"{"id":"a b","type":"a"}"#.to_owned(),
        r#"{"id":"a","id":"b","type":"a"}"#.to_owned(),
        r#"{"id":"evt_1","type":"charge.refunded"}"#.to_owned(),
        format!("{} x", completed(&paid)),
        completed("[]"),
        completed("{}"),
        completed(&paid.replace("99000", "990.5")),
        completed(&paid.replace("99000", "9223372036854775808")),
        completed(&paid.replace("99000", "null")),
        completed(&paid.replace("rub", "xau")),
        completed(&paid.replace("\"pi_1\"", "null")),
        completed(&paid.replace("\"pi_1\"", "\"../pi_1\"")),
        completed(&format!("{}{}", "[".repeat(500), "]".repeat(500))),
        event("charge.dispute.closed", &dispute("lost").replace("eur", "")),
        event("refund.updated", &refund("succeeded").replace("500", "null")),
        event("a", &format!("\"{}\"", "a".repeat(BODY_MAX))),
    ] {
        let read = read(wrong.as_bytes());
        assert!(matches!(read, Err(Unread::Malformed(_))), "{wrong} {read:?}");
    }
}

proptest! {
    #[test]
    fn nothing_that_is_sent_stops_the_reader(
        body in ".{0,200}",
        place in any::<proptest::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let _whatever = read(body.as_bytes());
        let mut changed = event("refund.updated", &refund("succeeded")).into_bytes();
        let at = place.index(changed.len());
        changed[at] = byte;
        let _whatever = read(&changed);
    }
}
