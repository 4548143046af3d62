//! What a payment provider tells ends in the same books, in whatever order and however often it is
//! told.

use abono_domain::checkout::Noticed;
use abono_domain::ids::{CustomerId, DocumentId};
use abono_domain::language::Language;
use abono_domain::money::{Currency, Money};
use abono_engine::checkout::{Heard, Paying};
use abono_engine::links::PayLink;
use abono_engine::payments::Notice;
use abono_engine::views::{Filter, PageRequest};
use abono_engine::{Command, Engine, Env};
use abono_testkit::provider::TestProvider;
use abono_testkit::seller::{self, BASIC};
use abono_testkit::{Database, LINK_KEY, MACHINE, World, on_each_database, request_of};
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const PRICE: i64 = 99_000;

/// How many pairs of orders are tried on SQLite and on Postgres.
const CASES: (u32, u32) = (300, 60);

struct Shop {
    world: World,
    provider: Arc<TestProvider>,
    next: AtomicU64,
}

/// What is told: which request's payment it is about (the first or the second), and what.
type Told = (usize, Noticed);

fn rub(minor: i64) -> Money {
    Money::new(minor, Currency::RUB)
}

fn refunded(reference: &str, minor: i64) -> Noticed {
    let (payment, reference) = ("pay-0".to_owned(), reference.to_owned());
    Noticed::Refunded { payment, reference, amount: rub(minor) }
}

/// Everything that may be told of one purchase; `paid` is how much came for the first request.
fn all(paid: Money, disputed: i64) -> Vec<Told> {
    let (payment, reference) = ("pay-0".to_owned(), "dis-0".to_owned());
    let amount = Money::new(disputed, paid.currency);
    let failed = |reference: &str| Noticed::RefundFailed {
        payment: "pay-0".to_owned(),
        reference: reference.to_owned(),
        why: "the card is gone".to_owned(),
    };
    vec![
        (0, Noticed::Paid { reference: "pay-0".to_owned(), amount: paid }),
        (0, Noticed::Disputed { payment: payment.clone(), reference: reference.clone(), amount }),
        (0, Noticed::DisputeWon { payment, reference, amount }),
        (0, refunded("ref-1", 30_000)),
        (0, refunded("ref-2", 69_000)),
        (0, failed("ref-1")),
        (0, failed("ref-2")),
        (0, Noticed::Failed { why: "declined".to_owned() }),
        (0, Noticed::Expired),
        (1, Noticed::Paid { reference: "pay-1".to_owned(), amount: rub(PRICE) }),
        (
            1,
            Noticed::Disputed {
                payment: "pay-1".to_owned(),
                reference: "dis-1".to_owned(),
                amount: rub(PRICE),
            },
        ),
    ]
}

impl Shop {
    async fn open(database: &Database) -> Self {
        let machine: Timestamp = MACHINE.parse().expect("an instant");
        let provider = Arc::new(TestProvider::default());
        let env = Env::seeded(Box::new(move || machine), 1)
            .with_link_key(LINK_KEY)
            .with_payment_provider(provider.clone());
        let engine = Arc::new(Engine::new(env, database.store().await));
        let world = World::beside(engine, 1, "2026-01-31T10:00:00Z").await;
        Self { world, provider, next: AtomicU64::new(10) }
    }

