//! A product is added to a subscription, billed with it, and terminated.

mod behind;
mod ends;

use abono_domain::document::{DocumentKind, DocumentView};
use abono_domain::product_group::{BalanceChange, GroupKind, GroupStatus};
use abono_domain::proration::Behaviour;
use abono_domain::subscription::end::EndSubscription;
use abono_domain::termination::{
    CreditKind, TerminationSource, TerminationStatus, TerminationType,
};
use abono_engine::Command;
use abono_testkit::articles::{self, EXTRAS, SEAT, SIM, SMS};
use abono_testkit::groups::{add, crediting, terminate};
use abono_testkit::telecom::{self, GB10, GB20, MOBILE};
use abono_testkit::{Database, World, on_each_database};

const START: &str = "2026-01-01T09:00:00Z";

async fn world(database: &Database) -> World {
    let engine = World::at(database, START).await.engine;
    let world = telecom::selling(engine, 2, START, articles::seller()).await;
    world.run(telecom::start(world.customer, GB20, None)).await.expect("a subscription");
    world
}

async fn invoices(world: &World) -> Vec<DocumentView> {
    let tenant = world.books().await;
    let all = world.engine.cycle_documents(&tenant, world.customer).await.expect("documents");
    all.into_iter().filter(|it| it.document.kind == DocumentKind::Invoice).collect()
}

fn lines(view: &DocumentView) -> Vec<(String, i64)> {
    view.document.lines.iter().map(|it| (it.name.clone(), it.total.minor)).collect()
}

fn figures(change: &BalanceChange) -> (i64, i64, usize) {
    let sum: i64 = change.items.iter().map(|item| item.total.minor).sum();
    assert_eq!(sum, change.total.minor, "the items add up");
    (change.total.minor, change.discount.minor, change.items.len())
}

