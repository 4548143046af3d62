//! A change whose decision has lapsed is measured again on its day: by the other changes that were
//! asked for until then, not by itself and not by what came later.

use abono_domain::change::request::ChangePlan;
use abono_domain::change::{ChangeStatus, ChangeView};
use abono_domain::exact::Exact;
use abono_domain::ids::{ChangeId, PlanId, SubscriptionId};
use abono_domain::risk::{Measure, RiskPolicy, Rule};
use abono_engine::views::After;
use abono_engine::{Actor, Call, Engine, Env};
use abono_testkit::telecom::{self, GB10, GB20, GB50};
use abono_testkit::{Database, World, on_each_database};
use jiff::Timestamp;
use std::sync::Arc;

/// A telecom that looks at every change that isn't the only one, and decides for a day.
async fn world(database: &Database) -> (World, SubscriptionId) {
    let start = "2026-01-10T09:00:00Z";
    let machine: Timestamp = start.parse().expect("an instant");
    let engine = Engine::new(Env::seeded(Box::new(move || machine), 7), database.store().await);
    let mut seller = telecom::seller();
    let rule = Rule {
        code: "often".to_owned(),
        measure: Measure::RecentChanges,
        days: 60,
        review: Some(Exact::whole(0)),
        rejected: None,
    };
    let policy = RiskPolicy { rules: vec![rule], valid_days: Some(1), service_fallback: None };
    seller.risk = policy;
    let world = telecom::selling(Arc::new(engine), 1, start, seller).await;
    world.run(telecom::start(world.customer, GB10, None)).await.expect("a subscription");
    let own = world.engine.subscriptions_of(&world.books().await, world.customer).await;
    let id = own.expect("its own")[0].agreement.subscription.id;
    (world, id)
}

async fn ask(world: &World, subscription: SubscriptionId, to: PlanId, on: &str) -> ChangeView {
    let on = Some(on.parse().expect("a day"));
    let wanted = ChangePlan { subscription, plan: to, on, opinion: None };
    let asked = world.engine.change_plan(&world.call(), world.customer, wanted).await;
    asked.expect("a change").0
}

async fn at(world: &World, time: &str) {
    world.run(world.set_clock(time)).await.expect("a clock");
}

/// What became of a change after all that is due was done.
async fn outcome(world: &World, change: ChangeId) -> (ChangeStatus, i64) {
    let tenant = world.books().await;
    let worker = Call::new(world.tenant, Actor::Worker);
    for command in world.engine.due_work(&tenant, After::NOTHING, 10).await.expect("due").commands {
        world.engine.carry_out(&worker, &command).await.expect("work");
    }
    let changes = world.engine.changes(&tenant, None, 0, 10).await.expect("its changes");
    let (found, _) = changes.iter().find(|(view, _)| view.change.id == change).expect("the change");
    (found.state.status, found.risk.inputs.requests)
}

#[test]
fn itself_is_no_other_change() {
    on_each_database(async |database| {
        let (world, line) = world(&database).await;
        let change = ask(&world, line, GB20, "2026-01-20").await.change.id;
        at(&world, "2026-01-20T09:00:00Z").await;
        assert_eq!(outcome(&world, change).await, (ChangeStatus::Done, 0));
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn another_one_that_was_asked_for_until_its_day_counts() {
    on_each_database(async |database| {
        let (world, line) = world(&database).await;
        let change = ask(&world, line, GB20, "2026-01-20").await.change.id;
        at(&world, "2026-01-15T09:00:00Z").await;
        let other = ask(&world, line, GB50, "2026-01-25").await;
        assert_eq!(other.state.status, ChangeStatus::Review);
        at(&world, "2026-01-20T09:00:00Z").await;
        assert_eq!(outcome(&world, change).await, (ChangeStatus::Failed, 1));
    });
}

#[test]
fn another_one_that_was_asked_for_later_does_not() {
    on_each_database(async |database| {
        let (world, line) = world(&database).await;
        let change = ask(&world, line, GB20, "2026-01-20").await.change.id;
        // The worker is late.
        at(&world, "2026-01-22T09:00:00Z").await;
        ask(&world, line, GB50, "2026-01-25").await;
        assert_eq!(outcome(&world, change).await, (ChangeStatus::Done, 0));
    });
}
