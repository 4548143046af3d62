//! An outside risk service: heard before a change is decided about, its silence is what the seller
//! said, and one change is put to it once.

use abono_domain::change::request::ChangePlan;
use abono_domain::change::{ChangeStatus, ChangeView};
use abono_domain::ids::PlanId;
use abono_domain::risk::{Opinion, Verdict};
use abono_engine::risk::Question;
use abono_engine::{Engine, Env};
use abono_testkit::telecom::{self, BUSINESS, GB10, GB20, GB50};
use abono_testkit::{Database, World, on_each_database};
use jiff::Timestamp;
use std::sync::{Arc, Mutex};

/// A telecom whose engine can ask a service that answers `opinion`, and what it was asked; the
/// seller has it asked where a fallback is said.
async fn world(
    database: &Database,
    fallback: Option<Verdict>,
    opinion: Opinion,
) -> (World, Arc<Mutex<Vec<Question>>>) {
    let machine: Timestamp = "2026-01-10T09:00:00Z".parse().expect("an instant");
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = asked.clone();
    let env = Env::seeded(Box::new(move || machine), 7).with_risk_service(Box::new(move |it| {
        heard.lock().expect("a list").push(it);
        let opinion = opinion.clone();
        Box::pin(async move { opinion })
    }));
    let engine = Arc::new(Engine::new(env, database.store().await));
    let mut seller = telecom::seller();
    seller.risk.service_fallback = fallback;
    let world = telecom::selling(engine, 1, "2026-01-10T09:00:00Z", seller).await;
    world.run(telecom::start(world.customer, GB10, None)).await.expect("a subscription");
    (world, asked)
}

async fn change(world: &World, plan: PlanId) -> ChangeView {
    let tenant = world.books().await;
    let own = world.engine.subscriptions_of(&tenant, world.customer).await.expect("its own");
    let subscription = own[0].agreement.subscription.id;
    let on = Some("2026-01-20".parse().expect("a day"));
    let wanted = ChangePlan { subscription, plan, on, opinion: None };
    let asked = world.engine.change_plan(&world.call(), world.customer, wanted).await;
    asked.expect("a change").0
}

#[test]
fn nobody_is_asked_unless_the_seller_wants_it() {
    on_each_database(async |database| {
        let given = Opinion::Given(Verdict::Rejected, "never".to_owned());
        let (world, asked) = world(&database, None, given).await;
        assert_eq!(change(&world, GB20).await.state.status, ChangeStatus::Scheduled);
        assert_eq!(asked.lock().expect("a list").len(), 0);
    });
}

#[test]
fn what_it_says_counts_beside_the_rules_and_it_is_asked_once_for_one_change() {
    on_each_database(async |database| {
        let given = Opinion::Given(Verdict::Review, "on a list".to_owned());
        let (world, asked) = world(&database, Some(Verdict::Rejected), given).await;
        let first = change(&world, GB20).await;
        assert_eq!(first.state.status, ChangeStatus::Review);
        let last = first.risk.findings.last().expect("a finding");
        assert_eq!((last.rule.as_str(), last.reason.as_str()), ("service", "on a list"));
        assert_eq!(change(&world, GB20).await.change.id, first.change.id);
        let asked = asked.lock().expect("a list").clone();
        assert_eq!(asked.len(), 1);
        let Question { inputs, verdict, .. } = &asked[0];
        assert_eq!((inputs.price_before.minor, inputs.price_after.minor), (1_000, 1_200));
        assert_eq!(*verdict, Verdict::Accepted);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn its_silence_is_what_the_seller_said_and_never_milder_than_the_rules() {
    on_each_database(async |database| {
        let silent = Opinion::Silent("no answer in 2000 ms".to_owned());
        let (world, _) = world(&database, Some(Verdict::Accepted), silent).await;
        let accepted = change(&world, GB50).await;
        assert_eq!(accepted.state.status, ChangeStatus::Scheduled);
        let last = accepted.risk.findings.last().expect("a finding");
        assert_eq!(last.reason, "no answer, so accepted: no answer in 2000 ms");
        // The rules want somebody to look at this one, whatever a service says.
        assert_eq!(change(&world, BUSINESS).await.state.status, ChangeStatus::Review);
    });
}
