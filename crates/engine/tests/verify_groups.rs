//! The proof finds what is planted in product groups, their terminations and what those credited.

use abono_domain::change::request::ChangePlan;
use abono_domain::proration::Behaviour;
use abono_domain::termination::{CreditKind, TerminationType};
use abono_engine::Command;
use abono_testkit::articles::{self, EXTRAS, SEAT, SIM};
use abono_testkit::groups::{add, crediting, terminate};
use abono_testkit::telecom::{self, GB10, GB20, MOBILE};
use abono_testkit::{Database, World, plants};

const START: &str = "2026-01-01T09:00:00Z";

/// One that runs, one that was credited by a note, one by the next invoice, one that waits for its
/// end, and one that came with a plan; all that was added by itself is billed behind too.
async fn lived(database: &Database) -> World {
    let engine = World::at(database, START).await.engine;
    let mut seller = articles::seller();
    seller.settings.external_billing = true;
    let world = telecom::selling(engine, 2, START, seller).await;
    world.run(telecom::start(world.customer, GB20, None)).await.expect("a subscription");
    world.run(telecom::start(world.customer, GB20, None)).await.expect("another one");
    let of = world.subscribed().await;
    let mut groups = Vec::new();
    for article in [(MOBILE, SIM), (EXTRAS, SEAT), (MOBILE, SIM), (EXTRAS, SEAT)] {
        groups.push(world.add(add(of, article)).await.expect("a product").group.subscription.id);
    }
    let change = ChangePlan {
        subscription: of,
        plan: GB10,
        on: Some("2026-01-10".parse().expect("a day")),
        opinion: None,
    };
    world.run(Command::ChangePlan(world.customer, change)).await.expect("a change");
    world.live_until("2026-01-17T12:00:00Z").await;
    let now = Some(TerminationType::Immediately);
    for (group, credit) in [(groups[1], CreditKind::Normal), (groups[2], CreditKind::Internal)] {
        let asked = crediting(terminate(of, group, now), Behaviour::Prorate, credit);
        world.terminate(asked).await.expect("it ends");
    }
    world.live_until("2026-02-02T12:00:00Z").await;
    let at_end = Some(TerminationType::AtSubscriptionBillingPeriodEnd);
    world.terminate(terminate(of, groups[3], at_end)).await.expect("it is scheduled");
    assert_eq!(world.findings().await, [""; 0]);
    world
}

/// The group of the termination that was credited so.
macro_rules! of_credit {
    ($kind:literal) => {
        concat!(
            "(select group_id from termination where credit_kind = '",
            $kind,
            "' and type = 'immediately' and behaviour = 'prorate')"
        )
    };
}

plants! {
    in lived;
    a_group_that_is_billed_longer:
        "update product_group_state set billed_until = '2026-04-01'
           where kind = 'optional' and status = 'active'"
        => "not billed as far as its subscription";
    an_ended_group_that_was_billed_less:
        concat!("update product_group_state set billed_until = '2026-01-17'
           where subscription_id = ", of_credit!("normal"))
        => "not billed as far as its subscription";
    a_group_that_runs_although_it_was_terminated:
        concat!("update product_group_state set status = 'active', ended_at = null
           where subscription_id = ", of_credit!("normal"))
        => "not where its terminations lead";
    a_group_that_ended_without_a_termination:
        "update product_group_state set status = 'terminated', ended_at = 1770000000000000
           where kind = 'included' and status = 'active'"
        => "not where its terminations lead";
    a_group_that_ended_earlier:
        concat!("update product_group_state set ended_at = ended_at - 1
           where subscription_id = ", of_credit!("internal"))
        => "not where its terminations lead";
    a_second_termination_that_is_done:
        "update termination_state set status = 'done', job_id = null where status = 'scheduled'"
        => "not where its terminations lead";
    a_done_termination_of_another_group:
        concat!("update termination set group_id = ", of_credit!("normal"),
          " where credit_kind = 'internal'")
        => "not where its terminations lead";
    a_done_termination_that_was_withdrawn:
        "update termination_state set status = 'withdrawn', document_id = null
           where status = 'done'"
        => "not where its terminations lead";
    a_termination_from_another_instant:
        concat!("update termination set scheduled_at = scheduled_at - 86400000000
           where group_id = ", of_credit!("normal"))
        => "not where its terminations lead";
    a_termination_without_its_note:
        concat!("update termination_state set document_id = null where termination_id =
           (select id from termination where group_id = ", of_credit!("normal"), ")")
        => "what it credited is not what comes back";
    a_termination_without_its_confirmation:
        concat!("update termination_state set document_id = null where termination_id =
           (select id from termination where group_id = ", of_credit!("internal"), ")")
        => "what it credited is not what comes back";
    a_termination_with_the_document_of_another:
        "update termination_state set document_id =
           (select id from document where kind = 'credit_note' limit 1)
           where document_id is not null"
        => "what it credited is not what comes back";
    a_credit_that_gives_all_back:
        concat!("update termination set behaviour = 'full' where group_id = ",
          of_credit!("normal"))
        => "does not re-derive";
    a_credit_from_an_earlier_day:
        concat!("update termination set anchor_at = scheduled_at - 864000000000 where group_id = ",
          of_credit!("internal"))
        => "does not re-derive";
    a_credit_that_is_said_otherwise:
        "update termination set credit_kind = 'normal' where credit_kind = 'internal'"
        => "what it credited is not what comes back";
    an_internal_credit_that_is_said_by_a_note:
        "update document_credit set internal = not internal
           where document_id in (select id from document where kind = 'order_confirmation')"
        => "does not re-derive";
    a_credit_of_another_grant:
        "update document_credit set grant_id = document_id
           where document_id in (select id from document where kind = 'credit_note')"
        => "does not re-derive";
    a_grant_of_another_position:
        "update licence_grant set position = 1 where position = 2"
        => "nothing that was billed gives it";
    a_group_that_goes_on_behind:
        concat!("update delivery set subscription_id = (select subscription_id
             from product_group_state where kind = 'optional' and status = 'active' limit 1)
           where kind = 'terminate' and subscription_id = ", of_credit!("normal"))
        => "not ended here and behind alike";
    a_group_of_another_plan:
        concat!("update product_group set plan_id = subscription_id where subscription_id = ",
          of_credit!("normal"))
        => "does not re-derive";
    a_group_of_another_subscription:
        "update product_group set parent_id = (select subscription_id from agreement where
           subscription_id not in (select parent_id from product_group))"
        => "nothing that was billed gives it";
    a_group_of_more:
        concat!("update product_group set quantity = 2 where subscription_id = ",
          of_credit!("normal"))
        => "does not re-derive";
    an_included_group_that_has_to_be_paid:
        "update licence_grant set subscription_id =
           (select subscription_id from product_group where kind = 'included' limit 1)
           where position = 2"
        => "not billed as far as its subscription";
    a_credit_that_no_invoice_carries:
        "delete from document_carried" => "no invoice carries it";
    what_was_credited_without_a_posting:
        "delete from transfer where cause = 'crediting' and debit = 'deferred_revenue'"
        => "is missing";
}
