//! The proof finds what is planted in what goes back through a provider.

use crate::shop::{PRICE, Shop, rub};
use abono_domain::checkout::Noticed;
use abono_domain::checkout::ask_refund::AskRefund;
use abono_engine::Command;
use abono_testkit::{Database, World, plants};

/// One payment of which a part went back, and another part is to go.
async fn lived(database: &Database) -> World {
    let shop = Shop::open(database).await;
    let of = shop.basic().await;
    let paid = Noticed::Paid { reference: "pay".to_owned(), amount: rub(PRICE) };
    shop.tell(of, "paid", &paid).await;
    for minor in [30_000, 20_000] {
        let ask = AskRefund {
            document: of.document,
            payment: None,
            amount: Some(rub(minor)),
            reference: None,
            reason: "by agreement".to_owned(),
        };
        shop.world.run(Command::AskRefund(of.customer, ask)).await.expect("it is asked for");
        if minor == 30_000 {
            let (engine, tenant) = (&shop.world.engine, shop.world.tenant);
            engine.give_back_through_providers(tenant, 10).await.expect("it goes back");
        }
    }
    assert_eq!(shop.world.findings().await, [""; 0]);
    shop.world
}

plants! {
    in lived;
    one_without_a_state:
        "delete from provider_refund_state where status = 'pending'" => "one of them has no state";
    one_that_was_never_asked_for:
        "delete from provider_refund_state where status = 'pending';
         delete from provider_refund where amount = 20000"
        => "it carried";
    one_that_is_done_and_was_not_told:
        "update provider_refund_state set known_as = 'other' where status = 'done'"
        => "it is done, and nothing told of it";
    one_that_is_done_for_less_than_was_told:
        "update provider_refund set amount = 29999 where amount = 30000"
        => "it is done, and nothing told of it";
    one_that_says_it_is_done:
        "update provider_refund_state set status = 'done', known_as = 'ref', next_at = null
         where status = 'pending'"
        => "it is done, and nothing told of it";
    more_than_came:
        "update provider_refund set amount = 69001 where amount = 20000"
        => "more of it goes back through its provider than came";
    one_of_another_payment:
        "update provider_refund set paid_as = 'other'" => "its payment came another way";
    one_of_another_provider:
        "update provider_refund set provider = 'other' where amount = 20000"
        => "its payment came another way";
}
