//! A page for people: every value in a table, nothing that runs, nothing that is fetched.

use super::super::node::{BoolSpelling, List, Node, Parts};
use super::super::rows::{Rows, columns, member};
use super::carried;

/// What a browser may do with the page: show it in its own colours, and nothing else. For the
/// header `Content-Security-Policy` of every such answer.
pub const HTML_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color:#1c2330}\
     h1{font-size:1.3rem}\
     table{border-collapse:collapse}\
     th,td{border:1px solid #ccd3dd;padding:.3rem .6rem;text-align:left;vertical-align:top}\
     th{background:#f2f5f9;font-weight:600}\
     .none{color:#6b7686}";

/// The whole page, named after the type that it shows.
pub(super) fn page(node: &Node) -> String {
    let title = title(node);
    let mut body = String::new();
    value(&mut body, node);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<h1>{title}</h1>\n{body}\n</body>\n</html>\n"
    )
}

/// What the page is called.
fn title(node: &Node) -> &'static str {
    let shape = match (node, Rows::of(node)) {
        (Node::Object(object), _) => object.shape,
        (_, rows) => rows.shape(),
    };
    shape.map_or("Answer", |shape| shape.name)
}

fn value(out: &mut String, node: &Node) {
    match node.parts(BoolSpelling::Title) {
        Parts::Members(members) => {
            out.push_str("<table>\n");
            for (name, member) in members {
                out.push_str("<tr>");
                head(out, "row", name);
                cell(out, member);
                out.push_str("</tr>\n");
            }
            out.push_str("</table>");
        }
        Parts::Items(list) => items(out, list),
        Parts::Text(text) => escape(out, text),
        Parts::Word(text) | Parts::Figure(text) => escape(out, &text),
        Parts::Nothing => out.push_str("<span class=\"none\">none</span>"),
    }
}

/// One line for each item: its values under their names, or the item itself.
fn items(out: &mut String, list: &List) {
    let columns = columns(list.of, &list.items);
    out.push_str("<table>\n");
    if !columns.is_empty() {
        out.push_str("<tr>");
        columns.iter().for_each(|name| head(out, "col", name));
        out.push_str("</tr>\n");
    }
    for item in &list.items {
        out.push_str("<tr>");
        if columns.is_empty() {
            cell(out, item);
        }
        columns.iter().for_each(|name| cell(out, member(item, name).unwrap_or(&Node::Null)));
        out.push_str("</tr>\n");
    }
    out.push_str("</table>");
}

fn head(out: &mut String, scope: &str, name: &str) {
    out.push_str("<th scope=\"");
    out.push_str(scope);
    out.push_str("\">");
    escape(out, name);
    out.push_str("</th>");
}

fn cell(out: &mut String, node: &Node) {
    out.push_str("<td>");
    value(out, node);
    out.push_str("</td>");
}

/// Text between tags, with the quotation marks too, so that it is harmless wherever it stands.
fn escape(out: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(carried(other)),
        }
    }
}
