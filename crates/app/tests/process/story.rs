//! The story over HTTP with the manual clock, on both databases: list, calculate, invoice, transfer
//! in two parts, licence, renewal, proof.

use crate::support::{Demo, each_database, must};
use serde_json::{Value, json};

struct Buyer<'d> {
    demo: &'d Demo,
    token: String,
    product: String,
    org: String,
}

impl Buyer<'_> {
    fn profile(&self, path: &str) -> String {
        format!("/orgs/{}/profile/{path}", self.org)
    }

    fn products(&self) -> Value {
        self.demo.get(&self.profile("subscriptions/products"), &self.token)
    }

    fn acquired(&self) -> Value {
        self.products()[0]["acquired_license"].clone()
    }

    fn order(&self, verb: &str, plan: &str) -> Value {
        let path = self.profile(&format!("subscriptions/products/{}:{verb}", self.product));
        let body = json!({"plan": {"guid": plan}, "quantity": 1, "period_in_months": 1});
        self.demo.post(201, &path, &self.token, &body)
    }
}

fn expires(value: &Value) -> String {
    value["expires_at"].as_str().unwrap_or_default().chars().take(19).collect()
}

fn major(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

#[test]
fn from_the_list_to_a_renewed_licence() {
    each_database(|database, folder| {
        let demo = Demo::start(folder, database, Some("2026-01-31T10:00:00Z"));
        let buyer = Buyer {
            demo: &demo,
            token: demo.fact("lifepos.token"),
            product: demo.fact("lifepos.product_guid"),
            org: demo.fact("lifepos.org_guid"),
        };
        assert_eq!(buyer.acquired(), Value::Null);
        let plans = demo.facts["lifepos"]["plans"].as_array().expect("plans").clone();
        let sells =
            |plan: &&Value| plan["periods"].as_array().is_some_and(|p| p.contains(&json!(1)));
        let plan = plans.iter().find(sells).expect("one sells a month")["guid"].clone();
        let plan = plan.as_str().expect("a guid");

        let quote = buyer.order("calculate-license", plan);
        assert_eq!(expires(&quote), "2026-02-28T10:00:00");
        let invoice = buyer.order("create-invoice", plan);
        assert_eq!(invoice["total_sum"], quote["total_sum"]);
        assert_eq!(invoice["status"], "Pending");
        let total = invoice["total_sum"]["value"].as_i64().expect("minor units");
        let guid = invoice["guid"].as_str().expect("a guid");
        let number = invoice["number"].as_str().expect("a number");
        for (name, minor) in [(guid, total / 3), (number, total - total / 3)] {
            assert_eq!(buyer.acquired(), Value::Null);
            let amount = major(minor);
            let args = ["payment", "record", "--invoice", name, "--amount", &amount];
            must(database, &[&args[..], &["--currency", "RUB"]].concat());
        }
        assert_eq!(expires(&buyer.acquired()), "2026-02-28T10:00:00");

        let clock = json!({"to": "2026-02-20T08:00:00Z"});
        demo.post(200, "/demo/clock", &demo.fact("admin_token"), &clock);
        assert_eq!(expires(&buyer.order("calculate-license", plan)), "2026-03-31T10:00:00");
        let renewal = buyer.order("create-invoice", plan);
        let guid = renewal["guid"].as_str().expect("a guid");
        let amount = major(total);
        let args = ["payment", "record", "--invoice", guid, "--amount", &amount];
        must(database, &[&args[..], &["--currency", "RUB"]].concat());
        assert_eq!(expires(&buyer.acquired()), "2026-03-31T10:00:00");

        let advance = json!({"advance": "P3M"});
        demo.post(200, "/demo/clock", &demo.fact("admin_token"), &advance);
        assert_eq!(buyer.acquired(), Value::Null);
        let last = buyer.products()[0]["last_paid_subscription_expired_at"].clone();
        assert!(last.as_str().is_some_and(|at| at.starts_with("2026-03-31T10:00:00")), "{last}");
        must(database, &["verify"]);
    });
}
