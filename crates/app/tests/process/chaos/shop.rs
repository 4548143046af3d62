//! A seller whose customers ask for invoices under keys, at whichever node answers.

use super::log::{Asked, Invoice, Judgement, Log};
use crate::support::{agent, read, run_on};
use abono_domain::access::Role;
use abono_domain::ids::{CustomerId, TenantId};
use abono_engine::views::{Filter, PageRequest};
use abono_engine::{Command, Engine, Env};
use abono_store::{DatabaseUrl, Options, Store, migrate};
use abono_testkit::{World, runtime, seller};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const CUSTOMERS: u128 = 8;

/// The seller, and how its customers are known.
pub(crate) struct Shop {
    url: String,
    token: String,
    customers: Vec<CustomerId>,
}

/// Where clients find the nodes; `None` in place of one that is down.
#[derive(Default)]
pub(crate) struct Doors(Mutex<Vec<Option<String>>>);

impl Doors {
    /// Says where a node is from now on.
    pub(crate) fn set(&self, node: usize, base_url: Option<&str>) {
        let mut doors = self.0.lock().expect("no client panicked");
        if doors.len() <= node {
            doors.resize(node + 1, None);
        }
        doors[node] = base_url.map(str::to_owned);
    }

    /// The door that a client tries, its own first.
    fn of(&self, client: usize) -> Option<String> {
        let doors = self.0.lock().expect("no client panicked");
        let count = doors.len().max(1);
        (0..count).find_map(|next| doors.get((client + next) % count)?.clone())
    }
}

/// The books, opened by the test for a moment: nobody else may hold them when a server is killed.
async fn world(url: &str) -> Result<World, String> {
    let url: DatabaseUrl = url.parse().expect("an address");
    migrate(&url).await.map_err(|error| error.to_string())?;
    let store = Store::open(&url, Options::Serving).await.map_err(|error| error.to_string())?;
    let engine = Arc::new(Engine::new(Env::real(), store));
    let (tenant, customer) = (TenantId(seller::id(1, 1)), CustomerId(seller::id(2, 1)));
    Ok(World { engine, tenant, customer, other: CustomerId(seller::id(2, 2)) })
}

impl Shop {
    /// Makes the books.
    pub(crate) fn open(url: &str) -> Self {
        runtime().block_on(async {
            let empty = world(url).await.expect("the books open");
            let world = World::open(empty.engine, 1, None, seller::seller()).await;
            let mut customers = Vec::new();
            for number in 0..CUSTOMERS {
                let id = CustomerId(seller::id(2, 100 + number));
                let put = seller::customer(id, &format!("client-{number}"));
                world.run(Command::PutCustomer(put)).await.expect("a customer");
                customers.push(id);
            }
            let token = world.token(Role::Admin, &[]).await;
            Self { url: url.to_owned(), token, customers }
        })
    }

    /// Asks once; nothing where nobody answers, or where the answer is that it isn't known.
    fn ask(&self, agent: &ureq::Agent, door: &str, asked: &Asked) -> Option<(String, Invoice)> {
        let (org, product) =
            (self.customers[asked.customer % self.customers.len()], seller::PRODUCT);
        let path = format!("/orgs/{org}/profile/subscriptions/products/{product}:create-invoice");
        let plan = json!({"guid": seller::BASIC.to_string()});
        let body = json!({"plan": plan, "quantity": 1, "period_in_months": 1});
        let request = agent
            .post(format!("{door}{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .header("idempotency-key", &asked.key);
        let (status, text) = read(request.send(body.to_string()))?;
        if status >= 500 {
            return None;
        }
        assert_eq!(status, 201, "{}: {text}", asked.key);
        let json: Value = serde_json::from_str(&text).expect("JSON");
        let of = |name: &str| json[name].as_str().expect("a text").to_owned();
        let invoice = Invoice { guid: of("guid"), number: of("number") };
        Some((text, invoice))
    }

    /// Asks until there is an answer, or nobody waits for it any longer.
    fn insist(
        &self,
        agent: &ureq::Agent,
        (doors, first): (&Doors, usize),
        (log, asked): (&Log, &Asked),
        stop: &AtomicBool,
    ) {
        let began = Instant::now();
        log.asks(asked);
        for attempt in 0.. {
            let door = doors.of(first + attempt);
            let answer = door.and_then(|door| self.ask(agent, &door, asked));
            if let Some((bytes, invoice)) = answer {
                log.hears(asked, bytes, invoice, began);
                return;
            }
            if stop.load(Ordering::Relaxed) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Clients that ask for one invoice after the other until they are told to stop; `meanwhile`
    /// says when.
    pub(crate) fn trade(
        &self,
        clients: usize,
        doors: &Doors,
        (log, name): (&Log, &str),
        meanwhile: impl FnOnce(),
    ) {
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for client in 0..clients {
                let stop = &stop;
                scope.spawn(move || {
                    let agent = agent();
                    for number in 0.. {
                        if stop.load(Ordering::Relaxed) {
                            return;
                        }
                        let key = format!("{name}{client}-{number}");
                        let asked = Asked { key, customer: client + number % 2 };
                        self.insist(&agent, (doors, client), (log, &asked), stop);
                    }
                });
            }
            meanwhile();
            stop.store(true, Ordering::Relaxed);
        });
    }

    /// Asks again under keys that were used, and hears the same or finds out.
    pub(crate) fn ask_again(&self, doors: &Doors, log: &Log, keys: &[Asked]) {
        let next = AtomicUsize::new(0);
        let patience = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for client in 0..4 {
                let (next, patience) = (&next, &patience);
                scope.spawn(move || {
                    let agent = agent();
                    while let Some(asked) = keys.get(next.fetch_add(1, Ordering::Relaxed)) {
                        self.insist(&agent, (doors, client), (log, asked), patience);
                    }
                });
            }
        });
    }

    /// Every invoice in the books.
    fn books(&self) -> Vec<Invoice> {
        runtime().block_on(async {
            let world = world(&self.url).await.expect("the books open");
            let tenant = world.books().await;
            let mut all = Vec::new();
            for customer in &self.customers {
                let mut after = None;
                loop {
                    let page =
                        PageRequest { filter: Filter::ALL, after, limit: 1_000, count: false };
                    let page = world.engine.payment_requests(&tenant, *customer, page).await;
                    let page = page.expect("a page");
                    all.extend(page.items.iter().map(|view| Invoice {
                        guid: view.document.id.to_string(),
                        number: view.document.number(),
                    }));
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                }
            }
            all
        })
    }

    /// Compares what was told with the books, and proves the books.
    pub(crate) fn judge(&self, log: &Log) -> Judgement {
        let judgement = log.judge(&self.books());
        let proof = run_on(&self.url, &["verify", "--json"]);
        let report = String::from_utf8_lossy(&proof.stdout).into_owned();
        assert!(proof.status.success(), "{judgement}; the books are not proved: {report}");
        judgement
    }
}
