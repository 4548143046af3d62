//! Which bodies are read, and which are refused.

use crate::support::{list, object, refused, sent};
use abono_api_bokamera::format::{
    Decimal, Node, ReadErrorKind as Kind, ResponseStatus, query, read,
};
use http::HeaderMap;

const JSON: &str = "application/json";
const XML: &str = "application/xml";
const JSV: &str = "text/jsv";
const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn the_type_says_how_a_body_is_read_and_without_one_it_is_json() {
    let expected = object(&[("a", Node::text("1"))]);
    for (content_type, body) in [
        ("text/json", r#"{"a":"1"}"#),
        ("Application/JSON; charset=\"UTF-8\"", r#"{"a":"1"}"#),
        ("text/jsonl", "\n{\"a\":\"1\"}\r\n\n"),
        (JSV, "{a:1}"),
        (XML, "<x><a>1</a></x>"),
        ("text/xml;charset=utf-8", "<x><a>1</a></x>"),
        (FORM, "a=1"),
    ] {
        assert_eq!(sent(content_type, body), Ok(expected.clone()), "{content_type}");
    }
    assert_eq!(read(&HeaderMap::new(), br#"{"a":"1"}"#), Ok(expected));
    assert_eq!(sent("image/png", ""), Ok(object(&[])), "no body is no member");
}

#[test]
fn a_type_that_is_not_read_is_said_to_be_so() {
    for content_type in
        ["", "text/plain", "text/csv", "text/html", "application/json; charset=utf-16"]
    {
        assert_eq!(refused(content_type, "{}"), Kind::UnsupportedType, "{content_type}");
    }
    let error = sent("text/csv", "a").expect_err("CSV");
    assert_eq!(ResponseStatus::from(error).error_code, "NotSupportedException");
}

#[test]
fn json_keeps_the_digits_of_its_numbers() {
    let number = |text: &str| Node::Decimal(Decimal::parse(text).expect("a number"));
    assert_eq!(
        sent(JSON, r#"{"a":-7,"b":0.10,"c":1e2,"d":123456789012345678901234,"e":null,"f":[true]}"#),
        Ok(object(&[
            ("a", Node::Int(-7)),
            ("b", number("0.1")),
            ("c", number("100")),
            ("d", Node::text("123456789012345678901234")),
            ("e", Node::Null),
            ("f", list(vec![Node::Bool(true)])),
        ]))
    );
}

#[test]
fn a_name_stands_once_in_whatever_letter_case() {
    for (content_type, body) in [
        (JSON, r#"{"CompanyId":1,"companyid":2}"#),
        (JSON, r#"{"a":[{"b":1,"\u0062":1}]}"#),
        (JSV, "{CompanyId:1,companyid:2}"),
        (FORM, "CompanyId=1&companyid=2"),
        (XML, "<x><CompanyId>1</CompanyId><companyid>1</companyid></x>"),
        (XML, "<x><a>1</a><a>1</a></x>"),
    ] {
        assert_eq!(refused(content_type, body), Kind::DuplicateMember, "{body}");
    }
}

#[test]
fn depth_is_limited_in_every_format() {
    let nested = |open: &str, close: &str, count: usize| {
        format!("{}{}", open.repeat(count), close.repeat(count))
    };
    for count in [33, 100_000] {
        assert_eq!(
            refused(JSON, nested("{\"a\":", "}", count).replace(":}", ":1}")),
            Kind::TooDeep
        );
        assert_eq!(refused(JSV, format!("{{a:{}}}", nested("[", "]", count))), Kind::TooDeep);
        assert_eq!(refused(XML, nested("<a>", "</a>", count)), Kind::TooDeep);
    }
    assert!(sent(JSV, nested("{a:", "}", 32)).is_ok());
    assert!(sent(XML, nested("<a>", "</a>", 32)).is_ok());
}

#[test]
fn the_number_of_members_is_limited_in_every_format() {
    let members = |one: fn(usize) -> String, between: &str, count: usize| {
        (0..count).map(one).collect::<Vec<_>>().join(between)
    };
    let bodies = |count: usize| {
        [
            (JSON, format!("{{{}}}", members(|at| format!("\"a{at}\":1"), ",", count))),
            (JSV, format!("{{{}}}", members(|at| format!("a{at}:1"), ",", count))),
            (XML, format!("<x>{}</x>", members(|at| format!("<a{at}/>"), "", count))),
            (FORM, members(|at| format!("a{at}=1"), "&", count)),
        ]
    };
    for (content_type, body) in bodies(1000) {
        assert!(sent(content_type, body).is_ok(), "{content_type}");
    }
    for (content_type, body) in bodies(1001) {
        assert_eq!(refused(content_type, body), Kind::TooManyMembers, "{content_type}");
    }
}

#[test]
fn nul_and_what_is_not_utf_8_are_refused_in_every_format() {
    for content_type in [JSON, "text/jsonl", JSV, XML, FORM] {
        assert_eq!(refused(content_type, b"{a:\xff}"), Kind::NotUtf8, "{content_type}");
    }
    assert_eq!(refused(JSON, r#"{"a":"\u0000"}"#), Kind::Forbidden);
    assert_eq!(refused(JSV, "{a:\0}"), Kind::Forbidden);
    assert_eq!(refused(FORM, "a=%00"), Kind::Forbidden);
    assert_eq!(refused(XML, "<x><a>\0</a></x>"), Kind::Malformed);
    assert_eq!(refused(XML, "<x><a>&#0;</a></x>"), Kind::Malformed);
    assert_eq!(refused(XML, "<x><a>&#x1;</a></x>"), Kind::Malformed);
}

#[test]
fn a_line_holds_the_one_object_of_a_request() {
    for body in ["", "\n\n", "{}\n{}", "{\"a\":\n1}", "[]", "{} {}"] {
        let body = if body.is_empty() { " " } else { body };
        assert_eq!(refused("text/jsonl", body), Kind::Malformed, "{body}");
    }
}

#[test]
fn jsv_is_read_with_blanks_quotes_and_bare_times() {
    assert_eq!(
        sent(
            JSV,
            " { a : x y , \"b:c\" : \"1,\"\"2\" , d:[ 1,,{e:}] , at:2026-01-31T10:00:00, n:null } "
        ),
        Ok(object(&[
            ("a", Node::text("x y")),
            ("b:c", Node::text("1,\"2")),
            ("d", list(vec![Node::text("1"), Node::text(""), object(&[("e", Node::text(""))])])),
            ("at", Node::text("2026-01-31T10:00:00")),
            ("n", Node::Null),
        ]))
    );
    assert_eq!(sent(JSV, "{}"), Ok(object(&[])));
}

#[test]
fn what_is_no_jsv_is_refused() {
    for body in [
        " ",
        "a",
        "[1]",
        "\"a\"",
        "{",
        "{a",
        "{a:",
        "{a:1",
        "{a:1,",
        "{a:1,}",
        "{:1}",
        "{a}",
        "{a:1}}",
        "{a:1} x",
        "{a:\"1}",
        "{a:\"1\"2}",
        "{a:b{c}",
        "{a:b\"c\"}",
        "{a:1]",
        "{a:[1}",
        "{a b,c:1}",
        "{{a:1}:1}",
    ] {
        assert_eq!(refused(JSV, body), Kind::Malformed, "{body}");
    }
}

#[test]
fn forms_and_queries_are_decoded_whole_or_not_at_all() {
    let expected = object(&[("Name", Node::text("Ä B&=")), ("x", Node::text(""))]);
    assert_eq!(sent(FORM, "Name=%C3%84+B%26%3D&x"), Ok(expected.clone()));
    assert_eq!(query("Name=%C3%84+B%26%3D&x"), Ok(expected));
    assert_eq!(query(""), Ok(object(&[])));
    for text in ["a=%", "a=%4", "a=%zz", "a=%C3", "%ff=1", "=1"] {
        assert_eq!(refused(FORM, text), Kind::Malformed, "{text}");
    }
}

#[test]
fn xml_is_read_with_prefixes_references_comments_and_nil() {
    let body = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a -->\
                <r xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns='urn:a' \
                xmlns:b='urn:b'>\r\n  <b:one>1 &lt;&#x41;&#66;&amp;<![CDATA[<c>&d;]]></b:one>\n\
                <two i:nil=\"true\"/><three> </three><four/>\
                <five b:x='&quot;'><six>\r\n</six></five>\n</r>\n<!-- b -->";
    assert_eq!(
        sent(XML, body),
        Ok(object(&[
            ("one", Node::text("1 <AB&<c>&d;")),
            ("two", Node::Null),
            ("three", Node::text(" ")),
            ("four", Node::Elements(vec![])),
            ("five", Node::Elements(vec![("six".to_owned(), Node::text("\n"))])),
        ]))
    );
}

#[test]
fn what_makes_xml_dangerous_is_refused_by_name() {
    for body in [
        "<!DOCTYPE x><x/>",
        "<!doctype x><x/>",
        "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///a'>]><x><a>&e;</a></x>",
        "<x/><!DOCTYPE x>",
        "<x><a>&e;</a></x>",
        "<x a='&e;'/>",
        "<?xml-stylesheet href='a'?><x/>",
        "<x><?php a?></x>",
        "<x xmlns:xi='http://www.w3.org/2001/XInclude'><a><xi:include href='file:///a'/></a></x>",
        "<x xmlns=\"http://www.w3.org/2001/XInclude\"/>",
    ] {
        assert!(matches!(refused(XML, body), Kind::Forbidden | Kind::Malformed), "{body}");
    }
    assert_eq!(refused(XML, "<!DOCTYPE x><x/>"), Kind::Forbidden);
    assert_eq!(refused(XML, "<x><a>&e;</a></x>"), Kind::Forbidden);
}

#[test]
fn what_is_no_xml_is_refused() {
    for body in [
        " ",
        "a",
        "<x>",
        "<x",
        "</x>",
        "<x></y>",
        "<x/><x/>",
        "<x/>a",
        "a<x/>",
        "<x/>&lt;",
        "<x>a</x>",
        "<x><a>b<c/></a></x>",
        "<p:x/>",
        "<x p:a='1'/>",
        "<x a=1/>",
        "<x a='1' a='1'/>",
        "<1/>",
        "<x><a:></a:></x>",
        "<x><a>&</a></x>",
        "<x><a>&lt</a></x>",
        "<x><a>&#xD800;</a></x>",
        " <?xml version='1.0'?><x/>",
        "<x/><?xml version='1.0'?>",
        "<?xml version='1.1'?><x/>",
        "<?xml version='1.0' encoding='UTF-7'?><x/>",
        "<?xml version='1.0' encoding='utf-16'?><x/>",
        "<x><!-- a -- b --></x>",
        "<x xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><a i:nil='true'>b</a></x>",
    ] {
        assert_eq!(refused(XML, body), Kind::Malformed, "{body}");
    }
}

#[test]
fn attributes_and_namespaces_are_limited() {
    let attributes = |count: usize| {
        let all: String = (0..count).map(|at| format!(" a{at}=''")).collect();
        format!("<x{all}/>")
    };
    let bindings = attributes(65).replace(" a", " xmlns:a").replace("''", "'b'");
    assert!(sent(XML, attributes(64)).is_ok());
    assert_eq!(refused(XML, attributes(65)), Kind::Forbidden);
    assert_eq!(refused(XML, attributes(100_000)), Kind::Forbidden);
    assert_eq!(refused(XML, bindings), Kind::Malformed);
}
