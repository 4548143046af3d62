//! What can be added is listed, all of it or a part, in an order.

use crate::support::{House, SEAT_ID, SIM_ID, SMS_ID};
use abono_testkit::{Database, on_each_database};
use serde_json::{Value, json};

async fn ids(house: &House, query: &str) -> Vec<i64> {
    let path = format!("/company/invoice/article{query}");
    let list = house.ask(&house.read, ("GET", &path), &Value::Null).await.good();
    let list = list.as_array().expect("a list").clone();
    list.iter().map(|it| it["Id"].as_i64().expect("an id")).collect()
}

fn article(name: &str, kind: i64, id: i64) -> Value {
    json!({"Name": name, "LicenseProductTypeId": kind, "Id": id})
}

#[test]
fn the_list_has_every_article_that_is_sold_and_nothing_around_it() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let list = house.ask(&house.read, ("GET", "/company/invoice/article"), &Value::Null).await;
        let expected = json!([
            article("Second SIM", 2, SIM_ID),
            article("Seat", 3, SEAT_ID),
            article("100 text messages", 4, SMS_ID),
        ]);
        assert_eq!((list.status, list.text), (200, expected.to_string()));
    });
}

#[tokio::test]
async fn a_part_of_the_list_in_an_order_is_asked_for_in_the_query() {
    let house = House::open(&Database::sqlite()).await;
    for (query, expected) in [
        ("?skip=1", vec![SEAT_ID, SMS_ID]),
        ("?Skip=1&Take=1", vec![SEAT_ID]),
        ("?Take=0", vec![]),
        ("?Skip=2147483647", vec![]),
        ("?Take=2147483647", vec![SIM_ID, SEAT_ID, SMS_ID]),
        ("?OrderBy=id", vec![SIM_ID, SEAT_ID, SMS_ID]),
        ("?OrderByDesc=Id", vec![SMS_ID, SEAT_ID, SIM_ID]),
        ("?OrderBy=Name", vec![SMS_ID, SEAT_ID, SIM_ID]),
        ("?OrderByDesc=Name&Take=1", vec![SIM_ID]),
        ("?Include=Total&Fields=Id&Other=1", vec![SIM_ID, SEAT_ID, SMS_ID]),
    ] {
        assert_eq!(ids(&house, query).await, expected, "{query}");
    }
    for (query, field) in [
        ("?Skip=-1", "Skip"),
        ("?Take=-1", "Take"),
        ("?Take=two", "Take"),
        ("?Skip=2147483648", "Skip"),
        ("?OrderBy=Price", "OrderBy"),
        ("?OrderByDesc=Id,Name", "OrderByDesc"),
    ] {
        let path = format!("/company/invoice/article{query}");
        let answer = house.ask(&house.read, ("GET", &path), &Value::Null).await;
        assert_eq!((answer.refused().0, answer.fields()), (400, vec![field.to_owned()]), "{query}");
    }
}
