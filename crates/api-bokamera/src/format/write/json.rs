//! JSON, and JSON Lines.

use super::super::node::{BoolSpelling, Node, Parts};
use super::super::rows::Rows;
use super::{is_written, joined};

/// One document.
pub(super) fn document(node: &Node) -> String {
    let mut out = String::new();
    value(&mut out, node);
    out
}

/// A document per row, each on a line of its own.
pub(super) fn lines(node: &Node) -> String {
    let mut out = String::new();
    for row in Rows::of(node).items() {
        value(&mut out, row);
        out.push('\n');
    }
    out
}

fn value(out: &mut String, node: &Node) {
    match node.parts(BoolSpelling::Lower) {
        Parts::Members(members) => {
            out.push('{');
            joined(out, members.into_iter().filter(is_written), |out, (name, member)| {
                text(out, name);
                out.push(':');
                value(out, member);
            });
            out.push('}');
        }
        Parts::Items(list) => {
            out.push('[');
            joined(out, list.items.iter(), value);
            out.push(']');
        }
        Parts::Text(it) => text(out, it),
        Parts::Word(it) => text(out, &it),
        Parts::Figure(it) => out.push_str(&it),
        Parts::Nothing => out.push_str("null"),
    }
}

fn text(out: &mut String, text: &str) {
    out.push_str(&serde_json::Value::from(text).to_string());
}
