//! What is billed in cycles: a subscription with a change whose day has begun, one in review, one
//! that waits, and a cycle that is due.

use crate::Books;
use abono_domain::change::decide_risk::DecideRisk;
use abono_domain::change::request::ChangePlan;
use abono_domain::change::withdraw::WithdrawChange;
use abono_domain::ids::{ChangeId, CustomerId, PlanId, SubscriptionId};
use abono_domain::money::{Currency, Money};
use abono_domain::payment::PaymentSource;
use abono_domain::payment::record::RecordPayment;
use abono_domain::subscription::end::EndSubscription;
use abono_engine::Command;
use abono_engine::views::After;
use abono_testkit::World;
use abono_testkit::telecom::{self, BUSINESS, GB10, GB20, GB50};
use std::collections::BTreeMap;

const START: &str = "2026-01-01T09:00:00Z";

fn change(subscription: SubscriptionId, plan: PlanId, on: &str) -> ChangePlan {
    let on = Some(on.parse().expect("a day"));
    ChangePlan { subscription, plan, on, opinion: None }
}

async fn asked(world: &World, wanted: ChangePlan) -> ChangeId {
    let command = Command::ChangePlan(world.customer, wanted);
    let outcome = world.run(command).await.expect("a change");
    outcome.into_change().expect("a change").0.change.id
}

/// A world in which each command can be carried out.
pub(crate) async fn world(books: &Books) -> (World, Vec<Command>) {
    let world = telecom::open(books.engine.clone(), books.number(), START).await;
    let customer = world.customer;
    for _ in 0..2 {
        world.run(telecom::start(customer, GB10, None)).await.expect("a subscription");
    }
    world.run(world.set_clock("2026-01-05T09:00:00Z")).await.expect("the clock");
    world.run(telecom::start(customer, GB10, None)).await.expect("a subscription");
    let own = own(&world).await;
    let (first, third) = (own[0], own[2]);
    asked(&world, change(first, GB20, "2026-01-20")).await;
    let review = asked(&world, change(first, BUSINESS, "2026-01-25")).await;
    let waits = asked(&world, change(first, GB50, "2026-02-10")).await;
    // The change of the first is due, and the cycles of the first two; the third is up to date.
    world.run(world.set_clock("2026-02-01T09:00:00Z")).await.expect("the clock");
    let tenant = world.books().await;
    let due = world.engine.due_work(&tenant, After::NOTHING, 10).await.expect("due work").commands;
    let bill = due.iter().find(|it| is_bill_of(it, own[1])).expect("a cycle that is due");
    let invoices = world.engine.cycle_documents(&tenant, customer).await.expect("documents");
    let mut moved = telecom::customer(customer, "first");
    moved.proposal.profile.zone = "Atlantic/Canary".to_owned();
    let end = EndSubscription { subscription: third, reason: "moves".to_owned() };
    let withdraw = WithdrawChange { subscription: first, change: waits, reason: None };
    let payment = RecordPayment {
        document: invoices[0].document.id,
        amount: Money::new(700, Currency::EUR),
        source: PaymentSource::BankTransfer,
        reference: Some("PP-1".to_owned()),
    };
    let commands = vec![
        telecom::start(customer, GB50, None),
        Command::ChangePlan(customer, change(third, GB50, "2026-02-20")),
        Command::ChangePlan(customer, change(third, GB20, "2026-02-01")),
        due[0].clone(),
        bill.clone(),
        Command::WithdrawChange(customer, withdraw),
        decide(customer, first, review, true),
        decide(customer, first, review, false),
        Command::EndSubscription(customer, end),
        Command::RecordPayment(customer, payment),
        Command::PutCustomer(moved),
    ];
    (world, commands)
}

fn is_bill_of(command: &Command, id: SubscriptionId) -> bool {
    matches!(command, Command::BillCycle(_, bill) if bill.subscription == id)
}

fn decide(
    customer: CustomerId,
    subscription: SubscriptionId,
    change: ChangeId,
    approve: bool,
) -> Command {
    let (by, note) = ("Marta".to_owned(), None);
    Command::DecideRisk(customer, DecideRisk { subscription, change, approve, by, note })
}

/// The customer's subscriptions, by number.
async fn own(world: &World) -> Vec<SubscriptionId> {
    let tenant = world.books().await;
    let own = world.engine.subscriptions_of(&tenant, world.customer).await.expect("subscriptions");
    own.iter().map(|view| view.agreement.subscription.id).collect()
}

/// What a customer and an accountant can see, without identities and instants, which differ.
pub(crate) async fn state(world: &World) -> String {
    let (tenant, customer) = (world.books().await, world.customer);
    let mut seen = Vec::new();
    for view in world.engine.subscriptions_of(&tenant, customer).await.expect("subscriptions") {
        let state = &view.state;
        seen.push(format!(
            "{} {:?} {:?} {} {:?}",
            view.agreement.zone, state.status, state.plan, state.billed_until, state.ends_on
        ));
        let told = view.changes.iter().map(|it| {
            format!("{:?} {} {:?}", it.change.to, it.change.effective_on, it.state.status)
        });
        seen.extend(told);
    }
    for view in world.engine.cycle_documents(&tenant, customer).await.expect("documents") {
        let (document, state) = (&view.document, &view.state);
        let lines: Vec<_> = document.lines.iter().map(|it| (&it.name, it.total)).collect();
        seen.push(format!("{} {:?} {lines:?}", document.number(), state.paid));
    }
    let mut moved: BTreeMap<String, i64> = BTreeMap::new();
    for transfer in world.engine.transfers(&tenant, customer).await.expect("transfers") {
        *moved.entry(transfer.debit.word()).or_default() += transfer.amount.minor;
        *moved.entry(transfer.credit.word()).or_default() -= transfer.amount.minor;
    }
    seen.push(format!("{moved:?} {:?}", world.findings().await));
    seen.join("\n")
}
