//! JSV: JSON's shape, CSV's quoting.
//!
//! A text is quoted where it holds a character of the syntax. Beyond what the framework does, it is
//! also quoted where it would be read as something else: `null`, white space at an end (JSV written
//! by hand has blanks after its commas, so readers take them away), and nothing at all in a list.

use super::super::node::{BoolSpelling, Node, Parts};
use super::{is_written, joined};

/// What makes a text, or a CSV cell, stand in quotation marks.
const SYNTAX: [char; 9] = ['"', ':', ',', '{', '}', '[', ']', '\r', '\n'];

/// One document.
pub(super) fn document(node: &Node) -> String {
    let mut out = String::new();
    value(&mut out, node);
    out
}

fn value(out: &mut String, node: &Node) {
    match node.parts(BoolSpelling::Title) {
        Parts::Members(members) => {
            out.push('{');
            joined(out, members.into_iter().filter(is_written), |out, (name, member)| {
                out.push_str(&quoted(name));
                out.push(':');
                value(out, member);
            });
            out.push('}');
        }
        Parts::Items(list) => {
            out.push('[');
            joined(out, list.items.iter(), item);
            out.push(']');
        }
        Parts::Text(text) => out.push_str(&quoted(text)),
        Parts::Word(word) => out.push_str(&quoted(&word)),
        Parts::Figure(figure) => out.push_str(&figure),
        Parts::Nothing => out.push_str("null"),
    }
}

fn item(out: &mut String, node: &Node) {
    let before = out.len();
    value(out, node);
    if out.len() == before {
        out.push_str("\"\"");
    }
}

/// The text as it is, or in quotation marks with those inside doubled.
fn quoted(text: &str) -> String {
    let is_bare = !has_syntax(text) && text.trim() == text && text != "null";
    if is_bare { text.to_owned() } else { in_quotes(text) }
}

/// Whether the text holds a character of the syntax.
pub(super) fn has_syntax(text: &str) -> bool {
    text.contains(SYNTAX)
}

/// In quotation marks, with those inside doubled.
pub(super) fn in_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
