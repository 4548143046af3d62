//! What stands in an answer, to the letter.

use crate::support::{list, object, typed};
use abono_api_bokamera::format::{
    Decimal, FieldError, Format, HTML_SECURITY_POLICY, List, Node, ResponseStatus, Shape, ToNode,
    namespace, write,
};
use jiff::civil::date;
use uuid::Uuid;

static PRODUCT: Shape = Shape {
    name: "SubscriptionProduct",
    namespace: namespace::VOSS,
    members: &["id", "name", "externalId"],
};

static GROUP: Shape = Shape {
    name: "Group",
    namespace: namespace::VOSS,
    members: &["status", "products", "isNew", "created", "termination", "plan", "amount"],
};

/// One type in another namespace, and a list of texts.
static LICENSE: Shape = Shape {
    name: "License",
    namespace: namespace::BOKAMERA,
    members: &["Type", "Group", "Lines", "Count"],
};

const ID: Uuid = Uuid::from_u128(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8);

fn product(name: &str) -> Node {
    typed(&PRODUCT, vec![Node::Guid(ID), Node::text(name), Node::Null])
}

fn group() -> Node {
    let products = vec![product("SMS, 100"), product("")];
    typed(
        &GROUP,
        vec![
            Node::Enum("Active"),
            Node::List(List { of: Some(&PRODUCT), items: products }),
            Node::Bool(true),
            Node::DateTime(date(2026, 1, 31).at(10, 0, 0, 999_999_999)),
            Node::WrittenNull,
            Node::Null,
            Node::Decimal(Decimal::parse("19.90").expect("a number")),
        ],
    )
}

fn license() -> Node {
    let lines = list(vec![Node::text("one"), Node::text("a < b")]);
    typed(&LICENSE, vec![Node::text("Pro"), group(), lines, Node::Int(-5)])
}

