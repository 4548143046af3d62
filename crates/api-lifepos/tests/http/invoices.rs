//! What there is to read, and what becomes of an invoice, on each database.

use crate::support::{Answer, NOW, Shop, order, serve, settings};
use abono_api_lifepos::Settings;
use abono_domain::access::Role;
use abono_domain::ids::{CustomerId, DocumentId};
use abono_engine::links::PayLink;
use abono_engine::{Engine, Env};
use abono_http::gate::rate::{Rate, RateLimit};
use abono_testkit::{Database, World, on_each_database};
use http::Request;
use serde_json::{Value, json};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

impl Shop {
    async fn create(&self, quantity: i64) -> Value {
        let answer = self.post(&self.buyer, "create-invoice", &order(quantity, 1)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()
    }

    fn invoice_path(&self, invoice: &Value) -> String {
        let guid = invoice["guid"].as_str().expect("a guid");
        format!("{}/invoices/{guid}", self.profile(self.world.customer))
    }

    async fn cancel(&self, token: &str, invoice: &Value, key: Option<&str>) -> Answer {
        let path = format!("{}:cancel", self.invoice_path(invoice));
        let request = Request::post(path).header("authorization", format!("Bearer {token}"));
        let request = match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        };
        self.send(request, "").await
    }

    async fn refund(&self, invoice: &Value) {
        let guid: Uuid = invoice["guid"].as_str().expect("a guid").parse().expect("a uuid");
        self.world.run(self.world.refund(DocumentId(guid), None)).await.expect("a refund");
    }

    async fn pay(&self, invoice: &Value, minor: i64) {
        let guid: Uuid = invoice["guid"].as_str().expect("a guid").parse().expect("a uuid");
        self.world.pay(DocumentId(guid), minor).await;
    }
}

#[test]
fn an_invoice_is_read_as_it_was_made() {
    on_each_database(async |database: Database| {
        let shop = Shop::open(&database).await;
        let made = shop.create(2).await;
        let read = shop.get(&shop.viewer, &shop.invoice_path(&made)).await;
        assert_eq!((read.status, read.json()), (200, made.clone()));
        // Its names come in the language asked for, its number and sums as they are.
        let request = Request::get(shop.invoice_path(&made))
            .header("authorization", format!("Bearer {}", shop.viewer))
            .header("accept-language", "en-US");
        let english = shop.send(request, "").await.json();
        assert_eq!(made["positions"][0]["name"], "Касса, Тариф basic");
        assert_eq!(english["positions"][0]["name"], "Point of sale, Plan basic");
        assert_eq!(english["total_sum"], made["total_sum"]);
    });
}

/// Both links of an invoice; they come together or not at all.
fn links(invoice: &Value) -> Option<(String, String)> {
    let link = |name: &str| invoice[name].as_str().map(str::to_owned);
    let both = (link("payment_by_card_link"), link("payment_by_transaction_link"));
    assert_eq!(both.0.is_some(), both.1.is_some(), "{invoice}");
    both.0.zip(both.1)
}

#[test]
fn an_invoice_has_the_links_to_pay_it_until_it_is_paid() {
    on_each_database(async |database: Database| {
        let shop = Shop::open(&database).await;
        let [paid, canceled, refunded] =
            [shop.create(1).await, shop.create(2).await, shop.create(3).await];
        for invoice in [&paid, &canceled, &refunded] {
            let (card, transaction) = links(invoice).expect("links");
            assert_eq!(transaction, format!("{card}/print"));
            let token = card.strip_prefix("https://pay.example/pay/").expect("the pay page");
            let link = shop.world.engine.read_pay_token(token).expect("a token");
            let World { tenant, customer, .. } = shop.world;
            let document =
                DocumentId(invoice["guid"].as_str().expect("a guid").parse().expect("id"));
            assert_eq!(link, PayLink { tenant, customer, document });
        }
        shop.pay(&paid, 99_000).await;
        let left = shop.cancel(&shop.buyer, &canceled, None).await.json();
        assert_eq!(links(&left), links(&canceled));
        shop.pay(&refunded, 297_000).await;
        shop.refund(&refunded).await;
        let path = format!("{}/invoices", shop.profile(shop.world.customer));
        let page = shop.get(&shop.viewer, &path).await.json();
        let found: Vec<_> = page["items"].as_array().expect("items").iter().map(links).collect();
        assert_eq!(found, [links(&refunded), links(&canceled), None]);
        let read = shop.get(&shop.viewer, &shop.invoice_path(&paid)).await.json();
        assert_eq!((&read["status"], links(&read)), (&json!("Paid"), None));
    });
}

