//! Every route for everybody: a table of what each may, and no route beside it.

use crate::support::{Answer, SUB, Telco, served};
use abono_domain::access::Role;
use abono_domain::access::revoke_key::RevokeKey;
use abono_domain::ids::KeyId;
use abono_engine::{Command, Token};
use abono_http::gate::rate::RateLimit;
use abono_testkit::{Database, on_each_database, telecom};
use http::Request;
use std::collections::BTreeSet;

const SUBSCRIPTION: &str = "/v2/orgs/{org_id}/subscriptions/{subscription_id}";
const PRODUCTS: &str = "/v2/orgs/{org_id}/subscriptions/{subscription_id}/products";

/// Each route: method, path, the weakest role, and what it answers.
const EXPECTED: [(&str, &str, Role, u16); 5] = [
    ("GET", SUBSCRIPTION, Role::Viewer, 200),
    ("GET", PRODUCTS, Role::Viewer, 200),
    ("PUT", PRODUCTS, Role::Buyer, 201),
    ("POST", PRODUCTS, Role::Buyer, 201),
    ("PATCH", PRODUCTS, Role::Buyer, 201),
];

/// Slugs that aren't the token's own: somebody else's, nobody's, and what looks like the own one.
const OTHERS: [&str; 7] = ["telco-2", "nobody", "TELCO-1", "telco-1%20", "%25", "%00", ""];

#[test]
fn each_route_answers_everybody_as_the_table_says() {
    on_each_database(async |database: Database| {
        let telco = Telco::open(&database).await;
        let mut swept = 0;
        for entry in served(&telco.world, RateLimit::off()).entries() {
            let line =
                EXPECTED.iter().find(|line| (line.0, line.1) == (&*entry.method, &*entry.path));
            sweep(&telco, line.unwrap_or_else(|| panic!("{entry:?} is not in the table"))).await;
            swept += 1;
        }
        assert_eq!(swept, EXPECTED.len());
    });
}

/// Sends the same good request for a tenant with a token.
async fn ask(
    telco: &Telco,
    (method, path): (&str, &str),
    org: &str,
    token: Option<&str>,
) -> Answer {
    let path = path.replace("{org_id}", org).replace("{subscription_id}", &SUB.to_string());
    let request = Request::builder().method(method).uri(path);
    let request = match token {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    };
    let target = telecom::number(telecom::GB20);
    let body = format!(r#"{{"productId":{target},"scheduled_date":"2026-02-14"}}"#);
    // What a client says about its own roles counts for nothing.
    let request = request.header("x-auth-roles", "API_KEY, ADMIN");
    telco.send(request.header("content-type", "application/json"), body).await
}

async fn sweep(telco: &Telco, line: &(&str, &str, Role, u16)) {
    let (method, path, least, status) = *line;
    let (world, own) = (&telco.world, (status, None));
    let unknown = (401, Some(40101));
    let only_buyers = if least == Role::Buyer { (403, Some(40301)) } else { own };
    let limited = async |role| Some(world.token(role, &[world.customer]).await);
    for (who, token, (status, code)) in [
        ("nobody", None, unknown),
        ("a bad token", Some("bad".to_owned()), unknown),
        ("a revoked token", Some(revoked(telco).await), unknown),
        ("a viewer", Some(telco.viewer.clone()), only_buyers),
        ("a buyer", Some(telco.buyer.clone()), own),
        ("an admin", Some(telco.admin.clone()), own),
        ("a limited viewer", limited(Role::Viewer).await, (403, Some(40301))),
        ("a limited buyer", limited(Role::Buyer).await, (403, Some(40301))),
        ("a limited admin", limited(Role::Admin).await, (403, Some(40301))),
        ("another tenant's", Some(telco.foreign_admin.clone()), (403, Some(40301))),
    ] {
        let answer = ask(telco, (method, path), "telco-1", token.as_deref()).await;
        assert_eq!(answer.status, status, "{who}: {method} {path}: {}", answer.text);
        if let Some(code) = code {
            assert_eq!(answer.code(), code, "{who}: {method} {path}");
        }
    }
    elsewhere(telco, (method, path)).await;
}

/// Beyond the own tenant everything looks alike, whether it is there or not, and to whom ever.
async fn elsewhere(telco: &Telco, route: (&str, &str)) {
    let mut bodies = BTreeSet::new();
    for org in OTHERS {
        for token in [&telco.admin, &telco.buyer, &telco.viewer, &telco.limited] {
            let answer = ask(telco, route, org, Some(token)).await;
            assert_eq!((answer.status, answer.code()), (403, 40301), "{route:?} {org}");
            bodies.insert(answer.text);
        }
        assert_eq!(ask(telco, route, org, None).await.code(), 40101);
    }
    let foreign = Some(&*telco.foreign_admin);
    for org in ["telco-1", "nobody"] {
        bodies.insert(ask(telco, route, org, foreign).await.text);
    }
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

async fn revoked(telco: &Telco) -> String {
    let text = telco.world.token(Role::Admin, &[]).await;
    let id: KeyId = Token::parse(&text).expect("a token").key;
    telco.world.run(Command::RevokeKey(RevokeKey { id })).await.expect("revoked");
    text
}
