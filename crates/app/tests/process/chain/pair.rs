//! Two instances of the seller of booking software: in front an engine whose machine's clock is
//! moved by hand, behind it a server in a process of its own, between them a road.

use super::road::{PATIENCE, Road};
use crate::support::Server;
use abono_connect::breaker;
use abono_connect::outgoing::Reach;
use abono_connect::voss::{Config, Secret, Voss};
use abono_domain::access::Role;
use abono_domain::access::create_key::CreateKey;
use abono_domain::decision::Outcome;
use abono_domain::delivery::{DeliveryStatus, Order};
use abono_domain::ids::{CustomerId, KeyId, SubscriptionId};
use abono_domain::product_group::{Group, GroupKind, GroupStatus};
use abono_domain::proration::Behaviour;
use abono_domain::seller::Tenant;
use abono_domain::subscription::start::StartSubscription;
use abono_domain::subscription::{LineIdentity, Origin};
use abono_domain::termination::CreditKind;
use abono_engine::verify::Report;
use abono_engine::{Actor, Call, Command, Engine, Env, Fault, Token};
use abono_testkit::Database;
use abono_testkit::groups::{add, crediting, terminate};
use abono_tools::apply::{self, SellerFile};
use abono_worker::{Outbox, Pause};
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

const SELLER: &str = include_str!("../../../demo/booking.toml");
/// The codes of its companies.
pub(super) const COMPANIES: [&str; 2] = ["salong-norrsken", "klinik-havsvik"];
/// What is added: articles without notice.
pub(super) const ARTICLES: [&str; 5] = ["SMS-1000", "CAL-EXTRA", "HELP", "STAFF", "SMS"];
/// No run of troubles is so long that a delivery fails for good.
const ATTEMPTS: i64 = 200;

/// A company's books on one side.
#[derive(Clone, Copy)]
pub(super) struct Company {
    pub(super) id: CustomerId,
    subscription: SubscriptionId,
}

/// The books of one side.
#[derive(Clone)]
struct Books {
    engine: Arc<Engine>,
    tenant: Tenant,
    companies: [Company; 2],
}

impl Books {
    async fn make(engine: Arc<Engine>, external_billing: bool) -> Self {
        let mut proposal = SellerFile::parse(SELLER).expect("the file");
        proposal.seller.settings.external_billing = external_billing;
        apply::run(&engine, &proposal, None, false).await.expect("the seller");
        let tenant = engine.tenant_by_slug(&proposal.slug).await.expect("a read").expect("it");
        let mut companies = Vec::new();
        for code in COMPANIES {
            let id = engine.customer_by_code(&tenant, code).await.expect("a read").expect("it");
            companies.push(Company { id, subscription: start(&engine, &tenant, id).await });
        }
        let companies = companies.try_into().ok().expect("two");
        Self { engine, tenant, companies }
    }

    async fn token(&self, role: Role) -> Secret {
        let env = self.engine.env();
        let token = Token::new(self.tenant.id, KeyId(env.uuid()), env.secret());
        let command = Command::CreateKey(CreateKey {
            id: token.key,
            secret_hash: token.secret_hash(),
            role,
            customers: vec![],
            label: "in front".to_owned(),
            expires_at: None,
        });
        self.run(&command).await;
        Secret::new(&token.text()).expect("a secret")
    }

    async fn run(&self, command: &Command) -> Outcome {
        let call = Call::new(self.tenant.id, Actor::Operator);
        self.engine.carry_out(&call, command).await.expect("it is carried out")
    }

    /// What was added to a company by itself, oldest first.
    async fn added(&self, company: Company) -> Vec<Added> {
        let (id, subscription) = (company.id, company.subscription);
        let found = self.engine.product_groups(&self.tenant, id, subscription).await;
        let found = found.expect("a read");
        let seller = self.engine.seller(self.tenant.id).await.expect("the seller");
        let mut groups: Vec<&Group> = found.groups.iter().filter(is_optional).collect();
        groups.sort_by_key(|it| (it.group.subscription.created_at, it.group.subscription.number));
        let shown = |it: &Group| {
            let mut ends = found.terminations.iter().map(|view| &view.termination);
            let end = ends.find(|end| end.group == it.id());
            let product = seller.catalogue.product(it.group.subscription.product);
            let plan = product.and_then(|product| product.plan(it.group.plan)).expect("the plan");
            assert_eq!(it.state.status == GroupStatus::Terminated, end.is_some());
            Added {
                id: it.id(),
                article: plan.article.number.clone().expect("a number"),
                quantity: it.group.quantity,
                end: end.map(|end| End {
                    behaviour: end.credit.behaviour,
                    kind: end.credit.kind,
                    comment: end.comment.clone(),
                    texts: end.texts.clone(),
                }),
            }
        };
        groups.into_iter().map(shown).collect()
    }

