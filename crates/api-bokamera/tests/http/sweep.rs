//! Every route for everybody: a table of what each may, and no route beside it.

use crate::support::{Answer, House, LIST, SIM_ID, end, limited, served};
use abono_domain::access::Role;
use abono_domain::access::revoke_key::RevokeKey;
use abono_domain::ids::KeyId;
use abono_engine::{Command, Token};
use abono_http::gate::rate::{Rate, RateLimit};
use abono_testkit::articles::{EXTRAS, SEAT};
use abono_testkit::{Database, on_each_database};
use http::Request;
use http::request::Builder;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// Each operation: its name, its method and path, and whether only a writer may.
const OPERATIONS: [(&str, &str, &str, bool); 4] = [
    ("CreateNonLicenseProduct", "PUT", "/licenses/company", true),
    ("CreateVossUsage", "POST", "/voss/usage", true),
    ("CreateVossUsageTermination", "POST", "/voss/usage/{id}/termination", true),
    ("CompanyInvoiceArticleQuery", "GET", "/company/invoice/article", false),
];

/// The words of the formats, and the types of what is written in them.
const FORMATS: [(&str, &str); 6] = [
    ("json", "application/json"),
    ("xml", "application/xml"),
    ("jsv", "text/jsv"),
    ("csv", "text/csv"),
    ("jsonl", "text/jsonl"),
    ("html", "text/html; charset=utf-8"),
];

/// A route as it is asked.
struct Line {
    operation: &'static str,
    method: String,
    path: String,
    only_writers: bool,
    /// The type of all that it answers.
    content_type: &'static str,
}

/// Every line that there must be: each operation at its path, and by its name in each format, by
/// its own method and two more.
fn lines() -> Vec<Line> {
    let mut all = Vec::new();
    for (operation, own, path, only_writers) in OPERATIONS {
        let line = |method: &str, path: &str, content_type| {
            let (method, path) = (method.to_owned(), path.to_owned());
            Line { operation, method, path, only_writers, content_type }
        };
        all.push(line(own, path, "application/json"));
        for (word, content_type) in FORMATS {
            for method in BTreeSet::from([own, "POST", "PUT"]) {
                all.push(line(method, &format!("/{word}/reply/{operation}"), content_type));
            }
        }
    }
    all
}

impl Line {
    /// A good request of it, which ends `group` where it ends one.
    async fn ask(&self, house: &House, request: Builder, group: &str) -> Answer {
        let company = house.world.customer.to_string();
        let body = match self.operation {
            "CreateNonLicenseProduct" => {
                json!({"CompanyId": company, "InvoiceArticleId": SIM_ID})
            }
            "CreateVossUsage" => {
                json!({"CompanyId": company, "ArticleNumber": "SEAT", "Quantity": 2})
            }
            "CreateVossUsageTermination" => json!({
                "CompanyId": company, "Id": group, "Behaviour": "None", "CreditKind": "Normal",
            }),
            _ => Value::Null,
        };
        let request = request.method(&*self.method).uri(self.path.replace("{id}", group));
        if body.is_null() {
            return house.send(request, "").await;
        }
        house.send(request.header("content-type", "application/json"), body.to_string()).await
    }
}

#[test]
fn each_route_answers_everybody_as_the_table_says() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let surface = served(&house.world, &house.issuer, 0);
        let served: BTreeSet<(String, String)> =
            surface.entries().map(|it| (it.method.clone(), it.path.clone())).collect();
        let known = lines().into_iter().map(|it| (it.method, it.path));
        assert_eq!(known.collect::<BTreeSet<_>>(), served);
        let (group, revoked) = (fresh(&house).await, revoked(&house).await);
        let digest = database.digest().await;
        for line in lines() {
            refuse(&house, &line, (&group, &revoked)).await;
        }
        assert_eq!(database.digest().await, digest, "what is refused changes nothing");
        for line in lines() {
            allow(&house, &line).await;
        }
        house.holds().await;
    });
}

async fn fresh(house: &House) -> String {
    house.group((EXTRAS, SEAT)).await.group.subscription.id.to_string()
}

