//! Money that goes back, and the licence that follows.

use abono_domain::document::{DocumentStatus, DocumentView};
use abono_domain::ids::DocumentId;
use abono_domain::payment::PaymentRefusal;
use abono_domain::refusal::Refusal;
use abono_engine::{Command, Failure};
use abono_testkit::seller::{BASIC, PRO};
use abono_testkit::{Database, World, on_each_database, plants, request_of};

async fn world(database: &Database) -> World {
    World::at(database, "2026-02-01T09:00:00Z").await
}

async fn buy(world: &World, quantity: i64) -> DocumentView {
    let request = world.invoice(BASIC, quantity, 1).await;
    world.pay(request.document.id, request.document.total.minor).await.document
}

async fn refund(
    world: &World,
    id: DocumentId,
    minor: Option<i64>,
) -> Result<DocumentView, Failure> {
    world.run(world.refund(id, minor)).await.map(request_of)
}

async fn expires(world: &World) -> Option<String> {
    world.licence().await.map(|licence| licence.expires_at.to_string()[..10].to_owned())
}

fn refused(answer: Result<DocumentView, Failure>) -> PaymentRefusal {
    let Err(Failure::Refused(Refusal::Payment(refusal))) = answer else {
        panic!("not refused: {answer:?}")
    };
    refusal
}

#[test]
fn when_all_of_it_goes_back_the_licence_goes_too() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        let bought = buy(&world, 1).await;
        let back = refund(&world, bought.document.id, None).await.expect("a refund");
        assert_eq!(
            (back.state.status, back.state.refunded.minor),
            (DocumentStatus::Refunded, 99_000)
        );
        assert_eq!(world.licence().await, None);
        let again = refund(&world, bought.document.id, None).await;
        assert_eq!(refused(again), PaymentRefusal::NotPaid);
        assert_eq!(world.findings().await, [""; 0]);
        // What is bought afterwards begins anew.
        buy(&world, 1).await;
        assert_eq!(expires(&world).await.as_deref(), Some("2026-03-01"));
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn a_refunded_month_drops_out_and_later_ones_move_up() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        let first = buy(&world, 1).await;
        buy(&world, 1).await;
        buy(&world, 1).await;
        assert_eq!(expires(&world).await.as_deref(), Some("2026-05-01"));
        refund(&world, first.document.id, None).await.expect("a refund");
        assert_eq!(expires(&world).await.as_deref(), Some("2026-04-01"));
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn a_refunded_change_revives_what_it_had_credited() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        let first = buy(&world, 1).await;
        world.run(world.set_clock("2026-02-15T09:00:00Z")).await.expect("the clock");
        let change = world.invoice(PRO, 1, 1).await;
        world.run(world.set_clock("2026-02-17T09:00:00Z")).await.expect("the clock");
        world.pay(change.document.id, 149_500).await;
        // What it credited can't go back before it.
        let early = refund(&world, first.document.id, None).await;
        assert_eq!(refused(early), PaymentRefusal::ChangedLater);
        refund(&world, change.document.id, None).await.expect("a refund");
        let licence = world.licence().await.expect("a licence");
        assert_eq!((licence.plan, expires(&world).await.as_deref()), (BASIC, Some("2026-03-01")));
        assert_eq!(world.findings().await, [""; 0]);
        refund(&world, first.document.id, None).await.expect("a refund");
        assert_eq!(world.licence().await, None);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn a_change_that_left_credit_can_be_undone_while_the_credit_is_there() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        let dear = world.invoice(PRO, 1, 1).await;
        world.pay(dear.document.id, 199_000).await;
        let cheap = world.invoice(BASIC, 1, 1).await;
        let id = cheap.document.id;
        assert_eq!(cheap.document.total.minor, 0);
        // The credit that it left, 1,000.00, pays a renewal at once.
        let renewal = world.invoice(BASIC, 1, 1).await;
        assert_eq!(renewal.state.status, DocumentStatus::Paid);
        assert_eq!(refused(refund(&world, id, None).await), PaymentRefusal::CreditUsed);
        refund(&world, renewal.document.id, None).await.expect("a refund");
        // What it cost went back to the bank, and not to the credit.
        assert_eq!(refused(refund(&world, id, None).await), PaymentRefusal::CreditUsed);
        assert_eq!(world.findings().await, [""; 0]);
        // With as much credit again it can be undone.
        let canceled = world.invoice(BASIC, 1, 1).await;
        let cancel =
            abono_domain::document::cancel::CancelRequest { document: canceled.document.id };
        world.run(Command::CancelRequest(world.customer, cancel)).await.expect("canceled");
        world.pay(canceled.document.id, 99_000).await;
        refund(&world, id, None).await.expect("a refund");
        assert_eq!(world.licence().await.expect("a licence").plan, PRO);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn a_part_leaves_the_licence_unless_units_or_months_are_named() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        let bought = buy(&world, 3).await;
        let id = bought.document.id;
        let part = refund(&world, id, Some(10_000)).await.expect("a refund");
        assert_eq!((part.state.status, part.state.refunded.minor), (DocumentStatus::Paid, 10_000));
        assert_eq!(world.licence().await.expect("a licence").quantity, 3);
        let Command::RefundPayment(customer, named) = world.refund(id, Some(99_000)) else {
            panic!("a refund")
        };
        let named = abono_domain::payment::refund::RefundPayment { quantity: Some(2), ..named };
        world.run(Command::RefundPayment(customer, named)).await.expect("a refund");
        assert_eq!(world.licence().await.expect("a licence").quantity, 2);
        assert_eq!(world.findings().await, [""; 0]);
        let more = refund(&world, id, Some(200_000)).await;
        assert!(
            matches!(refused(more), PaymentRefusal::MoreThanPaid(left) if left.minor == 188_000)
        );
        let rest = refund(&world, id, Some(188_000)).await.expect("the rest");
        assert_eq!(rest.state.status, DocumentStatus::Refunded);
        assert_eq!(world.licence().await, None);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

