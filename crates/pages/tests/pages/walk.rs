//! A buyer's way by the forms of the pages alone: from the link to the licence, through the test
//! provider and whatever it does.

use crate::look::{check, forms, inside};
use crate::served::{Answer, get, post, router, settings};
use crate::shop::Shop;
use abono_connect::Secret;
use abono_connect::sandbox::{self, Sandbox};

use abono_domain::money::Money;
use abono_engine::payments::{
    self, Checkout, Header, Notice, PaymentProvider, Returned, Standing, Started, Unread,
};
use abono_pages::Settings;
use abono_pages::sandbox::{Choice, Manners, State, Test, TestProvider};
use axum::Router;
use jiff::Timestamp;
use std::future::ready;
use std::sync::Arc;
use uuid::Uuid;

const BASE: &str = "https://shop.example";

/// The page's side of the provider. Nothing that it tells arrives: the pages ask.
struct Page(Arc<Sandbox>);

impl TestProvider for Page {
    fn shown(&self, key: Uuid) -> Option<Test> {
        let sandbox::Shown { checkout, state } = self.0.shown(key)?;
        let state = match state {
            sandbox::State::Open => State::Open,
            sandbox::State::Paid => State::Paid,
            sandbox::State::Declined => State::Declined,
            sandbox::State::Expired => State::Expired,
        };
        Some(Test { checkout, state })
    }

    fn choose(&self, key: Uuid, choice: Choice) {
        let choice = match choice {
            Choice::Approve => sandbox::Choice::Approve,
            Choice::Decline => sandbox::Choice::Decline,
            Choice::Later => sandbox::Choice::Later,
        };
        self.0.choose(key, choice);
    }

    fn behave(&self, manners: Manners) {
        let Manners { twice, late, reversed, lost_answers } = manners;
        self.0.behave(sandbox::Manners { twice, late, reversed, lost_answers });
    }
}

/// A buyer with a browser: where it is, and what it sees.
struct Buyer {
    router: Router,
    sandbox: Arc<Sandbox>,
    shop: Shop,
    at: String,
    page: Answer,
}

impl Buyer {
    async fn opens_the_link() -> Self {
        let secret = Secret::new("a-secret").expect("a secret");
        let sandbox = Arc::new(Sandbox::new(BASE, secret));
        let shop = Shop::taking(sandbox.clone()).await;
        let test_provider: Option<Arc<dyn TestProvider>> = Some(Arc::new(Page(sandbox.clone())));
        let router = router(&shop, Settings { test_provider, ..settings() });
        let at = format!("/pay/{}?lang=en", shop.token);
        let page = get(&router, &at).await;
        Self { router, sandbox, shop, at, page }
    }

    /// Sends the first form of the page, and follows where it leads.
    async fn sends(&mut self, fields: &str) {
        let form = forms(&self.page.body)[0].to_owned();
        let action = inside(&form, "action=\"", "\"").to_owned();
        let lang = if form.contains("name=\"lang\"") { "lang=en&" } else { "" };
        self.page = post(&self.router, &action, &format!("{lang}{fields}")).await;
        self.at = action;
        while self.page.status == 303 {
            let location = self.page.header("location");
            self.at = location.strip_prefix(BASE).unwrap_or(location).to_owned();
            self.page = get(&self.router, &self.at).await;
        }
    }

    fn reads(&self, status: u16, text: &str) {
        assert_eq!(self.page.status, status, "{}", self.at);
        check(&self.page.body, "en");
        assert!(self.page.body.contains(text), "{text}: {}", self.page.body);
    }

    async fn is_done(&self) {
        self.reads(200, "The payment has arrived.");
        self.reads(200, "Active until");
        assert!(forms(&self.page.body).is_empty());
        assert!(self.shop.world.licence().await.is_some());
        assert_eq!(self.shop.world.findings().await, [""; 0]);
    }
}

#[tokio::test]
async fn what_is_approved_ends_with_a_licence() {
    let mut buyer = Buyer::opens_the_link().await;
    buyer.sends("").await;
    buyer.reads(200, "This is a test payment. No money moves.");
    buyer.sends("outcome=approve").await;
    assert_eq!(buyer.at, format!("/pay/{}/back?lang=en", buyer.shop.token));
    buyer.is_done().await;
}

