//! Members by name, whatever format they came in.

use crate::support::{object, sent};
use abono_api_bokamera::format::{
    Choice, Decimal, FieldError, Fields, FromNode, Node, ResponseStatus, bind, query,
};
use jiff::Timestamp;
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behaviour {
    Prorate,
    Full,
}

impl Choice for Behaviour {
    const CASES: &'static [(i32, &'static str, Self)] =
        &[(1, "Prorate", Self::Prorate), (2, "Full", Self::Full)];

    fn name(self) -> &'static str {
        match self {
            Self::Prorate => "Prorate",
            Self::Full => "Full",
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Request {
    company_id: Option<Uuid>,
    article_id: i32,
    name: Option<String>,
    at: Option<Timestamp>,
    behaviour: Option<Behaviour>,
    lines: Option<Vec<String>>,
    amount: Option<Decimal>,
    item: Option<Item>,
    items: Option<Vec<Item>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Item {
    id: i32,
}

impl FromNode for Item {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let id = fields.required("id", Fields::int);
        Some(Self { id: id? })
    }
}

impl FromNode for Request {
    fn from_fields(fields: &mut Fields<'_>) -> Option<Self> {
        let article_id = fields.required("ArticleId", Fields::int);
        let request = Self {
            company_id: fields.guid_if_any("CompanyId"),
            article_id: article_id.unwrap_or_default(),
            name: fields.text("Name"),
            at: fields.date_time("At"),
            behaviour: fields.choice("Behaviour"),
            lines: fields.texts("Lines"),
            amount: fields.decimal("Amount"),
            item: fields.object("Item"),
            items: fields.list("Items"),
        };
        article_id.is_some().then_some(request)
    }
}

const ID: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

fn bound(content_type: &str, body: &str) -> Result<Request, ResponseStatus> {
    bind(&[&sent(content_type, body).expect(body)])
}

fn expected() -> Request {
    Request {
        company_id: ID.parse().ok(),
        article_id: 7,
        name: Some("A".to_owned()),
        at: "2026-01-31T10:00:00Z".parse().ok(),
        behaviour: Some(Behaviour::Full),
        lines: Some(vec!["x".to_owned(), String::new()]),
        amount: Decimal::parse("19.9"),
        item: Some(Item { id: 1 }),
        items: Some(vec![Item { id: 2 }, Item { id: 3 }]),
    }
}

#[test]
fn one_request_means_the_same_in_every_format() {
    let json = format!(
        r#"{{"COMPANYID":"{ID}","articleId":7,"name":"A","at":"2026-01-31T10:00:00",
            "unknown":[{{}}],"behaviour":"FULL","lines":["x",""],"amount":19.90,
            "item":{{"ID":1}},"items":[{{"id":2}},{{"id":"3"}}]}}"#
    );
    let jsv = format!(
        "{{companyId:\"{{{ID}}}\",ArticleId:7,Name:A,At:2026-01-31T10:00:00,\
         Behaviour:2,Lines:[x,\"\"],Amount:19.90,Item:{{id:1}},Items:[{{id:2}},{{id:3}}]}}"
    );
    let xml = format!(
        "<r><CompanyId>{}</CompanyId><ArticleId>7</ArticleId><Name>A</Name>\
         <At>/Date(1769853600000)/</At><Behaviour>full</Behaviour>\
         <Lines><string>x</string><string/></Lines>\
         <Amount>19.90</Amount><Item><id>1</id></Item><Items><Item><id>2</id></Item>\
         <Item><id>3</id></Item></Items></r>",
        ID.replace('-', "").to_uppercase()
    );
    let form = format!(
        "companyid={ID}&articleid=7&name=A&at=2026-01-31T12:00:00%2B02:00&\
         behaviour=2&lines=[x,\"\"]&amount=19.9&item={{id:1}}&items=[{{id:2}},{{id:3}}]"
    );
    assert_eq!(bound("application/json", &json), Ok(expected()));
    assert_eq!(bound("text/jsv", &jsv), Ok(expected()));
    assert_eq!(bound("application/xml", &xml), Ok(expected()));
    assert_eq!(bound("application/x-www-form-urlencoded", &form), Ok(expected()));
}

