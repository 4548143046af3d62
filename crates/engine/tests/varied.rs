//! A seller that sells in every way there is: random lives on each database, and faults that the
//! proof must find in them.

use abono_domain::document::DocumentStatus;
use abono_domain::document::request_payment::RequestPayment;
use abono_domain::ids::PlanId;
use abono_domain::licence::start_trial::StartTrial;
use abono_domain::quote::Order;
use abono_engine::{Call, Command};
use abono_testkit::seller::{CLOUD, FLAT, PACKED, SEATS, TIERED};
use abono_testkit::{Database, World, on_each_database, plants, request_of};

const START: &str = "2026-01-31T10:00:00Z";

fn request(world: &World, plan: PlanId, quantity: i64, months: i64) -> Command {
    let order = Order { product: CLOUD, plan, quantity, months };
    Command::RequestPayment(world.customer, RequestPayment { order, payer: None })
}

async fn buy(world: &World, plan: PlanId, quantity: i64) -> abono_domain::document::DocumentView {
    let view = request_of(world.run(request(world, plan, quantity, 1)).await.expect("a request"));
    let due = view.outstanding().minor;
    if due > 0 {
        world.pay(view.document.id, due).await;
    }
    view
}

async fn at(world: &World, time: &str) {
    world.run(world.set_clock(time)).await.expect("the clock");
}

/// The next of a fixed sequence of numbers, below `most`.
fn dice(state: &mut u64, most: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % most
}

#[test]
fn random_lives_are_previewed_written_proved_and_explained() {
    on_each_database(|database| async move {
        let engine = World::at(&database, START).await.engine;
        for seed in 2..12_u64 {
            let world = World::varied(engine.clone(), u128::from(seed), START).await;
            live(&world, seed).await;
            assert_eq!(world.findings().await, [""; 0], "seed {seed}");
        }
    });
}

async fn live(world: &World, seed: u64) {
    let (mut state, mut day) = (seed, jiff::civil::date(2026, 1, 31));
    let mut paid = Vec::new();
    if dice(&mut state, 2) == 0 {
        let trial = StartTrial { product: CLOUD, plan: TIERED, quantity: 2 };
        world.run(Command::StartTrial(world.customer, trial)).await.expect("a trial");
    }
    for _ in 0..14 {
        day = day.saturating_add(jiff::Span::new().days(dice(&mut state, 24) as i64));
        // A clock never goes back.
        let _earlier =
            world.run(world.set_clock(&format!("{day}T{:02}:30:00Z", dice(&mut state, 24))));
        let _refused = _earlier.await;
        let plan = [TIERED, SEATS, PACKED, FLAT][dice(&mut state, 4) as usize];
        let quantity = 1 + dice(&mut state, 12) as i64;
        let command = request(world, plan, quantity, 1);
        let dry = Call { dry_run: true, ..world.call() };
        let preview = world.engine.carry_out(&dry, &command).await.map(request_of);
        let real = world.run(command).await.map(request_of);
        let (Ok(preview), Ok(real)) = (preview, real) else { continue };
        assert_eq!(preview.document.lines, real.document.lines);
        assert_eq!(preview.document.taxes, real.document.taxes);
        let books = world.books().await;
        let because = world.engine.explain(&books, world.customer, real.document.id).await;
        let because = because.expect("a look").expect("a derivation");
        assert_eq!(because.is, real.document.total.to_string());
        let due = real.outstanding().minor;
        if due > 0 && dice(&mut state, 4) > 0 {
            world.pay(real.document.id, due).await;
        }
        if real.state.status == DocumentStatus::Paid || due > 0 {
            paid.push(real.document.id);
        }
        if dice(&mut state, 4) == 0 {
            let which = paid[dice(&mut state, paid.len() as u64) as usize];
            // What is credited, or isn't paid, can't go back.
            let _refused = world.run(world.refund(which, None)).await;
        }
    }
}

/// A life with a trial, a discount, a stub, a change up to the end that leaves something over.
async fn lived(database: &Database) -> World {
    let engine = World::at(database, START).await.engine;
    let world = World::varied(engine, 2, START).await;
    let trial = StartTrial { product: CLOUD, plan: SEATS, quantity: 1 };
    let refused = world.run(Command::StartTrial(world.customer, trial)).await;
    assert_eq!(refused.expect_err("a refusal").to_string(), "the plan has no trial");
    let trial = StartTrial { product: CLOUD, plan: TIERED, quantity: 1 };
    world.run(Command::StartTrial(world.customer, trial.clone())).await.expect("a trial");
    let again = world.run(Command::StartTrial(world.customer, trial)).await;
    let again = again.expect_err("a refusal").to_string();
    assert_eq!(again, "the customer has had a licence of this product");
    at(&world, "2026-02-10T10:00:00Z").await;
    buy(&world, TIERED, 1).await;
    buy(&world, SEATS, 20).await;
    at(&world, "2026-02-20T10:00:00Z").await;
    buy(&world, SEATS, 1).await;
    assert_eq!(world.findings().await, [""; 0]);
    let notes = world.engine.credit_notes(&world.books().await, world.customer).await;
    assert_eq!(notes.expect("a look").len(), 1);
    world
}

plants! {
    in lived;
    a_discount_of_another_amount:
        "update document_discount set amount = amount + 1" => "do not add up";
    a_discount_that_nobody_has:
        "update document_discount set code = 'loyal' where code = 'welcome'"
        => "does not re-derive";
    a_part_that_is_longer:
        "update document_line set part_days = part_days + 1 where part_days is not null"
        => "does not re-derive";
    a_term_that_ends_later:
        "update document_line set term_ends_at = term_ends_at + 1 where term = 'until'"
        => "does not re-derive";
    a_credit_of_something_dearer:
        "update document_credit set paid = paid + 1" => "does not re-derive";
    a_credit_note_that_is_void:
        "update document_state set status = 'canceled' where kind = 'credit_note'"
        => "its credit note is not what it left over";
    a_credit_note_for_more:
        "update document_line set subtotal = subtotal + 1, total = total + 1
         where document_id in (select id from document where kind = 'credit_note')"
        => "do not add up";
    a_credit_note_of_another_change:
        "update document set follows_id = (select d.id from document d
           where d.kind = 'payment_request' order by d.created_at limit 1)
         where kind = 'credit_note'"
        => "its credit note is not what it left over";
    a_trial_that_nobody_started:
        "update licence_grant set origin = 'by_hand', reason = 'planted' where origin = 'trial'"
        => "nobody gave it by hand";
    a_trial_that_lasts_longer:
        "update licence_grant set length = 15 where origin = 'trial'"
        => "not the fold of its grants";
    a_payer_of_another_country:
        "update document set payer_country = 'SE'" => "its hash differs";
    a_customer_with_other_discounts:
        "delete from customer_discount where code = 'welcome'" => "does not re-derive";
}
