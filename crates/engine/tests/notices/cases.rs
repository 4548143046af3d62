//! Part payments, overpayments, wrong currencies, payments of what can't be paid any more, refunds
//! and chargebacks: balance, licence and ledger right after each.

use crate::shop::{Asked, PRICE, Shop, rub};
use abono_domain::checkout::Noticed;
use abono_domain::checkout::hear::HearNotice;
use abono_domain::document::cancel::CancelRequest;
use abono_domain::ids::CheckoutId;
use abono_domain::money::{Currency, Money};
use abono_domain::payment::RefundTo;
use abono_domain::payment::refund::RefundPayment;
use abono_engine::Command;
use abono_engine::views::After;
use abono_testkit::on_each_database;
use abono_testkit::seller::BASIC;

fn paid(reference: &str, amount: Money) -> Noticed {
    Noticed::Paid { reference: reference.to_owned(), amount }
}

fn refunded(reference: &str, minor: i64) -> Noticed {
    let (payment, reference) = ("pay".to_owned(), reference.to_owned());
    Noticed::Refunded { payment, reference, amount: rub(minor) }
}

fn refund_failed(reference: &str) -> Noticed {
    let (payment, reference) = ("pay".to_owned(), reference.to_owned());
    Noticed::RefundFailed { payment, reference, why: "the card is gone".to_owned() }
}

fn disputed(minor: i64) -> Noticed {
    let (payment, reference) = ("pay".to_owned(), "dis".to_owned());
    Noticed::Disputed { payment, reference, amount: rub(minor) }
}

fn won(minor: i64) -> Noticed {
    let (payment, reference) = ("pay".to_owned(), "dis".to_owned());
    Noticed::DisputeWon { payment, reference, amount: rub(minor) }
}

/// What is told, one after the other, and what a buyer and an accountant see after each.
const fn month() -> &'static str {
    // To the end of February, at the hour at which it was paid.
    "Some((1, 1772272800))"
}

async fn told(shop: &Shop, of: Asked, steps: &[(Noticed, &[&str])]) {
    for (place, (what, expected)) in steps.iter().enumerate() {
        shop.tell(of, &place.to_string(), what).await;
        let state = shop.state(of.customer).await;
        assert_eq!(state.lines().collect::<Vec<_>>(), *expected, "after {what:?}");
        assert_eq!(shop.world.findings().await, [""; 0], "after {what:?}");
    }
}

const PAID: &str = "Paid 99000 0 Paid";
const REFUNDED: &str = "Refunded 99000 99000 Refunded";

#[test]
fn what_is_paid_in_full_is_licensed_until_a_refund_or_a_chargeback_takes_all_of_it() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        told(
            &shop,
            shop.basic().await,
            &[
                (paid("pay", rub(PRICE)), &[PAID, month()]),
                (refunded("ref-1", 30_000), &["Paid 99000 30000 Paid", month()]),
                (
                    refund_failed("ref-1"),
                    &["Paid 99000 30000 Paid", "CustomerCredit 300.00 RUB", month()],
                ),
                (refunded("ref-2", 69_000), &[REFUNDED, "CustomerCredit 300.00 RUB", "None"]),
            ],
        )
        .await;
        told(
            &shop,
            shop.basic().await,
            &[
                (paid("pay", rub(PRICE)), &[PAID, month()]),
                (disputed(PRICE), &[REFUNDED, "None"]),
                (won(PRICE), &[REFUNDED, "CustomerCredit 990.00 RUB", "None"]),
            ],
        )
        .await;
    });
}

