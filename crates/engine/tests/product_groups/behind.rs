//! What is added is queued for the billing system behind, and ended there as it ends here.

use super::{START, add, crediting, terminate};
use abono_domain::delivery::Order;
use abono_domain::product_group::add::AddProduct;
use abono_domain::proration::Behaviour;
use abono_domain::seller::publish::PublishSeller;
use abono_domain::subscription::end::EndSubscription;
use abono_domain::termination::{CreditKind, TerminationType};
use abono_engine::{Command, Engine, Env};
use abono_testkit::articles::{self, EXTRAS, SEAT};
use abono_testkit::telecom::{self, GB10};
use abono_testkit::{Database, MACHINE, World, on_each_database, seller};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A seller who sends on, or not, on a machine whose time passes.
struct Setting {
    world: World,
    seconds: Arc<AtomicI64>,
}

impl Setting {
    async fn off(database: &Database) -> Self {
        let start: Timestamp = MACHINE.parse().expect("an instant");
        let seconds = Arc::new(AtomicI64::new(0));
        let passed = seconds.clone();
        let now = move || start + SignedDuration::from_secs(passed.load(Ordering::Relaxed));
        let env = Env::seeded(Box::new(now), 1);
        let engine = Arc::new(Engine::new(env, database.store().await));
        let world = telecom::selling(engine, 2, START, articles::seller()).await;
        world.run(telecom::start(world.customer, GB10, None)).await.expect("a subscription");
        Self { world, seconds }
    }

    /// Publishes it, and waits until it counts.
    async fn set(&self, external_billing: bool) {
        let mut proposal = articles::seller();
        proposal.settings.external_billing = external_billing;
        let tenant = self.world.books().await;
        let clock = Some((tenant.clock, START.parse().expect("an instant")));
        let publish = PublishSeller { proposal, ..seller::publish(tenant.id, &tenant.slug, clock) };
        let command = Command::PublishSeller(Box::new(publish));
        self.world.run(command).await.expect("a seller");
        self.seconds.fetch_add(5, Ordering::Relaxed);
    }
}

#[test]
fn what_is_billed_behind_ends_there_whatever_the_setting_is_by_then() {
    on_each_database(|database| async move {
        let setting = Setting::off(&database).await;
        let world = &setting.world;
        let subscription = world.subscribed().await;
        let mut groups = Vec::new();
        for external_billing in [false, true] {
            setting.set(external_billing).await;
            let added = world.add(add(subscription, (EXTRAS, SEAT))).await.expect("it is added");
            groups.push(added.group.subscription.id);
        }
        let end = |group| {
            let asked = terminate(subscription, group, Some(TerminationType::Immediately));
            world.terminate(asked)
        };
        // What is billed here alone ends here alone, although others are sent on by now.
        end(groups[0]).await.expect("it ends");
        setting.set(false).await;
        end(groups[1]).await.expect("it ends");
        let tenant = world.books().await;
        let queued = world.engine.deliveries_of(&tenant, world.customer).await.expect("deliveries");
        let said: Vec<_> =
            queued.iter().map(|it| (it.delivery.group, it.delivery.order.is_addition())).collect();
        assert_eq!(said, [(groups[1], true), (groups[1], false)]);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn what_is_added_and_terminated_is_queued_for_the_billing_system_behind_in_the_same_commit() {
    on_each_database(|database| async move {
        let engine = World::at(&database, START).await.engine;
        let mut seller = articles::seller();
        seller.settings.external_billing = true;
        let world = telecom::selling(engine, 2, START, seller).await;
        world.run(telecom::start(world.customer, GB10, None)).await.expect("a subscription");
        let subscription = world.subscribed().await;
        let mut groups = Vec::new();
        for quantity in [3, 1] {
            let asked = AddProduct { quantity, ..add(subscription, (EXTRAS, SEAT)) };
            groups.push(world.add(asked).await.expect("it is added").group.subscription.id);
        }
        let asked = terminate(subscription, groups[0], Some(TerminationType::Immediately));
        let asked = crediting(asked, Behaviour::Full, CreditKind::Internal);
        world.foresee(asked.clone()).await.expect("a preview queues nothing");
        world.terminate(asked).await.expect("it ends");
        let end = EndSubscription { subscription, reason: "moves".to_owned() };
        world.run(Command::EndSubscription(world.customer, end)).await.expect("an end");
        world.live_until("2026-02-02T12:00:00Z").await;
        let tenant = world.books().await;
        let queued = world.engine.deliveries_of(&tenant, world.customer).await;
        let queued = queued.expect("deliveries");
        let said: Vec<_> =
            queued.iter().map(|it| (it.delivery.group, &it.delivery.order)).collect();
        let addition = |quantity| Order::Add { article_number: "SEAT".to_owned(), quantity };
        let ends = world.added().await.terminations;
        let ended = |place: usize, behaviour, internal| {
            let (comment, texts) = (String::new(), Vec::new());
            let ended_at = ends[place].termination.scheduled_at;
            Order::Terminate { behaviour, internal, comment, texts, ended_at }
        };
        assert_eq!(
            said,
            [
                (groups[0], &addition(3)),
                (groups[1], &addition(1)),
                (groups[0], &ended(0, Behaviour::Full, true)),
                // It went with its subscription; what was included never went there.
                (groups[1], &ended(1, Behaviour::None, false)),
            ]
        );
        assert_eq!(world.findings().await, [""; 0]);
    });
}
