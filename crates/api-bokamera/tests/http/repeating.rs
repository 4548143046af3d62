//! What is sent again: with its key, or in the same words a short while later.

use crate::support::{ADD, Answer, House, SEAT_ID, SIM_ID, USE, end, id};
use abono_domain::subscription::end::EndSubscription;
use abono_engine::Command;
use abono_testkit::{Database, on_each_database};
use serde_json::{Value, json};

async fn keyed(
    house: &House,
    token: &str,
    (line, key): ((&str, &str), &str),
    body: &Value,
) -> Answer {
    let request = house.request(token, line).header("idempotency-key", key);
    house.send(request, body.to_string()).await
}

/// How many groups the first company has.
async fn count(house: &House) -> usize {
    house.world.added().await.groups.len()
}

#[test]
fn the_same_key_is_answered_with_the_same_bytes_and_adds_once() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let body = json!({"InvoiceArticleId": SIM_ID});
        let first = keyed(&house, &house.write, (ADD, "a"), &body).await;
        first.good();
        let digest = database.digest().await;
        // An hour later, in other words, by another token and in another format.
        house.world.live_until("2026-01-17T13:00:00Z").await;
        let moved = database.digest().await;
        assert_ne!(digest, moved);
        let own = house.world.customer.to_string();
        let spelled = json!({"companyId": own.to_uppercase(), "invoicearticleid": "2001", "x": 1});
        for (token, path) in [
            (&house.write, "/licenses/company"),
            (&house.superadmin, "/licenses/company"),
            (&house.write, "/licenses/company.xml"),
            (&house.write, "/json/reply/CreateNonLicenseProduct"),
        ] {
            let again = keyed(&house, token, (("PUT", path), "a"), &spelled).await;
            assert_eq!((again.status, &again.text), (200, &first.text), "{path}");
            assert_eq!(again.content_type(), "application/json");
        }
        assert_eq!(database.digest().await, moved, "nothing is done again");
        assert_eq!(count(&house).await, 1);
        house.holds().await;
    });
}

#[test]
fn a_key_of_another_request_is_refused_and_one_of_another_operation_is_another() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        keyed(&house, &house.write, (ADD, "a"), &json!({"InvoiceArticleId": SIM_ID})).await.good();
        let digest = database.digest().await;
        let other = json!({"InvoiceArticleId": SEAT_ID});
        let answer = keyed(&house, &house.write, (ADD, "a"), &other).await;
        assert_eq!(answer.refused(), (409, "Conflict".to_owned()));
        assert_eq!(database.digest().await, digest);
        let usage = json!({"ArticleNumber": "SEAT", "Quantity": 1});
        let group = id(&keyed(&house, &house.write, (USE, "a"), &usage).await);
        let more = json!({"ArticleNumber": "SEAT", "Quantity": 2});
        assert_eq!(keyed(&house, &house.write, (USE, "a"), &more).await.refused().0, 409);
        let path = end(&group);
        let body = json!({"Behaviour": "Full", "CreditKind": "Normal"});
        let ended = keyed(&house, &house.write, (("POST", &path), "a"), &body).await;
        ended.good();
        let again = keyed(&house, &house.write, (("POST", &path), "a"), &body).await;
        assert_eq!((again.status, again.text), (200, ended.text), "it ended once");
        let body = json!({"Behaviour": "None", "CreditKind": "Normal"});
        let answer = keyed(&house, &house.write, (("POST", &path), "a"), &body).await;
        assert_eq!(answer.refused(), (409, "Conflict".to_owned()));
        house.holds().await;
    });
}

#[test]
fn a_key_is_answered_also_when_the_subscription_is_over() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let body = json!({"InvoiceArticleId": SIM_ID});
        let first = keyed(&house, &house.write, (ADD, "a"), &body).await;
        first.good();
        let subscription = house.world.subscribed().await;
        let end = EndSubscription { subscription, reason: "moves".to_owned() };
        let end = Command::EndSubscription(house.world.customer, end);
        house.world.run(end).await.expect("an end");
        house.world.live_until("2026-03-01T12:00:00Z").await;
        let digest = database.digest().await;
        let again = keyed(&house, &house.write, (ADD, "a"), &body).await;
        assert_eq!((again.status, again.text), (200, first.text));
        let other = keyed(&house, &house.write, (ADD, "b"), &body).await;
        assert_eq!(other.refused(), (404, "NotFound".to_owned()));
        assert_eq!(house.add(&house.write, SIM_ID).await.refused().0, 404);
        assert_eq!(database.digest().await, digest);
        house.holds().await;
    });
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let database = Database::sqlite();
    let house = House::open(&database).await;
    let digest = database.digest().await;
    let body = json!({"InvoiceArticleId": SIM_ID});
    for key in [String::new(), "k".repeat(256)] {
        let answer = keyed(&house, &house.write, (ADD, &key), &body).await;
        assert_eq!(answer.refused(), (400, "ArgumentException".to_owned()));
    }
    let twice = house.request(&house.write, ADD).header("idempotency-key", "a");
    let twice = twice.header("idempotency-key", "a");
    assert_eq!(house.send(twice, body.to_string()).await.refused().0, 400);
    assert_eq!(database.digest().await, digest);
}

#[test]
fn the_same_request_of_the_same_user_within_a_minute_is_one() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await.repeating(60);
        let first = house.add(&house.write, SIM_ID).await;
        first.good();
        let digest = database.digest().await;
        for _ in 0..2 {
            assert_eq!(house.add(&house.write, SIM_ID).await, first);
        }
        let by_number = json!({"ArticleNumber": "SIM-2", "Quantity": 1});
        let same = house.ask(&house.write, USE, &by_number).await;
        assert_eq!(same, first, "the article is the same, however it is named");
        assert_eq!(database.digest().await, digest, "nothing is done again");
        // Another user, another quantity, another article: each is one of its own.
        let anna = house.jwt("anna", "superadmin", Some(house.world.customer));
        let bert = house.jwt("bert", "superadmin", Some(house.world.customer));
        let mut ids = vec![id(&first)];
        for token in [&anna, &bert] {
            ids.push(id(&house.add(token, SIM_ID).await));
        }
        assert_eq!(id(&house.add(&anna, SIM_ID).await), ids[1], "a user is known again");
        let two = json!({"ArticleNumber": "SIM-2", "Quantity": 2});
        ids.push(id(&house.ask(&house.write, USE, &two).await));
        ids.push(id(&house.add(&house.write, SEAT_ID).await));
        ids.sort();
        ids.dedup();
        assert_eq!((ids.len(), count(&house).await), (5, 5));
        house.holds().await;
    });
}

#[test]
fn after_a_minute_of_business_time_it_is_another_request() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await.repeating(60);
        let first = id(&house.add(&house.write, SIM_ID).await);
        for (at, is_same) in [("12:00:59", true), ("12:01:00", false)] {
            house.world.live_until(&format!("2026-01-17T{at}Z")).await;
            let again = id(&house.add(&house.write, SIM_ID).await);
            assert_eq!(again == first, is_same, "{at}");
        }
        assert_eq!(count(&house).await, 2);
        house.holds().await;
    });
}

#[tokio::test]
async fn who_names_each_intention_by_a_key_means_each() {
    let house = House::open(&Database::sqlite()).await.repeating(60);
    let body = json!({"InvoiceArticleId": SIM_ID});
    for key in ["a", "b"] {
        keyed(&house, &house.write, (ADD, key), &body).await.good();
    }
    assert_eq!(count(&house).await, 2);
    house.holds().await;
}
