//! Paying through Stripe as a seller sets it up: keys in files, a page of Stripe's, its signed
//! messages; against a stand-in for Stripe's API.

use super::{Browser, links};
use crate::support::{Demo, must};
use abono_testkit::stripe::{API_KEY, Stripe, WEBHOOK_SECRET};
use abono_testkit::{Database, runtime};
use std::path::Path;
use tempfile::TempDir;

fn demo(folder: &Path, database: &Database, stripe: &Stripe) -> Demo {
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    };
    let (key, secret) = (file("stripe.key", API_KEY), file("webhook.secret", WEBHOOK_SECRET));
    let options = [
        "--stripe-key-file",
        &key,
        "--stripe-webhook-secret-file",
        &secret,
        "--stripe-address",
        &stripe.address,
        "--stripe-allow-private",
        "--stripe-page",
        "https://checkout.example",
    ];
    Demo::start_with(folder, database, Some("2026-01-31T10:00:00Z"), &options)
}

/// Posts a message as Stripe does; gives the status.
fn tell(demo: &Demo, (body, signature): (String, String)) -> u16 {
    let url = format!("{}/v1/payments/callbacks/stripe", demo.fact("base_url"));
    Browser::new().tell(&url, &signature, &body)
}

#[test]
fn a_request_is_paid_and_refunded_through_stripe() {
    let (folder, database) = (TempDir::new().expect("a folder"), Database::sqlite());
    let runtime = runtime();
    let stripe = runtime.block_on(Stripe::start());
    let (demo, browser) = (demo(folder.path(), &database, &stripe), Browser::new());
    let invoice = demo.buy();
    let [card, _] = links(&invoice);
    let page = browser.get(&card);
    let policy = page.policy;
    let targets = policy.split("; ").find(|it| it.starts_with("form-action "));
    assert!(targets.is_some_and(|it| it.ends_with(" https://checkout.example")), "{policy}");

    let led = browser.send(&card, "");
    assert_eq!(led.status, 303, "{}", led.text);
    assert_eq!(led.location, "https://checkout.example/c/cs_test_0#fid");
    // Two clicks are one session.
    assert_eq!(browser.send(&card, "").location, led.location);
    assert_eq!(stripe.state().sessions.len(), 1);

    stripe.pay("cs_test_0");
    let now = abono_engine::Env::real().machine().as_second();
    let paid = stripe.event("checkout.session.completed", "cs_test_0", now);
    let forged = (paid.0.clone(), paid.1.replace("v1=", "v1=0"));
    assert_eq!(tell(&demo, forged), 401);
    assert_eq!(tell(&demo, paid.clone()), 200);
    assert_eq!(tell(&demo, paid), 200, "once more");
    demo.wait_for(&invoice, "Paid");
    assert!(!demo.licence().is_null());
    let last = browser.get(&format!("{card}/back?lang=en"));
    assert!(last.text.contains("Paid") && !last.text.contains("<form"), "{}", last.text);

    let refund = stripe.refunded("cs_test_0", 99_000, now);
    assert_eq!(tell(&demo, refund), 200);
    assert!(demo.licence().is_null());
    must(&database, &["verify"]);
    let said = std::fs::read_to_string(folder.path().join("stderr")).expect("what it said");
    assert!(!said.contains(API_KEY) && !said.contains(WEBHOOK_SECRET), "a secret in the log");
}
