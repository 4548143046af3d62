//! Money that goes back through the provider by which it came: once, whatever is lost, told first,
//! done by two at once or cut off.

use crate::shop::{Asked, PRICE, Shop, rub};
use abono_domain::checkout::ask_refund::AskRefund;
use abono_domain::checkout::refund::{ProviderRefundStatus, ProviderRefundView};
use abono_domain::checkout::{CheckoutRefusal, Noticed};
use abono_domain::decision::Outcome;
use abono_domain::money::{Currency, Money};
use abono_domain::payment::PaymentRefusal;
use abono_domain::payment::refund::RefundPayment;
use abono_domain::payment::{PaymentSource, RefundTo, record::RecordPayment};
use abono_domain::refusal::Refusal;
use abono_engine::payments::Returned;
use abono_engine::views::After;
use abono_engine::{Command, Failure, Fault};
use abono_testkit::seller::BASIC;
use abono_testkit::{Database, on_each_database};
use jiff::SignedDuration;
use std::sync::Arc;
use tokio::sync::Notify;

const PAID: &str = "Paid 99000 0 Paid";
const PART: &str = "Paid 99000 30000 Paid";
const REFUNDED: &str = "Refunded 99000 99000 Refunded";
const MONTH: &str = "Some((1, 1772272800))";
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

fn ask(minor: Option<i64>) -> AskRefund {
    AskRefund {
        document: abono_domain::ids::DocumentId(uuid::Uuid::nil()),
        payment: None,
        amount: minor.map(rub),
        reference: None,
        reason: "by agreement".to_owned(),
    }
}

impl Shop {
    /// A request that was paid at the provider.
    async fn paid(&self) -> Asked {
        let of = self.basic().await;
        let paid = Noticed::Paid { reference: "pay".to_owned(), amount: rub(PRICE) };
        self.tell(of, "paid", &paid).await;
        of
    }

    async fn ask_back(&self, of: Asked, ask: AskRefund) -> Result<ProviderRefundView, Refusal> {
        let ask = AskRefund { document: of.document, ..ask };
        match self.world.run(Command::AskRefund(of.customer, ask)).await {
            Ok(Outcome::ProviderRefund { view, .. }) => Ok(*view),
            Err(Failure::Refused(refusal)) => Err(refusal),
            other => panic!("neither asked nor refused: {other:?}"),
        }
    }

    /// Asks the provider for what is due; says how often it was asked.
    async fn step(&self) -> usize {
        let before = self.provider.asked_back();
        let engine = &self.world.engine;
        engine.give_back_through_providers(self.world.tenant, 10).await.expect("a step");
        self.provider.asked_back() - before
    }

    /// Where all of a customer's stand.
    async fn stand(&self, of: Asked) -> Vec<(ProviderRefundStatus, i64, Option<String>)> {
        let tenant = self.world.books().await;
        let all = self.world.engine.provider_refunds_of(&tenant, of.customer).await;
        let all = all.expect("what goes back").into_iter();
        all.map(|it| (it.state.status, it.state.calls, it.state.trouble)).collect()
    }

    async fn sees(&self, of: Asked, expected: &[&str]) {
        let state = self.state(of.customer).await;
        assert_eq!(state.lines().collect::<Vec<_>>(), expected);
        assert_eq!(self.world.findings().await, [""; 0]);
    }

    /// Does what the worker would, a second later.
    async fn work(&self) {
        self.world.run(self.world.set_clock("2026-01-31T10:00:01Z")).await.expect("the clock");
        let tenant = self.world.books().await;
        let due = self.world.engine.due_work(&tenant, After::NOTHING, 10).await.expect("due work");
        for command in due.commands {
            self.world.run(command).await.expect("it is done");
        }
    }

    /// What the provider tells of its own accord about a refund.
    async fn told(&self, of: Asked, view: &ProviderRefundView) {
        let what = view.refund.notice(format!("ref-{}", view.refund.id));
        self.tell_as(of, &format!("evt-{}", view.refund.id), what).await;
    }
}

fn unknown() -> Returned {
    Returned::Unknown { trouble: "no answer came".to_owned() }
}

const fn more_than(minor: i64) -> Refusal {
    let left = Money::new(minor, Currency::RUB);
    Refusal::Checkout(CheckoutRefusal::Payment(PaymentRefusal::MoreThanPaid(left)))
}