#[tokio::test]
async fn where_nobody_can_make_links_there_are_none() {
    let database = Database::sqlite();
    let mut shop = Shop::open(&database).await;
    shop.router = serve(&shop.world, Settings::default(), RateLimit::off());
    assert_eq!(links(&shop.create(1).await), None, "nobody says where the pages are");
    let env = Env::seeded(Box::new(|| NOW.parse().expect("an instant")), 2);
    let engine = Arc::new(Engine::new(env, database.store().await));
    let keyless = World { engine, ..shop.world.clone() };
    shop.router = serve(&keyless, settings(), RateLimit::off());
    assert_eq!(links(&shop.create(1).await), None, "there is no key");
    shop.router = serve(&shop.world, settings(), RateLimit::off());
    assert_ne!(links(&shop.create(1).await), None);
}

#[test]
fn nobody_reads_or_cancels_what_is_another_ones() {
    on_each_database(async |database: Database| {
        let shop = Shop::open(&database).await;
        let made = shop.create(1).await;
        let own = shop.invoice_path(&made);
        let others = own.replace(&shop.world.customer.to_string(), &shop.world.other.to_string());
        let unknown = own.replace(made["guid"].as_str().expect("a guid"), &Uuid::nil().to_string());
        let before = database.digest().await;
        for path in [&others, &unknown] {
            let read = shop.get(&shop.admin, path).await;
            assert_eq!(read.refusal(), (404, "NotFound".to_owned()));
            let request = Request::post(format!("{path}:cancel"))
                .header("authorization", format!("Bearer {}", shop.admin));
            assert_eq!(shop.send(request, "").await.text, read.text, "{path}");
        }
        assert_eq!(database.digest().await, before);
        assert_eq!(shop.get(&shop.admin, &own).await.status, 200);
    });
}

#[test]
fn an_invoice_that_nobody_paid_for_can_be_canceled() {
    on_each_database(async |database: Database| {
        let shop = Shop::open(&database).await;
        let made = shop.create(1).await;
        let canceled = shop.cancel(&shop.buyer, &made, Some("k")).await;
        assert_eq!(canceled.status, 200, "{}", canceled.text);
        assert_eq!(canceled.json()["status"], "Canceled");
        assert_eq!(shop.get(&shop.viewer, &shop.invoice_path(&made)).await.text, canceled.text);
        // The key stands for this answer and no other; without one it stays canceled too.
        let before = database.digest().await;
        assert_eq!(shop.cancel(&shop.buyer, &made, Some("k")).await, canceled);
        assert_eq!(shop.cancel(&shop.buyer, &made, None).await.text, canceled.text);
        assert_eq!(database.digest().await, before);
        let other = shop.create(1).await;
        let refused = shop.cancel(&shop.buyer, &other, Some("k")).await;
        assert_eq!(refused.refusal(), (422, "Duplicate".to_owned()));
        // Also a cancel that has nothing to do keeps its key.
        assert_eq!(shop.cancel(&shop.buyer, &made, Some("idle")).await.text, canceled.text);
        let refused = shop.cancel(&shop.buyer, &other, Some("idle")).await;
        assert_eq!(refused.refusal(), (422, "Duplicate".to_owned()));
        assert_eq!(shop.world.findings().await, [""; 0]);
    });
}

#[test]
fn an_invoice_that_money_came_for_can_not_be_canceled() {
    on_each_database(async |database: Database| {
        let shop = Shop::open(&database).await;
        let partly = shop.create(1).await;
        shop.pay(&partly, 1).await;
        let fully = shop.create(1).await;
        shop.pay(&fully, 99_000).await;
        for invoice in [&partly, &fully] {
            let before = database.digest().await;
            let answer = shop.cancel(&shop.buyer, invoice, None).await;
            assert_eq!(answer.refusal(), (422, "OperationCannotBePerformed".to_owned()));
            assert_eq!(database.digest().await, before);
        }
    });
}

