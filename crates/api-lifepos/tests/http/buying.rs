//! From the catalogue to the invoice, on each database.

use crate::support::{Answer, Shop, order};
use abono_testkit::{Database, on_each_database, seller};
use http::Request;
use serde_json::json;

/// The answer to a request for one invoice under a key.
async fn create(shop: &Shop, key: &str, body: &str) -> Answer {
    let request = shop.on_product(&shop.buyer, "create-invoice").header("idempotency-key", key);
    shop.send(request, body.to_owned()).await
}

async fn items_total(shop: &Shop) -> i64 {
    let path = format!("{}/invoices?include_items_total=true", shop.profile(shop.world.customer));
    shop.get(&shop.viewer, &path).await.json()["items_total"].as_i64().expect("a count")
}

#[test]
fn what_is_listed_is_quoted_and_what_is_quoted_is_asked_for() {
    on_each_database(async |database: Database| {
        let shop = Shop::open(&database).await;
        let path = format!("{}/subscriptions/products", shop.profile(shop.world.customer));
        let listed = shop.get(&shop.viewer, &path).await;
        assert_eq!(listed.status, 200, "{}", listed.text);
        let products = listed.json();
        let period = &products[0]["plans"][0]["periods"][1];
        assert_eq!(period["period_in_months"], 3);

        let quoted = shop.post(&shop.viewer, "calculate-license", &order(2, 3)).await;
        assert_eq!(quoted.status, 201, "{}", quoted.text);
        let unit = period["price"]["final_price"]["value"].as_i64().expect("a price");
        let (plan, total) = (seller::BASIC, 2 * unit);
        let expected = [
            &format!(r#"{{"plan":{{"guid":"{plan}","type_of":"SubscriptionPlan"}},"quantity":2,"#),
            r#""expires_at":"2026-04-30T10:00:00.000Z","#,
            &format!(r#""total_sum":{{"value":{total},"currency":"RUB","type_of":"Money"}},"#),
            r#""type_of":"CalculatedLicense"}"#,
        ];
        assert_eq!(quoted.text, expected.concat());
        assert_eq!(shop.post(&shop.viewer, "calculate-license", &order(2, 3)).await, quoted);
        assert_eq!(items_total(&shop).await, 0, "a quote writes nothing");

        let created = shop.post(&shop.buyer, "create-invoice", &order(2, 3)).await;
        assert_eq!(created.status, 201, "{}", created.text);
        let invoice = created.json();
        assert_eq!(invoice["total_sum"], quoted.json()["total_sum"]);
        assert_eq!(invoice["status"], "Pending");
        assert_eq!(invoice["number"], "СЧ-1");
        assert_eq!(invoice["created_at"], "2026-01-31T10:00:00.000Z");
        assert_eq!(items_total(&shop).await, 1);
        let path = format!("{}/invoices", shop.profile(shop.world.customer));
        assert_eq!(shop.get(&shop.viewer, &path).await.json()["items"], json!([invoice]));
        assert_eq!(shop.world.findings().await, [""; 0]);
    });
}

#[test]
fn one_key_is_one_invoice() {
    on_each_database(async |database: Database| {
        let shop = Shop::open(&database).await;
        let first = create(&shop, "k1", &order(2, 3)).await;
        assert_eq!(first.status, 201, "{}", first.text);
        let spelled = order(2, 3).replace(':', " :\n").replacen('{', r#"{"who_pays":null,"#, 1);
        assert_eq!(create(&shop, "k1", &spelled).await, first, "the same input, spelled otherwise");
        let other = create(&shop, "k1", &order(3, 3)).await;
        assert_eq!(other.refusal(), (422, "Duplicate".to_owned()));
        assert_eq!(items_total(&shop).await, 1);

        let body = order(1, 1);
        let (one, same) = tokio::join!(create(&shop, "k3", &body), create(&shop, "k3", &body));
        assert_eq!((one.status, &one), (201, &same), "sent twice at once");
        assert_eq!(items_total(&shop).await, 2);

        let refused = create(&shop, "k2", &order(2, 7)).await;
        assert_eq!(refused.refusal(), (422, "RequestIsNotValid".to_owned()));
        assert_eq!(create(&shop, "k2", &order(2, 3)).await.status, 201, "refusals keep no key");
        assert_eq!(items_total(&shop).await, 3);
    });
}

#[test]
fn a_running_licence_is_shown_and_renewed() {
    on_each_database(async |database: Database| {
        let shop = Shop::open(&database).await;
        let invoice = shop.world.invoice(seller::BASIC, 2, 1).await;
        shop.world.pay(invoice.document.id, invoice.document.total.minor).await;

        let path = format!("{}/subscriptions/products", shop.profile(shop.world.customer));
        let request = Request::get(format!("{path}?presentation=compact"))
            .header("authorization", format!("Bearer {}", shop.viewer))
            .header("accept-language", "en-US");
        let listed = shop.send(request, "").await.json();
        assert_eq!(listed[0]["plans"], json!(null));
        assert_eq!(
            listed[0]["acquired_license"],
            json!({
                "name": "Plan basic",
                "plan": {"guid": seller::BASIC.to_string(), "type_of": "SubscriptionPlan"},
                "quantity": 2, "expires_at": "2026-02-28T10:00:00.000Z", "type_of": "License",
            })
        );
        let renewed = shop.post(&shop.viewer, "calculate-license", &order(2, 1)).await.json();
        assert_eq!(renewed["expires_at"], "2026-03-31T10:00:00.000Z");

        shop.world.run(shop.world.set_clock("2026-03-01T00:00:00Z")).await.expect("a later time");
        let listed = shop.get(&shop.viewer, &path).await.json();
        assert_eq!(listed[0]["acquired_license"], json!(null));
        let ended = &listed[0]["last_paid_subscription_expired_at"];
        assert_eq!(*ended, json!("2026-02-28T10:00:00.000Z"));
    });
}

#[test]
fn a_change_is_quoted_as_it_is_asked_for_and_carried_out() {
    on_each_database(async |database: Database| {
        let shop = Shop::open(&database).await;
        let invoice = shop.world.invoice(seller::BASIC, 1, 1).await;
        shop.world.pay(invoice.document.id, 99_000).await;
        shop.world.run(shop.world.set_clock("2026-02-14T09:00:00Z")).await.expect("a later time");

        let quoted = shop.post(&shop.viewer, "calculate-license", &order(2, 1)).await.json();
        assert_eq!(quoted["expires_at"], "2026-03-14T09:00:00.000Z");
        let change = shop.post(&shop.buyer, "create-invoice", &order(2, 1)).await.json();
        assert_eq!(change["total_sum"], quoted["total_sum"]);
        // 14 of 28 days are left.
        let sums = |index: usize| change["positions"][index]["total_sum"]["value"].clone();
        assert_eq!((sums(0), sums(1)), (json!(198_000), json!(-49_500)));
        assert_eq!(change["total_sum"]["value"], 198_000 - 49_500);
        let id = change["guid"].as_str().expect("a guid").parse().expect("a uuid");
        shop.world.pay(abono_domain::ids::DocumentId(id), 198_000 - 49_500).await;

        let path = format!("{}/subscriptions/products", shop.profile(shop.world.customer));
        let listed = shop.get(&shop.viewer, &path).await.json();
        assert_eq!(listed[0]["acquired_license"]["quantity"], 2);
        assert_eq!(listed[0]["acquired_license"]["expires_at"], "2026-03-14T09:00:00.000Z");
        assert_eq!(shop.world.findings().await, [""; 0]);
    });
}

#[test]
fn invoices_are_paged_newest_first() {
    on_each_database(async |database: Database| {
        let shop = Shop::open(&database).await;
        for _ in 0..5 {
            shop.world.invoice(seller::BASIC, 1, 1).await;
        }
        let path = format!("{}/invoices?items_per_page=2", shop.profile(shop.world.customer));
        let (mut numbers, mut token) = (Vec::new(), String::new());
        for number in 1..=3 {
            let page = shop.get(&shop.viewer, &format!("{path}{token}")).await.json();
            assert_eq!(page["page_number"], number);
            let items = page["items"].as_array().expect("items");
            numbers.extend(items.iter().map(|item| item["number"].clone()));
            token = format!("&page_token={}", page["next_page_token"].as_str().unwrap_or("-"));
        }
        assert_eq!(json!(numbers), json!(["СЧ-5", "СЧ-4", "СЧ-3", "СЧ-2", "СЧ-1"]));
        assert_eq!(token, "&page_token=-");

        let counted = shop.get(&shop.viewer, &format!("{path}&include_items_total=true")).await;
        let counted = counted.json();
        assert_eq!((&counted["items_total"], &counted["pages_total"]), (&json!(5), &json!(3)));
        let at = "2026-01-31T10:00:00.000Z";
        let path = format!("{}/invoices", shop.profile(shop.world.customer));
        for (query, count) in [
            (format!("created_from={at}&created_to={at}"), 5),
            (format!("updated_to={at}"), 5),
            ("created_to=2026-01-31T09:59:59.999Z".to_owned(), 0),
            ("updated_from=2026-01-31T10:00:00.001Z".to_owned(), 0),
        ] {
            let page = shop.get(&shop.viewer, &format!("{path}?{query}")).await.json();
            assert_eq!(page["items"].as_array().map(Vec::len), Some(count), "{query}");
        }
    });
}
