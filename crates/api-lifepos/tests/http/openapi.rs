//! The description says what is served: no route more or less, and nothing that leads nowhere.

use crate::support::{Shop, entries};
use crate::sweep::EXPECTED;
use abono_api_lifepos::Code;
use abono_api_lifepos::openapi::{Sold, SoldPlan, describe};
use abono_testkit::{Database, seller};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

fn description(sold: Option<&Sold>) -> Value {
    serde_json::from_str(&describe(sold).expect("a description")).expect("JSON")
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap_or_else(|| panic!("an object: {value}"))
}

/// Every object anywhere in it.
fn objects<'a>(value: &'a Value, found: &mut Vec<&'a Map<String, Value>>) {
    match value {
        Value::Object(members) => {
            found.push(members);
            members.values().for_each(|member| objects(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| objects(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn operations(description: &Value) -> impl Iterator<Item = (&String, String, &Value)> {
    object(&description["paths"]).iter().flat_map(|(path, methods)| {
        let methods = object(methods).iter();
        methods.map(move |(method, operation)| (path, method.to_uppercase(), operation))
    })
}

#[tokio::test]
async fn every_route_is_described_and_nothing_else() {
    let database = Database::sqlite();
    let shop = Shop::open(&database).await;
    let entries = entries(&shop.world).into_iter().map(|it| (it.method, it.path));
    let description = description(None);
    let servers = description["servers"].as_array().expect("servers");
    let prefixes = servers.iter().map(|it| it["url"].as_str().expect("a URL"));
    let described: BTreeSet<_> = prefixes
        .flat_map(|prefix| {
            let prefix = prefix.trim_end_matches('/');
            operations(&description)
                .map(move |(path, method, _)| (method, format!("{prefix}{path}")))
        })
        .collect();
    assert_eq!(described, entries.collect());
}

#[test]
fn each_operation_answers_with_the_status_that_is_described() {
    let description = description(None);
    for (path, method, operation) in operations(&description) {
        let line = EXPECTED.iter().find(|it| it.0 == method && format!("/orgs{}", it.1) == *path);
        let status = line.expect("a line of the table").3.to_string();
        let statuses: Vec<_> = object(&operation["responses"]).keys().cloned().collect();
        assert_eq!(statuses, [&status, "401", "403", "404", "422", "429", "500"], "{path}");
    }
}

#[test]
fn every_reference_and_every_link_leads_somewhere() {
    let sold = Sold { orgs: vec![], products: vec![], plans: vec![], payers: vec![] };
    for description in [description(None), description(Some(&sold))] {
        let ids: BTreeSet<&str> = operations(&description)
            .filter_map(|(_, _, operation)| operation["operationId"].as_str())
            .collect();
        assert_eq!(ids.len(), EXPECTED.len());
        let mut found = Vec::new();
        objects(&description, &mut found);
        let mut followed = 0;
        for members in found {
            if let Some(Value::String(reference)) = members.get("$ref") {
                let target = reference.strip_prefix('#').and_then(|it| description.pointer(it));
                assert!(target.is_some(), "{reference}");
                followed += 1;
            }
            if let Some(Value::Object(links)) = members.get("links") {
                for link in links.values() {
                    assert!(link["operationId"].as_str().is_some_and(|id| ids.contains(id)));
                }
            }
        }
        assert!(followed > 50, "{followed}");
    }
}

#[test]
fn what_is_answered_has_all_its_members_and_an_order_may_leave_some_out() {
    let description = description(None);
    for (name, schema) in object(&description["components"]["schemas"]) {
        let Some(properties) = schema["properties"].as_object() else { continue };
        let required: BTreeSet<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let all: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
        if name == "LicenseOrder" {
            assert_eq!(required, ["plan", "quantity", "period_in_months"].into());
            assert!(all.contains("who_pays") && all.contains("type_of"));
        } else {
            assert_eq!(required, all, "{name}");
        }
    }
    let codes = &description["components"]["schemas"]["ErrorCode"]["enum"];
    assert_eq!(*codes, json!(Code::ALL.map(|code| format!("{code:?}")).to_vec()));
}

#[test]
fn a_narrowed_description_has_an_order_for_each_plan() {
    let (plan, payer) = (seller::BASIC.0, Uuid::from_u128(7));
    let sold = Sold {
        orgs: vec![Uuid::from_u128(1)],
        products: vec![seller::PRODUCT.0],
        plans: vec![SoldPlan { guid: plan, periods: vec![1, 12] }],
        payers: vec![payer],
    };
    let description = description(Some(&sold));
    let order = &description["components"]["schemas"]["LicenseOrder"]["anyOf"][0];
    let properties = &order["properties"];
    assert_eq!(properties["plan"]["properties"]["guid"]["enum"], json!([plan]));
    assert_eq!(properties["period_in_months"]["enum"], json!([1, 12]));
    let payers = &properties["who_pays"]["oneOf"][1]["properties"]["guid"]["enum"];
    assert_eq!(*payers, json!([payer]));
    assert_eq!(properties["quantity"]["maximum"], 100_000);
    let (_, _, operation) = operations(&description)
        .find(|(_, _, operation)| operation["operationId"] == "SubscriptionCreateInvoice")
        .expect("the operation");
    let ids = &operation["parameters"][1]["schema"]["anyOf"];
    assert_eq!((&ids[0]["enum"], &ids[1]["format"]), (&json!([seller::PRODUCT.0]), &json!("uuid")));
}