#[test]
fn null_is_absence_and_the_zero_id_none() {
    let zero = Uuid::nil();
    let body =
        format!(r#"{{"ArticleId":0,"CompanyId":"{zero}","Name":null,"Lines":null,"Item":null}}"#);
    let request = bound("application/json", &body).expect("a request");
    assert_eq!((request.company_id, request.article_id), (None, 0));
    assert_eq!((request.name, request.lines, request.item), (None, None, None));
    let missing = bound("application/json", r#"{"ArticleId":null}"#).expect_err("no article");
    assert_eq!(missing.error_code, "NotEmpty");
    assert_eq!(missing.errors, [FieldError::empty("ArticleId")]);
}

#[test]
fn every_member_that_is_wrong_is_named() {
    let body = r#"{"CompanyId":"x","ArticleId":2147483648,"Name":{},"At":"soon",
        "Behaviour":3,"Lines":"a","Amount":"1,5","Item":[],"Items":[{"id":"07"},{},5]}"#;
    let status = bound("application/json", body).expect_err("all wrong");
    assert_eq!(status.error_code, "SerializationException");
    assert_eq!(status.message, "'2147483648' is an Invalid value for 'ArticleId'");
    let said: Vec<&str> = status.errors.iter().map(|it| &*it.message).collect();
    assert_eq!(
        said,
        [
            "'2147483648' is an Invalid value for 'ArticleId'",
            "'x' is an Invalid value for 'CompanyId'",
            "Invalid Value for 'Name'",
            "'soon' is an Invalid value for 'At'",
            "'3' is an Invalid value for 'Behaviour'",
            "'a' is an Invalid value for 'Lines'",
            "'1,5' is an Invalid value for 'Amount'",
            "Invalid Value for 'Item'",
            "'07' is an Invalid value for 'Items[0].id'",
            "'Items[1].id' must not be empty.",
            "'5' is an Invalid value for 'Items[2]'",
        ]
    );
    let fields: Vec<&str> = status.errors.iter().map(|it| &*it.field_name).collect();
    assert_eq!(fields[0], "ArticleId");
    assert_eq!(fields[9], "Items[1].id");
}

#[test]
fn a_whole_number_is_written_as_one() {
    for number in ["1.0", "1e0", "-0", "true", "\"\"", "\"1.0\"", "\" 1\"", "[1]", "{}"] {
        let status = bound("application/json", &format!("{{\"ArticleId\":{number}}}"));
        assert_eq!(status.expect_err(number).errors.len(), 1, "{number}");
    }
}

#[test]
fn elements_are_an_object_or_a_list_but_not_both() {
    let read =
        |inner: &str| bound("application/xml", &format!("<r><ArticleId>7</ArticleId>{inner}</r>"));
    let one = read("<Items><Item><id>1</id></Item></Items><Lines/>").expect("one item");
    assert_eq!((one.items, one.lines), (Some(vec![Item { id: 1 }]), Some(vec![])));
    for inner in [
        "<Item><id>1</id><ID>2</ID></Item>",
        "<Item>a</Item>",
        "<Lines><a>1</a><b>2</b></Lines>",
        "<Lines>a</Lines>",
        "<Lines><a><b/></a></Lines>",
    ] {
        assert!(read(inner).is_err(), "{inner}");
    }
    let nil = "<Item xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:nil='1'/>";
    assert_eq!(read(nil).expect("nil").item, None);
}

#[test]
fn the_first_source_that_has_a_member_counts() {
    let path = object(&[("ArticleId", Node::text("1"))]);
    let query = query("articleid=2&name=B").expect("a query");
    let body = sent("application/json", r#"{"ArticleId":3,"Name":"C"}"#).expect("JSON");
    let request: Request = bind(&[&path, &query, &body]).expect("a request");
    assert_eq!((request.article_id, request.name.as_deref()), (1, Some("B")));
}

#[test]
fn a_long_value_is_repeated_only_in_part() {
    let body = format!(r#"{{"ArticleId":"{}"}}"#, "é".repeat(1000));
    let status = bound("application/json", &body).expect_err("no number");
    assert!(status.message.len() < 200, "{}", status.message);
}