#[test]
fn all_of_it_goes_back_once_and_takes_the_licence_along() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let of = shop.paid().await;
        let view = shop.ask_back(of, ask(None)).await.expect("it is asked for");
        shop.sees(of, &[PAID, MONTH]).await;
        assert_eq!(shop.ask_back(of, ask(None)).await, Err(more_than(0)));
        assert_eq!([shop.step().await, shop.step().await], [1, 0]);
        shop.sees(of, &[REFUNDED, "None"]).await;
        assert_eq!(shop.stand(of).await, [(ProviderRefundStatus::Done, 1, None)]);
        let given = shop.provider.given_back();
        let expected = (format!("{}-pay", of.customer), rub(PRICE));
        assert_eq!(given.get(&view.refund.id.0), Some(&expected));
        shop.told(of, &view).await;
        shop.sees(of, &[REFUNDED, "None"]).await;
        assert_eq!(shop.ask_back(of, ask(Some(1))).await, Err(more_than(0)));
    });
}

#[test]
fn a_part_leaves_the_licence_and_the_rest_can_follow() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let of = shop.paid().await;
        let named =
            |minor, name: &str| AskRefund { reference: Some(name.to_owned()), ..ask(minor) };
        shop.ask_back(of, named(Some(30_000), "R-1")).await.expect("it is asked for");
        let again = shop.ask_back(of, named(Some(30_000), "R-1")).await;
        let duplicate = PaymentRefusal::Duplicate("R-1".to_owned());
        assert_eq!(again, Err(CheckoutRefusal::Payment(duplicate).into()));
        assert_eq!(shop.step().await, 1);
        shop.sees(of, &[PART, MONTH]).await;
        assert_eq!(shop.ask_back(of, ask(Some(69_001))).await, Err(more_than(69_000)));
        shop.ask_back(of, ask(Some(30_000))).await.expect("it is asked for");
        let rest = shop.ask_back(of, ask(None)).await.expect("it is asked for");
        assert_eq!(rest.refund.amount, rub(39_000));
        assert_eq!(shop.step().await, 2);
        shop.sees(of, &[REFUNDED, "None"]).await;
    });
}

#[test]
fn what_the_books_cannot_give_is_not_asked_for() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let by_bank = shop.basic().await;
        let record = RecordPayment {
            document: by_bank.document,
            amount: rub(PRICE),
            source: PaymentSource::BankTransfer,
            reference: None,
        };
        let record = Command::RecordPayment(by_bank.customer, record);
        shop.world.run(record).await.expect("a transfer");
        let refused = Err(CheckoutRefusal::NotByProvider.into());
        assert_eq!(shop.ask_back(by_bank, ask(None)).await, refused);

        let of = shop.paid().await;
        let refund = RefundPayment {
            document: of.document,
            amount: None,
            quantity: None,
            months: None,
            to: RefundTo::Bank,
            reference: None,
            reason: "by agreement".to_owned(),
        };
        let bank = Command::RefundPayment(of.customer, refund);
        shop.provider.answer_give_back(Returned::Refused { trouble: "too late".to_owned() });
        shop.ask_back(of, ask(Some(1_000))).await.expect("it is asked for");
        let both = shop.world.run(bank.clone()).await.expect_err("it would go back twice");
        assert_eq!(both, Failure::Refused(PaymentRefusal::UnderWay.into()));
        assert_eq!(shop.step().await, 1);
        shop.world.run(bank).await.expect("it goes back by bank");
        assert_eq!(shop.ask_back(of, ask(None)).await, Err(more_than(0)));
        shop.sees(of, &[REFUNDED, "None"]).await;
    });
}

#[test]
fn of_several_payments_the_one_that_is_named_goes_back() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let of = shop.paid().await;
        let again = Noticed::Paid { reference: "again".to_owned(), amount: rub(PRICE) };
        shop.tell(of, "again", &again).await;
        let refused = shop.ask_back(of, ask(None)).await.expect_err("which one?");
        assert!(refused.to_string().contains("again (990.00 RUB)"), "{refused}");
        let payment = Some(format!("test/{}-again", of.customer));
        shop.ask_back(of, AskRefund { payment, ..ask(None) }).await.expect("it is asked for");
        assert_eq!(shop.step().await, 1);
        shop.sees(of, &[PAID, MONTH]).await;
        // Now only one of them has something left.
        shop.ask_back(of, ask(None)).await.expect("it is asked for");
        assert_eq!(shop.step().await, 1);
        shop.sees(of, &[REFUNDED, "None"]).await;
    });
}

