//! Every format in and out, through the whole surface.

use crate::support::{ADD, Answer, House, SEAT_ID, SIM_ID, USE, end, id};
use abono_testkit::articles::SIM;
use abono_testkit::{Database, on_each_database};
use serde_json::{Value, json};

const JSON: &str = "application/json";
const XML: &str = "application/xml";
const JSV: &str = "text/jsv";
const CSV: &str = "text/csv";
const JSONL: &str = "text/jsonl";
const HTML: &str = "text/html; charset=utf-8";
const FORM: &str = "application/x-www-form-urlencoded";

/// The answer to a body of some type, of which another one is accepted.
async fn ask(
    house: &House,
    (method, path): (&str, &str),
    (content_type, accept): (&str, &str),
    body: &str,
) -> Answer {
    let mut request = house.request(&house.write, (method, path));
    if !content_type.is_empty() {
        request = request.header("content-type", content_type);
    }
    if !accept.is_empty() {
        request = request.header("accept", accept);
    }
    house.send(request, body.to_owned()).await
}

#[tokio::test]
async fn the_first_place_that_names_a_format_decides() {
    let house = House::open(&Database::sqlite()).await;
    let body = json!({"InvoiceArticleId": SIM_ID}).to_string();
    for (path, accept, expected) in [
        ("/licenses/company", "", JSON),
        ("/licenses/company", XML, XML),
        ("/licenses/company", "text/csv;q=0.5, text/jsv", JSV),
        ("/licenses/company", "text/html,application/xhtml+xml,*/*;q=0.8", HTML),
        ("/licenses/company", "*/*", JSON),
        ("/licenses/company", "application/yaml", JSON),
        ("/licenses/company.xml", JSV, XML),
        ("/licenses/company.jsonl", XML, JSONL),
        ("/licenses/company.other", XML, JSON),
        ("/licenses/company?format=csv", XML, CSV),
        ("/licenses/company?format=other", XML, JSON),
        ("/licenses/company?format=yaml", XML, JSON),
        ("/licenses/company?format=", XML, XML),
        ("/licenses/company.xml?Format=JSV", CSV, JSV),
        ("/licenses/company.xml?callback=run&format=csv", JSON, CSV),
        ("/licenses/company?callback=run", "", JSON),
        ("/xml/reply/CreateNonLicenseProduct", JSV, XML),
        ("/csv/reply/CreateNonLicenseProduct?format=jsv", XML, JSV),
        ("/html/reply/CreateNonLicenseProduct", XML, HTML),
    ] {
        let answer = ask(&house, ("PUT", path), (JSON, accept), &body).await;
        assert_eq!(answer.status, 200, "{path} {accept}: {}", answer.text);
        assert_eq!(answer.content_type(), expected, "{path} {accept}");
        assert!(answer.text.contains("Second SIM"), "{path}: {}", answer.text);
        let policy = answer.headers.get("content-security-policy").is_some();
        assert_eq!(policy, expected == HTML, "{path}");
    }
    // Anything means what was sent.
    let jsv = format!("{{InvoiceArticleId:{SIM_ID}}}");
    let answer = ask(&house, ADD, (JSV, "*/*"), &jsv).await;
    assert_eq!((answer.status, answer.content_type()), (200, JSV));
}

