//! Who may do what for whom: each role with each operation, for its own company, another one and
//! one that there isn't; by tokens of ours and by those of the identity provider.

use crate::support::{ADD, Answer, House, LIST, NOBODY, SIM_ID, USE, end};
use abono_domain::ids::CustomerId;
use abono_testkit::articles::{EXTRAS, SEAT};
use abono_testkit::{Database, on_each_database};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const WRITE: &str = "bookingsupplier-administrator-write";
const READ: &str = "bookingsupplier-administrator-read";

/// Who asks, and what they are answered that name the first company, the second, nobody, and no
/// company at all. The second one has no subscription.
struct Line {
    who: &'static str,
    token: String,
    answers: [(u16, &'static str); 4],
    /// What the list of articles is answered with.
    list: (u16, &'static str),
}

const DONE: (u16, &str) = (200, "");
const UNKNOWN: (u16, &str) = (401, "Unauthorized");
const DENIED: (u16, &str) = (403, "Forbidden");
const NOT_THERE: (u16, &str) = (404, "NotFound");
const NO_COMPANY: (u16, &str) = (400, "NotEmpty");

fn table(house: &House) -> Vec<Line> {
    let (first, second) = (Some(house.world.customer), Some(house.world.other));
    let nowhere = Some(CustomerId(NOBODY.parse().expect("a uuid")));
    let everywhere = [DONE, NOT_THERE, NOT_THERE, NO_COMPANY];
    let own = [DONE, DENIED, DENIED, DONE];
    let of_second = [DENIED, NOT_THERE, DENIED, NOT_THERE];
    let nothing = [DENIED; 4];
    let line =
        |who, token: &str, answers, list| Line { who, token: token.to_owned(), answers, list };
    let user = |role, company| house.jwt("anna", role, company);
    let expired = "eyJhbGciOiJub25lIn0.e30.";
    vec![
        line("nobody", "", [UNKNOWN; 4], UNKNOWN),
        line("a token without a signature", expired, [UNKNOWN; 4], UNKNOWN),
        line("our reader", &house.read, nothing, DONE),
        line("our writer", &house.write, own, DONE),
        line("our superadmin", &house.superadmin, everywhere, DONE),
        line("our writer of the second", &house.other, of_second, DONE),
        line("a user without a role", &user("somebody", first), nothing, DENIED),
        line("a role in other letters", &user("SuperAdmin", first), nothing, DENIED),
        line("a role with an end", &user("superadmin ", first), nothing, DENIED),
        line("a reading user", &user(READ, first), nothing, DONE),
        line("a writing user", &user(WRITE, first), own, DONE),
        line("a writing user of nobody", &user(WRITE, None), nothing, DENIED),
        line("a user of the second", &user(WRITE, second), of_second, DONE),
        line(
            "a user of a company that there isn't",
            &user(WRITE, nowhere),
            [DENIED, DENIED, NOT_THERE, NOT_THERE],
            DONE,
        ),
        line("a superadmin", &user("superadmin", None), everywhere, DONE),
        line(
            "a superadmin of the first",
            &user("superadmin", first),
            [DONE, NOT_THERE, NOT_THERE, DONE],
            DONE,
        ),
    ]
}

/// The operations that write.
const OPERATIONS: [&str; 3] = ["add", "use", "end"];

/// Asks for an operation, for a company where one is named.
async fn ask(
    house: &House,
    token: &str,
    operation: &str,
    (company, group): (&str, &str),
) -> Answer {
    let path = end(group);
    let (line, mut body) = match operation {
        "add" => (ADD, json!({"InvoiceArticleId": SIM_ID})),
        "use" => (USE, json!({"ArticleNumber": "SEAT", "Quantity": 1})),
        _ => (("POST", &*path), json!({"Behaviour": "None", "CreditKind": "Internal"})),
    };
    if !company.is_empty() {
        body["CompanyId"] = company.into();
    }
    house.ask(token, line, &body).await
}

#[test]
fn each_role_may_do_what_the_matrix_says_and_a_refusal_changes_nothing() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let (table, group) = (table(&house), fresh(&house).await);
        let mut denied = BTreeSet::new();
        for line in &table {
            let digest = database.digest().await;
            for (operation, named, expected) in cases(&house, line).filter(|it| it.2 != DONE) {
                let answer = ask(&house, &line.token, operation, (&named, &group)).await;
                let said = format!("{}: {operation} {named:?}: {}", line.who, answer.text);
                assert_eq!(answer.refused(), (expected.0, expected.1.to_owned()), "{said}");
                if expected == DENIED {
                    denied.insert(answer.text);
                }
            }
            let list = house.ask(&line.token, LIST, &Value::Null).await;
            assert_eq!(list.status, line.list.0, "{}: {}", line.who, list.text);
            assert_eq!(database.digest().await, digest, "{}: something was changed", line.who);
        }
        assert_eq!(denied.len(), 1, "every company that isn't one's own looks alike: {denied:?}");
        for line in &table {
            for (operation, named, _) in cases(&house, line).filter(|it| it.2 == DONE) {
                let group = fresh(&house).await;
                let before = house.world.added().await;
                let answer = ask(&house, &line.token, operation, (&named, &group)).await;
                let said = format!("{}: {operation} {named:?}: {}", line.who, answer.text);
                assert_eq!(answer.status, 200, "{said}");
                let after = house.world.added().await;
                let ended = after.terminations.len() - before.terminations.len();
                let added = after.groups.len() - before.groups.len();
                let is_end = operation == "end";
                assert_eq!((added, ended), if is_end { (0, 1) } else { (1, 0) }, "{said}");
            }
        }
        house.holds().await;
    });
}

