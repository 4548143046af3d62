//! The proof finds what is planted in subscriptions that live in cycles, their changes and what was
//! decided about them.

use abono_domain::change::request::ChangePlan;
use abono_domain::ids::{ChangeId, PlanId};
use abono_engine::Command;
use abono_engine::views::After;
use abono_testkit::telecom::{self, BUSINESS, GB10, GB20, GB50, PREMIUM};
use abono_testkit::{Database, World, plants};
use std::sync::Arc;

async fn asked(world: &World, plan: PlanId, on: &str) -> ChangeId {
    let tenant = world.books().await;
    let own = world.engine.subscriptions_of(&tenant, world.customer).await.expect("its own");
    let subscription = own[0].agreement.subscription.id;
    let on = Some(on.parse().expect("a day"));
    let wanted = ChangePlan { subscription, plan, on, opinion: None };
    let outcome = world.run(Command::ChangePlan(world.customer, wanted)).await.expect("a change");
    outcome.into_change().expect("a change").0.change.id
}

/// Does all that is due.
async fn work(world: &World) {
    let tenant = world.books().await;
    loop {
        let due = world.engine.due_work(&tenant, After::NOTHING, 10).await.expect("due work");
        if due.commands.is_empty() {
            return;
        }
        for command in due.commands {
            // What isn't its turn yet is tried again.
            let _outcome = world.run(command).await;
        }
    }
}

/// Two cycles, a change inside the first and one with the second, and one of each that wasn't done.
async fn lived(database: &Database) -> World {
    let machine = "2026-01-01T09:00:00Z".parse().expect("an instant");
    let env = abono_engine::Env::seeded(Box::new(move || machine), 1);
    let engine = abono_engine::Engine::new(env, database.store().await);
    let world = telecom::open(Arc::new(engine), 1, "2026-01-01T09:00:00Z").await;
    world.run(telecom::start(world.customer, GB10, None)).await.expect("a subscription");
    asked(&world, GB50, "2026-01-11").await;
    asked(&world, GB20, "2026-02-01").await;
    asked(&world, BUSINESS, "2026-02-15").await;
    asked(&world, PREMIUM, "2026-02-16").await;
    asked(&world, GB10, "2026-02-20").await;
    world.run(world.set_clock("2026-02-02T09:00:00Z")).await.expect("the clock");
    work(&world).await;
    assert_eq!(world.findings().await, [""; 0]);
    world
}

plants! {
    in lived;
    a_plan_that_no_change_made:
        "update subscription_state set plan_id = subscription_id" => "what its changes made of it";
    a_subscription_that_is_billed_longer:
        "update subscription_state set billed_until = '2026-04-01'" => "do not tile the time";
    a_cycle_too_many:
        "update subscription_state set cycle = cycle + 1" => "do not tile the time";
    a_status_that_no_step_led_to:
        "update subscription_state set status = 'ended', job_id = null, ends_on = '2026-03-01',
           end_reason = 'so'"
        => "where its steps lead";
    a_change_that_is_done_before_its_day:
        "update plan_change_state set status = 'done', job_id = null where status = 'scheduled'"
        => "do not lead to its state";
    a_change_for_another_plan:
        "update plan_change set to_plan_id = customer_id where effective_on = '2026-01-11'"
        => "does not re-derive";
    a_change_from_another_instant:
        "update plan_change_state set due_at = due_at + 86400000000 where document_id is not null"
        => "does not re-derive";
    a_confirmation_that_no_change_made:
        "update plan_change_state set document_id = null" => "no change made it";
    a_review_that_was_accepted:
        "update risk_decision set verdict = 'accepted' where verdict = 'review'"
        => "its risk decision says otherwise";
    a_rejection_that_was_accepted:
        "update risk_decision set verdict = 'accepted' where verdict = 'rejected'"
        => "its risk decision says otherwise";
    a_change_that_was_done_and_rejected:
        "update risk_decision set verdict = 'rejected' where verdict = 'accepted'"
        => "its risk decision says otherwise";
    a_confirmation_that_no_invoice_carries:
        "delete from document_carried" => "no invoice carries it";
    an_invoice_of_no_cycle:
        "delete from billing_cycle where seq = 2" => "it bills no cycle";
    an_invoice_that_is_due_later:
        "update document set due_on = '2030-01-01' where kind = 'invoice'" => "its hash differs";
    an_invoice_of_another_subscription:
        "update document set subscription_id = id where kind = 'invoice'"
        => "do not tile the time";
    a_confirmation_with_another_price:
        "update document_line set unit_price = unit_price + 1 where document_id in
           (select id from document where kind = 'order_confirmation')"
        => "does not re-derive";
    a_carried_line_with_another_name:
        "update document_line set name = 'x' where position = 2 and document_id in
           (select id from document where kind = 'invoice')"
        => "does not re-derive";
    what_is_owed_without_an_invoice:
        "update balance set amount = amount + 1 where account = 'receivable'"
        => "its transfers sum to";
    a_posting_of_an_invoice_that_is_gone:
        "delete from transfer where cause = 'invoicing' and credit = 'deferred_revenue'"
        => "is missing";
    a_grant_from_another_day:
        "update licence_grant set given_at = given_at + 1 where origin = 'billed'"
        => "nothing that was billed gives it";
    a_start_that_nobody_asked_for:
        "update journal set command = 'put_customer' where command = 'start_subscription'"
        => "journal, start_subscription";
}