#[tokio::test]
async fn what_is_declined_can_be_tried_again() {
    let mut buyer = Buyer::opens_the_link().await;
    buyer.sends("").await;
    buyer.sends("outcome=decline").await;
    buyer.reads(200, "The payment did not go through");
    buyer.sends("").await;
    buyer.sends("outcome=approve").await;
    buyer.is_done().await;
}

#[tokio::test]
async fn who_decides_later_is_led_back_and_goes_on() {
    let mut buyer = Buyer::opens_the_link().await;
    buyer.sends("").await;
    let test = buyer.at.clone();
    buyer.sends("outcome=later").await;
    buyer.reads(200, "It is not known yet whether the payment went through");
    buyer.sends("").await;
    buyer.reads(200, "It is not known yet whether the payment went through");
    // The second form goes on to the same attempt.
    let pay = post(&buyer.router, &format!("/pay/{}", buyer.shop.token), "lang=en").await;
    assert_eq!(pay.header("location"), format!("{BASE}{test}"));
    buyer.page = get(&buyer.router, &test).await;
    buyer.sends("outcome=approve").await;
    buyer.is_done().await;
}

#[tokio::test]
async fn a_lost_answer_to_the_start_is_asked_for_again() {
    let mut buyer = Buyer::opens_the_link().await;
    buyer.sandbox.behave(sandbox::Manners { lost_answers: 1, ..sandbox::Manners::default() });
    buyer.sends("").await;
    buyer.reads(200, "It is not known yet whether the payment went through");
    buyer.sends("").await;
    buyer.reads(200, "This is a test payment. No money moves.");
    buyer.sends("outcome=approve").await;
    buyer.is_done().await;
}

#[tokio::test]
async fn a_lost_answer_on_the_way_back_is_asked_for_again() {
    let mut buyer = Buyer::opens_the_link().await;
    buyer.sends("").await;
    buyer.sends("outcome=approve&twice=on&late=9&lost=1").await;
    buyer.reads(200, "It is not known yet whether the payment went through");
    buyer.sends("").await;
    buyer.is_done().await;
}

#[tokio::test]
async fn an_attempt_goes_on_as_it_began_whatever_language_it_is_asked_for_again_in() {
    let mut buyer = Buyer::opens_the_link().await;
    buyer.sandbox.behave(sandbox::Manners { lost_answers: 1, ..sandbox::Manners::default() });
    buyer.sends("").await;
    let pay = post(&buyer.router, &format!("/pay/{}", buyer.shop.token), "lang=sv").await;
    assert_eq!(pay.status, 303, "{}", pay.body);
    let test = get(&buyer.router, pay.header("location").strip_prefix(BASE).expect("ours")).await;
    assert_eq!(test.status, 200);
    // It began in English, and ends there.
    buyer.page = test;
    buyer.sends("outcome=approve").await;
    buyer.is_done().await;
}

#[tokio::test]
async fn what_a_provider_refuses_is_nothing_that_a_buyer_reads() {
    let shop = Shop::taking(Arc::new(Refusing)).await;
    let router = router(&shop, settings());
    let at = format!("/pay/{}", shop.token);
    let answer = post(&router, &at, "lang=en").await;
    let again = get(&router, &format!("{at}?lang=en")).await;
    for (answer, status, said) in [
        (answer, 503, "The payment could not be started"),
        (again, 200, "The payment did not go through"),
    ] {
        assert_eq!(answer.status, status);
        check(&answer.body, "en");
        assert!(answer.body.contains(said) && !answer.body.contains("10.0.0.7"), "{}", answer.body);
        assert!(!answer.body.contains("says:"), "there is nothing to quote");
    }
}

/// A provider that starts nothing, for a reason that is ours alone.
struct Refusing;

impl PaymentProvider for Refusing {
    fn name(&self) -> &str {
        "refusing"
    }

    fn start(&self, _: Checkout) -> payments::Answer<'_, Started> {
        let trouble = "10.0.0.7 may not be called".to_owned();
        Box::pin(ready(Started::Refused { trouble }))
    }

    fn look_up(&self, _: String) -> payments::Answer<'_, Standing> {
        Box::pin(ready(Standing::Unknown { trouble: String::new() }))
    }

    fn give_back(&self, _: String, _: Money, _: Uuid) -> payments::Answer<'_, Returned> {
        Box::pin(ready(Returned::Unknown { trouble: String::new() }))
    }

    fn read(&self, _: &[Header<'_>], _: &[u8], _: Timestamp) -> Result<Vec<Notice>, Unread> {
        Err(Unread::NoSignature)
    }
}