#[test]
fn money_for_a_canceled_invoice_is_credit_and_pays_the_next_one_at_once() {
    on_each_database(async |database: Database| {
        let shop = Shop::open(&database).await;
        let made = shop.create(1).await;
        assert_eq!(shop.cancel(&shop.buyer, &made, None).await.status, 200);
        shop.pay(&made, 150_000).await;
        let late = shop.get(&shop.viewer, &shop.invoice_path(&made)).await.json();
        assert_eq!(late["status"], "Canceled");

        let next = shop.create(1).await;
        assert_eq!(
            (&next["status"], &next["total_sum"]["value"]),
            (&json!("Paid"), &json!(99_000))
        );
        let path = format!("{}/subscriptions/products", shop.profile(shop.world.customer));
        let products = shop.get(&shop.viewer, &path).await.json();
        let expires_at = &products[0]["acquired_license"]["expires_at"];
        assert_eq!(expires_at, "2026-02-28T10:00:00.000Z");
        // What is left is used up before new money is needed.
        let third = shop.create(1).await;
        assert_eq!(third["status"], "Pending");
        shop.pay(&third, 99_000 - 51_000).await;
        let third = shop.get(&shop.viewer, &shop.invoice_path(&third)).await.json();
        assert_eq!(third["status"], "Paid");
        assert_eq!(shop.world.findings().await, [""; 0]);
    });
}

#[test]
fn a_token_lists_the_organisations_that_it_covers() {
    on_each_database(async |database: Database| {
        let shop = Shop::open(&database).await;
        let guids = |page: &Value| -> Vec<Value> {
            let items = page["items"].as_array().expect("items");
            items.iter().map(|item| item["guid"].clone()).collect()
        };
        let (first, second) =
            (json!(shop.world.customer.to_string()), json!(shop.world.other.to_string()));
        let all = shop.get(&shop.admin, "/orgs?include_items_total=true").await.json();
        assert_eq!(guids(&all), [first.clone(), second.clone()]);
        assert_eq!((&all["items_total"], &all["type_of"]), (&json!(2), &json!("OrganizationList")));
        assert_eq!(all["items"][0]["alias"], "first");
        let own = shop.get(&shop.viewer, "/v5/orgs?include_items_total=true").await.json();
        assert_eq!((guids(&own), &own["items_total"]), (vec![first.clone()], &json!(1)));

        let page = shop.get(&shop.admin, "/orgs?items_per_page=1").await.json();
        assert_eq!((guids(&page), &page["page_number"]), (vec![first], &json!(1)));
        let token = page["next_page_token"].as_str().expect("a token");
        let path = format!("/orgs?items_per_page=1&page_token={token}");
        let page = shop.get(&shop.admin, &path).await.json();
        assert_eq!((guids(&page), &page["page_number"]), (vec![second], &json!(2)));
        assert_eq!(page["next_page_token"], Value::Null);
        // A page of one token isn't a page of another.
        assert_eq!(shop.get(&shop.viewer, &path).await.status, 422);
    });
}

#[test]
fn an_organisation_has_its_payers() {
    on_each_database(async |database: Database| {
        let shop = Shop::open(&database).await;
        let path = |org: CustomerId| format!("/orgs/{org}/legal-entities?include_items_total=true");
        let page = shop.get(&shop.viewer, &path(shop.world.customer)).await;
        assert_eq!(page.status, 200, "{}", page.text);
        let page = page.json();
        assert_eq!(page["items_total"], 1);
        let payer = page["items"][0]["guid"].as_str().expect("a guid");
        let body = order(1, 1).replacen('{', &format!(r#"{{"who_pays":{{"guid":"{payer}"}},"#), 1);
        let invoice = shop.post(&shop.buyer, "create-invoice", &body).await.json();
        assert_eq!(invoice["company"]["id"], payer);
        assert_eq!(invoice["company"]["inn"], page["items"][0]["inn"]);
        let answer = shop.get(&shop.viewer, &path(shop.world.other)).await;
        assert_eq!(answer.refusal(), (403, "NoPermissions".to_owned()));
    });
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back() {
    let database = Database::sqlite();
    let mut shop = Shop::open(&database).await;
    let of = |count| NonZeroU32::new(count).expect("a number");
    let rate = Rate { per_second: of(1), burst: of(2) };
    let limit = RateLimit::new(rate, Arc::new(|| Duration::from_secs(1)));
    shop.router = serve(&shop.world, Settings::default(), limit);
    for status in [200, 200, 429] {
        assert_eq!(shop.get(&shop.viewer, "/orgs").await.status, status);
    }
    let answer = shop.get(&shop.viewer, "/orgs/x/legal-entities").await;
    assert_eq!(answer.refusal(), (429, "TooManyRequests".to_owned()), "before 403");
    assert_eq!(answer.headers["retry-after"], "1");
    assert_eq!(shop.get("x", "/orgs").await.status, 401, "before 429");
    let other = shop.world.token(Role::Viewer, &[]).await;
    assert_eq!(shop.get(&other, "/orgs").await.status, 200, "each token has its own limit");
}