    async fn findings(&self) -> Vec<String> {
        let mut report = Report::default();
        let mut quiet = |_: &_| {};
        let proof = self.engine.verify_tenant(&self.tenant, &mut report, &mut quiet);
        proof.await.expect("the proof");
        report.findings.into_iter().map(|it| format!("{}: {}", it.place, it.problem)).collect()
    }
}

fn is_optional(group: &&Group) -> bool {
    group.group.kind == GroupKind::Optional
}

async fn start(engine: &Engine, tenant: &Tenant, company: CustomerId) -> SubscriptionId {
    let seller = engine.seller(tenant.id).await.expect("the seller");
    let product = seller.catalogue.product_by_code("booking").expect("the product");
    let start = StartSubscription {
        product: product.id,
        plan: product.plan_by_code("bas").expect("the plan").id,
        quantity: 1,
        months: 1,
        billing_day: None,
        sold_on: None,
        origin: Origin::New,
        bundle: None,
        line: LineIdentity::default(),
    };
    let command = Command::StartSubscription(company, Box::new(start));
    let call = Call::new(tenant.id, Actor::Operator);
    let outcome = engine.carry_out(&call, &command).await.expect("it starts");
    let Outcome::Subscription { agreement, .. } = outcome else { panic!("{outcome:?}") };
    agreement.subscription.id
}

/// Something that was added, as both sides have to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Added {
    pub(super) id: SubscriptionId,
    article: String,
    quantity: i64,
    pub(super) end: Option<End>,
}

/// How it was terminated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct End {
    behaviour: Behaviour,
    kind: CreditKind,
    comment: String,
    texts: Vec<String>,
}

/// How something is to be terminated.
pub(super) const ENDS: [(Behaviour, CreditKind); 5] = [
    (Behaviour::Full, CreditKind::Normal),
    (Behaviour::Full, CreditKind::Internal),
    (Behaviour::None, CreditKind::Normal),
    (Behaviour::Prorate, CreditKind::Normal),
    (Behaviour::Prorate, CreditKind::Internal),
];

/// The two of them.
pub(super) struct Pair {
    machine: Arc<AtomicI64>,
    lives: u64,
    front_database: Database,
    front: Books,
    behind_database: Database,
    behind: Books,
    server: Server,
    key: Secret,
    token: Secret,
    pub(super) road: Road,
}

impl Pair {
    /// On a fresh database each, of the same kind.
    pub(super) async fn open(front_database: Database) -> Self {
        let behind_database = match &front_database {
            Database::Sqlite(_) => Database::sqlite(),
            Database::Postgres(_) => Database::postgres().expect("as before"),
        };
        let engine = Engine::new(Env::real(), behind_database.store().await);
        let behind = Books::make(Arc::new(engine), false).await;
        let (key, token) = (behind.token(Role::Application).await, behind.token(Role::Admin).await);
        let start: Timestamp = "2026-03-10T09:00:00Z".parse().expect("an instant");
        let machine = Arc::new(AtomicI64::new(start.as_second()));
        let engine = Engine::new(env(&machine, 1), front_database.store().await);
        let front = Books::make(Arc::new(engine), true).await;
        let (server, road) = (Server::start(&behind_database), Road::open().await);
        let mut pair = Self {
            machine,
            lives: 1,
            front_database,
            front,
            behind_database,
            behind,
            server,
            key,
            token,
            road,
        };
        pair.lead();
        pair.restart_front().await;
        pair
    }

    fn lead(&self) {
        self.road.lead(self.server.address(), self.server.killer());
    }

    /// Time passes in front.
    pub(super) fn passes(&self, seconds: i64) {
        self.machine.fetch_add(seconds, Ordering::Relaxed);
    }

    /// A company, by its place.
    pub(super) fn company(&self, place: usize) -> Company {
        self.front.companies[place]
    }

    /// The process in front begins anew.
    pub(super) async fn restart_front(&mut self) {
        self.lives += 1;
        let address = self.road.address.parse().expect("an address");
        let (key, token) = (self.key.clone(), self.token.clone());
        let mut config = Config::new(address, Reach::Private, PATIENCE, key, token);
        let (rest, rest_max) = (Duration::from_millis(10), Duration::from_millis(40));
        config.breaker = breaker::Settings { rest, rest_max, ..config.breaker };
        let voss = Voss::new(config).expect("a configuration");
        let env = env(&self.machine, self.lives).with_billing_system(voss.billing_system());
        self.front.engine = Arc::new(Engine::new(env, self.front_database.store().await));
    }