#[test]
fn json_leaves_null_out_but_where_it_is_to_be_written() {
    let id = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    assert_eq!(
        write(&group(), Format::Json),
        format!(r#"{{"status":"Active","products":[{{"id":"{id}","name":"SMS, 100"}},"#)
            + &format!(r#"{{"id":"{id}","name":""}}],"#)
            + r#""isNew":true,"created":"2026-01-31T10:00:00","termination":null,"amount":19.9}"#
    );
}

#[test]
fn jsv_quotes_what_holds_a_sign_of_its_syntax() {
    let id = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    assert_eq!(
        write(&group(), Format::Jsv),
        format!(r#"{{status:Active,products:[{{id:{id},name:"SMS, 100"}},{{id:{id},name:}}],"#)
            + r#"isNew:True,created:"2026-01-31T10:00:00",termination:null,amount:19.9}"#
    );
    let texts = ["say \"hi\"", "null", " a", "", "a\nb", "=1"].map(Node::text);
    assert_eq!(
        write(&object(&[("a", list(texts.to_vec()))]), Format::Jsv),
        "{a:[\"say \"\"hi\"\"\",\"null\",\" a\",\"\",\"a\nb\",=1]}"
    );
}

#[test]
fn csv_and_jsonl_carry_the_rows_of_the_first_list() {
    let id = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    assert_eq!(
        write(&group(), Format::Csv),
        format!("id,name,externalId\r\n{id},\"SMS, 100\",\r\n{id},,\r\n")
    );
    assert_eq!(
        write(&group(), Format::Jsonl),
        format!("{{\"id\":\"{id}\",\"name\":\"SMS, 100\"}}\n{{\"id\":\"{id}\",\"name\":\"\"}}\n")
    );
}

#[test]
fn a_list_without_rows_still_has_its_header() {
    let none = Node::List(List { of: Some(&PRODUCT), items: Vec::new() });
    assert_eq!(write(&none, Format::Csv), "id,name,externalId\r\n");
    assert_eq!(write(&none, Format::Jsonl), "");
    assert_eq!(write(&none, Format::Json), "[]");
}

#[test]
fn without_a_list_the_first_object_is_the_row_and_without_that_the_whole() {
    let amount = object(&[("amount", Node::Int(5))]);
    let node = object(&[("at", Node::text("a")), ("first", amount.clone()), ("second", amount)]);
    assert_eq!(write(&node, Format::Csv), "amount\r\n5\r\n");
    assert_eq!(write(&node, Format::Jsonl), "{\"amount\":5}\n");

    // The sample request of the contract's page.
    let request =
        object(&[("CompanyId", Node::Guid(Uuid::nil())), ("InvoiceArticleId", Node::Int(0))]);
    assert_eq!(
        write(&request, Format::Jsonl),
        "{\"CompanyId\":\"00000000-0000-0000-0000-000000000000\",\"InvoiceArticleId\":0}\n"
    );
}

#[test]
fn what_has_parts_stands_as_jsv_in_its_cell() {
    let row = object(&[("price", object(&[("a", Node::text("b\"c"))])), ("on", Node::Bool(false))]);
    assert_eq!(
        write(&list(vec![row]), Format::Csv),
        "price,on\r\n\"{a:\"\"b\"\"\"\"c\"\"}\",False\r\n"
    );
}

#[test]
fn xml_has_members_by_name_and_a_prefix_for_each_other_namespace() {
    let (id, voss) = ("67e55044-10b1-426f-9247-bb680e5fe0c8", namespace::VOSS);
    let product = |name: &str| {
        format!(
            "<d2p1:SubscriptionProduct><d2p1:externalId i:nil=\"true\"/><d2p1:id>{id}</d2p1:id>\
             <d2p1:name>{name}</d2p1:name></d2p1:SubscriptionProduct>"
        )
    };
    let expected = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <License xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xmlns=\"http://schemas.datacontract.org/2004/07/BokaMera.API.ServiceModel.Dtos\">\
         <Count>-5</Count><Group xmlns:d2p1=\"{voss}\">\
         <d2p1:amount>19.9</d2p1:amount>\
         <d2p1:created>2026-01-31T10:00:00</d2p1:created><d2p1:isNew>true</d2p1:isNew>\
         <d2p1:plan i:nil=\"true\"/><d2p1:products>{}{}</d2p1:products>\
         <d2p1:status>Active</d2p1:status><d2p1:termination i:nil=\"true\"/></Group>\
         <Lines xmlns:d2p1=\"http://schemas.microsoft.com/2003/10/Serialization/Arrays\">\
         <d2p1:string>one</d2p1:string><d2p1:string>a &lt; b</d2p1:string></Lines>\
         <Type>Pro</Type></License>",
        product("SMS, 100"),
        product("")
    );
    assert_eq!(write(&license(), Format::Xml), expected);
}

#[test]
fn the_root_of_a_list_is_named_after_its_items() {
    let xml =
        write(&Node::List(List { of: Some(&PRODUCT), items: vec![product("a")] }), Format::Xml);
    assert!(xml.contains("<ArrayOfSubscriptionProduct xmlns:i="), "{xml}");
    assert!(xml.contains("<SubscriptionProduct><externalId i:nil=\"true\"/>"), "{xml}");
}

#[test]
fn xml_and_the_page_replace_what_they_cannot_carry() {
    let node = object(&[("a", Node::text("x\u{1}\u{0}\u{fffe}\r\ty"))]);
    let xml = write(&node, Format::Xml);
    assert!(xml.contains("<a>x\u{fffd}\u{fffd}\u{fffd}&#xD;\ty</a>"), "{xml}");
    assert!(write(&node, Format::Html).contains("x\u{fffd}\u{fffd}\u{fffd}\r\ty"));
    assert_eq!(write(&node, Format::Json), r#"{"a":"x\u0001\u0000￾\r\ty"}"#);
}

#[test]
fn the_page_shows_every_value_and_runs_nothing() {
    let page = write(&license(), Format::Html);
    for part in [
        "<title>License</title>",
        "<h1>License</h1>",
        "<th scope=\"row\">Type</th><td>Pro</td>",
        "<th scope=\"col\">externalId</th>",
        "<td>SMS, 100</td>",
        "<td>a &lt; b</td>",
        "<td><span class=\"none\">none</span></td>",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let script = object(&[("a", Node::text("<script>alert('x')</script>&\""))]);
    let page = write(&script, Format::Html);
    assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;"), "{page}");
    assert!(HTML_SECURITY_POLICY.starts_with("default-src 'none';"));
}

#[test]
fn a_refusal_is_written_in_every_format() {
    let plain = ResponseStatus::new("NotFound", "No such article").to_node();
    assert_eq!(
        write(&plain, Format::Json),
        r#"{"ResponseStatus":{"ErrorCode":"NotFound","Message":"No such article"}}"#
    );
    let fields =
        ResponseStatus::of_fields(vec![FieldError::invalid("InvoiceArticleId", Some("x"))]);
    let node = fields.to_node();
    let said = "'x' is an Invalid value for 'InvoiceArticleId'";
    assert_eq!(
        write(&node, Format::Jsv),
        format!(
            "{{ResponseStatus:{{ErrorCode:SerializationException,Message:{said},Errors:[{{\
             ErrorCode:SerializationException,FieldName:InvoiceArticleId,Message:{said}}}]}}}}"
        )
    );
    for format in [Format::Jsonl, Format::Csv, Format::Html] {
        let text = write(&node, format);
        assert!(text.contains("SerializationException"), "{text}");
        assert!(text.contains("ResponseStatus"), "{text}");
    }
    let xml = write(&node, Format::Xml);
    assert!(
        xml.contains("xmlns=\"http://schemas.servicestack.net/types\"><ResponseStatus><ErrorCode>"),
        "{xml}"
    );
    assert!(xml.contains("<Errors><ResponseError><ErrorCode>"), "{xml}");
}
