//! Trees of any kind, and what is left of one once a format has carried it.

use abono_api_bokamera::format::{Decimal, List, Node, Object};
use jiff::civil::{DateTime, date};
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Texts that test quoting and escaping, and others.
fn text() -> impl Strategy<Value = String> {
    let sign = prop::sample::select(vec![
        "\"", "\"\"", ":", ",", "{", "}", "[", "]", "\r", "\n", "\r\n", "\t", " ", "null", "true",
        "'", "=", "&", "&amp;", "<", "]]>", "<!--", "\\", "\\u0000", "/", "é", "😀", "\u{2028}",
        "\u{85}", "a", "1", "+", "%41", "",
    ]);
    prop_oneof![
        prop::collection::vec(sign, 0..6).prop_map(|signs| signs.concat()),
        // Whatever XML can carry, so that no format has to replace a character.
        "[\\t\\n\\r -\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]{0,12}",
    ]
}

fn moment() -> impl Strategy<Value = DateTime> {
    (1_i16..=9999, 1_i8..=12, 1_i8..=28, 0_i8..24, 0_i8..60, 0_i8..60)
        .prop_map(|(year, month, day, h, m, s)| date(year, month, day).at(h, m, s, 0))
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (any::<i64>(), 0_u32..=18).prop_map(|(units, scale)| {
        Decimal::parse(&format!("{units}e-{scale}")).expect("19 digits at most")
    })
}

fn scalar() -> impl Strategy<Value = Node> {
    prop_oneof![
        text().prop_map(Node::Text),
        text().prop_map(Node::Text),
        any::<i64>().prop_map(Node::Int),
        decimal().prop_map(Node::Decimal),
        any::<bool>().prop_map(Node::Bool),
        any::<u128>().prop_map(|bits| Node::Guid(Uuid::from_u128(bits))),
        moment().prop_map(Node::DateTime),
        prop::sample::select(vec!["Main", "Addon"]).prop_map(Node::Enum),
        Just(Node::Null),
        Just(Node::WrittenNull),
    ]
}

fn members(value: impl Strategy<Value = Node>) -> impl Strategy<Value = Node> {
    // Lower case alone, since names of one object differ in more than case.
    prop::collection::btree_map("[a-z][a-z0-9]{0,5}", value, 0..5).prop_map(|members| {
        let members = members.into_iter().map(|(name, node)| (name.into(), node)).collect();
        Node::Object(Object { shape: None, members })
    })
}

/// An object with values of every kind, some levels deep.
pub(crate) fn tree() -> impl Strategy<Value = Node> {
    let value = scalar().prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| Node::List(List { of: None, items })),
            members(inner),
        ]
    });
    members(value)
}

/// A list of objects of one kind, with scalars in them.
pub(crate) fn rows() -> impl Strategy<Value = Vec<Node>> {
    let names = prop::collection::btree_set("[a-z]{1,4}", 1..4);
    (names, 0_usize..5).prop_flat_map(|(names, count)| {
        let row = names.iter().map(|name| (Just(name.clone()), scalar())).collect::<Vec<_>>();
        prop::collection::vec(row, count..=count).prop_map(|rows| {
            let row = |members: Vec<(String, Node)>| {
                let members = members.into_iter().map(|(name, node)| (name.into(), node));
                Node::Object(Object { shape: None, members: members.collect() })
            };
            rows.into_iter().map(row).collect()
        })
    })
}

/// A tree as JSON carries it: with the types that JSON has.
pub(crate) fn in_json(node: &Node) -> Node {
    match node {
        Node::Decimal(number) => {
            number.to_string().parse().map_or(Node::Decimal(*number), Node::Int)
        }
        Node::Int(_) | Node::Bool(_) => node.clone(),
        Node::Object(_)
        | Node::List(_)
        | Node::Elements(_)
        | Node::Text(_)
        | Node::Guid(_)
        | Node::DateTime(_)
        | Node::Enum(_)
        | Node::Null
        | Node::WrittenNull => carried(node, "true", "false", in_json),
    }
}

/// A tree as JSV carries it: every scalar is a text.
pub(crate) fn in_jsv(node: &Node) -> Node {
    carried(node, "True", "False", in_jsv)
}

fn carried(node: &Node, yes: &str, no: &str, inner: fn(&Node) -> Node) -> Node {
    match node {
        Node::Object(object) => {
            let kept = object.members.iter().filter(|(_, value)| *value != Node::Null);
            let members = kept.map(|(name, value)| (name.clone(), inner(value))).collect();
            Node::Object(Object { shape: None, members })
        }
        Node::List(list) => {
            Node::List(List { of: None, items: list.items.iter().map(inner).collect() })
        }
        Node::Bool(truth) => Node::text(if *truth { yes } else { no }),
        Node::Null | Node::WrittenNull => Node::Null,
        Node::Elements(_) => unreachable!("no tree of ours has elements"),
        Node::Text(_)
        | Node::Int(_)
        | Node::Decimal(_)
        | Node::Guid(_)
        | Node::DateTime(_)
        | Node::Enum(_) => Node::Text(plain(node)),
    }
}

/// A tree as XML carries it: texts, and elements that may be members or items. The root is an
/// object for certain.
pub(crate) fn in_xml(root: &Node) -> Node {
    let Node::Elements(members) = element(root) else { unreachable!("the root is an object") };
    let members = members.into_iter().map(|(name, node)| (name.into(), node)).collect();
    Node::Object(Object { shape: None, members })
}

fn element(node: &Node) -> Node {
    match node {
        Node::Object(object) => {
            let members: BTreeMap<String, Node> =
                object.members.iter().map(|(name, it)| (name.to_string(), element(it))).collect();
            Node::Elements(members.into_iter().collect())
        }
        Node::List(list) => {
            let name = list.items.iter().find_map(item_name).unwrap_or("anyType");
            let items = list.items.iter().map(|item| (name.to_owned(), element(item)));
            Node::Elements(items.collect())
        }
        Node::Bool(truth) => Node::text(truth.to_string()),
        Node::Null | Node::WrittenNull => Node::Null,
        Node::Text(text) if text.is_empty() => Node::Elements(Vec::new()),
        Node::Elements(_) => unreachable!("no tree of ours has elements"),
        Node::Text(_)
        | Node::Int(_)
        | Node::Decimal(_)
        | Node::Guid(_)
        | Node::DateTime(_)
        | Node::Enum(_) => Node::Text(plain(node)),
    }
}

fn item_name(node: &Node) -> Option<&'static str> {
    match node {
        Node::Null | Node::WrittenNull => None,
        Node::Object(_) | Node::Elements(_) => Some("anyType"),
        Node::List(_) => Some("ArrayOfanyType"),
        Node::Text(_) | Node::Enum(_) => Some("string"),
        Node::Int(_) => Some("int"),
        Node::Decimal(_) => Some("double"),
        Node::Bool(_) => Some("boolean"),
        Node::Guid(_) => Some("guid"),
        Node::DateTime(_) => Some("dateTime"),
    }
}

/// A scalar as text, but for a truth value.
pub(crate) fn plain(node: &Node) -> String {
    match node {
        Node::Text(text) => text.clone(),
        Node::Int(number) => number.to_string(),
        Node::Decimal(number) => number.to_string(),
        Node::Guid(id) => id.to_string(),
        Node::DateTime(at) => at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        Node::Enum(name) => (*name).to_owned(),
        Node::Object(_)
        | Node::List(_)
        | Node::Elements(_)
        | Node::Bool(_)
        | Node::Null
        | Node::WrittenNull => unreachable!("no such scalar: {node:?}"),
    }
}