#[test]
fn a_part_waits_for_the_rest_and_goes_back_to_the_customers_credit_when_some_is_taken_back() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        told(
            &shop,
            shop.basic().await,
            &[
                (
                    paid("pay", rub(50_000)),
                    &[
                        "Pending 50000 0 Payable { declined: None }",
                        "CustomerAllocated 500.00 RUB",
                        "None",
                    ],
                ),
                (paid("more", rub(49_000)), &[PAID, month()]),
            ],
        )
        .await;
        told(
            &shop,
            shop.basic().await,
            &[
                (
                    paid("pay", rub(50_000)),
                    &[
                        "Pending 50000 0 Payable { declined: None }",
                        "CustomerAllocated 500.00 RUB",
                        "None",
                    ],
                ),
                (
                    refunded("ref", 20_000),
                    &["Canceled 0 0 Canceled", "CustomerCredit 300.00 RUB", "None"],
                ),
            ],
        )
        .await;
    });
}

#[test]
fn what_is_too_much_or_in_another_currency_is_the_customers_credit() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        told(
            &shop,
            shop.basic().await,
            &[
                (paid("pay", rub(150_000)), &[PAID, "CustomerCredit 510.00 RUB", month()]),
                (refunded("ref-1", 51_000), &[PAID, month()]),
                (refunded("ref-2", 9_000), &["Paid 99000 9000 Paid", month()]),
                (disputed(150_000), &[REFUNDED, "ReturnedPayment 600.00 RUB", "None"]),
            ],
        )
        .await;
        let eur = Money::new(1_000, Currency::EUR);
        let waits = "Pending 0 0 Payable { declined: None }";
        told(
            &shop,
            shop.basic().await,
            &[
                (paid("pay", eur), &[waits, "CustomerCredit 10.00 EUR", "None"]),
                // Where nothing came, nothing can go back: it is kept, and not booked.
                (refunded("ref-1", 500), &[waits, "CustomerCredit 10.00 EUR", "None"]),
            ],
        )
        .await;
    });
}

#[test]
fn money_for_what_was_canceled_counts_and_can_be_taken_back() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let of = shop.basic().await;
        let cancel = CancelRequest { document: of.document };
        shop.world.run(Command::CancelRequest(of.customer, cancel)).await.expect("canceled");
        let canceled = "Canceled 0 0 Canceled";
        told(
            &shop,
            of,
            &[
                (paid("pay", rub(PRICE)), &[canceled, "CustomerCredit 990.00 RUB", "None"]),
                (refunded("ref-1", 40_000), &[canceled, "CustomerCredit 590.00 RUB", "None"]),
                (disputed(PRICE), &[canceled, "ReturnedPayment 400.00 RUB", "None"]),
                (won(PRICE), &[canceled, "CustomerCredit 590.00 RUB", "None"]),
            ],
        )
        .await;
    });
}

#[test]
fn what_is_owed_for_returned_money_is_made_good_by_what_comes_in_beyond_its_request() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let first = shop.basic().await;
        let steps = [paid("pay", rub(PRICE)), refunded("ref-1", 30_000), disputed(PRICE)];
        for (event, what) in ["a", "b", "c"].into_iter().zip(steps) {
            shop.tell(first, event, &what).await;
        }
        let owed = [REFUNDED, "ReturnedPayment 300.00 RUB", "None"];
        assert_eq!(shop.state(first.customer).await.lines().collect::<Vec<_>>(), owed);
        // The credit that is left of a later payment pays it; the request comes first.
        let second = shop.ask(first.customer, BASIC).await;
        told(
            &shop,
            second,
            &[
                (
                    paid("exact", rub(PRICE)),
                    &[REFUNDED, PAID, "ReturnedPayment 300.00 RUB", month()],
                ),
                (
                    paid("more", rub(50_000)),
                    &[REFUNDED, PAID, "CustomerCredit 200.00 RUB", month()],
                ),
            ],
        )
        .await;
    });
}

