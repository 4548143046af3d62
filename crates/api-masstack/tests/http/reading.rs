//! What is read: a subscription, its tariff, and what is included only for those who ask for it.

use crate::support::{Answer, BUNDLED, ENDED, SUB, Telco, products, subscription};
use abono_testkit::{Database, on_each_database, telecom};
use serde_json::{Value, json};

fn members(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn a_tariff_is_shown_with_nothing_that_was_not_asked_for() {
    on_each_database(async |database: Database| {
        let telco = Telco::open(&database).await;
        let answer = telco.get(&telco.viewer, &products(SUB)).await;
        assert_eq!(answer.status, 200);
        let expected = concat!(
            r#"{"id":2,"product":{"id":1010,"value":"TARIFA 10GB","#,
            r#""historic_date":"2026-01-31T00:00:00Z","scheduled":{}}}"#,
        );
        assert_eq!(answer.text, expected);
        let bundled = telco.get(&telco.viewer, &products(BUNDLED)).await.json();
        assert_eq!(members(&bundled), ["id", "product", "bundle"]);
        assert_eq!(bundled["bundle"], json!({"id": 501, "value": "FIBRA Y MÓVIL"}));
    });
}

#[tokio::test]
async fn what_a_tariff_changes_to_is_shown_one_level_deep() {
    let telco = Telco::open(&Database::sqlite()).await;
    let shown = telco.products(SUB, &["compatibilities"]).await;
    let nested = |id: i64, value: &str| {
        let (none, nothing) = (json!([]), json!({}));
        json!({"id": id, "value": value, "compatibilities": none, "scheduled": nothing})
    };
    let expected = json!([
        nested(1020, "TARIFA 20GB"),
        nested(1050, "TARIFA 50GB"),
        nested(1200, "TARIFA EMPRESA"),
        nested(1300, "TARIFA PREMIUM"),
    ]);
    assert_eq!(shown["product"]["compatibilities"], expected);
    assert_eq!(
        members(&shown["product"]),
        ["id", "value", "historic_date", "compatibilities", "scheduled"]
    );
    assert_eq!(members(&shown), ["id", "product"]);

    telco.change(SUB, telecom::GB20, None).await.is_empty(201);
    let shown = telco.products(SUB, &["compatibilities"]).await;
    let before = &shown["product"]["compatibilities"][0];
    assert_eq!(
        (&before["id"], &before["historic_date"]),
        (&json!(1010), &json!("2026-01-31T00:00:00Z"))
    );
}

#[tokio::test]
async fn the_history_has_the_tariff_in_force_on_top() {
    let telco = Telco::open(&Database::sqlite()).await;
    let history =
        async || telco.products(SUB, &["historical_changes"]).await["historical_changes"].clone();
    let first = |end: Option<&str>| {
        let mut it = json!({
            "id": 1010, "value": "TARIFA 10GB", "historic_date": "2026-01-31T00:00:00Z",
        });
        if let Some(end) = end {
            it["end_date"] = json!(end);
        }
        it
    };
    assert_eq!(history().await, json!([first(None)]));
    telco.wait_until("2026-02-05T12:00:00Z").await;
    telco.change(SUB, telecom::GB50, None).await.is_empty(201);
    // What waits or is refused never was in force.
    telco.change(SUB, telecom::GB20, Some("2026-02-10")).await.is_empty(201);
    assert_eq!(telco.change(SUB, telecom::PREMIUM, None).await.status, 202);
    let now = json!({
        "id": 1050, "value": "TARIFA 50GB", "historic_date": "2026-02-05T00:00:00Z",
    });
    assert_eq!(history().await, json!([now, first(Some("2026-02-05T00:00:00Z"))]));
    let ended = telco.products(ENDED, &["historical_changes"]).await;
    assert_eq!(ended["historical_changes"][0]["end_date"], "2026-01-10T00:00:00Z");
}

#[test]
fn a_subscription_is_shown_with_what_was_asked_for() {
    on_each_database(async |database: Database| {
        let telco = Telco::open(&database).await;
        let answer = telco.get(&telco.viewer, &subscription(SUB)).await;
        assert_eq!(answer.status, 200);
        let expected = concat!(
            r#"{"id":2,"subscription_status":{"id":1,"value":"INSTALADO"},"#,
            r#""activated_date":"2026-01-31T00:00:00Z","#,
            r#""subscription_type":{"id":2,"value":"POST-PAGO"},"identification_nr":34600112233,"#,
            r#""imsi":214035453370793,"iccid":8934011411551283000}"#,
        );
        assert_eq!(answer.text, expected);
        let query = "query={%22include%22:[%22origin%22,%22selldate%22,%22historical_status%22]}";
        let all = telco.get(&telco.viewer, &format!("{}?{query}", subscription(ENDED))).await;
        let all: Value = Answer::json(&all);
        assert_eq!(
            members(&all),
            [
                "id",
                "subscription_status",
                "sell_date",
                "activated_date",
                "end_date",
                "subscription_type",
                "origin",
                "historical_status",
                "identification_nr",
                "imsi",
                "iccid",
            ]
        );
        assert_eq!(all["subscription_status"], json!({"id": 2, "value": "BAJA"}));
        assert_eq!(all["sell_date"], "2025-12-10T00:00:00Z");
        assert_eq!(all["end_date"], "2026-01-10T00:00:00Z");
        assert_eq!(all["origin"], json!({"id": 2, "value": "PORTABILIDAD"}));
        let history = all["historical_status"].as_array().expect("a list");
        let step = |at: usize| (&history[at]["subscription_status"]["id"], &history[at]["date"]);
        assert_eq!(history.len(), 2, "{all}");
        assert_eq!(step(0), (&json!(1), &json!("2025-12-10T10:00:00Z")));
        assert_eq!(step(1).0, &json!(2));
        assert_eq!(history[0]["modified_by"], "operator");
        assert_eq!(history[1]["modified_by"], "system");
        assert_eq!(members(&history[0]), ["subscription_status", "date", "modified_by"]);
    });
}

#[tokio::test]
async fn an_agreed_end_is_shown_while_the_subscription_still_runs() {
    let telco = Telco::open(&Database::sqlite()).await;
    let view = crate::support::view(&telco.world, SUB).await;
    let end = abono_domain::subscription::end::EndSubscription {
        subscription: view.agreement.subscription.id,
        reason: "by agreement".to_owned(),
    };
    let end = abono_engine::Command::EndSubscription(telco.world.customer, end);
    telco.world.run(end).await.expect("an end");
    let shown = telco.get(&telco.viewer, &subscription(SUB)).await.json();
    assert_eq!(shown["subscription_status"]["value"], "INSTALADO");
    assert_eq!(shown["end_date"], "2026-02-28T00:00:00Z");
}
