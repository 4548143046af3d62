//! What is changed: at once, with the next cycle, on a day, after a look, or not at all.

use crate::support::{BUNDLED, ENDED, SUB, Telco, products, view};
use abono_domain::change::ChangeStatus;
use abono_domain::ids::PlanId;
use abono_testkit::{Database, on_each_database, telecom};
use http::Request;
use serde_json::{Value, json};

/// The tariff in force, and the one of the next change.
async fn stands(telco: &Telco, number: i64) -> (i64, Option<(i64, String)>) {
    let product = telco.products(number, &[]).await["product"].clone();
    let id = |product: &Value| product["id"].as_i64().expect("an id");
    let next = &product["scheduled"];
    let next = (*next != json!({})).then(|| {
        let day = next["scheduled_date"].as_str().expect("a date").to_owned();
        (id(&next["destination_product"]), day)
    });
    (id(&product), next)
}

fn waits(plan: PlanId, day: &str) -> Option<(i64, String)> {
    Some((telecom::number(plan), format!("{day}T00:00:00Z")))
}

/// Where the changes of a subscription stand, in the order in which they were asked for.
async fn log(telco: &Telco, number: i64) -> Vec<ChangeStatus> {
    let view = view(&telco.world, number).await;
    view.changes.iter().map(|change| change.state.status).collect()
}

#[test]
fn an_upgrade_is_made_at_once_and_a_downgrade_with_the_next_cycle() {
    on_each_database(async |database: Database| {
        let telco = Telco::open(&database).await;
        telco.change(SUB, telecom::GB50, None).await.is_empty(201);
        assert_eq!(stands(&telco, SUB).await, (1050, None));
        telco.change(SUB, telecom::GB10, None).await.is_empty(201);
        assert_eq!(stands(&telco, SUB).await, (1050, waits(telecom::GB10, "2026-02-28")));
        // Midnight in Madrid.
        telco.wait_until("2026-02-27T22:59:59Z").await;
        assert_eq!(stands(&telco, SUB).await.0, 1050);
        telco.wait_until("2026-02-27T23:00:00Z").await;
        assert_eq!(stands(&telco, SUB).await, (1010, None));
        assert_eq!(telco.world.findings().await, [""; 0]);
    });
}

#[tokio::test]
async fn what_is_scheduled_is_shown_with_its_days() {
    let telco = Telco::open(&Database::sqlite()).await;
    telco.change(SUB, telecom::GB20, Some("2026-02-14")).await.is_empty(201);
    let product = telco.products(SUB, &[]).await["product"].clone();
    assert_eq!(
        product["scheduled"].to_string(),
        concat!(
            r#"{"request_date":"2026-01-31T00:00:00Z","process_date":"2026-02-14T00:00:00Z","#,
            r#""scheduled_date":"2026-02-14T00:00:00Z","destination_product":{"id":1020,"#,
            r#""value":"TARIFA 20GB","historic_date":"2026-02-14T00:00:00Z","#,
            r#""compatibilities":[],"scheduled":{}}}"#,
        )
    );
}

#[test]
fn every_method_does_the_same_and_the_same_request_is_one_change() {
    on_each_database(async |database: Database| {
        let telco = Telco::open(&database).await;
        let body = r#"{"productId":1020,"scheduled_date":"2026-02-14"}"#;
        for method in ["PUT", "POST", "PATCH", "PUT"] {
            let request = Request::builder().method(method).uri(products(SUB));
            let request = request
                .header("authorization", format!("Bearer {}", telco.buyer))
                .header("content-type", "application/json; charset=utf-8");
            telco.send(request, body).await.is_empty(201);
        }
        assert_eq!(log(&telco, SUB).await, [ChangeStatus::Scheduled]);
        for _ in 0..2 {
            telco.change(BUNDLED, telecom::GB20, None).await.is_empty(201);
        }
        assert_eq!(log(&telco, BUNDLED).await, [ChangeStatus::Done]);
    });
}