/// A product group that runs.
async fn fresh(house: &House) -> String {
    house.group((EXTRAS, SEAT)).await.group.subscription.id.to_string()
}

/// Each operation for each company that is named, and how it is answered.
fn cases(
    house: &House,
    line: &Line,
) -> impl Iterator<Item = (&'static str, String, (u16, &'static str))> {
    let companies = [house.world.customer, house.world.other].map(|company| company.to_string());
    let [first, second] = companies;
    let named = [first, second, NOBODY.to_owned(), String::new()];
    let named: Vec<_> = named.into_iter().zip(line.answers).collect();
    OPERATIONS.into_iter().flat_map(move |operation| {
        let named = named.clone().into_iter();
        named.map(move |(company, answer)| (operation, company, answer))
    })
}

#[tokio::test]
async fn the_zero_id_names_no_company() {
    let house = House::open(&Database::sqlite()).await;
    let zero = "00000000-0000-0000-0000-000000000000";
    for company in [Value::Null, zero.into(), zero.replace('-', "").into()] {
        let body = json!({"CompanyId": company, "InvoiceArticleId": SIM_ID});
        let own = house.ask(&house.write, ADD, &body).await.good();
        let recipient = &own["customerBalanceChange"]["items"][0]["invoiceRecipientCustomerId"];
        assert_eq!(*recipient, house.world.customer.to_string());
        let none = house.ask(&house.superadmin, ADD, &body).await;
        assert_eq!(none.refused(), (400, "NotEmpty".to_owned()));
        assert_eq!(none.fields(), ["CompanyId"]);
    }
}

#[tokio::test]
async fn a_company_is_named_in_any_spelling_of_its_id() {
    let house = House::open(&Database::sqlite()).await;
    let id = house.world.customer.to_string();
    for spelled in [id.to_uppercase(), id.replace('-', ""), format!("{{{id}}}")] {
        let body = json!({"companyid": spelled, "INVOICEARTICLEID": SIM_ID.to_string(), "X": {}});
        house.ask(&house.write, ADD, &body).await.good();
    }
    let wrong = json!({"CompanyId": "seven", "InvoiceArticleId": "one"});
    let answer = house.ask(&house.write, ADD, &wrong).await;
    assert_eq!(answer.refused(), (400, "SerializationException".to_owned()));
    assert_eq!(answer.fields(), ["CompanyId", "InvoiceArticleId"]);
    assert_eq!(answer.message(), "'seven' is an Invalid value for 'CompanyId'");
}
