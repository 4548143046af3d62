//! A product group that ends where it is hard to: told late, without a price, asked for again.

use abono_domain::document::DocumentKind;
use abono_domain::product_group::GroupStatus;
use abono_domain::product_group::add::AddProduct;
use abono_domain::proration::Behaviour;
use abono_domain::seller::Seller;
use abono_domain::termination::request::TerminateProduct;
use abono_domain::termination::{CreditKind, TerminationStatus, TerminationType};
use abono_testkit::articles::{self, EXTRAS, SEAT, SIM};
use abono_testkit::groups::{add, crediting, terminate};
use abono_testkit::telecom::{self, GB20, MOBILE};
use abono_testkit::{Database, World, on_each_database};
use jiff::SignedDuration;

const START: &str = "2026-01-01T09:00:00Z";

async fn world(database: &Database, seller: Seller) -> World {
    let engine = World::at(database, START).await.engine;
    let world = telecom::selling(engine, 2, START, seller).await;
    world.run(telecom::start(world.customer, GB20, None)).await.expect("a subscription");
    world
}

/// What the lines of all credits of a customer come to, notes and what waits for an invoice.
async fn credits(world: &World) -> Vec<Vec<i64>> {
    let tenant = world.books().await;
    let all = world.engine.cycle_documents(&tenant, world.customer).await.expect("documents");
    let all = all.into_iter().map(|it| it.document);
    let confirmed = all.filter(|it| it.kind == DocumentKind::OrderConfirmation);
    confirmed.map(|it| it.lines.iter().map(|line| line.total.minor).collect()).collect()
}

#[test]
fn what_ended_elsewhere_gives_back_what_was_billed_since() {
    on_each_database(|database| async move {
        let world = world(&database, articles::seller()).await;
        let subscription = world.subscribed().await;
        let mut groups = Vec::new();
        for _ in 0..3 {
            let view = world.add(add(subscription, (EXTRAS, SEAT))).await.expect("it is added");
            groups.push(view.group.subscription.id);
        }
        world.live_until("2026-02-03T12:00:00Z").await;
        let ended = |group, at: &str, behaviour| {
            let asked = terminate(subscription, group, None);
            let asked = crediting(asked, behaviour, CreditKind::Internal);
            TerminateProduct { ended_at: Some(at.parse().expect("an instant")), ..asked }
        };
        // With the cycle: all of February. In mid-January: 15 of 31 days, and February.
        let with_the_cycle = ended(groups[0], "2026-01-31T23:00:00Z", Behaviour::None);
        let inside = ended(groups[1], "2026-01-17T12:00:00Z", Behaviour::Prorate);
        for asked in [with_the_cycle, inside] {
            let foreseen = world.foresee(asked.clone()).await.expect("a preview");
            let (view, change) = world.terminate(asked).await.expect("it ends");
            assert_eq!((foreseen.1, view.state.status), (change, TerminationStatus::Done));
        }
        assert_eq!(credits(&world).await, [vec![-200], vec![-97, -200]]);
        assert_eq!(world.findings().await, [""; 0]);
        // By a note, before it was added here: everything.
        let asked = ended(groups[2], "2025-12-31T12:00:00Z", Behaviour::None);
        let asked = TerminateProduct { credit: CreditKind::Normal, ..asked };
        let (_, change) = world.terminate(asked).await.expect("it ends");
        assert_eq!((change.items.len(), change.total.minor), (2, -330));
        assert_eq!(world.findings().await, [""; 0]);
        world.live_until("2026-03-02T12:00:00Z").await;
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn what_ends_elsewhere_later_waits_without_a_notice_of_its_own() {
    on_each_database(|database| async move {
        let mut seller = articles::seller();
        let sim = seller.catalogue.products[0].plans.iter_mut().find(|plan| plan.id == SIM);
        sim.expect("the article").terms.notice_days = 30;
        let world = world(&database, seller).await;
        let subscription = world.subscribed().await;
        let view = world.add(add(subscription, (MOBILE, SIM))).await.expect("it is added");
        let asked = terminate(subscription, view.group.subscription.id, None);
        let (noticed, _) = world.foresee(asked.clone()).await.expect("a preview");
        assert_eq!(noticed.termination.scheduled_at.to_string(), "2026-01-30T23:00:00Z");
        let at = Some("2026-01-05T12:00:00Z".parse().expect("an instant"));
        let asked = TerminateProduct { ended_at: at, ..asked };
        let (waits, _) = world.terminate(asked).await.expect("it waits");
        assert_eq!(waits.state.status, TerminationStatus::Scheduled);
        world.live_until("2026-01-05T12:00:01Z").await;
        let added = world.added().await;
        assert_eq!(added.groups[0].state.ended_at, at);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn what_ended_is_not_the_answer_to_the_same_request() {
    on_each_database(|database| async move {
        let world = world(&database, articles::seller()).await;
        let subscription = world.subscribed().await;
        let repeat = SignedDuration::from_secs(60);
        let asked = AddProduct { repeat, ..add(subscription, (EXTRAS, SEAT)) };
        let first = world.add(asked.clone()).await.expect("it is added");
        assert_eq!(world.add(asked.clone()).await, Ok(first.clone()), "once more, the same");
        let other = AddProduct { by: "somebody else".to_owned(), ..asked.clone() };
        world.add(other).await.expect("another one of somebody else");
        let now = Some(TerminationType::Immediately);
        let ended = terminate(subscription, first.group.subscription.id, now);
        world.terminate(ended).await.expect("it ends");
        let second = world.add(asked).await.expect("it is added anew");
        assert_ne!(second.group.subscription.id, first.group.subscription.id);
        assert_eq!(world.added().await.groups.len(), 3);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn what_has_no_price_any_more_can_be_ended_and_holds_nothing_up_then() {
    on_each_database(|database| async move {
        let mut seller = articles::seller();
        let sim = seller.catalogue.products[0].plans.iter_mut().find(|plan| plan.id == SIM);
        let price = &mut sim.expect("the article").prices[0];
        price.valid_until = Some("2026-02-01".parse().expect("a day"));
        let world = world(&database, seller).await;
        let subscription = world.subscribed().await;
        let view = world.add(add(subscription, (MOBILE, SIM))).await.expect("it is added");
        let group = view.group.subscription.id;
        world.live_until("2026-02-01T12:00:00Z").await;
        let own = world.added().await.groups.remove(0);
        assert_eq!(own.state.billed_until, Some("2026-02-01".parse().expect("a day")), "held");
        let now = Some(TerminationType::Immediately);
        let (ended, change) =
            world.terminate(terminate(subscription, group, now)).await.expect("it ends");
        assert_eq!(ended.termination.scheduled_at.to_string(), "2026-01-31T23:00:00Z");
        assert_eq!(change.items, [], "what wasn't billed doesn't come back");
        world.live_until("2026-02-03T12:00:00Z").await;
        let own = world.added().await.groups.remove(0);
        assert_eq!(own.state.status, GroupStatus::Terminated);
        let tenant = world.books().await;
        let views = world.engine.subscriptions_of(&tenant, world.customer).await;
        let until = views.expect("subscriptions")[0].state.billed_until;
        assert_eq!(until, "2026-03-01".parse().expect("a day"), "the rest is billed");
        assert_eq!(world.findings().await, [""; 0]);
    });
}
