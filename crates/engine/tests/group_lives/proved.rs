//! Some of the random lives in real books: what is shown before an end is what it changes, and the
//! proof finds nothing in the end.

use crate::seller::{ARTICLES, Setup, any_setup};
use crate::{Asked, PLANS, Step, any_step};
use abono_domain::change::request::ChangePlan;
use abono_domain::customer::put::PutCustomer;
use abono_domain::ids::SubscriptionId;
use abono_domain::product_group::add::AddProduct;
use abono_domain::proration::Behaviour;
use abono_domain::subscription::end::EndSubscription;
use abono_domain::subscription::start::StartSubscription;
use abono_domain::subscription::{LineIdentity, Origin};
use abono_domain::termination::request::TerminateProduct;
use abono_domain::termination::withdraw::WithdrawTermination;
use abono_engine::{Command, Engine};
use abono_testkit::telecom::{self, GB20, MOBILE};
use abono_testkit::{World, groups, on_each_database};
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::sync::Arc;

/// How many lives are told in each database.
const LIVES: u128 = 15;

#[test]
fn the_proof_finds_nothing_in_lives_with_products_that_are_added_and_terminated() {
    on_each_database(|database| async move {
        let engine = World::at(&database, "2026-01-01T09:00:00Z").await.engine;
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let lives = (any_setup(), prop::collection::vec(any_step(), 10..30));
        let mut terminated = 0;
        for number in 0..LIVES {
            let (setup, steps) = lives.new_tree(&mut runner).expect("a life").current();
            terminated += live(&engine, number + 2, &setup, steps).await;
        }
        assert!(terminated > 20, "the dice end something: {terminated}");
    });
}

/// Lives a life; gives how many terminations were asked for in it.
async fn live(engine: &Arc<Engine>, number: u128, setup: &Setup, steps: Vec<Step>) -> usize {
    let start = Timestamp::from_second(setup.start).expect("an instant").to_string();
    let world = telecom::selling(engine.clone(), number, &start, setup.seller()).await;
    let mut put: PutCustomer = telecom::customer(world.customer, "first");
    let profile = &mut put.proposal.profile;
    (profile.zone, profile.discounts) = (setup.zone.to_owned(), setup.customer().profile.discounts);
    world.run(Command::PutCustomer(put)).await.expect("its discounts");
    world.run(begin(&world, setup)).await.expect("a subscription");
    let own = world.subscribed().await;
    for step in steps {
        take(&world, own, step).await;
    }
    take(&world, own, Step::End).await;
    pass(&world, 24 * 800, false).await;
    assert_eq!(world.findings().await, [""; 0], "{setup:?}");
    world.added().await.terminations.len()
}

fn begin(world: &World, setup: &Setup) -> Command {
    let start = StartSubscription {
        product: MOBILE,
        plan: GB20,
        quantity: 1,
        months: setup.months,
        billing_day: setup.billing_day,
        sold_on: None,
        origin: Origin::New,
        bundle: None,
        line: LineIdentity::default(),
    };
    Command::StartSubscription(world.customer, Box::new(start))
}

/// Takes a step; what is refused changes nothing.
async fn take(world: &World, own: SubscriptionId, step: Step) {
    let customer = world.customer;
    match step {
        Step::Wait { hours, is_late } => pass(world, hours, is_late).await,
        Step::Add { article, quantity } => {
            let asked = AddProduct { quantity, ..groups::add(own, ARTICLES[article]) };
            let _refused = world.add(asked).await;
        }
        Step::Terminate { which, asked } => terminate(world, own, (which, asked)).await,
        Step::Withdraw { which } => {
            let added = world.added().await;
            let waiting = added.terminations.iter().filter(|it| it.is_scheduled());
            let Some(view) = waiting.clone().nth(which) else { return };
            let termination = view.termination.id;
            let command = WithdrawTermination { subscription: own, termination };
            let _refused = world.run(Command::WithdrawTermination(customer, command)).await;
        }
        Step::Change { plan, days } => {
            let today = now(world).await.to_zoned(jiff::tz::TimeZone::UTC).date();
            let on = days.map(|days| today.checked_add(days.days()).expect("a day"));
            let command = ChangePlan { subscription: own, plan: PLANS[plan], on, opinion: None };
            let _refused = world.run(Command::ChangePlan(customer, command)).await;
        }
        Step::Pay { .. } => {}
        Step::End => {
            let end = EndSubscription { subscription: own, reason: "moves".to_owned() };
            let _refused = world.run(Command::EndSubscription(customer, end)).await;
        }
    }
}

async fn terminate(world: &World, own: SubscriptionId, (which, asked): (usize, Asked)) {
    let added = world.added().await;
    let Some(group) = added.groups.iter().rev().nth(which) else { return };
    let anchor = asked.anchor.filter(|_| asked.behaviour == Some(Behaviour::Prorate));
    let now = now(world).await;
    let command = TerminateProduct {
        behaviour: asked.behaviour,
        credit: asked.credit,
        anchor: anchor.map(|hours| now + SignedDuration::from_hours(hours)),
        ..groups::terminate(own, group.id(), asked.kind)
    };
    let shown = world.foresee(command.clone()).await.map(|(_, change)| change);
    let before = world.added().await;
    assert_eq!(before, added, "what is only shown changes nothing");
    let done = world.terminate(command).await.map(|(_, change)| change);
    assert_eq!(shown, done, "what was shown is what is done");
}

async fn now(world: &World) -> Timestamp {
    world.engine.business_time(&world.books().await).await.expect("the clock")
}

async fn pass(world: &World, hours: i64, is_late: bool) {
    let to = (now(world).await + SignedDuration::from_hours(hours)).to_string();
    if is_late {
        world.run(world.set_clock(&to)).await.expect("the clock");
        world.work().await;
    } else {
        world.live_until(&to).await;
    }
}