#[test]
fn what_is_added_is_billed_at_once_to_the_end_of_the_cycle_and_then_with_each() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        let subscription = world.subscribed().await;
        world.live_until("2026-01-17T12:00:00Z").await;
        let view = world.add(add(subscription, (MOBILE, SIM))).await.expect("it is added");
        assert_eq!(
            (view.group.kind, view.state.status),
            (GroupKind::Optional, GroupStatus::Active)
        );
        assert_eq!(view.state.billed_until, Some("2026-02-01".parse().expect("a day")));
        // 15 of 31 days of 5.00, tax included at 21 %: 2.42, of which 2.00 is revenue.
        let own = invoices(&world).await;
        assert_eq!(lines(&own[1]), [("Móvil, SIM (15 de 31 días)".to_owned(), 242)]);
        assert_eq!(figures(&view.change), (200, 0, 1));
        world.live_until("2026-02-01T12:00:00Z").await;
        let own = invoices(&world).await;
        assert_eq!(
            lines(&own[2]),
            [("Móvil, TARIFA 20GB".to_owned(), 1_200), ("Móvil, SIM".to_owned(), 500)]
        );
        world.live_until("2026-03-01T12:00:00Z").await;
        assert_eq!(lines(&invoices(&world).await[3]).len(), 2);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn what_ends_at_once_brings_back_what_is_unused_by_a_note_or_on_the_next_invoice() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        let subscription = world.subscribed().await;
        let mut groups = Vec::new();
        for _ in 0..2 {
            let view = world.add(add(subscription, (MOBILE, SIM))).await.expect("it is added");
            groups.push(view.group.subscription.id);
        }
        world.live_until("2026-02-15T12:00:00Z").await;
        let mut seen = Vec::new();
        for (group, credit) in groups.into_iter().zip([CreditKind::Normal, CreditKind::Internal]) {
            let asked = terminate(subscription, group, Some(TerminationType::Immediately));
            let asked = crediting(asked, Behaviour::Prorate, credit);
            let (_, foreseen) = world.foresee(asked.clone()).await.expect("a preview");
            let (view, done) = world.terminate(asked.clone()).await.expect("it ends");
            assert_eq!(foreseen, done, "what was shown is what is done");
            assert_eq!(view.state.status, TerminationStatus::Done);
            seen.push(figures(&done));
            assert_eq!(
                world.terminate(asked).await,
                Err("the product group has ended".to_owned()),
                "it ends once"
            );
        }
        // 14 of 28 days of 5.00: 2.50, of which 2.07 is revenue; the same either way.
        assert_eq!(seen, [(-207, 0, 1), (-207, 0, 1)]);
        assert_eq!(world.findings().await, [""; 0]);
        world.live_until("2026-03-01T12:00:00Z").await;
        let own = invoices(&world).await;
        let last = lines(own.last().expect("an invoice"));
        assert_eq!(last.iter().map(|line| line.1).collect::<Vec<_>>(), [1_200, -250]);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn what_waits_for_the_end_of_its_cycle_ends_then_once_and_isnt_billed_again() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        let subscription = world.subscribed().await;
        let view = world.add(add(subscription, (EXTRAS, SEAT))).await.expect("it is added");
        let group = view.group.subscription.id;
        let kind = TerminationType::AtSubscriptionBillingPeriodEnd;
        let asked = terminate(subscription, group, Some(kind));
        let (first, change) = world.terminate(asked.clone()).await.expect("it is scheduled");
        assert_eq!(
            (first.state.status, figures(&change)),
            (TerminationStatus::Scheduled, (0, 0, 0))
        );
        assert_eq!(first.termination.scheduled_at.to_string(), "2026-01-31T23:00:00Z");
        let withdraw = abono_domain::termination::withdraw::WithdrawTermination {
            subscription,
            termination: first.termination.id,
        };
        let withdraw = Command::WithdrawTermination(world.customer, withdraw);
        world.run(withdraw.clone()).await.expect("it is withdrawn");
        assert!(world.run(withdraw).await.is_err(), "once");
        world.live_until("2026-02-03T12:00:00Z").await;
        assert_eq!(lines(&invoices(&world).await[2]).len(), 2, "it goes on");
        world.terminate(asked).await.expect("it is scheduled again");
        world.live_until("2026-03-02T12:00:00Z").await;
        let added = world.added().await;
        assert_eq!(added.groups[0].state.status, GroupStatus::Terminated);
        assert_eq!(added.terminations[1].state.status, TerminationStatus::Done);
        assert_eq!(lines(invoices(&world).await.last().expect("one")).len(), 1);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn what_comes_with_a_plan_begins_and_ends_with_it() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        let subscription = world.subscribed().await;
        assert_eq!(world.added().await.groups, []);
        let change = abono_domain::change::request::ChangePlan {
            subscription,
            plan: GB10,
            on: Some("2026-01-10".parse().expect("a day")),
            opinion: None,
        };
        world.run(Command::ChangePlan(world.customer, change)).await.expect("a change");
        world.live_until("2026-01-20T12:00:00Z").await;
        let added = world.added().await;
        let plans: Vec<_> = added.groups.iter().map(|it| (it.group.plan, it.group.kind)).collect();
        assert_eq!(plans, [(SMS, GroupKind::Included)], "what is no longer sold doesn't begin");
        let group = added.groups[0].group.subscription.id;
        let refused = world.terminate(terminate(subscription, group, None)).await;
        assert_eq!(
            refused.map(|_| ()),
            Err("the product group is included in the plan and ends with it".to_owned())
        );
        let end = EndSubscription { subscription, reason: "moves".to_owned() };
        world.run(Command::EndSubscription(world.customer, end)).await.expect("an end");
        world.live_until("2026-03-01T12:00:00Z").await;
        let added = world.added().await;
        assert_eq!(added.groups[0].state.status, GroupStatus::Terminated);
        let source = added.terminations[0].termination.source;
        assert_eq!(source, TerminationSource::CustomerExpiration);
        assert_eq!(world.findings().await, [""; 0]);
    });
}
