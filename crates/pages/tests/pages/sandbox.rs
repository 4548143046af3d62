//! The test provider's page.

use crate::look::{check, forms, texts};
use crate::served::{get, post, router, settings};
use crate::shop::Shop;
use abono_documents::locale::Locale;
use abono_domain::language::Language;
use abono_domain::money::{Currency, Money};
use abono_engine::payments::Checkout;
use abono_pages::Settings;
use abono_pages::sandbox::{Choice, Manners, State, Test, TestProvider};
use axum::Router;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;

const KEY: Uuid = Uuid::from_u128(7);
const PATH: &str = "/sandbox/00000000-0000-0000-0000-000000000007";
const BACK: &str = "https://shop.example/pay/token/back?lang=ru";

/// One checkout, and what was said of it.
struct Provider {
    state: State,
    said: Mutex<Vec<String>>,
}

impl TestProvider for Provider {
    fn shown(&self, key: Uuid) -> Option<Test> {
        let checkout = Checkout {
            key,
            amount: Money::new(99_000, Currency::RUB),
            description: "СЧ-1 <script>".to_owned(),
            language: Language::parse("ru")?,
            back: BACK.to_owned(),
        };
        (key == KEY).then_some(Test { checkout, state: self.state })
    }

    fn choose(&self, _: Uuid, choice: Choice) {
        self.said.lock().expect("no panic").push(format!("{choice:?}"));
    }

    fn behave(&self, manners: Manners) {
        self.said.lock().expect("no panic").push(format!("{manners:?}"));
    }
}

async fn open(state: State) -> (Shop, Arc<Provider>, Router) {
    let shop = Shop::open().await;
    let provider = Arc::new(Provider { state, said: Mutex::default() });
    let settings = Settings { test_provider: Some(provider.clone()), ..settings() };
    let router = router(&shop, settings);
    (shop, provider, router)
}

#[tokio::test]
async fn the_first_form_says_how_the_payment_goes() {
    let (_shop, _, router) = open(State::Open).await;
    let english = texts(&get(&router, &format!("{PATH}?lang=en")).await.body);
    for locale in Locale::ALL {
        let answer = get(&router, &format!("{PATH}?lang={}", locale.as_str())).await;
        assert_eq!(answer.status, 200);
        check(&answer.body, locale.as_str());
        let [form] = forms(&answer.body)[..] else { panic!("one form: {}", answer.body) };
        assert!(form.starts_with(&format!("method=\"post\" action=\"{PATH}\">")), "{form}");
        assert_eq!(form.matches("name=\"outcome\"").count(), 3);
        assert!(form.contains("value=\"approve\" checked>"), "{form}");
        assert!(form.contains("<fieldset>\n<legend>"), "{form}");
        assert!(answer.body.contains("СЧ-1 &#60;script&#62;"));
        if locale != Locale::English {
            let same: Vec<_> = texts(&answer.body).intersection(&english).cloned().collect();
            assert_eq!(same, ["СЧ-1 &#60;script&#62;"]);
        }
    }
    check(&get(&router, PATH).await.body, "ru");
    assert!(english.contains("This is a test payment. No money moves."));
}

#[tokio::test]
async fn what_is_chosen_leads_back_to_the_shop() {
    let (_shop, provider, router) = open(State::Open).await;
    let whole = "outcome=approve&twice=on&late=5&lost=1";
    for body in ["outcome=approve", "outcome=decline&x=1", "outcome=later", whole] {
        let answer = post(&router, PATH, body).await;
        assert_eq!((answer.status, answer.header("location")), (303, BACK), "{body}");
    }
    let late = Duration::from_secs(5);
    let manners = Manners { twice: true, late, reversed: false, lost_answers: 1 };
    let manners = format!("{manners:?}");
    let said = provider.said.lock().expect("no panic").clone();
    assert_eq!(said, ["Approve", "Decline", "Later", &manners, "Approve"]);
}

#[tokio::test]
async fn what_can_not_be_chosen_changes_nothing() {
    let (_shop, provider, router) = open(State::Open).await;
    for body in ["", "outcome=", "outcome=maybe", "outcome=approve&outcome=decline"] {
        assert_eq!(post(&router, PATH, body).await.status, 400, "{body}");
    }
    for path in ["/sandbox/x", "/sandbox/00000000-0000-0000-0000-000000000008", "/sandbox"] {
        assert_eq!(get(&router, path).await.status, 404, "{path}");
        assert_ne!(post(&router, path, "outcome=approve").await.status, 303, "{path}");
    }
    assert!(provider.said.lock().expect("no panic").is_empty());
}

#[tokio::test]
async fn what_is_over_leads_on() {
    for (state, said) in
        [(State::Paid, "Paid"), (State::Declined, "Declined"), (State::Expired, "Expired")]
    {
        let (_shop, _, router) = open(state).await;
        let html = get(&router, &format!("{PATH}?lang=en")).await.body;
        assert!(html.contains(&format!("<dd><span role=\"status\">{said}</span></dd>")), "{html}");
        let [form] = forms(&html)[..] else { panic!("one form: {html}") };
        assert!(form.contains("name=\"outcome\" value=\"later\""), "{form}");
        assert!(form.contains(">Back to the shop</button>"), "{form}");
        let link = BACK.replace('&', "&#38;");
        assert!(html.contains(&format!("<a href=\"{link}\">")), "{html}");
    }
}