    /// A new customer with two requests, each with an attempt to pay it.
    async fn buyer(&self) -> (CustomerId, [(DocumentId, uuid::Uuid); 2]) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let customer = CustomerId(seller::id(2, number.into()));
        let put = seller::customer(customer, &format!("buyer-{number}"));
        self.world.run(Command::PutCustomer(put)).await.expect("a customer");
        let mut attempts = Vec::new();
        for _ in 0..2 {
            let request = self.world.request(customer, BASIC, 1, 1);
            let request = request_of(self.world.run(request).await.expect("a request"));
            let document = request.document.id;
            let link = PayLink { tenant: self.world.tenant, customer, document };
            let english = Language::parse("en").expect("a language");
            let paying = self.world.engine.pay(link, &english, "https://shop.example".to_owned());
            let Ok(Paying::GoTo { url }) = paying.await else { panic!("it leads nowhere") };
            let key = url.rsplit('/').next().and_then(|key| key.parse().ok()).expect("a key");
            attempts.push((document, key));
        }
        (customer, [attempts[0], attempts[1]])
    }

    /// What a new customer's books come to after all of this, each with the event's number; the
    /// references are the customer's own.
    async fn told(&self, told: &[(Told, u32)]) -> String {
        let (customer, attempts) = self.buyer().await;
        for ((of, what), event) in told {
            let own = |text: &String| format!("{customer}-{text}");
            let mut what = what.clone();
            match &mut what {
                Noticed::Paid { reference, .. } => *reference = own(reference),
                Noticed::Refunded { payment, reference, .. }
                | Noticed::RefundFailed { payment, reference, .. }
                | Noticed::Disputed { payment, reference, .. }
                | Noticed::DisputeWon { payment, reference, .. } => {
                    (*payment, *reference) = (own(payment), own(reference));
                }
                Noticed::Failed { .. } | Noticed::Expired | Noticed::Other => {}
            }
            let attempt = Some(attempts[*of].1);
            let event = format!("{customer}-{event}");
            let message = self.provider.message(Notice { event, attempt, external_id: None, what });
            let heard = self.world.engine.hear("test", &[], &message).await;
            assert_eq!(heard, Ok(Heard::Done));
        }
        self.state(customer).await
    }

    /// What a buyer and an accountant see, without ids, and to the second.
    async fn state(&self, customer: CustomerId) -> String {
        let engine = &self.world.engine;
        let tenant = self.world.books().await;
        let page = PageRequest { filter: Filter::ALL, after: None, limit: 100, count: false };
        let page = engine.payment_requests(&tenant, customer, page).await.expect("requests");
        let mut lines: Vec<String> = Vec::new();
        for view in page.items.iter().rev() {
            let state = &view.state;
            let link = PayLink { tenant: self.world.tenant, customer, document: view.document.id };
            let page = engine.pay_page(link).await.expect("a page").expect("a request");
            let (paid, back) = (state.paid.minor, state.refunded.minor);
            lines.push(format!("{:?} {paid} {back} {:?}", state.status, page.standing));
        }
        let standing = engine.standing(&tenant, customer).await.expect("a standing");
        for it in &standing.balances {
            if it.amount.minor != 0 {
                lines.push(format!("{:?} {}", it.account, it.amount));
            }
        }
        let shelf = engine.shelf(&tenant, customer).await.expect("a shelf");
        let licence = shelf.and_then(|shelf| shelf.licence(seller::PRODUCT));
        lines.push(format!("{:?}", licence.map(|it| (it.quantity, it.expires_at.as_second()))));
        lines.join("\n")
    }
}

/// Up to six things that are told, in two orders, some of them again: as the same message, or as
/// another one about the same.
fn orders() -> impl Strategy<Value = [Vec<(Told, u32)>; 2]> {
    let paid = prop_oneof![
        4 => Just(rub(PRICE)),
        1 => Just(rub(50_000)),
        1 => Just(rub(150_000)),
        1 => Just(Money::new(1_000, Currency::EUR)),
    ];
    let disputed = prop_oneof![3 => Just(PRICE), 1 => Just(40_000), 1 => Just(1_000)];
    let some =
        (paid, disputed).prop_flat_map(|(paid, disputed)| subsequence(all(paid, disputed), 1..=6));
    let again = || proptest::collection::vec((any::<Index>(), any::<bool>()), 0..3);
    let one = move |some: Vec<Told>| {
        let numbered: Vec<(Told, u32)> = some.into_iter().zip(0..).collect();
        (Just(numbered).prop_shuffle(), again()).prop_map(|(mut told, again)| {
            for (at, is_same) in again {
                let (what, event) = told[at.index(told.len())].clone();
                let event = if is_same { event } else { event + 100 };
                told.push((what, event));
            }
            told
        })
    };
    some.prop_flat_map(move |some| [one(some.clone()), one(some)])
        .prop_flat_map(|[a, b]| [Just(a).prop_shuffle(), Just(b).prop_shuffle()])
}

#[test]
fn any_order_and_repetition_ends_in_the_same_books() {
    on_each_database(async |database| {
        let cases = if database.kind() == "sqlite" { CASES.0 } else { CASES.1 };
        let shop = Shop::open(&database).await;
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new(config);
        let mut seen = String::new();
        for _ in 0..cases {
            let orders = orders().new_tree(&mut runner).expect("orders").current();
            let [first, second] = &orders;
            let (a, b) = (shop.told(first).await, shop.told(second).await);
            assert_eq!(a, b, "{first:#?}\n{second:#?}");
            seen.push_str(&a);
        }
        for hard in ["Refunded 99000 99000", "Paid 99000 30000", "Canceled 0 0", "ReturnedPayment"]
        {
            assert!(seen.contains(hard), "no case came to `{hard}`");
        }
        assert_eq!(shop.world.findings().await, [""; 0]);
    });
}
