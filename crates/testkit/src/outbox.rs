//! Deliveries to a billing system behind, and one that does what a test tells it.

use crate::World;
use crate::telecom::{self, GB10};
use abono_domain::calendar::tzdb_version;
use abono_domain::decision::Draft;
use abono_domain::decision::Outcome;
use abono_domain::delivery::{DeliveryStatus, DeliveryView, Order, queue as queue_in};
use abono_domain::ids::{CustomerId, DeliveryId, SubscriptionId};
use abono_domain::moment::Moment;
use abono_domain::proration::Behaviour;
use abono_engine::Actor;
use abono_engine::billing::{Answer, BillingSystem, Message, Order as Sent};
use abono_store::nouns::{journal, root};
use abono_store::{Batch, Context, Verdict, apply};
use jiff::SignedDuration;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use uuid::Uuid;

/// What the system behind does with one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// It does it and says so.
    Does,
    /// It does it, and the answer is lost.
    DoesAndIsNotHeard,
    /// It does nothing and answers with an error.
    Fails,
    /// It refuses for good.
    Refuses,
    /// It isn't asked at all.
    Rests(Duration),
}

/// A billing system behind.
#[derive(Clone, Debug, Default)]
pub struct Behind(Arc<Mutex<Inside>>);

#[derive(Debug, Default)]
struct Inside {
    script: VecDeque<Reaction>,
    slow: Option<Duration>,
    heard: Vec<Message>,
    /// What was done, by key: the id that it gave, and the order in which it was done.
    done: BTreeMap<Uuid, String>,
    order: Vec<Message>,
}

impl Behind {
    /// One that does everything at once.
    pub fn willing() -> Self {
        Self::default()
    }

    /// One that reacts so to the next messages, and then does everything.
    pub fn script(&self, reactions: impl IntoIterator<Item = Reaction>) {
        self.inside().script = reactions.into_iter().collect();
    }

    /// How long it takes for each message.
    pub fn takes(&self, time: Duration) {
        self.inside().slow = Some(time);
    }

    /// The port to it.
    pub fn port(&self) -> BillingSystem {
        let own = self.clone();
        Box::new(move |message| {
            let own = own.clone();
            Box::pin(async move {
                let slow = own.inside().slow;
                if let Some(time) = slow {
                    tokio::time::sleep(time).await;
                }
                own.react(message)
            })
        })
    }

    /// Every message that came, repetitions too.
    pub fn heard(&self) -> Vec<Message> {
        self.inside().heard.clone()
    }

    /// What was done for a customer, each once, in the order in which it was done.
    pub fn done_for(&self, customer: CustomerId) -> Vec<Sent> {
        let inside = self.inside();
        let own = inside.order.iter().filter(|message| message.customer == customer.0);
        own.map(|message| message.order.clone()).collect()
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().expect("nobody panics in here")
    }

    fn react(&self, message: Message) -> Answer {
        let mut inside = self.inside();
        let reaction = inside.script.pop_front().unwrap_or(Reaction::Does);
        if let Reaction::Rests(for_about) = reaction {
            return Answer::Resting { for_about };
        }
        inside.heard.push(message.clone());
        let passing =
            |trouble: &str| Answer::Passing { trouble: trouble.to_owned(), retry_after: None };
        match reaction {
            Reaction::Fails => passing("status 500"),
            Reaction::Refuses => {
                Answer::Final { trouble: "status 422: no such article".to_owned() }
            }
            Reaction::Does | Reaction::DoesAndIsNotHeard | Reaction::Rests(_) => {
                let id = inside.does(message);
                match reaction {
                    Reaction::Does => Answer::Done { external_id: Some(id), body: "{}".to_owned() },
                    Reaction::DoesAndIsNotHeard
                    | Reaction::Fails
                    | Reaction::Refuses
                    | Reaction::Rests(_) => passing("no answer"),
                }
            }
        }
    }
}

impl Inside {
    /// Does it once for its key.
    fn does(&mut self, message: Message) -> String {
        if let Some(id) = self.done.get(&message.key) {
            return id.clone();
        }
        let id = format!("behind-{}", self.done.len() + 1);
        self.done.insert(message.key, id.clone());
        self.order.push(message);
        id
    }
}

/// An article to be billed from now on.
pub fn addition(article: &str) -> Order {
    Order::Add { article_number: article.to_owned(), quantity: 1 }
}

/// The same no longer.
pub fn termination() -> Order {
    let texts = vec!["Thank you".to_owned(), "for trying, it".to_owned()];
    let comment = "not needed".to_owned();
    let ended_at = jiff::Timestamp::UNIX_EPOCH;
    Order::Terminate { behaviour: Behaviour::Full, internal: false, comment, texts, ended_at }
}

/// A subscription of a customer, of which things can be delivered.
///
/// # Panics
/// Where it can't be started.
pub async fn group(world: &World, customer: CustomerId) -> SubscriptionId {
    let outcome = world.run(telecom::start(customer, GB10, None)).await.expect("a subscription");
    let Outcome::Subscription { agreement, .. } = outcome else { panic!("{outcome:?}") };
    agreement.subscription.id
}

/// Queues an order, as a command would that makes it necessary.
///
/// # Panics
/// Where it can't be written.
pub async fn queue(
    world: &World,
    customer: CustomerId,
    group: SubscriptionId,
    order: Order,
) -> DeliveryId {
    let (engine, tenant) = (&world.engine, world.books().await);
    let root = root::of_customer(tenant.id, customer);
    let root = engine.store().query(root).await.expect("a read").expect("the customer");
    let business = engine.business_time(&tenant).await.expect("a time");
    let now = business.max(root.last_moment + SignedDuration::from_micros(1));
    let (machine, command) = (engine.env().machine(), engine.env().command_id());
    let mut draft = Draft::new(Moment { now, machine, command });
    let id = queue_in(&mut draft, customer, group, order);
    let decision = draft.done(Outcome::Clock(now));
    let entry = journal::Entry {
        command_id: command,
        attempt: 1,
        actor: Actor::Operator,
        command: "queued_by_a_test".to_owned(),
        customer: Some(customer),
        input_hash: vec![],
        business_at: now,
        machine_at: machine,
        seller_version: 1,
        rules_version: 1,
        tzdb: tzdb_version().to_owned(),
    };
    let context = Context { tenant: tenant.id, clock: tenant.clock, command, customer };
    let mut rows: Vec<_> = decision.changes.iter().flat_map(|it| apply(context, it)).collect();
    rows.push(journal::send(tenant.id, &entry));
    let batch = Batch {
        tenant: tenant.id.0,
        journal: Some(journal::write(tenant.id, &entry)),
        claims: vec![root::guard_customer(tenant.id, customer, root, now)],
        draws: vec![],
        finish: Box::new(move |_| rows.clone()),
    };
    assert_eq!(engine.store().commit(batch).await, Verdict::Committed);
    id
}

/// Where each delivery of a customer stands, in order.
///
/// # Panics
/// Where they can't be read.
pub async fn statuses(world: &World, customer: CustomerId) -> Vec<DeliveryStatus> {
    views(world, customer).await.iter().map(|view| view.state.status).collect()
}

/// The deliveries of a customer, in order.
///
/// # Panics
/// Where they can't be read.
pub async fn views(world: &World, customer: CustomerId) -> Vec<DeliveryView> {
    let tenant = world.books().await;
    world.engine.deliveries_of(&tenant, customer).await.expect("deliveries")
}