#[test]
fn what_the_provider_tells_before_its_answer_is_heard_counts_once() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let of = shop.paid().await;
        let view = shop.ask_back(of, ask(Some(30_000))).await.expect("it is asked for");
        shop.provider.answer_give_back(unknown());
        assert_eq!(shop.step().await, 1);
        let trouble = Some("no answer came".to_owned());
        assert_eq!(shop.stand(of).await, [(ProviderRefundStatus::Pending, 1, trouble)]);
        shop.sees(of, &[PAID, MONTH]).await;
        shop.told(of, &view).await;
        shop.sees(of, &[PART, MONTH]).await;
        assert_eq!(shop.step().await, 0, "it rests before it asks again");
        shop.pass(MINUTE);
        assert_eq!(shop.step().await, 1);
        assert_eq!(shop.stand(of).await, [(ProviderRefundStatus::Done, 2, None)]);
        shop.sees(of, &[PART, MONTH]).await;
        assert_eq!(shop.provider.given_back().len(), 1, "both calls had one key");
    });
}

#[test]
fn what_is_refused_changes_nothing_and_can_be_asked_for_again() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let of = shop.paid().await;
        let trouble = "the card is gone".to_owned();
        shop.provider.answer_give_back(Returned::Refused { trouble: trouble.clone() });
        shop.ask_back(of, ask(None)).await.expect("it is asked for");
        assert_eq!(shop.step().await, 1);
        shop.sees(of, &[PAID, MONTH]).await;
        let refused = (ProviderRefundStatus::Refused, 1, Some(trouble));
        assert_eq!(shop.stand(of).await, std::slice::from_ref(&refused));
        let view = shop.ask_back(of, ask(None)).await.expect("it is asked for");
        assert_eq!(shop.step().await, 1);
        shop.sees(of, &[REFUNDED, "None"]).await;
        // The provider took it on and couldn't: the money is the customer's credit.
        let failed = Noticed::RefundFailed {
            payment: view.refund.paid_as.clone(),
            reference: format!("ref-{}", view.refund.id),
            why: "the card is gone".to_owned(),
        };
        shop.tell_as(of, "failed", failed).await;
        shop.sees(of, &[REFUNDED, "CustomerCredit 990.00 RUB", "None"]).await;
        shop.ask_back(of, ask(None)).await.expect("it is asked for");
        assert_eq!(shop.step().await, 1);
        shop.sees(of, &[REFUNDED, "None"]).await;
        let done = (ProviderRefundStatus::Done, 1, None);
        assert_eq!(shop.stand(of).await, [refused, done.clone(), done]);
    });
}

#[test]
fn what_nobody_hears_the_end_of_is_given_up_before_its_key_is_forgotten() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let of = shop.paid().await;
        // Before the first call no key is known that could be forgotten.
        shop.ask_back(of, ask(None)).await.expect("it is asked for");
        shop.pass(SignedDuration::from_hours(72));
        for _ in 0..100 {
            shop.provider.answer_give_back(unknown());
        }
        let mut calls = 0;
        for _ in 0..(23 * 6 - 1) {
            calls += shop.step().await;
            shop.pass(MINUTE * 10);
        }
        let trouble = Some("no answer came".to_owned());
        let asked = i64::try_from(calls).expect("few");
        assert!((20..40).contains(&calls), "{calls}");
        let pending = (ProviderRefundStatus::Pending, asked, trouble.clone());
        assert_eq!(shop.stand(of).await, [pending]);
        shop.pass(SignedDuration::from_hours(2));
        assert_eq!(shop.step().await, 0);
        assert_eq!(shop.stand(of).await, [(ProviderRefundStatus::Unknown, asked, trouble)]);
        shop.sees(of, &[PAID, MONTH]).await;
        let tenant = shop.world.books().await;
        let all = shop.world.engine.provider_refunds_of(&tenant, of.customer).await;
        shop.told(of, &all.expect("what goes back")[0]).await;
        shop.sees(of, &[REFUNDED, "None"]).await;
    });
}

