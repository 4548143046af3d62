//! What is added: an article by its id, a usage by its number, and what each costs until the end of
//! the running cycle. 21 % of tax are inside the prices, and outside of every figure here.

use crate::support::{
    ADD, FAX_ID, House, MAIN_ID, SEAT_ID, SIM_ID, SMS_ID, TENTH, USE, id, subscribe,
};
use abono_engine::Command;
use abono_testkit::articles::{SEAT, SIM};
use abono_testkit::{Database, on_each_database, telecom};
use serde_json::{Value, json};

/// The amount, the discount and the total of the only item; the totals of all are the same.
fn figures(group: &Value) -> [Value; 3] {
    let change = &group["customerBalanceChange"];
    assert_eq!(change["items"].as_array().map(Vec::len), Some(1), "{change}");
    let item = &change["items"][0];
    assert_eq!(item["totalAmount"], change["totalAmount"]);
    assert_eq!(item["discountAmount"], change["totalDiscountAmount"]);
    ["amount", "discountAmount", "totalAmount"].map(|name| item[name].clone())
}

#[test]
fn an_article_is_added_and_charged_for_the_rest_of_the_cycle() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let answer = house.add(&house.write, SIM_ID).await;
        let group = id(&answer);
        // 15 of 31 days of 5.00 are 2.42, of which 2.00 is no tax.
        let expected = json!({
            "productGroupType": "Optional",
            "status": "Active",
            "id": group,
            "name": "Second SIM",
            "products": [{
                "id": SIM.0.to_string(),
                "name": "Second SIM",
                "externalId": "ext-sim",
                "articleNumber": "SIM-2",
            }],
            "termination": null,
            "created": "2026-01-17T12:00:00",
            "customerBalanceChange": {
                "items": [{
                    "type": "Addon",
                    "id": SIM.0.to_string(),
                    "name": "Second SIM",
                    "productGroupId": group,
                    "productGroupName": "Second SIM",
                    "quantity": 1,
                    "amount": 2,
                    "discountAmount": 0,
                    "totalAmount": 2,
                    "invoiceRecipientCustomerId": house.world.customer.to_string(),
                }],
                "totalAmount": 2,
                "totalDiscountAmount": 0,
            },
        });
        assert_eq!(answer.text, expected.to_string(), "member by member, in the contract's order");
        let added = house.world.added().await.groups;
        assert_eq!(added.len(), 1);
        assert_eq!(added[0].group.subscription.id.to_string(), group);
        house.holds().await;
    });
}

#[test]
fn a_usage_is_added_by_its_number_and_multiplied() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let body = json!({"ArticleNumber": "SEAT", "Quantity": 3});
        let seats = house.ask(&house.write, USE, &body).await.good();
        // 15 of 31 days of 3 times 2.00 are 2.90, of which 2.40 is no tax.
        assert_eq!(figures(&seats), [json!(2.4), json!(0), json!(2.4)]);
        let item = &seats["customerBalanceChange"]["items"][0];
        assert_eq!((&item["type"], &item["quantity"]), (&json!("License"), &json!(3)));
        assert_eq!(seats["products"][0]["id"], SEAT.0.to_string());
        let body = json!({"ArticleNumber": "SMS-100", "Quantity": "10"});
        let texts = house.ask(&house.write, USE, &body).await.good();
        // 15 of 31 days of 10 times 1.00 are 4.84, of which 4.00 is no tax.
        assert_eq!(figures(&texts), [json!(4), json!(0), json!(4)]);
        assert_eq!(texts["customerBalanceChange"]["items"][0]["type"], "Usage");
        house.holds().await;
    });
}

#[test]
fn a_discount_of_the_company_comes_off() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        give_a_tenth(&house).await;
        let group = house.add(&house.write, SIM_ID).await.good();
        // 4.50 for 15 of 31 days are 2.18 and 2.42 without the tenth: 1.80 and 2.00 without tax.
        assert_eq!(figures(&group), [json!(2), json!(0.2), json!(1.8)]);
        house.holds().await;
    });
}

/// The first company gets everything a tenth cheaper from now on.
async fn give_a_tenth(house: &House) {
    let mut put = telecom::customer(house.world.customer, "first");
    put.proposal.profile.discounts = vec![TENTH.to_owned()];
    house.world.run(Command::PutCustomer(put)).await.expect("a customer");
}

#[test]
fn the_same_article_may_be_added_again_and_is_another_group() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let first = id(&house.add(&house.write, SIM_ID).await);
        let second = id(&house.add(&house.write, SIM_ID).await);
        assert_ne!(first, second);
        assert_eq!(house.world.added().await.groups.len(), 2);
        house.holds().await;
    });
}

#[tokio::test]
async fn what_is_added_is_billed_with_each_cycle_that_follows() {
    let house = House::open(&Database::sqlite()).await;
    house.add(&house.write, SIM_ID).await.good();
    house.world.live_until("2026-02-17T12:00:00Z").await;
    let tenant = house.world.books().await;
    let all = house.world.engine.cycle_documents(&tenant, house.world.customer).await;
    let all = all.expect("documents");
    let last: Vec<i64> =
        all.last().expect("one").document.lines.iter().map(|it| it.total.minor).collect();
    assert_eq!(last, [1_200, 500]);
    house.holds().await;
}