#[test]
fn what_went_back_is_not_credited_by_a_change() {
    on_each_database(|database| async move {
        let world = world(&database).await;
        let bought = buy(&world, 1).await;
        refund(&world, bought.document.id, Some(50_000)).await.expect("a refund");
        let change = world.invoice(PRO, 1, 1).await;
        assert_eq!(change.document.total.minor, 199_000 - 49_000);
        world.pay(change.document.id, 150_000).await;
        assert_eq!(world.findings().await, [""; 0]);
    });
}

/// A change that is paid after the licence lapsed credits what was printed, as goodwill: the lapsed
/// one can't go back as well.
#[test]
fn what_a_paid_change_credits_cannot_go_back_also_where_it_had_lapsed_by_then() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-02-01T09:00:00Z").await;
        let first = world.invoice(BASIC, 1, 1).await;
        world.pay(first.document.id, 99_000).await;
        world.run(world.set_clock("2026-02-27T09:00:00Z")).await.expect("the clock");
        let change = world.invoice(PRO, 1, 1).await;
        world.run(world.set_clock("2026-03-04T09:00:00Z")).await.expect("the clock");
        world.pay(change.document.id, change.document.total.minor).await;
        let early = refund(&world, first.document.id, None).await;
        assert_eq!(refused(early), PaymentRefusal::ChangedLater);
        assert_eq!(world.findings().await, [""; 0]);
    });
}

/// A part that went back, and then the rest.
async fn refunded_twice(database: &Database) -> World {
    let world = World::at(database, "2026-02-01T09:00:00Z").await;
    let request = world.invoice(BASIC, 1, 1).await;
    world.pay(request.document.id, 99_000).await;
    world.run(world.refund(request.document.id, Some(10_001))).await.expect("a part");
    world.run(world.refund(request.document.id, None)).await.expect("the rest");
    assert_eq!(world.findings().await, [""; 0]);
    world
}

#[test]
fn each_refund_has_a_credit_note_and_together_they_take_back_the_tax_of_the_document() {
    on_each_database(|database| async move {
        let world = refunded_twice(&database).await;
        let notes = world.engine.credit_notes(&world.books().await, world.customer).await;
        let notes = notes.expect("a look");
        let named: Vec<_> = notes.iter().map(|it| it.document.number()).collect();
        assert_eq!(named, ["КН-1", "КН-2"]);
        let totals: Vec<i64> = notes.iter().map(|it| it.document.total.minor).collect();
        assert_eq!(totals, [10_001, 88_999]);
        let taxes = notes.iter().flat_map(|it| &it.document.taxes).map(|tax| tax.tax.minor);
        // 178.52 are in 990.00.
        assert_eq!(taxes.sum::<i64>(), 17_852);
        assert_eq!(notes[0].document.lines[0].name, "Возврат: Касса, Тариф basic");
    });
}

plants! {
    in refunded_twice;
    a_refund_without_its_note:
        "update document set refund_id = null" => "doesn't have the credit note that it needs";
    a_note_on_a_refund_for_less:
        "update document_tax set tax = tax - 1, base = base + 1 where document_id in
           (select id from document where kind = 'credit_note' and number = 2)"
        => "does not re-derive";
}