    /// Something is added in front.
    pub(super) async fn add(&self, company: Company, article: &str, quantity: i64) {
        let seller = self.front.engine.seller(self.front.tenant.id).await.expect("the seller");
        let (product, plan) = seller.catalogue.plan_by_article(article).expect("the article");
        let mut asked = add(company.subscription, (product.id, plan.id));
        asked.quantity = quantity;
        self.front.run(&Command::AddProduct(company.id, asked)).await;
    }

    /// What was added to a company in front, oldest first.
    pub(super) async fn added(&self, company: Company) -> Vec<Added> {
        self.front.added(company).await
    }

    /// Something is terminated in front.
    pub(super) async fn end(
        &self,
        company: Company,
        group: SubscriptionId,
        (behaviour, kind): (Behaviour, CreditKind),
    ) {
        let asked = terminate(company.subscription, group, None);
        let mut asked = crediting(asked, behaviour, kind);
        (asked.comment, asked.texts) = (format!("ended {group}"), vec!["Tack".to_owned()]);
        self.front.run(&Command::TerminateProduct(company.id, Box::new(asked))).await;
    }

    /// Sends until nothing can be sent now; whoever was killed behind is started again.
    pub(super) async fn send(&mut self) -> Pause {
        let mut sender = Outbox::new(ATTEMPTS);
        loop {
            let pause = sender.step(&self.front.engine).await.expect("a step");
            if self.road.is_killed() {
                self.server = Server::start(&self.behind_database);
                self.lead();
            }
            match pause {
                Pause::None => {}
                Pause::Rest(time) => {
                    tokio::time::sleep(time).await;
                    return pause;
                }
                Pause::Until(_) | Pause::Idle => return pause,
            }
        }
    }

    /// Sends until the process in front is killed at a point, when it gets there for the `nth`
    /// time, if it does; then it begins anew when its claims have ended.
    pub(super) async fn send_and_die(&mut self, point: &'static str, nth: usize) {
        let (killed, engine) = (Arc::new(tokio::sync::Notify::new()), self.front.engine.clone());
        let (signal, left) = (killed.clone(), AtomicUsize::new(nth));
        engine.env().plan_faults(Box::new(move |at| {
            if at != point || left.fetch_sub(1, Ordering::Relaxed) > 1 {
                return Fault::Go;
            }
            signal.notify_one();
            Fault::Kill
        }));
        tokio::select! {
            biased;
            () = killed.notified() => {}
            _pause = self.send() => {}
        }
        drop(engine);
        self.restart_front().await;
        self.passes(121);
    }

    /// Lets all arrive that was ever sent, and compares the two sides.
    pub(super) async fn agree(&mut self) {
        self.road.script([]);
        for _ in 0..1_000 {
            if self.send().await == Pause::Idle {
                break;
            }
            self.passes(600);
        }
        assert_eq!(self.road.is_empty().await, [""; 0], "answers to one key differ");
        for (place, there) in self.behind.companies.into_iter().enumerate() {
            let here = self.company(place);
            let known = self.known_behind(here).await;
            assert_eq!(known, self.behind.added(there).await, "{}", COMPANIES[place]);
        }
        assert_eq!(self.front.findings().await, [""; 0]);
        assert_eq!(self.behind.findings().await, [""; 0]);
    }

    /// What was added in front, in the order in which it was queued, under the ids of the other
    /// side.
    async fn known_behind(&self, company: Company) -> Vec<Added> {
        let all = self.front.engine.deliveries_of(&self.front.tenant, company.id).await;
        let all = all.expect("deliveries");
        for view in &all {
            assert_eq!(view.state.status, DeliveryStatus::Delivered, "{view:?}");
        }
        let added = self.front.added(company).await;
        let ends = added.iter().filter(|it| it.end.is_some()).count();
        let is_addition = |order: &Order| matches!(order, Order::Add { .. });
        let sent = all.iter().filter(|view| is_addition(&view.delivery.order));
        let sent: Vec<(SubscriptionId, &str)> = sent
            .map(|view| (view.delivery.group, view.state.external_id.as_deref().expect("an id")))
            .collect();
        assert_eq!((sent.len(), all.len()), (added.len(), added.len() + ends));
        let named = |(group, id): &(SubscriptionId, &str)| {
            let own = added.iter().find(|it| it.id == *group).expect("it was added").clone();
            Added { id: SubscriptionId(id.parse().expect("a guid")), ..own }
        };
        sent.iter().map(named).collect()
    }
}

fn env(machine: &Arc<AtomicI64>, seed: u64) -> Env {
    let machine = machine.clone();
    let now = move || Timestamp::from_second(machine.load(Ordering::Relaxed)).expect("a time");
    Env::seeded(Box::new(now), seed)
}