#[test]
fn a_payment_makes_good_what_is_owed_only_by_what_its_request_leaves_of_it() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let first = shop.basic().await;
        let second = shop.ask(first.customer, BASIC).await;
        let back = |of: &str, minor| Noticed::Refunded {
            payment: of.to_owned(),
            reference: format!("ref-{of}"),
            amount: rub(minor),
        };
        for (of, event, what) in [
            (first, "a", paid("pay", rub(PRICE))),
            (first, "b", back("pay", 30_000)),
            (second, "c", paid("part", rub(60_000))),
            (first, "d", disputed(PRICE)),
            // What is taken back of a part gives the rest of it to the credit.
            (second, "e", back("part", 10_000)),
        ] {
            shop.tell(of, event, &what).await;
        }
        let third = shop.ask(first.customer, BASIC).await;
        let before = [REFUNDED, "Canceled 0 0 Canceled"];
        let rest = ["CustomerCredit 500.00 RUB", "ReturnedPayment 300.00 RUB"];
        for (event, what, own, licence) in [
            ("f", paid("whole", rub(PRICE)), PAID, month()),
            ("g", back("whole", PRICE), REFUNDED, "None"),
        ] {
            shop.tell(third, event, &what).await;
            let expected = [&before[..], &[own], &rest, &[licence]].concat();
            let state = shop.state(first.customer).await;
            assert_eq!(state.lines().collect::<Vec<_>>(), expected, "after {what:?}");
            assert_eq!(shop.world.findings().await, [""; 0], "after {what:?}");
        }
    });
}

#[test]
fn a_refund_counts_whose_name_is_taken_or_too_long_for_one() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let of = shop.basic().await;
        shop.tell(of, "a", &paid("pay", rub(PRICE))).await;
        let by_hand = RefundPayment {
            document: of.document,
            amount: Some(rub(10_000)),
            quantity: None,
            months: None,
            to: RefundTo::Bank,
            reference: Some(format!("test/{}-ref-1", of.customer)),
            reason: "by agreement".to_owned(),
        };
        let by_hand = Command::RefundPayment(of.customer, by_hand);
        shop.world.run(by_hand).await.expect("a refund");
        for (event, name, back) in [("b", "ref-1", 40_000), ("c", &*"r".repeat(150), 70_000)] {
            shop.tell(of, event, &refunded(name, 30_000)).await;
            let state = shop.state(of.customer).await;
            let expected = [&*format!("Paid 99000 {back} Paid"), month()];
            assert_eq!(state.lines().collect::<Vec<_>>(), expected);
        }
        assert_eq!(shop.world.findings().await, [""; 0]);
    });
}

#[test]
fn two_attempts_that_are_both_paid_count_both() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let of = shop.basic().await;
        told(
            &shop,
            of,
            &[
                (paid("pay", rub(PRICE)), &[PAID, month()]),
                (paid("again", rub(PRICE)), &[PAID, "CustomerCredit 990.00 RUB", month()]),
                (refunded("ref", PRICE), &[REFUNDED, "CustomerCredit 990.00 RUB", "None"]),
            ],
        )
        .await;
    });
}

#[test]
fn what_was_heard_and_not_booked_is_due_at_once_on_a_clock_that_stands() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let of = shop.basic().await;
        shop.tell(of, "1", &paid("pay", rub(PRICE))).await;
        let payment = format!("{}-pay", of.customer);
        let (reference, amount) = ("ref".to_owned(), rub(30_000));
        // As when the process ends right after it was heard.
        let hear = HearNotice {
            provider: "test".to_owned(),
            event: "2".to_owned(),
            checkout: Some(CheckoutId(of.attempt)),
            document: of.document,
            what: Noticed::Refunded { payment, reference, amount },
        };
        shop.world.run(Command::HearNotice(of.customer, hear)).await.expect("heard");
        let tenant = shop.world.books().await;
        let due = shop.world.engine.due_work(&tenant, After::NOTHING, 10).await.expect("due");
        let names: Vec<_> = due.commands.iter().map(Command::name).collect();
        assert_eq!(names, ["book_notice"]);
        for command in due.commands {
            shop.world.run(command).await.expect("booked");
        }
        let state = shop.state(of.customer).await;
        assert!(state.starts_with("Paid 99000 30000"), "{state}");
        assert_eq!(shop.world.findings().await, [""; 0]);
    });
}