#[tokio::test]
async fn each_answer_is_written_in_each_format() {
    let house = House::open(&Database::sqlite()).await;
    let sim = SIM.0;
    let body = json!({"InvoiceArticleId": SIM_ID}).to_string();
    let written = async |word: &str| {
        ask(&house, ("PUT", &format!("/licenses/company.{word}")), (JSON, ""), &body).await.text
    };
    let row = format!("{sim},Second SIM,ext-sim,SIM-2");
    let csv = format!("id,name,externalId,articleNumber\r\n{row}\r\n");
    assert_eq!(written("csv").await, csv, "the rows are those of the products");
    let product = json!({
        "id": sim.to_string(),
        "name": "Second SIM",
        "externalId": "ext-sim",
        "articleNumber": "SIM-2",
    });
    assert_eq!(written("jsonl").await, format!("{product}\n"));
    let jsv = written("jsv").await;
    let products = format!("products:[{{id:{sim},name:Second SIM,externalId:ext-sim,");
    for part in [
        "{productGroupType:Optional,status:Active,id:",
        &*products,
        ",termination:null,created:\"2026-01-17T12:00:00\",",
        "customerBalanceChange:{items:[{type:Addon,",
        ",quantity:1,amount:2,discountAmount:0,totalAmount:2,",
    ] {
        assert!(jsv.contains(part), "{part}: {jsv}");
    }
    let xml = written("xml").await;
    for part in [
        "<CreateSubscriptionProductGroupResult \
         xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xmlns=\"http://schemas.datacontract.org/2004/07/VossIntegration.ApiTools.Model\">\
         <created>2026-01-17T12:00:00</created><customerBalanceChange>",
        "<productGroupType>Optional</productGroupType><products><SubscriptionProduct>\
         <articleNumber>SIM-2</articleNumber>",
        "<termination i:nil=\"true\"/>",
    ] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
    assert!(written("html").await.contains("<h1>CreateSubscriptionProductGroupResult</h1>"));
}

