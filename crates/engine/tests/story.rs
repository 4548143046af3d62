//! The main job, straight on the engine: request, transfer in parts, licence, renewal, proof.

use abono_domain::document::DocumentStatus;
use abono_engine::views::After;
use abono_engine::{Command, Failure};
use abono_testkit::seller::{BASIC, OLD, PRO};
use abono_testkit::{World, on_each_database, request_of};
use jiff::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn to_the_second(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).expect("in range")
}

async fn expires_at(world: &World) -> Option<Timestamp> {
    world.licence().await.map(|licence| to_the_second(licence.expires_at))
}

#[test]
fn bought_on_the_31st_a_licence_ends_on_the_28th_and_renewed_on_the_31st() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-01-31T10:00:00Z").await;
        let first = world.invoice(BASIC, 1, 1).await;
        assert_eq!(first.document.number(), "СЧ-1");
        assert_eq!(first.document.total.minor, 99_000);
        assert_eq!(expires_at(&world).await, None);

        let part = world.pay(first.document.id, 50_000).await;
        assert_eq!(part.document.state.status, DocumentStatus::Pending);
        assert_eq!(part.document.state.paid.minor, 50_000);
        assert_eq!(expires_at(&world).await, None);
        let rest = world.pay(first.document.id, 49_000).await;
        assert_eq!(rest.document.state.status, DocumentStatus::Paid);
        assert_eq!(expires_at(&world).await, Some(at("2026-02-28T10:00:00Z")));

        world.run(world.set_clock("2026-02-20T08:00:00Z")).await.expect("the clock");
        let second = world.invoice(BASIC, 1, 1).await;
        assert_eq!(second.document.number(), "СЧ-2");
        world.pay(second.document.id, 99_000).await;
        assert_eq!(expires_at(&world).await, Some(at("2026-03-31T10:00:00Z")));
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn too_much_stays_as_credit_and_pays_the_next_request_at_once() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-01-31T10:00:00Z").await;
        let first = world.invoice(BASIC, 1, 1).await;
        let paid = world.pay(first.document.id, 200_000).await;
        assert_eq!((paid.allocated.minor, paid.credit.minor), (99_000, 101_000));
        let again = world.pay(first.document.id, 1).await;
        assert_eq!((again.allocated.minor, again.credit.minor), (0, 101_001));

        let next = world.invoice(BASIC, 1, 1).await;
        assert_eq!(next.state.status, DocumentStatus::Paid);
        assert_eq!(expires_at(&world).await, Some(at("2026-03-31T10:00:00Z")));
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn money_in_another_currency_goes_to_the_balance() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-01-31T10:00:00Z").await;
        let first = world.invoice(BASIC, 1, 1).await;
        let Command::RecordPayment(customer, mut payment) =
            world.payment(first.document.id, 99_000, None)
        else {
            panic!("a payment");
        };
        payment.amount.currency = abono_domain::money::Currency::EUR;
        world.run(Command::RecordPayment(customer, payment)).await.expect("money counts");
        assert_eq!(expires_at(&world).await, None);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn what_is_previewed_is_what_happens() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-01-31T10:00:00Z").await;
        let command = world.request(world.customer, PRO, 12, 1);
        let dry = abono_engine::Call { dry_run: true, ..world.call() };
        let preview = request_of(world.engine.carry_out(&dry, &command).await.expect("a preview"));
        let real = request_of(world.run(command).await.expect("a request"));
        assert_eq!(preview.document.total, real.document.total);
        assert_eq!(real.document.total.minor, 12 * 179_000);
        assert_eq!(preview.document.lines, real.document.lines);
        assert_eq!(preview.document.taxes, real.document.taxes);
        assert_eq!(real.document.issued.number, 1);
    });
}

