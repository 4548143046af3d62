//! The outbox against a billing system behind that answers, fails, refuses, rests, and isn't heard,
//! with nodes that are killed: in the end both agree, and each order arrived once, in order.

use abono_domain::delivery::DeliveryStatus::{Delivered, Failed, Pending};
use abono_domain::delivery::replay::ReplayDelivery;
use abono_domain::ids::{CustomerId, DeliveryId, SubscriptionId};
use abono_domain::proration::Behaviour;
use abono_engine::billing::Order;
use abono_engine::{Command, Engine, Env, Fault};
use abono_testkit::outbox::Reaction::{Does, DoesAndIsNotHeard, Fails, Refuses, Rests};
use abono_testkit::outbox::{self, Behind, addition, group, queue, statuses, termination, views};
use abono_testkit::{Database, World, on_each_database, telecom};
use abono_worker::{Outbox, Pause};
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

const START: &str = "2026-03-20T09:00:00Z";
const ATTEMPTS: i64 = 4;

/// The machine's clock, moved by hand.
#[derive(Clone)]
struct Machine(Arc<AtomicI64>);

impl Machine {
    fn new() -> Self {
        let start: Timestamp = START.parse().expect("an instant");
        Self(Arc::new(AtomicI64::new(start.as_second())))
    }

    fn passes(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }

    fn env(&self, seed: u64) -> Env {
        let own = self.0.clone();
        let now = move || Timestamp::from_second(own.load(Ordering::Relaxed)).expect("a time");
        Env::seeded(Box::new(now), seed)
    }
}

async fn node(database: &Database, env: Env) -> Arc<Engine> {
    Arc::new(Engine::new(env, database.store().await))
}

/// A telecom with a system behind, and one that is willing.
async fn world(database: &Database, machine: &Machine) -> (World, Behind) {
    let behind = Behind::willing();
    let env = machine.env(1).with_billing_system(behind.port());
    (telecom::open(node(database, env).await, 1, START).await, behind)
}

async fn add(world: &World, customer: CustomerId, article: &str) -> (SubscriptionId, DeliveryId) {
    let group = group(world, customer).await;
    (group, queue(world, customer, group, addition(article)).await)
}

/// Steps until nothing can be sent now; gives what is waited for then.
async fn send_all(world: &World) -> Pause {
    send_all_by(&mut Outbox::new(ATTEMPTS), world).await
}

async fn send_all_by(sender: &mut Outbox, world: &World) -> Pause {
    loop {
        let pause = sender.step(&world.engine).await.expect("a step");
        if pause != Pause::None {
            return pause;
        }
    }
}

fn added(article: &str) -> Order {
    Order::Add { article_number: article.to_owned(), quantity: 1 }
}

fn terminated(external_id: &str) -> Order {
    Order::Terminate {
        external_id: external_id.to_owned(),
        behaviour: Behaviour::Full,
        internal: false,
        comment: "not needed".to_owned(),
        texts: vec!["Thank you".to_owned(), "for trying, it".to_owned()],
        ended_at: jiff::Timestamp::UNIX_EPOCH,
    }
}

