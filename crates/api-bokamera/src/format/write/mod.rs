//! Writing a tree, one file per format.

mod csv;
mod html;
mod json;
mod jsv;
mod xml;

pub use html::HTML_SECURITY_POLICY;

use super::choose::Format;
use super::node::Node;

/// The whole of an answer's body.
pub fn write(node: &Node, format: Format) -> String {
    match format {
        Format::Json => json::document(node),
        Format::Jsonl => json::lines(node),
        Format::Jsv => jsv::document(node),
        Format::Csv => csv::table(node),
        Format::Xml => xml::document(node),
        Format::Html => html::page(node),
    }
}

/// What XML 1.0 has no way to carry, and a page should not, becomes the replacement character.
fn carried(character: char) -> char {
    if super::read::is_xml_character(character) { character } else { char::REPLACEMENT_CHARACTER }
}

/// Each item, with a comma between two.
fn joined<T>(out: &mut String, items: impl Iterator<Item = T>, write: impl Fn(&mut String, T)) {
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(out, item);
    }
}

/// Whether JSON and JSV write a member: they leave null out.
fn is_written((_, value): &(&str, &Node)) -> bool {
    !matches!(value, Node::Null)
}