/// Everybody who may not, and those of whom it isn't known whether they may.
async fn refuse(house: &House, line: &Line, (group, revoked): (&str, &str)) {
    let own = &*house.application;
    let (no_key, no_token): (Option<&str>, Option<&str>) = (None, None);
    let reader = if line.only_writers { 403 } else { 200 };
    let bare = &own[..own.len() - 1];
    for (who, key, token, status) in [
        ("nobody", no_key, no_token, 401),
        ("an application alone", Some(own), None, 401),
        ("a superadmin without an application", None, Some(&*house.superadmin), 401),
        ("a superadmin beside half an application", Some(bare), Some(&*house.superadmin), 401),
        ("a superadmin as application", Some(&*house.superadmin), Some(&*house.superadmin), 401),
        ("a bad token", Some(own), Some("bad"), 401),
        ("a revoked token", Some(own), Some(revoked), 401),
        ("another seller's superadmin", Some(own), Some(&*house.foreign_superadmin), 401),
        ("beside a stranger's key", Some(&*house.foreign_application), Some(&*house.write), 401),
        ("an application as user", Some(own), Some(own), 403),
        ("a reader", Some(own), Some(&*house.read), reader),
        ("another company", Some(own), Some(&*house.other), reader),
    ] {
        let answer = line.ask(house, asking(key, token), group).await;
        let said = format!("{who}: {} {}: {}", line.method, line.path, answer.text);
        assert_eq!(answer.status, status, "{said}");
        assert_eq!(answer.content_type(), line.content_type, "{said}");
        let code = match status {
            401 => "Unauthorized",
            403 => "Forbidden",
            _ => continue,
        };
        assert!(answer.text.contains("ResponseStatus") && answer.text.contains(code), "{said}");
        let challenge = answer.headers.get("www-authenticate").map(|it| it.to_str().expect("text"));
        let expected = (status == 401).then_some(r#"Bearer realm="abono""#);
        assert_eq!(challenge, expected, "{said}");
    }
}

/// Everybody who may.
async fn allow(house: &House, line: &Line) {
    for token in [&house.write, &house.superadmin] {
        let is_end = line.operation == "CreateVossUsageTermination";
        let group = if is_end { fresh(house).await } else { String::new() };
        let request = asking(Some(&house.application), Some(token));
        let answer = line.ask(house, request, &group).await;
        assert_eq!(answer.status, 200, "{} {}: {}", line.method, line.path, answer.text);
        assert_eq!(answer.content_type(), line.content_type);
    }
}

fn asking(key: Option<&str>, token: Option<&str>) -> Builder {
    let mut request = Request::builder();
    if let Some(key) = key {
        request = request.header("x-api-key", key);
    }
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    request
}

async fn revoked(house: &House) -> String {
    let text = house.world.token(Role::Admin, &[]).await;
    let id: KeyId = Token::parse(&text).expect("a token").key;
    house.world.run(Command::RevokeKey(RevokeKey { id })).await.expect("revoked");
    text
}

/// What lies beside the routes: under each base, and where a suffix or a name is another one.
const BESIDE: [&str; 22] = [
    "/licenses",
    "/licenses/",
    "/licenses/company/",
    "/licenses/company/7",
    "/licenses/companies",
    "/licenses/Company",
    "/licenses/company.",
    "/licenses/company.yaml",
    "/licenses/company.JSON",
    "/licenses/company.json.xml",
    "/licenses/types/",
    "/voss",
    "/voss/invoice",
    "/voss/usage/7",
    "/voss/usage/7/terminations",
    "/voss/usage/7/termination/8",
    "/voss/packages",
    "/company",
    "/company/invoice",
    "/json/reply",
    "/json/reply/createvossusage",
    "/json/reply/CreateVossUsage.json",
];

#[tokio::test]
async fn what_is_no_path_of_the_contract_is_not_found_by_those_who_are_known() {
    let database = Database::sqlite();
    let house = House::open(&database).await;
    let digest = database.digest().await;
    for path in BESIDE {
        for method in ["GET", "PUT", "POST", "DELETE"] {
            let known = house.ask(&house.superadmin, (method, path), &Value::Null).await;
            let refused = if path.ends_with(".xml") {
                assert_eq!(known.content_type(), "application/xml");
                assert!(known.text.contains("<ErrorCode>NotFound</ErrorCode>"), "{}", known.text);
                (known.status, "NotFound".to_owned())
            } else {
                known.refused()
            };
            assert_eq!(refused, (404, "NotFound".to_owned()), "{method} {path}");
            let nobody = house.send(asking(None, None).method(method).uri(path), "").await;
            assert_eq!(nobody.status, 401, "without a token: {method} {path}");
        }
    }
    assert_eq!(database.digest().await, digest);
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let database = Database::sqlite();
    let house = House::open(&database).await;
    let digest = database.digest().await;
    let unknown = end("7");
    for (path, allow, methods) in [
        ("/licenses/company", "PUT", ["GET", "POST", "DELETE", "HEAD", "OPTIONS", "PURGE"]),
        ("/licenses/company.json", "PUT", ["GET", "POST", "DELETE", "PATCH", "OPTIONS", "put"]),
        ("/voss/usage", "POST", ["GET", "PUT", "DELETE", "HEAD", "PATCH", "TRACE"]),
        (&unknown, "POST", ["GET", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"]),
        (LIST.1, "GET", ["POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"]),
        (
            "/json/reply/CreateVossUsage",
            "POST, PUT",
            ["GET", "DELETE", "HEAD", "PATCH", "OPTIONS", "TRACE"],
        ),
        (
            "/json/reply/CompanyInvoiceArticleQuery",
            "GET, POST, PUT",
            ["DELETE", "HEAD", "PATCH", "OPTIONS", "TRACE", "get"],
        ),
    ] {
        for method in methods {
            let answer = house.ask(&house.read, (method, path), &Value::Null).await;
            if method == "HEAD" {
                assert_eq!((answer.status, &*answer.text), (405, ""), "{path}");
            } else {
                let refused = answer.refused();
                assert_eq!(refused, (405, "NotSupportedException".to_owned()), "{method} {path}");
            }
            assert_eq!(answer.headers["allow"], allow, "{method} {path}");
            let nobody = house.send(asking(None, None).method(method).uri(path), "").await;
            assert_eq!(nobody.status, 401, "{method} {path}");
        }
    }
    assert_eq!(database.digest().await, digest);
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_back_and_others_are_not() {
    let mut house = House::open(&Database::sqlite()).await;
    let one = NonZeroU32::MIN;
    let limit =
        RateLimit::new(Rate { per_second: one, burst: one }, Arc::new(|| Duration::from_secs(1)));
    house.router = limited(&house.world, &house.issuer, 0, limit).into_router();
    assert_eq!(house.ask(&house.read, LIST, &Value::Null).await.status, 200);
    for path in [LIST.1, "/licenses/none"] {
        let answer = house.ask(&house.read, ("GET", path), &Value::Null).await;
        assert_eq!(answer.refused(), (429, "TooManyRequests".to_owned()), "{path}");
        assert_eq!(answer.headers["retry-after"], "1");
    }
    assert_eq!(house.ask(&house.write, LIST, &Value::Null).await.status, 200);
}