#[test]
fn two_nodes_ask_once_and_one_without_the_provider_puts_it_off() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let other = shop.node(&database, 2).await;
        let of = shop.paid().await;
        shop.ask_back(of, ask(Some(30_000))).await.expect("it is asked for");
        let (_, _) = futures_util::future::join(shop.step(), other.step()).await;
        assert_eq!(shop.provider.asked_back(), 1);
        shop.sees(of, &[PART, MONTH]).await;
        shop.ask_back(of, ask(None)).await.expect("it is asked for");
        let bare = shop.bare_node(&database, 3).await;
        for _ in 0..3 {
            assert_eq!(bare.step().await, 0);
            let (status, calls, trouble) = shop.stand(of).await.remove(1);
            assert_eq!((status, calls), (ProviderRefundStatus::Pending, 0));
            assert!(trouble.is_some_and(|it| it.contains("not configured")));
            shop.pass(SignedDuration::from_hours(24));
        }
        assert_eq!(shop.step().await, 1);
        shop.sees(of, &[REFUNDED, "None"]).await;
    });
}

/// Kills a node at a point, and lets another one go on.
async fn killed(database: &Database, point: &'static str, calls: usize) {
    let shop = Shop::open(database).await;
    let of = shop.paid().await;
    shop.ask_back(of, ask(None)).await.expect("it is asked for");
    let (node, reached) = (shop.node(database, 2).await, Arc::new(Notify::new()));
    let told = reached.clone();
    node.world.engine.env().plan_faults(Box::new(move |at| {
        if at != point {
            return Fault::Go;
        }
        told.notify_one();
        Fault::Kill
    }));
    tokio::select! {
        _ = node.step() => panic!("it outlived {point}"),
        () = reached.notified() => {}
    }
    assert_eq!(shop.step().await, 0, "{point}: the claim holds");
    shop.pass(MINUTE * 2);
    assert_eq!(shop.step().await, 1, "{point}");
    assert_eq!(shop.provider.asked_back(), calls, "{point}");
    assert_eq!(shop.provider.given_back().len(), 1, "{point}: every call had one key");
    shop.work().await;
    shop.sees(of, &[REFUNDED, "None"]).await;
    assert_eq!(shop.stand(of).await, [(ProviderRefundStatus::Done, 2, None)], "{point}");
}

#[test]
fn a_node_that_is_killed_before_its_call_leaves_it_to_the_next_one() {
    on_each_database(async |database| killed(&database, "refund.before_call", 1).await);
}

#[test]
fn a_node_that_is_killed_after_its_call_gave_back_what_the_next_one_finds() {
    on_each_database(async |database| killed(&database, "refund.after_call", 2).await);
}

#[test]
fn a_node_that_is_killed_before_it_books_the_answer_leaves_it_to_the_next_one() {
    on_each_database(async |database| killed(&database, "notice.before_book", 2).await);
}

#[test]
fn a_node_that_is_killed_before_it_records_the_answer_leaves_it_to_the_next_one() {
    on_each_database(async |database| killed(&database, "refund.before_record", 2).await);
}

#[test]
fn of_what_was_disputed_only_what_came_back_can_go_back() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let of = shop.paid().await;
        let dispute = || ("pay".to_owned(), "dis".to_owned());
        let (payment, reference) = dispute();
        let disputed = Noticed::Disputed { payment, reference, amount: rub(PRICE) };
        shop.tell(of, "disputed", &disputed).await;
        assert_eq!(shop.ask_back(of, ask(None)).await, Err(more_than(0)));
        let (payment, reference) = dispute();
        let won = Noticed::DisputeWon { payment, reference, amount: rub(50_000) };
        shop.tell(of, "won", &won).await;
        shop.sees(of, &[REFUNDED, "CustomerCredit 500.00 RUB", "None"]).await;
        assert_eq!(shop.ask_back(of, ask(Some(50_001))).await, Err(more_than(50_000)));
        shop.ask_back(of, ask(None)).await.expect("it is asked for");
        assert_eq!(shop.step().await, 1);
        shop.sees(of, &[REFUNDED, "None"]).await;
    });
}

#[test]
fn what_came_in_another_currency_goes_back_in_it() {
    on_each_database(async |database| {
        let shop = Shop::open(&database).await;
        let of = shop.ask(shop.buyer().await, BASIC).await;
        let amount = Money::new(1_000, Currency::EUR);
        shop.tell(of, "paid", &Noticed::Paid { reference: "pay".to_owned(), amount }).await;
        let waits = "Pending 0 0 Payable { declined: None }";
        shop.sees(of, &[waits, "CustomerCredit 10.00 EUR", "None"]).await;
        assert!(shop.ask_back(of, ask(Some(500))).await.is_err(), "that is in roubles");
        let view = shop.ask_back(of, ask(None)).await.expect("it is asked for");
        assert_eq!(view.refund.amount, amount);
        assert_eq!(shop.step().await, 1);
        shop.sees(of, &[waits, "None"]).await;
    });
}