#[test]
fn money_that_comes_after_the_last_day_is_credit_whether_the_worker_came_by_or_not() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-01-30T10:00:00Z").await;
        let request = world.invoice(BASIC, 1, 1).await;
        world.pay(request.document.id, 40_000).await;
        world.run(world.set_clock("2026-02-06T20:59:59Z")).await.expect("the clock");
        let in_time = world.pay(request.document.id, 10_000).await;
        assert_eq!(in_time.document.state.paid.minor, 50_000);
        world.run(world.set_clock("2026-02-06T21:00:00Z")).await.expect("the clock");
        let late = world.pay(request.document.id, 49_000).await;
        assert_eq!(late.document.state.status, DocumentStatus::Canceled);
        assert_eq!((late.document.state.paid.minor, late.credit.minor), (0, 99_000));
        assert_eq!(world.licence().await, None);
        assert_eq!(world.findings().await, [""; 0]);
        // The next request is paid by that credit at once.
        let next = world.invoice(BASIC, 1, 1).await;
        assert_eq!(next.state.status, DocumentStatus::Paid);
    });
}

#[test]
fn a_request_is_valid_for_banking_days_of_the_issuers_country() {
    on_each_database(|database| async move {
        // 1 May is a holiday in Russia, so the fifth banking day is a Friday.
        let world = World::at(&database, "2026-04-30T10:00:00Z").await;
        let request = world.invoice(BASIC, 1, 1).await;
        assert_eq!(request.document.valid_until.expect("a day").to_string(), "2026-05-08");
    });
}

#[test]
fn an_expired_request_is_canceled_and_gives_its_money_back() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-01-30T10:00:00Z").await;
        let request = world.invoice(BASIC, 1, 1).await;
        world.pay(request.document.id, 40_000).await;
        assert_eq!(request.document.valid_until.expect("a day").to_string(), "2026-02-06");
        world.run(world.set_clock("2026-02-06T20:59:59Z")).await.expect("the clock");
        let tenant = world.engine.tenants().await.expect("tenants").remove(0);
        assert!(
            world
                .engine
                .due_work(&tenant, After::NOTHING, 10)
                .await
                .expect("due")
                .commands
                .is_empty()
        );

        world.run(world.set_clock("2026-02-06T21:00:00Z")).await.expect("the clock");
        let due = world.engine.due_work(&tenant, After::NOTHING, 10).await.expect("due").commands;
        assert_eq!(due.len(), 1);
        for command in due {
            let canceled = request_of(world.run(command.clone()).await.expect("it expires"));
            assert_eq!(canceled.state.status, DocumentStatus::Canceled);
            assert!(matches!(world.run(command).await, Err(Failure::Refused(_))));
        }
        let late = world.pay(request.document.id, 99_000).await;
        assert_eq!((late.allocated.minor, late.credit.minor), (0, 139_000));
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn what_is_refused_changes_nothing() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-01-31T10:00:00Z").await;
        world.run(world.grant(BASIC, 1, 1)).await.expect("a gift");
        let refused = [
            world.request(world.customer, OLD, 1, 1),
            world.request(world.customer, BASIC, 0, 1),
            world.request(world.customer, BASIC, 100_001, 1),
            world.request(world.customer, BASIC, 1, 7),
            world.request(world.customer, BASIC, 1, 61),
            world.payment(abono_domain::ids::DocumentId(uuid::Uuid::nil()), 1, None),
            world.set_clock("2026-01-30T00:00:00Z"),
        ];
        let tenant = world.engine.tenants().await.expect("tenants").remove(0);
        let count = || world.engine.store().query(abono_store::nouns::journal::count(tenant.id));
        let before = count().await.expect("a count");
        for command in refused {
            let answer = world.run(command.clone()).await;
            assert!(matches!(answer, Err(Failure::Refused(_))), "{command:?}: {answer:?}");
        }
        assert_eq!(count().await.expect("a count"), before);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn one_reference_is_one_payment() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-01-31T10:00:00Z").await;
        let request = world.invoice(BASIC, 1, 1).await;
        let payment = world.payment(request.document.id, 99_000, Some("PP-17"));
        world.run(payment.clone()).await.expect("the first");
        assert!(matches!(world.run(payment).await, Err(Failure::Refused(_))));
        assert_eq!(world.findings().await, [""; 0]);
    });
}