#[tokio::test]
async fn a_termination_in_rows_is_its_reason_and_a_list_its_items() {
    let house = House::open(&Database::sqlite()).await;
    let body = json!({
        "Behaviour": "None", "CreditKind": "Normal", "TerminationReasonComment": "=1, you see",
    });
    let mut written = Vec::new();
    for word in ["csv", "jsonl"] {
        let group = id(&house.add(&house.write, SIM_ID).await);
        let path = format!("{}.{word}", end(&group));
        let answer = ask(&house, ("POST", &path), (JSON, ""), &body.to_string()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        written.push(answer.text);
    }
    let none = "00000000-0000-0000-0000-000000000000";
    let names = "reasonId,reasonName,reasonExternalId,subReasonId,subReasonName,\
                 subReasonExternalId,comment";
    assert_eq!(written[0], format!("{names}\r\n{none},,,,,,\"'=1, you see\"\r\n"));
    assert!(written[1].starts_with(&format!("{{\"reasonId\":\"{none}\"")), "{}", written[1]);
    assert_eq!(written[1].matches('\n').count(), 1);
    let list = ask(&house, ("GET", "/company/invoice/article.csv?Take=1"), ("", ""), "").await;
    let csv = format!("Name,LicenseTypeId,LicenseProductTypeId,Id\r\nSecond SIM,,2,{SIM_ID}\r\n");
    assert_eq!((list.status, list.text), (200, csv));
    let list = ask(&house, ("GET", "/jsonl/reply/CompanyInvoiceArticleQuery"), ("", ""), "").await;
    assert_eq!(list.text.lines().count(), 3);
    let list = ask(&house, ("GET", "/company/invoice/article.xml?Take=1"), ("", ""), "").await;
    assert!(list.text.contains("<ArrayOfInvoiceArticle "), "{}", list.text);
    let nil = "<LicenseProductTypeId>2</LicenseProductTypeId><LicenseTypeId i:nil=\"true\"/>";
    assert!(list.text.contains(nil), "{}", list.text);
}

/// An operation's good input in every type that is read. `GROUP` stands for a product group.
const INPUTS: [(&str, &str, &str, &str); 22] = [
    ("PUT", "/licenses/company", JSON, r#"{"InvoiceArticleId":2001}"#),
    ("PUT", "/licenses/company", "", r#"{"invoiceArticleId":"2001"}"#),
    ("PUT", "/licenses/company", "text/json; charset=UTF-8", r#"{"InvoiceArticleId":2001}"#),
    ("PUT", "/licenses/company", JSONL, "{\"InvoiceArticleId\":2001}\n"),
    ("PUT", "/licenses/company", JSV, "{InvoiceArticleId:2001,Other:}"),
    (
        "PUT",
        "/licenses/company",
        XML,
        "<CreateNonLicenseProduct xmlns=\"urn:x\"><InvoiceArticleId>2001</InvoiceArticleId>\
         </CreateNonLicenseProduct>",
    ),
    ("PUT", "/licenses/company", FORM, "InvoiceArticleId=2001&Other=1"),
    ("PUT", "/licenses/company?InvoiceArticleId=2001", "", ""),
    ("PUT", "/licenses/company?invoicearticleid=2001", JSON, r#"{"InvoiceArticleId":7}"#),
    ("POST", "/json/reply/CreateNonLicenseProduct?InvoiceArticleId=2001", "", ""),
    ("POST", "/voss/usage", JSON, r#"{"ArticleNumber":"SEAT","Quantity":2}"#),
    ("POST", "/voss/usage", JSONL, r#"{"ArticleNumber":"SEAT","Quantity":2}"#),
    ("POST", "/voss/usage", JSV, "{ArticleNumber:SEAT,Quantity:2}"),
    (
        "POST",
        "/voss/usage",
        "text/xml",
        "<CreateVossUsage><ArticleNumber>SEAT</ArticleNumber><Quantity>2</Quantity>\
         </CreateVossUsage>",
    ),
    ("POST", "/voss/usage", FORM, "ArticleNumber=SEAT&Quantity=2"),
    ("POST", "/voss/usage?ArticleNumber=SEAT&Quantity=2", "", ""),
    (
        "POST",
        "/voss/usage/GROUP/termination",
        JSONL,
        r#"{"Behaviour":"Full","CreditKind":"Normal","InvoiceLineTexts":["a","b"]}"#,
    ),
    (
        "POST",
        "/voss/usage/GROUP/termination",
        JSV,
        "{Behaviour:Full,CreditKind:Normal,InvoiceLineTexts:[a,\"b, c\"]}",
    ),
    (
        "POST",
        "/voss/usage/GROUP/termination",
        XML,
        "<T><Behaviour>Full</Behaviour><CreditKind>Normal</CreditKind>\
         <InvoiceLineTexts><string>a</string><string>b</string></InvoiceLineTexts></T>",
    ),
    (
        "POST",
        "/voss/usage/GROUP/termination",
        FORM,
        "Behaviour=Full&CreditKind=Normal&InvoiceLineTexts=%5Ba,b%5D",
    ),
    ("POST", "/voss/usage/GROUP/termination?Behaviour=2&CreditKind=1", "", ""),
    ("PUT", "/json/reply/CreateVossUsageTermination?Id=GROUP&Behaviour=2&CreditKind=1", "", ""),
];

#[test]
fn each_operation_reads_each_format() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        for (method, path, content_type, body) in INPUTS {
            let group = if path.contains("GROUP") {
                id(&house.add(&house.write, SEAT_ID).await)
            } else {
                String::new()
            };
            let path = path.replace("GROUP", &group);
            let answer = ask(&house, (method, &path), (content_type, ""), body).await;
            let answer = answer.good();
            if group.is_empty() {
                let name = &answer["name"];
                assert!(name == "Second SIM" || name == "Seat", "{path}: {answer}");
            } else {
                assert_eq!(answer["creditOptions"]["behaviour"], "Full", "{path}");
            }
        }
        house.holds().await;
    });
}

#[tokio::test]
async fn what_is_not_read_is_refused_in_the_format_that_was_asked_for() {
    let database = Database::sqlite();
    let house = House::open(&database).await;
    let digest = database.digest().await;
    for (content_type, body, code) in [
        (CSV, "InvoiceArticleId\r\n2001", "NotSupportedException"),
        ("text/html", "<p>2001</p>", "NotSupportedException"),
        ("multipart/form-data; boundary=x", "--x--", "NotSupportedException"),
        ("application/json; charset=utf-16", "{}", "NotSupportedException"),
        (JSON, "[]", "SerializationException"),
        (JSON, "{", "SerializationException"),
        (JSON, r#"{"InvoiceArticleId":2001,"invoicearticleid":2001}"#, "SerializationException"),
        (JSONL, "{}\n{}", "SerializationException"),
        (JSV, "{InvoiceArticleId", "SerializationException"),
        (XML, "<a><b></a>", "SerializationException"),
        (FORM, "InvoiceArticleId=%zz", "SerializationException"),
    ] {
        for word in ["json", "xml", "jsv", "csv", "jsonl", "html"] {
            let path = format!("/licenses/company.{word}");
            let answer = ask(&house, ("PUT", &path), (content_type, ""), body).await;
            assert_eq!(answer.status, 400, "{content_type} {body}: {}", answer.text);
            assert!(answer.text.contains(code), "{content_type} {body}: {}", answer.text);
            assert!(answer.content_type().contains(word), "{word}");
        }
    }
    assert_eq!(database.digest().await, digest);
}

#[tokio::test]
async fn a_refusal_is_written_in_each_format() {
    let house = House::open(&Database::sqlite()).await;
    let message = "'InvoiceArticleId' must not be empty.";
    let error = json!({
        "ErrorCode": "NotEmpty", "FieldName": "InvoiceArticleId", "Message": message,
    });
    let whole = json!({
        "ResponseStatus": {"ErrorCode": "NotEmpty", "Message": message, "Errors": [error]},
    });
    let status = format!(
        "{{ErrorCode:NotEmpty,Message:{message},Errors:[{{ErrorCode:NotEmpty,\
         FieldName:InvoiceArticleId,Message:{message}}}]}}"
    );
    for (word, expected) in [
        ("json", whole.to_string()),
        ("jsonl", format!("{whole}\n")),
        ("jsv", format!("{{ResponseStatus:{status}}}")),
        ("csv", format!("ResponseStatus\r\n\"{status}\"\r\n")),
    ] {
        let path = format!("/licenses/company.{word}");
        let answer = ask(&house, ("PUT", &path), (JSON, ""), "{}").await;
        assert_eq!((answer.status, answer.text), (400, expected));
    }
    let xml = ask(&house, ("PUT", "/licenses/company.xml"), (JSON, ""), "{}").await;
    let part = "<ResponseStatus><ErrorCode>NotEmpty</ErrorCode><Errors><ResponseError>";
    assert!(xml.text.contains(part), "{}", xml.text);
    let html = ask(&house, ("PUT", "/licenses/company.html"), (JSON, ""), "{}").await;
    assert!(html.text.contains("NotEmpty"), "{}", html.text);
    assert!(html.headers.contains_key("content-security-policy"));
}

#[test]
fn the_contracts_own_sample_names_no_company_and_no_article() {
    on_each_database(async |database: Database| {
        let house = House::open(&database).await;
        let digest = database.digest().await;
        let company = "00000000-0000-0000-0000-000000000000";
        let body = format!("{{\"CompanyId\":\"{company}\",\"InvoiceArticleId\":0}}");
        let answer = ask(&house, ADD, (JSONL, JSONL), &body).await;
        assert_eq!((answer.status, answer.content_type()), (400, JSONL));
        let said: Value = serde_json::from_str(&answer.text).expect("a line of JSON");
        assert_eq!(said["ResponseStatus"]["Errors"][0]["FieldName"], "InvoiceArticleId");
        assert_eq!(database.digest().await, digest);
    });
}

#[tokio::test]
async fn a_body_that_is_too_large_or_compressed_is_refused_and_not_read() {
    let database = Database::sqlite();
    let house = House::open(&database).await;
    let digest = database.digest().await;
    let large = format!("{{\"x\":\"{}\"}}", "a".repeat(1 << 20));
    let answer = ask(&house, USE, (JSON, ""), &large).await;
    assert_eq!(answer.refused(), (413, "SerializationException".to_owned()));
    let request = house.request(&house.write, USE).header("content-encoding", "gzip");
    assert_eq!(house.send(request, "x").await.refused().0, 415);
    assert_eq!(database.digest().await, digest);
}
