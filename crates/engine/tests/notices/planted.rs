//! The proof finds what is planted in what providers told and what was booked of it.

use crate::shop::{PRICE, Shop, rub};
use abono_domain::checkout::Noticed;
use abono_domain::checkout::hear::HearNotice;
use abono_domain::ids::CheckoutId;
use abono_engine::Command;
use abono_testkit::{Database, World, plants};

fn paid() -> Noticed {
    Noticed::Paid { reference: "pay".to_owned(), amount: rub(PRICE) }
}

fn disputed() -> Noticed {
    let (payment, reference) = ("pay".to_owned(), "dis".to_owned());
    Noticed::Disputed { payment, reference, amount: rub(PRICE) }
}

fn won() -> Noticed {
    let (payment, reference) = ("pay".to_owned(), "dis".to_owned());
    Noticed::DisputeWon { payment, reference, amount: rub(PRICE) }
}

/// One paid, disputed and won; one paid, with a refund that waits to be booked; one that failed;
/// one that is open.
async fn lived(database: &Database) -> World {
    let shop = Shop::open(database).await;
    let first = shop.basic().await;
    for (event, what) in [("1", paid()), ("2", disputed()), ("3", won())] {
        shop.tell(first, event, &what).await;
    }
    let second = shop.basic().await;
    shop.tell(second, "1", &paid()).await;
    let refunded = Noticed::Refunded {
        payment: format!("{}-pay", second.customer),
        reference: "ref".to_owned(),
        amount: rub(30_000),
    };
    let hear = HearNotice {
        provider: "test".to_owned(),
        event: "2".to_owned(),
        checkout: Some(CheckoutId(second.attempt)),
        document: second.document,
        what: refunded,
    };
    shop.world.run(Command::HearNotice(second.customer, hear)).await.expect("it is heard");
    shop.tell(shop.basic().await, "1", &Noticed::Failed { why: "declined".to_owned() }).await;
    shop.basic().await;
    assert_eq!(shop.world.findings().await, [""; 0]);
    shop.world
}

plants! {
    in lived;
    an_attempt_without_a_state:
        "delete from checkout_state where status = 'open'" => "one of them has no state";
    an_attempt_that_is_paid_and_says_that_it_failed:
        "update checkout_state set status = 'failed' where status = 'paid'"
        => "it does not stand where what was heard puts it";
    an_attempt_that_failed_and_says_that_it_is_paid:
        "update checkout_state set status = 'paid' where status = 'failed'"
        => "it does not stand where what was heard puts it";
    an_attempt_that_ended_and_leads_somewhere:
        "update checkout_state set url = 'https://pay.example' where status = 'paid'"
        => "it does not stand where what was heard puts it";
    an_open_attempt_that_nobody_asks_about:
        "update checkout_state set next_at = null where status = 'open'"
        => "it does not stand where what was heard puts it";
    an_attempt_over_more_than_its_request:
        "update checkout set amount = amount + 1" => "it does not stand where what was heard";
    a_notice_about_another_document_than_its_attempt:
        "update provider_notice set document_id = (select d.id from document d
           where d.customer_id = provider_notice.customer_id
             and d.id <> provider_notice.document_id limit 1)
         where kind = 'dispute_won'"
        => "its attempt is for something else";
    a_return_that_waits_and_falls_due_never:
        "delete from job where kind = 'book_notice'"
        => "it waits to be booked, and never falls due";
    a_return_that_does_not_say_what_the_document_gave:
        "update payment_return set refund_id = null" => "it is not what the provider told";
    a_payment_that_nobody_told_of:
        "update payment set reference = 'test/other' where amount = 99000
           and reference = (select min(p.reference) from payment p)"
        => "no provider told of it";
    a_payment_of_another_source:
        "update payment set source = 'bank_transfer'" => "no provider told of it, or of another";
    a_payment_of_another_amount_than_was_told:
        "update provider_notice set amount = 98999 where kind = 'paid'"
        => "the payment that it tells of is missing";
    a_return_of_less_than_was_told:
        "update provider_notice set amount = 98999 where kind = 'disputed'"
        => "it is not what the provider told";
    a_return_without_its_transfer:
        "delete from transfer where cause = 'notice' and credit = 'cash_provider'"
        => "a transfer that follows from the books is missing";
    a_return_that_was_never_booked:
        "delete from payment_return_undone; delete from payment_return"
        => "a transfer follows from nothing in the books";
    more_given_again_than_was_taken:
        "update payment_return_undone set to_credit = to_credit + 1"
        => "it is not what the provider told";
    a_refund_that_went_to_the_bank:
        "update refund set destination = 'bank'"
        => "a transfer that follows from the books is missing";
    something_heard_that_is_gone:
        "delete from provider_notice where kind = 'failed'"
        => "it carried";
}
