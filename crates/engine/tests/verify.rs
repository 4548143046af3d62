//! The proof finds what is planted behind the engine's back, and nothing else.

use abono_testkit::seller::BASIC;
use abono_testkit::{Database, World, on_each_database, plants};

async fn sold(database: &Database) -> World {
    let world = World::at(database, "2026-01-31T10:00:00Z").await;
    for _ in 0..3 {
        let request = world.invoice(BASIC, 1, 1).await;
        world.pay(request.document.id, 99_500).await;
    }
    let tenant = world.tenant;
    while world.engine.seal(tenant, 2).await.expect("sealing") > 0 {}
    assert_eq!(world.findings().await, [""; 0]);
    world
}

plants! {
    in sold;
    a_transfer_with_another_amount:
        "update transfer set amount = amount + 1 where debit = 'cash_bank'"
        => "follows from nothing";
    a_transfer_to_another_account:
        "update transfer set credit = 'tax_payable:2000' where credit = 'tax_payable:2200'"
        => "follows from nothing";
    a_transfer_that_is_gone:
        "delete from transfer where credit = 'deferred_revenue'" => "is missing";
    a_document_line_with_another_price:
        "update document_line set subtotal = subtotal - 1, total = total - 1"
        => "do not add up";
    a_document_line_with_another_name:
        "update document_line set name = 'something else'" => "does not re-derive";
    a_document_line_with_another_period:
        "update document_line set length = 3" => "does not re-derive";
    a_document_line_with_another_unit_price:
        "update document_line set unit_price = unit_price - 1" => "does not re-derive";
    a_document_line_of_another_tax_category:
        "update document_line set tax_category = 'Z'" => "does not re-derive";
    a_document_line_with_other_terms:
        "update document_line set day_count = 'second'" => "does not re-derive";
    a_payer_with_another_name:
        "update document set payer_name = 'Somebody'" => "its hash differs";
    a_document_that_is_valid_longer:
        "update document set valid_until = '2030-01-01'" => "its hash differs";
    a_tax_of_another_rate:
        "update document_tax set rate = 1000" => "its hash differs";
    a_step_that_never_was:
        "update document_step set at = at + 5 where seq = 1" => "where its steps lead";
    an_allocation_from_nowhere:
        "update allocation set at = at + 1" => "did not come with its payment";
    an_agreement_on_another_product:
        "update subscription set product_id = id" => "no paid document gives it";
    a_transfer_that_cannot_be_read:
        "update transfer set debit = 'nonsense' where debit = 'cash_bank'" => "can't be read";
    an_amount_beyond_all_bounds:
        "update transfer set amount = 9223372036854775807" => "follows from nothing";
    a_number_that_is_missing:
        "update document set number = 17 where number = 2" => "numbers were drawn";
    a_counter_that_ran_ahead:
        "update counter set value = value + 1 where series = 'payment_request'"
        => "numbers were drawn";
    a_balance_that_is_wrong:
        "update balance set amount = amount + 1" => "its transfers sum to";
    a_licence_that_lasts_longer:
        "update licence_period set ends_at = ends_at + 1 where run = 1 and seq = 3"
        => "not the fold of its grants";
    a_state_that_says_canceled:
        "update document_state set status = 'canceled'" => "does not follow";
    a_journal_entry_that_was_changed:
        "update journal set command = 'put_customer' where command = 'record_payment'"
        => "changed after it was sealed";
    a_journal_entry_that_lost_its_seal:
        "delete from journal_seal where position = 2" => "journal";
}

#[test]
fn a_last_document_that_was_wiped_with_its_number() {
    on_each_database(|database| async move {
        let world = sold(&database).await;
        let last = world.invoice(BASIC, 1, 1).await;
        let id = database.uuid(last.document.id.0);
        database
            .tamper(&format!(
                "delete from document_step where document_id = {id};
                 delete from document_state where document_id = {id};
                 delete from document_tax where document_id = {id};
                 delete from document_line where document_id = {id};
                 delete from document where id = {id};
                 update counter set value = value - 1 where series = 'payment_request'"
            ))
            .await;
        let findings = world.findings().await.join("; ");
        assert!(findings.contains("journal, request_payment"), "{findings}");
    });
}

#[test]
fn a_second_grant_of_one_gift() {
    on_each_database(|database| async move {
        let world = sold(&database).await;
        world.run(world.grant(BASIC, 1, 1)).await.expect("a gift");
        assert_eq!(world.findings().await, [""; 0]);
        let grant = database.uuid(abono_testkit::seller::id(8, 1));
        database
            .tamper(&format!(
                "insert into licence_grant (tenant_id, customer_id, id, subscription_id, plan_id,
                   quantity, term, length, given_at, zone, placement, origin, reason, command_id)
                 select tenant_id, customer_id, {grant}, subscription_id, plan_id, quantity, term,
                   length, given_at, zone, placement, origin, reason, command_id
                 from licence_grant where reason is not null"
            ))
            .await;
        let findings = world.findings().await.join("; ");
        assert!(findings.contains("nobody gave it by hand"), "{findings}");
    });
}

#[test]
fn rows_of_a_customer_who_does_not_exist() {
    on_each_database(|database| async move {
        let world = sold(&database).await;
        let (nobody, id) = (
            database.uuid(abono_testkit::seller::id(2, 99)),
            database.uuid(abono_testkit::seller::id(8, 2)),
        );
        database
            .tamper(&format!(
                "insert into balance (tenant_id, customer_id, legal_entity_id, account, currency,
                   amount)
                 select tenant_id, {nobody}, {id}, account, currency, amount from balance limit 1"
            ))
            .await;
        let findings = world.findings().await.join("; ");
        assert!(findings.contains("there is no such customer"), "{findings}");
    });
}

#[test]
fn a_grant_without_payment() {
    on_each_database(|database| async move {
        let world = sold(&database).await;
        let grant = database.uuid(abono_testkit::seller::id(8, 1));
        database
            .tamper(&format!(
                "insert into licence_grant (tenant_id, customer_id, id, subscription_id, plan_id,
                   quantity, term, length, given_at, zone, placement, origin, reason, command_id)
                 select tenant_id, customer_id, {grant}, subscription_id, plan_id, quantity, term,
                   length, given_at + 1, zone, placement, 'by_hand', 'planted', {grant}
                 from licence_grant order by given_at desc limit 1"
            ))
            .await;
        let findings = world.findings().await.join("; ");
        assert!(findings.contains("nobody gave it by hand"), "{findings}");
    });
}

#[test]
fn a_paid_grant_whose_document_is_not_paid() {
    on_each_database(|database| async move {
        let world = World::at(&database, "2026-01-31T10:00:00Z").await;
        let paid = world.invoice(BASIC, 1, 1).await;
        world.pay(paid.document.id, 99_000).await;
        let pending = world.invoice(BASIC, 1, 1).await;
        let document = database.uuid(pending.document.id.0);
        database.tamper(&format!("update licence_grant set document_id = {document}")).await;
        let findings = world.findings().await.join("; ");
        assert!(findings.contains("no paid document gives it"), "{findings}");
    });
}

#[test]
fn a_run_again_of_sealing_changes_nothing() {
    on_each_database(|database| async move {
        let world = sold(&database).await;
        assert_eq!(world.engine.seal(world.tenant, 100).await, Ok(0));
    });
}