#[test]
fn the_risk_of_a_change_is_the_sellers_to_decide_and_the_answer_says_so() {
    on_each_database(async |database: Database| {
        let telco = Telco::open(&database).await;
        for _ in 0..2 {
            let review = telco.change(SUB, telecom::BUSINESS, None).await;
            assert_eq!((review.status, &*review.text), (202, r#"{"risk_decision":"REVIEW"}"#));
        }
        assert_eq!(stands(&telco, SUB).await, (1010, None));
        let rejected = telco.change(SUB, telecom::PREMIUM, Some("2026-03-01")).await;
        assert_eq!((rejected.status, &*rejected.text), (202, r#"{"risk_decision":"REJECTED"}"#));
        assert_eq!(stands(&telco, SUB).await, (1010, None));
        assert_eq!(log(&telco, SUB).await, [ChangeStatus::Review, ChangeStatus::Rejected]);
    });
}

#[tokio::test]
async fn what_waits_is_shown_in_its_turn_and_a_day_that_is_taken_is_replaced() {
    let telco = Telco::open(&Database::sqlite()).await;
    telco.change(SUB, telecom::GB50, Some("2026-02-20")).await.is_empty(201);
    telco.change(SUB, telecom::GB20, Some("2026-02-10")).await.is_empty(201);
    assert_eq!(stands(&telco, SUB).await, (1010, waits(telecom::GB20, "2026-02-10")));
    telco.change(SUB, telecom::GB50, Some("2026-02-10")).await.is_empty(201);
    assert_eq!(stands(&telco, SUB).await, (1010, waits(telecom::GB50, "2026-02-10")));
    assert_eq!(log(&telco, SUB).await[1], ChangeStatus::Replaced);
    // What somebody has to look at is not scheduled.
    assert_eq!(telco.change(SUB, telecom::BUSINESS, Some("2026-02-05")).await.status, 202);
    assert_eq!(stands(&telco, SUB).await, (1010, waits(telecom::GB50, "2026-02-10")));
    telco.wait_until("2026-02-10T12:00:00Z").await;
    assert_eq!(stands(&telco, SUB).await.0, 1050);
}

#[tokio::test]
async fn a_change_that_can_not_be_made_says_why_and_changes_nothing() {
    let database = Database::sqlite();
    let telco = Telco::open(&database).await;
    let digest = database.digest().await;
    for (number, plan, on, code) in [
        (SUB, telecom::ISLAND, None, 40006),
        (SUB, telecom::GB10, None, 40006),
        (SUB, telecom::OLD, None, 40007),
        (SUB, telecom::GB20, Some("2026-01-30"), 40004),
        (SUB, telecom::GB20, Some("0001-01-01"), 40004),
        (SUB, telecom::GB20, Some("9999-12-31"), 40005),
        (SUB, telecom::ISLAND, Some("2026-01-30"), 40004),
        (ENDED, telecom::GB20, None, 40008),
        (ENDED, telecom::GB20, Some("2026-02-28"), 40008),
    ] {
        let answer = telco.change(number, plan, on).await;
        assert_eq!((answer.status, answer.code()), (400, code), "{plan:?} {on:?}");
        assert!(!answer.details().is_empty(), "{}", answer.text);
    }
    assert_eq!(database.digest().await, digest);
    // Today is a day in Madrid, where the 31st has begun.
    telco.change(SUB, telecom::GB20, Some("2026-01-31")).await.is_empty(201);
    assert_eq!(stands(&telco, SUB).await, (1020, None));
}

#[tokio::test]
async fn a_tariff_of_another_seller_or_product_is_not_found() {
    let telco = Telco::open(&Database::sqlite()).await;
    for id in ["1", "1021", "9223372036854775807"] {
        let answer =
            telco.put(&telco.buyer, &products(SUB), &format!(r#"{{"productId":{id}}}"#)).await;
        assert_eq!((answer.status, answer.code()), (404, 40403), "{id}");
    }
}
