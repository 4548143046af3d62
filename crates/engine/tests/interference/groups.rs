//! What is added to a subscription: one that runs, one whose end is due, one whose end waits, and a
//! cycle that is due.

use crate::Books;
use abono_domain::change::request::ChangePlan;
use abono_domain::proration::Behaviour;
use abono_domain::subscription::end::EndSubscription;
use abono_domain::termination::withdraw::WithdrawTermination;
use abono_domain::termination::{CreditKind, TerminationType};
use abono_engine::Command;
use abono_engine::views::After;
use abono_testkit::World;
use abono_testkit::articles::{self, EXTRAS, SEAT, SIM};
use abono_testkit::groups::{add, crediting, terminate};
use abono_testkit::telecom::{self, GB20, GB50, MOBILE};

const START: &str = "2026-01-01T09:00:00Z";

/// A world in which each command can be carried out.
pub(crate) async fn world(books: &Books) -> (World, Vec<Command>) {
    let proposal = articles::seller();
    let world = telecom::selling(books.engine.clone(), books.number(), START, proposal).await;
    let customer = world.customer;
    world.run(telecom::start(customer, GB20, None)).await.expect("a subscription");
    let first = world.subscribed().await;
    let mut groups = Vec::new();
    for _ in 0..4 {
        let view = world.add(add(first, (MOBILE, SIM))).await.expect("a product");
        groups.push(view.group.subscription.id);
    }
    let at_end = Some(TerminationType::AtSubscriptionBillingPeriodEnd);
    world.terminate(terminate(first, groups[0], at_end)).await.expect("an end");
    world.run(world.set_clock("2026-02-01T09:00:00Z")).await.expect("the clock");
    let tenant = world.books().await;
    let due = world.engine.due_work(&tenant, After::NOTHING, 10).await.expect("due work").commands;
    // A second subscription, whose cycles are up to date.
    world.run(telecom::start(customer, GB20, None)).await.expect("a subscription");
    let own = world.engine.subscriptions_of(&tenant, customer).await.expect("subscriptions");
    let second = own[1].agreement.subscription.id;
    let mut others = Vec::new();
    for _ in 0..3 {
        let view = world.add(add(second, (EXTRAS, SEAT))).await.expect("a product");
        others.push(view.group.subscription.id);
    }
    let (waits, _) = world.terminate(terminate(second, others[0], at_end)).await.expect("an end");
    let withdraw = WithdrawTermination { subscription: second, termination: waits.termination.id };
    let now = terminate(second, others[1], Some(TerminationType::Immediately));
    let internal = crediting(now.clone(), Behaviour::Full, CreditKind::Internal);
    let end = EndSubscription { subscription: second, reason: "moves".to_owned() };
    let change = ChangePlan { subscription: second, plan: GB50, on: None, opinion: None };
    let commands = vec![
        due[0].clone(),
        Command::AddProduct(customer, add(second, (EXTRAS, SEAT))),
        Command::TerminateProduct(customer, Box::new(now)),
        Command::TerminateProduct(customer, Box::new(internal)),
        Command::TerminateProduct(customer, Box::new(terminate(second, others[2], at_end))),
        Command::WithdrawTermination(customer, withdraw),
        Command::EndSubscription(customer, end),
        Command::ChangePlan(customer, change),
        telecom::start(customer, GB50, None),
    ];
    (world, commands)
}

/// What a customer and an accountant can see, without identities and instants, which differ.
pub(crate) async fn state(world: &World) -> String {
    let (tenant, customer) = (world.books().await, world.customer);
    let mut seen = vec![crate::cycles::state(world).await];
    for own in world.engine.subscriptions_of(&tenant, customer).await.expect("subscriptions") {
        let id = own.agreement.subscription.id;
        let added = world.engine.product_groups(&tenant, customer, id).await.expect("groups");
        seen.extend(added.groups.iter().map(|it| {
            format!("{:?} {:?} {:?}", it.group.plan, it.state.status, it.state.billed_until)
        }));
        seen.extend(
            added
                .terminations
                .iter()
                .map(|it| format!("{:?} {:?}", it.termination.credit, it.state.status)),
        );
    }
    seen.join("\n")
}
