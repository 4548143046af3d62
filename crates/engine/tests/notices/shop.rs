//! A shop whose buyers pay at a provider that tells what it is told to tell.

use abono_domain::checkout::Noticed;
use abono_domain::ids::{CustomerId, DocumentId, PlanId};
use abono_domain::language::Language;
use abono_domain::money::{Currency, Money};
use abono_domain::seller::Seller;
use abono_engine::checkout::{Heard, Paying};
use abono_engine::links::PayLink;
use abono_engine::payments::Notice;
use abono_engine::views::{Filter, PageRequest};
use abono_engine::{Command, Engine, Env};
use abono_testkit::provider::TestProvider;
use abono_testkit::seller::{self, BASIC};
use abono_testkit::{Database, LINK_KEY, MACHINE, World, request_of};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use uuid::Uuid;

/// The price of a month.
pub(crate) const PRICE: i64 = 99_000;

pub(crate) fn rub(minor: i64) -> Money {
    Money::new(minor, Currency::RUB)
}

/// The shop.
pub(crate) struct Shop {
    pub(crate) world: World,
    pub(crate) provider: Arc<TestProvider>,
    /// How far machine time has gone on, in microseconds.
    passed: Arc<AtomicI64>,
    next: AtomicU64,
}

/// A request, and the attempt to pay it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) customer: CustomerId,
    pub(crate) document: DocumentId,
    pub(crate) attempt: Uuid,
}

/// A node's outer world, without a provider.
fn env(
    clock: impl Fn() -> Timestamp + Send + Sync + 'static,
    passed: &Arc<AtomicI64>,
    seed: u64,
) -> Env {
    let passed = passed.clone();
    let now = move || clock() + SignedDuration::from_micros(passed.load(Ordering::Relaxed));
    Env::seeded(Box::new(now), seed).with_link_key(LINK_KEY)
}

fn start() -> Timestamp {
    MACHINE.parse().expect("an instant")
}

pub(crate) fn english() -> Language {
    Language::parse("en").expect("a language")
}

impl Shop {
    pub(crate) async fn open(database: &Database) -> Self {
        Self::with(database, start, seller::seller()).await
    }

    /// One with a machine's clock and a seller of its own.
    pub(crate) async fn with(
        database: &Database,
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
        seller: Seller,
    ) -> Self {
        let provider = Arc::new(TestProvider::default());
        let passed = Arc::new(AtomicI64::new(0));
        let env = env(clock, &passed, 1).with_payment_provider(provider.clone());
        let engine = Arc::new(Engine::new(env, database.store().await));
        let world = World::selling(engine, 1, "2026-01-31T10:00:00Z", seller).await;
        Self { world, provider, passed, next: AtomicU64::new(10) }
    }

    /// Another node of the same shop.
    pub(crate) async fn node(&self, database: &Database, seed: u64) -> Self {
        let env = env(start, &self.passed, seed).with_payment_provider(self.provider.clone());
        self.beside(env, database).await
    }

    /// One that knows no payment provider.
    pub(crate) async fn bare_node(&self, database: &Database, seed: u64) -> Self {
        self.beside(env(start, &self.passed, seed), database).await
    }

    async fn beside(&self, env: Env, database: &Database) -> Self {
        let engine = Arc::new(Engine::new(env, database.store().await));
        let world = World { engine, ..self.world.clone() };
        let (provider, passed) = (self.provider.clone(), self.passed.clone());
        Self { world, provider, passed, next: AtomicU64::new(1_000) }
    }

    /// Lets machine time pass.
    pub(crate) fn pass(&self, time: SignedDuration) {
        let micros = i64::try_from(time.as_micros()).expect("a short time");
        self.passed.fetch_add(micros, Ordering::Relaxed);
    }

    /// A new customer.
    pub(crate) async fn buyer(&self) -> CustomerId {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let customer = CustomerId(seller::id(2, number.into()));
        let put = seller::customer(customer, &format!("buyer-{number}"));
        self.world.run(Command::PutCustomer(put)).await.expect("a customer");
        customer
    }

    /// What leads to a request.
    pub(crate) const fn link(&self, customer: CustomerId, document: DocumentId) -> PayLink {
        PayLink { tenant: self.world.tenant, customer, document }
    }

    /// A new request of a customer for a month of a plan, and an attempt to pay it.
    pub(crate) async fn ask(&self, customer: CustomerId, plan: PlanId) -> Asked {
        let request = self.world.request(customer, plan, 1, 1);
        let request = request_of(self.world.run(request).await.expect("a request"));
        let document = request.document.id;
        let paying = self.pay(customer, document).await;
        let Paying::GoTo { url } = paying else { panic!("it leads nowhere: {paying:?}") };
        let attempt = url.rsplit('/').next().and_then(|key| key.parse().ok()).expect("a key");
        Asked { customer, document, attempt }
    }

    /// What comes of wanting to pay a request.
    pub(crate) async fn pay(&self, customer: CustomerId, document: DocumentId) -> Paying {
        let back = "https://shop.example/back".to_owned();
        let link = self.link(customer, document);
        self.world.engine.pay(link, &english(), |_| back.clone()).await.expect("an answer")
    }

    /// A request for a month of the basic plan.
    pub(crate) async fn basic(&self) -> Asked {
        self.ask(self.buyer().await, BASIC).await
    }

    /// Has the provider tell something about a request. References are the customer's own.
    pub(crate) async fn tell(&self, of: Asked, event: &str, what: &Noticed) -> Heard {
        self.tell_own(of.customer, (Some(of.attempt), None), event, what).await
    }

    /// The same in a message that names the request and no attempt.
    pub(crate) async fn tell_of_document(&self, of: Asked, event: &str, what: &Noticed) -> Heard {
        self.tell_own(of.customer, (None, Some(of.document.to_string())), event, what).await
    }

    async fn tell_own(
        &self,
        customer: CustomerId,
        (attempt, external_id): (Option<Uuid>, Option<String>),
        event: &str,
        what: &Noticed,
    ) -> Heard {
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
        let event = format!("{customer}-{event}");
        self.heard(Notice { event, attempt, external_id, what }).await
    }

    /// Has it tell something with names as they are.
    pub(crate) async fn tell_as(&self, of: Asked, event: &str, what: Noticed) -> Heard {
        let (attempt, event) = (Some(of.attempt), event.to_owned());
        self.heard(Notice { event, attempt, external_id: None, what }).await
    }

    async fn heard(&self, notice: Notice) -> Heard {
        let message = self.provider.message(notice);
        self.world.engine.hear("test", &[], &message).await.expect("it is heard")
    }

    /// What a buyer and an accountant see, without ids, and to the second.
    pub(crate) async fn state(&self, customer: CustomerId) -> String {
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
