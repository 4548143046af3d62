//! Changes inside a running licence: what is credited, what is goodwill, what is left over.

use abono_domain::document::{DocumentStatus, DocumentView};
use abono_domain::ledger::Account;
use abono_store::nouns::ledger;
use abono_testkit::seller::{BASIC, PRO};
use abono_testkit::{World, on_each_database, request_of};

/// A licence of the cheaper plan, bought on 1 February for a month of 28 days: 990.00.
async fn world(database: &abono_testkit::Database) -> World {
    let world = World::at(database, "2026-02-01T09:00:00Z").await;
    let request = world.invoice(BASIC, 1, 1).await;
    world.pay(request.document.id, 99_000).await;
    world
}

async fn at(world: &World, time: &str) {
    world.run(world.set_clock(time)).await.expect("the clock");
}

async fn credit(world: &World) -> i64 {
    let balances = ledger::balances(world.tenant, world.customer);
    let balances = world.engine.store().query(balances).await.expect("balances");
    let own = balances.iter().filter(|balance| balance.account == Account::CustomerCredit);
    own.map(|balance| balance.amount.minor).sum()
}

async fn goodwill(world: &World) -> i64 {
    let first = abono_domain::ids::TransferId(uuid::Uuid::nil());
    let transfers = ledger::transfers(world.tenant, world.customer, first, 1_000);
    let transfers = world.engine.store().query(transfers).await.expect("transfers");
    let own = transfers.iter().filter(|transfer| transfer.debit == Account::Goodwill);
    own.map(|transfer| transfer.amount.minor).sum()
}

fn totals(view: &DocumentView) -> Vec<i64> {
    view.document.lines.iter().map(|line| line.total.minor).collect()
}

#[test]
fn an_upgrade_credits_the_days_that_are_left_and_starts_when_it_is_paid() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        at(&world, "2026-02-15T09:00:00Z").await;
        let change = world.invoice(PRO, 1, 1).await;
        // 14 of 28 days are left of 990.00.
        assert_eq!(totals(&change), [199_000, -49_500]);
        assert_eq!(change.document.total.minor, 149_500);
        let credit_line = &change.document.lines[1];
        assert_eq!(credit_line.name, "Зачёт неиспользованного: Касса, Тариф basic (14 из 28 дн.)");
        world.pay(change.document.id, 149_500).await;
        let licence = world.licence().await.expect("a licence");
        assert_eq!(
            (licence.plan, licence.expires_at.to_string().as_str()),
            (PRO, "2026-03-15T09:00:00.000001Z")
        );
        assert_eq!((credit(&world).await, goodwill(&world).await), (0, 0));
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn what_is_used_up_until_the_change_is_paid_is_goodwill() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        at(&world, "2026-02-15T09:00:00Z").await;
        let change = world.invoice(PRO, 1, 1).await;
        at(&world, "2026-02-17T09:00:00Z").await;
        world.pay(change.document.id, 149_500).await;
        // Two more days of 990.00 / 28 were used: 424.29 are left of the 495.00 credited.
        // The rest, 70.71, is goodwill but for the tax in it, which the document says: 12.75.
        assert_eq!(goodwill(&world).await, 49_500 - 42_429 - 1_275);
        let licence = world.licence().await.expect("a licence");
        assert_eq!(licence.expires_at.to_string(), "2026-03-17T09:00:00Z");
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn a_downgrade_that_costs_less_than_what_is_left_is_paid_at_once_and_leaves_credit() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-02-01T09:00:00Z").await;
        let request = world.invoice(PRO, 1, 1).await;
        world.pay(request.document.id, 199_000).await;
        at(&world, "2026-02-01T18:00:00Z").await;
        let change = world.invoice(BASIC, 1, 1).await;
        // On its first day nothing is used yet; the charge is the cap of the credit.
        assert_eq!(totals(&change), [99_000, -99_000]);
        assert_eq!(change.state.status, DocumentStatus::Paid);
        assert_eq!(credit(&world).await, 100_000);
        assert_eq!(world.licence().await.expect("a licence").plan, BASIC);
        // There and back on one day nets to zero.
        let back = world.invoice(PRO, 1, 1).await;
        assert_eq!(totals(&back), [199_000, -99_000]);
        assert_eq!((back.state.status, credit(&world).await), (DocumentStatus::Paid, 0));
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn more_units_are_a_change_and_prepaid_renewals_are_credited_too() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        let renewal = world.invoice(BASIC, 1, 1).await;
        world.pay(renewal.document.id, 99_000).await;
        at(&world, "2026-02-15T09:00:00Z").await;
        let change = world.invoice(BASIC, 3, 1).await;
        assert_eq!(totals(&change), [297_000, -49_500, -99_000]);
        world.pay(change.document.id, 148_500).await;
        let licence = world.licence().await.expect("a licence");
        assert_eq!((licence.quantity, licence.plan), (3, BASIC));
        assert_eq!(credit(&world).await, 0);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn one_paid_change_cancels_the_others_and_their_money_is_credit() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        at(&world, "2026-02-15T09:00:00Z").await;
        let one = world.invoice(PRO, 1, 1).await;
        let other = world.invoice(BASIC, 2, 1).await;
        world.pay(other.document.id, 10_000).await;
        world.pay(one.document.id, 149_500).await;
        let tenant = world.books().await;
        let found = world.engine.payment_request(&tenant, world.customer, other.document.id).await;
        let found = found.expect("a look").expect("the request");
        assert_eq!(found.state.status, DocumentStatus::Canceled);
        assert_eq!(credit(&world).await, 10_000);
        // Money for it later is credit as well: nothing is credited twice.
        world.pay(other.document.id, 138_500).await;
        assert_eq!(world.licence().await.expect("a licence").plan, PRO);
        assert_eq!(credit(&world).await, 148_500);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn a_change_that_is_paid_after_the_licence_lapsed_starts_then_and_keeps_its_printed_total() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        at(&world, "2026-02-27T09:00:00Z").await;
        let change = world.invoice(PRO, 1, 1).await;
        assert_eq!(totals(&change), [199_000, -7_071]);
        at(&world, "2026-03-04T09:00:00Z").await;
        world.pay(change.document.id, 191_929).await;
        let licence = world.licence().await.expect("a licence");
        assert_eq!(licence.expires_at.to_string(), "2026-04-04T09:00:00Z");
        assert_eq!(goodwill(&world).await, 7_071 - 1_275);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn a_gift_has_no_value_to_credit() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-02-01T09:00:00Z").await;
        world.run(world.grant(BASIC, 1, 1)).await.expect("a gift");
        let change = request_of(
            world.run(world.request(world.customer, PRO, 1, 1)).await.expect("a request"),
        );
        assert_eq!(totals(&change), [199_000]);
        world.pay(change.document.id, 199_000).await;
        assert_eq!(world.licence().await.expect("a licence").plan, PRO);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