#[test]
fn what_is_queued_arrives_once_and_in_order() {
    on_each_database(async |database| {
        let machine = Machine::new();
        let (world, behind) = world(&database, &machine).await;
        let (customer, other) = (world.customer, world.other);
        let (first, _) = add(&world, customer, "SMS").await;
        add(&world, customer, "WEB").await;
        queue(&world, customer, first, termination()).await;
        add(&world, other, "PAY").await;
        assert_eq!(send_all(&world).await, Pause::Idle);

        let id = views(&world, customer).await[0].state.external_id.clone().expect("an id");
        assert_eq!(behind.done_for(customer), [added("SMS"), added("WEB"), terminated(&id)]);
        assert_eq!(behind.done_for(other), [added("PAY")]);
        assert_eq!(behind.heard().len(), 4);
        let answers: Vec<_> = views(&world, customer).await;
        assert!(answers.iter().all(|view| view.state.answer.as_deref() == Some("{}")));
        assert_eq!(statuses(&world, customer).await, [Delivered; 3]);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn one_that_fails_holds_up_its_customer_alone_and_is_sent_again_under_its_key() {
    on_each_database(async |database| {
        let machine = Machine::new();
        let (world, behind) = world(&database, &machine).await;
        let (customer, other) = (world.customer, world.other);
        add(&world, customer, "SMS").await;
        add(&world, customer, "WEB").await;
        behind.script([Fails]);
        let Pause::Until(again) = send_all(&world).await else { panic!("it is sent again") };
        add(&world, other, "PAY").await;
        send_all(&world).await;
        assert_eq!(statuses(&world, other).await, [Delivered]);
        let state = &views(&world, customer).await[0].state;
        assert_eq!((state.attempts, state.trouble.as_deref()), (1, Some("status 500")));
        assert_eq!(state.next_at, Some(again));

        machine.passes(1);
        behind.script([DoesAndIsNotHeard]);
        send_all(&world).await;
        assert_eq!(statuses(&world, customer).await, [Pending; 2]);
        machine.passes(2);
        assert_eq!(send_all(&world).await, Pause::Idle);
        assert_eq!(statuses(&world, customer).await, [Delivered; 2]);
        assert_eq!(behind.done_for(customer), [added("SMS"), added("WEB")]);
        let heard = behind.heard();
        let key = heard[0].key;
        assert_eq!(heard.iter().filter(|message| message.key == key).count(), 3);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn a_system_that_is_left_alone_is_sent_nothing_and_that_is_no_attempt() {
    on_each_database(async |database| {
        let machine = Machine::new();
        let (world, behind) = world(&database, &machine).await;
        add(&world, world.customer, "SMS").await;
        let rest = Duration::from_secs(30);
        behind.script([Rests(rest)]);
        assert_eq!(send_all(&world).await, Pause::Rest(rest));
        let state = &views(&world, world.customer).await[0].state;
        assert_eq!((state.attempts, &state.trouble), (0, &None));
        assert!(matches!(send_all(&world).await, Pause::Until(_)));
        assert_eq!(behind.heard().len(), 0);
        machine.passes(31);
        assert_eq!(send_all(&world).await, Pause::Idle);
        assert_eq!(statuses(&world, world.customer).await, [Delivered]);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn what_never_arrives_is_given_up_with_what_hangs_on_it_and_sent_again_by_hand() {
    on_each_database(async |database| {
        let machine = Machine::new();
        let (world, behind) = world(&database, &machine).await;
        let customer = world.customer;
        let (group, first) = add(&world, customer, "SMS").await;
        let end = queue(&world, customer, group, termination()).await;
        let (_, refused) = add(&world, customer, "FAX").await;
        add(&world, customer, "WEB").await;
        behind.script([Fails, Fails, Fails, Fails, Refuses]);
        for _ in 0..ATTEMPTS {
            send_all(&world).await;
            machine.passes(60);
        }
        assert_eq!(statuses(&world, customer).await, [Failed, Failed, Failed, Delivered]);
        let troubles: Vec<_> =
            views(&world, customer).await.into_iter().filter_map(|it| it.state.trouble).collect();
        assert!(troubles[0].contains("500"), "{troubles:?}");
        assert!(troubles[1].contains("was not delivered"), "{troubles:?}");
        assert!(troubles[2].contains("no such article"), "{troubles:?}");
        assert_eq!(world.findings().await, [""; 0]);

        let replay = |delivery| Command::ReplayDelivery(customer, ReplayDelivery { delivery });
        for delivery in [first, end] {
            world.run(replay(delivery)).await.expect("it is sent again");
            assert!(world.run(replay(delivery)).await.is_err(), "it waits already");
        }
        assert_eq!(world.findings().await, [""; 0]);
        assert_eq!(send_all(&world).await, Pause::Idle);
        assert_eq!(statuses(&world, customer).await, [Delivered, Delivered, Failed, Delivered]);
        let id = views(&world, customer).await[0].state.external_id.clone().expect("an id");
        let done = behind.done_for(customer);
        assert_eq!(done, [added("WEB"), added("SMS"), terminated(&id)]);
        assert!(!behind.heard().iter().any(|it| it.key == end.0 && it.order != terminated(&id)));
        assert!(behind.heard().iter().any(|it| it.key == refused.0));
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn with_nobody_behind_everything_waits() {
    on_each_database(async |database| {
        let machine = Machine::new();
        let world = telecom::open(node(&database, machine.env(1)).await, 1, START).await;
        add(&world, world.customer, "SMS").await;
        for _ in 0..2 {
            assert_eq!(send_all(&world).await, Pause::Idle);
        }
        let state = &views(&world, world.customer).await[0].state;
        assert_eq!((state.status, state.attempts), (Pending, 0));
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn deliveries_of_two_tenants_never_travel_under_one_token_unless_both_are_named() {
    on_each_database(async |database| {
        let machine = Machine::new();
        let (world, behind) = world(&database, &machine).await;
        let second = telecom::open(world.engine.clone(), 2, START).await;
        add(&world, world.customer, "SMS").await;
        add(&second, second.customer, "WEB").await;
        assert_eq!(send_all(&world).await, Pause::Idle, "nobody is named");
        assert_eq!(behind.heard().len(), 0);
        let of = |slugs: &[&str]| {
            Outbox::new(ATTEMPTS).of(slugs.iter().map(|&slug| slug.to_owned()).collect())
        };
        assert_eq!(send_all_by(&mut of(&["telco-3"]), &world).await, Pause::Idle);
        assert_eq!(behind.heard().len(), 0);
        send_all_by(&mut of(&["telco-2"]), &world).await;
        assert_eq!(statuses(&world, world.customer).await, [Pending]);
        assert_eq!(statuses(&second, second.customer).await, [Delivered]);
        add(&second, second.customer, "PAY").await;
        send_all_by(&mut of(&["telco-1", "telco-2"]), &world).await;
        assert_eq!(statuses(&world, world.customer).await, [Delivered]);
        assert_eq!(statuses(&second, second.customer).await, [Delivered; 2]);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn where_two_sellers_send_on_nothing_is_sent_for_nobody_in_particular() {
    on_each_database(async |database| {
        let machine = Machine::new();
        let (world, behind) = world(&database, &machine).await;
        add(&world, world.customer, "SMS").await;
        let sends_on = |is_set| {
            let mut seller = telecom::seller();
            seller.settings.external_billing = is_set;
            seller
        };
        telecom::selling(world.engine.clone(), 2, START, sends_on(false)).await;
        send_all(&world).await;
        assert_eq!(statuses(&world, world.customer).await, [Delivered], "the other doesn't");
        telecom::selling(world.engine.clone(), 3, START, sends_on(true)).await;
        add(&world, world.customer, "WEB").await;
        assert_eq!(send_all(&world).await, Pause::Idle);
        assert_eq!(statuses(&world, world.customer).await, [Delivered, Pending]);
        let mut named = Outbox::new(ATTEMPTS).of(vec!["telco-1".to_owned()]);
        send_all_by(&mut named, &world).await;
        assert_eq!(statuses(&world, world.customer).await, [Delivered; 2]);
        assert_eq!(behind.done_for(world.customer), [added("SMS"), added("WEB")]);
    });
}

#[test]
fn two_nodes_at_once_do_not_send_the_same() {
    on_each_database(async |database| {
        let machine = Machine::new();
        let (world, behind) = world(&database, &machine).await;
        behind.takes(Duration::from_millis(20));
        for article in ["SMS", "WEB", "PAY"] {
            add(&world, world.customer, article).await;
            add(&world, world.other, article).await;
        }
        let env = machine.env(2).with_billing_system(behind.port());
        let second = World { engine: node(&database, env).await, ..world.clone() };
        let both = async |world: &World| {
            for _ in 0..200 {
                send_all(world).await;
                if statuses(world, world.customer).await == [Delivered; 3]
                    && statuses(world, world.other).await == [Delivered; 3]
                {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            panic!("not everything is delivered");
        };
        tokio::join!(both(&world), both(&second));
        assert_eq!(behind.heard().len(), 6);
        let expected = ["SMS", "WEB", "PAY"].map(added);
        assert_eq!(behind.done_for(world.customer), expected);
        assert_eq!(behind.done_for(world.other), expected);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

/// A node whose sender is killed where `kills` says so, at the `nth` time that it gets there.
async fn killed_at(database: &Database, env: Env, kills: &'static str, nth: i64) {
    let killed = Arc::new(tokio::sync::Notify::new());
    let (signal, left) = (killed.clone(), AtomicI64::new(nth));
    let engine = node(database, env).await;
    engine.env().plan_faults(Box::new(move |point| {
        if point != kills || left.fetch_sub(1, Ordering::Relaxed) > 1 {
            return Fault::Go;
        }
        signal.notify_one();
        Fault::Kill
    }));
    let mut sender = Outbox::new(ATTEMPTS);
    let work = async {
        while let Ok(Pause::None) = sender.step(&engine).await {}
        panic!("it was to be killed at {kills}, {nth}");
    };
    tokio::select! {
        biased;
        () = killed.notified() => {}
        () = work => {}
    }
}

#[test]
fn killed_anywhere_each_order_arrives_once_and_in_order_in_the_end() {
    on_each_database(async |database| {
        let machine = Machine::new();
        let (world, behind) = world(&database, &machine).await;
        let customer = world.customer;
        let (group, _) = add(&world, customer, "SMS").await;
        for article in ["WEB", "PAY", "FAX"] {
            add(&world, customer, article).await;
        }
        queue(&world, customer, group, termination()).await;
        let points = ["outbox.before_send", "outbox.after_send", "commit.before", "commit.answer"];
        for (seed, (point, nth)) in (10..).zip(points.into_iter().zip([1, 1, 2, 2])) {
            let env = machine.env(seed).with_billing_system(behind.port());
            killed_at(&database, env, point, nth).await;
            assert_eq!(world.findings().await, [""; 0], "{point}");
            // The claim of who was killed still holds.
            if nth == 1 {
                assert!(matches!(send_all(&world).await, Pause::Until(_)), "{point}");
            }
            machine.passes(121);
        }
        assert_eq!(send_all(&world).await, Pause::Idle);
        assert_eq!(statuses(&world, customer).await, [Delivered; 5]);
        let id = views(&world, customer).await[0].state.external_id.clone().expect("an id");
        let mut expected = ["SMS", "WEB", "PAY", "FAX"].map(added).to_vec();
        expected.push(terminated(&id));
        assert_eq!(behind.done_for(customer), expected);
        // Killed after it was sent, one of them was sent twice.
        assert!(behind.heard().len() > 5, "{}", behind.heard().len());
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn an_answer_that_is_lost_inside_is_asked_for_again() {
    on_each_database(async |database| {
        let machine = Machine::new();
        let (world, behind) = world(&database, &machine).await;
        add(&world, world.customer, "SMS").await;
        world.engine.env().plan_faults(Box::new(|point| match point {
            "outbox.after_send" => Fault::Lose,
            _ => Fault::Go,
        }));
        send_all(&world).await;
        let state = &views(&world, world.customer).await[0].state;
        assert_eq!(
            (state.status, state.trouble.as_deref()),
            (Pending, Some("the answer was lost"))
        );
        world.engine.env().plan_faults(Box::new(|_| Fault::Go));
        machine.passes(2);
        assert_eq!(send_all(&world).await, Pause::Idle);
        assert_eq!(statuses(&world, world.customer).await, [Delivered]);
        assert_eq!((behind.heard().len(), behind.done_for(world.customer).len()), (2, 1));
    });
}

#[test]
fn whatever_goes_wrong_on_the_way_both_sides_agree_in_the_end() {
    on_each_database(async |database| {
        let machine = Machine::new();
        let (world, behind) = world(&database, &machine).await;
        for round in 0..12 {
            for customer in [world.customer, world.other] {
                let (group, _) = add(&world, customer, &format!("A{round}")).await;
                if round % 3 == 0 {
                    queue(&world, customer, group, termination()).await;
                }
            }
        }
        let mut sender = Outbox::new(50);
        let rests = Rests(Duration::from_secs(3));
        let mixed = [Fails, DoesAndIsNotHeard, Does, rests, DoesAndIsNotHeard, Does, Does, Fails];
        behind.script(mixed.into_iter().cycle().take(80));
        for _ in 0..200 {
            if send_all_by(&mut sender, &world).await == Pause::Idle {
                break;
            }
            machine.passes(5);
        }
        for customer in [world.customer, world.other] {
            let own = views(&world, customer).await;
            assert_eq!(statuses(&world, customer).await, vec![Delivered; own.len()]);
            let done = behind.done_for(customer);
            assert_eq!(done.len(), own.len());
            for (view, done) in own.iter().zip(&done) {
                let adds = matches!(done, Order::Add { .. });
                assert_eq!(view.delivery.order.is_addition(), adds, "{done:?}");
            }
        }
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn a_page_of_deliveries_goes_on_where_the_last_one_ended() {
    on_each_database(async |database| {
        let machine = Machine::new();
        let (world, behind) = world(&database, &machine).await;
        let (group, _) = add(&world, world.customer, "SMS").await;
        queue(&world, world.customer, group, termination()).await;
        add(&world, world.other, "WEB").await;
        add(&world, world.other, "PAY").await;
        behind.script([Does, Refuses]);
        Outbox::new(ATTEMPTS).step(&world.engine).await.expect("a step");
        let tenant = world.books().await;
        let all = async |status| {
            let mut after = abono_engine::views::Place::START;
            let mut seen = Vec::new();
            loop {
                let page = world.engine.deliveries(&tenant, status, after, 1).await;
                let Some(view) = page.expect("a page").pop() else { return seen };
                after = abono_engine::views::Place(view.delivery.queued_at, view.delivery.id);
                seen.push(view);
            }
        };
        let mut expected = outbox::views(&world, world.customer).await;
        expected.extend(outbox::views(&world, world.other).await);
        expected.sort_by_key(abono_domain::delivery::DeliveryView::turn);
        assert_eq!(all(None).await, expected);
        for status in [Pending, Delivered, Failed] {
            let of: Vec<_> =
                expected.iter().filter(|it| it.state.status == status).cloned().collect();
            assert!(!of.is_empty());
            assert_eq!(all(Some(status)).await, of, "{status:?}");
        }
        let found = world.engine.delivery(&tenant, expected[0].delivery.id).await;
        assert_eq!(found.expect("a read").as_ref(), Some(&expected[0]));
    });
}