#[test]
fn what_is_no_article_is_refused_and_changes_nothing() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let digest = database.digest().await;
        let empty = (400, "NotEmpty".to_owned());
        let not_there = (404, "NotFound".to_owned());
        for (article, refused) in [
            (json!({}), &empty),
            (json!({"InvoiceArticleId": null}), &empty),
            (json!({"InvoiceArticleId": 0}), &empty),
            (json!({"InvoiceArticleId": "0"}), &empty),
            (json!({"InvoiceArticleId": -1}), &not_there),
            (json!({"InvoiceArticleId": 4711}), &not_there),
            (json!({"InvoiceArticleId": i32::MAX}), &not_there),
            // No longer sold, and nothing that comes with a subscription.
            (json!({"InvoiceArticleId": FAX_ID}), &not_there),
            (json!({"InvoiceArticleId": MAIN_ID}), &not_there),
        ] {
            let answer = house.ask(&house.write, ADD, &article).await;
            assert_eq!(answer.refused(), *refused, "{article}: {}", answer.text);
            let named = if *refused == empty { vec!["InvoiceArticleId"] } else { Vec::new() };
            assert_eq!(answer.fields(), named, "{article}");
        }
        for (number, refused) in [
            (json!(""), &empty),
            (json!(null), &empty),
            (json!("seat"), &not_there),
            (json!(" SEAT"), &not_there),
            (json!("FAX"), &not_there),
            (json!("GB-10"), &not_there),
        ] {
            let body = json!({"ArticleNumber": number, "Quantity": 1});
            let answer = house.ask(&house.write, USE, &body).await;
            assert_eq!(answer.refused(), *refused, "{body}: {}", answer.text);
        }
        assert_eq!(database.digest().await, digest);
    });
}

#[tokio::test]
async fn a_quantity_is_a_whole_number_above_zero() {
    let database = Database::sqlite();
    let house = House::open(&database).await;
    let digest = database.digest().await;
    for quantity in [
        json!(0),
        json!(-1),
        json!(i32::MAX),
        json!(2_147_483_648_i64),
        json!(1.5),
        json!("1.0"),
        json!("two"),
        json!([1]),
        json!(null),
    ] {
        let body = json!({"ArticleNumber": "SEAT", "Quantity": quantity});
        let answer = house.ask(&house.write, USE, &body).await;
        assert_eq!(answer.refused().0, 400, "{body}: {}", answer.text);
        assert_eq!(answer.fields(), ["Quantity"], "{body}");
    }
    // What is missing is said at once.
    let answer = house.ask(&house.write, USE, &json!({})).await;
    assert_eq!(answer.fields(), ["ArticleNumber", "Quantity"]);
    assert_eq!(database.digest().await, digest);
}

#[test]
fn a_company_without_a_subscription_that_runs_is_not_found() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let digest = database.digest().await;
        let answer = house.add(&house.other, SIM_ID).await;
        assert_eq!(answer.refused(), (404, "NotFound".to_owned()));
        assert_eq!(answer.message(), "The company has no subscription that runs");
        assert_eq!(database.digest().await, digest);
        subscribe(&house.world, house.world.other, telecom::GB20).await;
        house.add(&house.other, SIM_ID).await.good();
        house.holds().await;
    });
}

#[tokio::test]
async fn names_are_in_the_language_that_is_asked_for() {
    let house = House::open(&Database::sqlite()).await;
    for (header, name) in [
        (None, "Seat"),
        (Some("sv"), "Plats"),
        (Some("SV-se"), "Plats"),
        (Some("en"), "Seat"),
        (Some("es"), "Seat"),
        (Some(""), "Seat"),
    ] {
        let mut request = house.request(&house.write, ADD);
        if let Some(language) = header {
            request = request.header("x-language", language);
        }
        let body = json!({"InvoiceArticleId": SEAT_ID}).to_string();
        let group = house.send(request, body).await.good();
        assert_eq!(group["name"], name, "{header:?}");
        assert_eq!(group["products"][0]["name"], name);
        assert_eq!(group["customerBalanceChange"]["items"][0]["productGroupName"], name);
    }
}

#[tokio::test]
async fn an_article_in_the_first_list_can_be_added_by_its_id_and_its_number() {
    let house = House::open(&Database::sqlite()).await;
    for (article, number) in [(SIM_ID, "SIM-2"), (SEAT_ID, "SEAT"), (SMS_ID, "SMS-100")] {
        let by_id = house.add(&house.write, article).await.good();
        let body = json!({"ArticleNumber": number, "Quantity": 1});
        let by_number = house.ask(&house.write, USE, &body).await.good();
        assert_eq!(by_id["products"], by_number["products"]);
        assert_eq!(figures(&by_id), figures(&by_number));
        assert_eq!(by_id["products"][0]["articleNumber"], number);
    }
}

#[tokio::test]
async fn no_more_is_added_than_a_subscription_can_have() {
    let database = Database::sqlite();
    let house = House::open(&database).await;
    for _ in 0..100 {
        house.add(&house.write, SEAT_ID).await.good();
    }
    let digest = database.digest().await;
    let answer = house.add(&house.write, SEAT_ID).await;
    assert_eq!(answer.refused(), (409, "Conflict".to_owned()));
    assert_eq!(answer.message(), "a subscription has at most 100 product groups that run");
    assert_eq!(database.digest().await, digest);
}

#[tokio::test]
async fn what_is_due_is_billed_before_something_is_added() {
    let database = Database::sqlite();
    let house = House::open(&database).await;
    house.world.run(house.world.set_clock("2026-02-01T12:00:00Z")).await.expect("the clock");
    let digest = database.digest().await;
    let answer = house.add(&house.write, SIM_ID).await;
    assert_eq!(answer.refused(), (409, "Conflict".to_owned()));
    assert_eq!(database.digest().await, digest);
    house.world.work().await;
    house.add(&house.write, SIM_ID).await.good();
    house.holds().await;
}
