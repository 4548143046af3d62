//! The contract's page is true: its examples are replayed, and its tables are the code's.

use crate::support::{Shop, entries};
use abono_api_lifepos::Code;
use abono_domain::access::Role;
use abono_domain::document::DocumentKind;
use abono_domain::ids::{CustomerId, TenantId};
use abono_engine::Command;
use abono_testkit::{Database, World, on_each_database, page, seller};
use serde_json::Value;
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../../docs/contracts/lifepos.md");

/// The books of the page: the test seller, that also sells two months, and one customer.
async fn shop(database: &Database) -> Shop {
    let mut shop = Shop::open(database).await;
    let (tenant, customer) = (TenantId(seller::id(1, 7)), CustomerId(seller::id(2, 7)));
    shop.world = World { tenant, customer, ..shop.world };
    let start = crate::support::NOW.parse().expect("an instant");
    let clock = (abono_domain::ids::ClockId(seller::id(9, 7)), start);
    let mut publish = seller::publish(tenant, "page", Some(clock));
    let prices = &mut publish.proposal.catalogue.products[0].plans[0].prices;
    let mut two_months = prices[0].clone();
    two_months.point.months = 2;
    two_months.list.minor *= 2;
    two_months.final_price.minor = two_months.list.minor;
    prices.insert(1, two_months);
    shop.world.run(Command::PublishSeller(Box::new(publish))).await.expect("a seller");
    let mut put = seller::customer(customer, "utro");
    put.proposal.profile.name = "Пекарня «Утро»".to_owned();
    shop.world.run(Command::PutCustomer(put)).await.expect("a customer");
    shop.buyer = shop.world.token(Role::Buyer, &[customer]).await;
    shop
}

#[test]
fn every_example_of_the_page_is_answered_as_it_stands_there() {
    on_each_database(async |database: Database| {
        let shop = shop(&database).await;
        let mut answered = None;
        let mut seen = 0;
        for (kind, text) in page::blocks(PAGE, &["request", "answer", "operator"]) {
            match kind {
                "request" => answered = Some((text, ask(&shop, text).await)),
                "operator" => operate(&shop, text).await,
                _ => {
                    let (request, (status, body)) = answered.take().expect("a request before it");
                    let (expected, json) = text.split_once('\n').unwrap_or((text, ""));
                    let json: Value = serde_json::from_str(json).expect("JSON on the page");
                    let both = (status.as_str(), body.to_string());
                    let pretty = serde_json::to_string_pretty(&body).expect("JSON");
                    assert_eq!(both, (expected, json.to_string()), "{request}\n{status}\n{pretty}");
                    seen += 1;
                }
            }
        }
        assert!(seen >= 12, "only {seen} examples were found");
        assert_eq!(shop.world.findings().await, [""; 0]);
    });
}

/// Sends a request of the page.
async fn ask(shop: &Shop, text: &str) -> (String, Value) {
    let (request, body) = page::request(text, &shop.buyer);
    let answer = shop.send(request, body).await;
    (answer.status.to_string(), answer.json())
}

/// Does what an operator does: `abono payment record --invoice NUMBER --amount AMOUNT ...`.
async fn operate(shop: &Shop, line: &str) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [.., "--invoice", number, "--amount", amount, "--currency", "RUB"] = words[..] else {
        panic!("not a payment: {line}");
    };
    let tenant = shop.world.books().await;
    let found = shop
        .world
        .engine
        .find_documents(&tenant, DocumentKind::PaymentRequest, number)
        .await
        .expect("a look");
    let (_, document) = found.first().copied().expect("the invoice");
    let minor = amount.replace('.', "").parse().expect("an amount");
    shop.world.pay(document, minor).await;
}

#[tokio::test]
async fn the_page_names_every_route_and_no_other() {
    let shop = Shop::open(&Database::sqlite()).await;
    let served: BTreeSet<String> = entries(&shop.world)
        .iter()
        .map(|entry| format!("{} {}", entry.method, entry.path))
        .collect();
    let named = page::table(PAGE, "## What is served").into_iter().map(|row| row[0].clone());
    let both = named.flat_map(|route| [route.replacen("/orgs", "/v5/orgs", 1), route]);
    assert_eq!(both.collect::<BTreeSet<_>>(), served);
}

#[test]
fn the_page_names_every_code_with_its_status() {
    let codes = Code::ALL.map(|code| (format!("{code:?}"), code.status().to_string()));
    let named =
        page::table(PAGE, "## Errors").into_iter().map(|row| (row[0].clone(), row[1].clone()));
    assert_eq!(named.collect::<BTreeSet<_>>(), BTreeSet::from(codes));
}