/// The next of a fixed sequence of numbers, below `most`.
fn dice(state: &mut u64, most: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % most
}

#[test]
fn what_is_previewed_is_what_is_written_in_random_histories() {
    on_each_database(|database| async move {
        let engine = World::at(&database, "2026-01-31T10:00:00Z").await.engine;
        for seed in 2..14_u64 {
            let number = u128::from(seed);
            let world = World::beside(engine.clone(), number, "2026-01-31T10:00:00Z").await;
            let (mut state, mut day) = (seed, jiff::civil::date(2026, 1, 31));
            for _ in 0..12 {
                day = day.saturating_add(jiff::Span::new().days(1 + dice(&mut state, 20) as i64));
                at(&world, &format!("{day}T{:02}:30:00Z", dice(&mut state, 24))).await;
                let plan = if dice(&mut state, 2) == 0 { BASIC } else { PRO };
                let quantity = 1 + dice(&mut state, 12) as i64;
                let command = world.request(world.customer, plan, quantity, 1);
                let dry = abono_engine::Call { dry_run: true, ..world.call() };
                let preview = world.engine.carry_out(&dry, &command).await.map(request_of);
                let real = world.run(command).await.map(request_of);
                let (Ok(preview), Ok(real)) = (preview, real) else { continue };
                assert_eq!(preview.document.lines, real.document.lines);
                assert_eq!(preview.document.taxes, real.document.taxes);
                assert_eq!(preview.document.total, real.document.total);
                let due = real.outstanding().minor;
                if due > 0 && dice(&mut state, 3) > 0 {
                    world.pay(real.document.id, due + dice(&mut state, 2) as i64 * 777).await;
                }
            }
            assert_eq!(world.findings().await, [""; 0]);
        }
    });
}

#[test]
fn credits_at_an_older_rate_may_leave_a_kopeck_to_come_back() {
    on_each_database(|database| async move {
        // Bought for two months at 20 %, and changed at 22 % with so many days left that the taxes
        // inside the two credits differ by a kopeck from the tax inside their sum.
        let mut came_back = false;
        for day in 2..10 {
            let world = World::beside(
                World::at(&database, "2025-12-10T09:00:00Z").await.engine,
                day + 100,
                "2025-12-10T09:00:00Z",
            );
            let world = world.await;
            for _ in 0..2 {
                let month = world.invoice(PRO, 2, 1).await;
                world.pay(month.document.id, 398_000).await;
            }
            at(&world, &format!("2026-01-{day:02}T08:00:00Z")).await;
            let change = world.invoice(PRO, 3, 1).await;
            let settlement = change.document.settlement().expect("in range");
            came_back |= settlement.iter().any(|(from, ..)| *from != Account::CustomerAllocated);
            world.pay(change.document.id, change.document.total.minor).await;
            assert_eq!(world.licence().await.expect("a licence").quantity, 3, "{day}");
            assert_eq!(world.findings().await, [""; 0], "{day}");
        }
        assert!(came_back, "none of the days leaves a kopeck");
    });
}

#[test]
fn what_runs_now_can_be_renewed_also_where_another_plan_follows() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-02-01T09:00:00Z").await;
        let (one, other) = (world.invoice(BASIC, 1, 1).await, world.invoice(PRO, 1, 1).await);
        world.pay(one.document.id, 99_000).await;
        world.pay(other.document.id, 199_000).await;
        // The better plan was asked for before anything ran, so it is laid behind.
        assert_eq!(world.licence().await.expect("a licence").plan, BASIC);
        let renewal = world.invoice(BASIC, 1, 1).await;
        assert_eq!(totals(&renewal), [99_000]);
        assert_eq!(world.findings().await, [""; 0]);
    });
}
