//! What is written is read again, and no bytes make a reader fall over.

use crate::any::{in_json, in_jsv, in_xml, plain, rows, tree};
use crate::support::{list, object, sent};
use abono_api_bokamera::format::{Format, Node, query, write};
use proptest::prelude::*;

const READ: [&str; 5] = [
    "application/json",
    "text/jsonl",
    "text/jsv",
    "application/xml",
    "application/x-www-form-urlencoded",
];

/// The rows of a CSV text. What stands in quotation marks may hold line ends and commas.
fn csv(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut is_quoted = false;
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let row = rows.last_mut().expect("a row");
        match sign {
            '"' if is_quoted && signs.peek() == Some(&'"') => {
                row.last_mut().expect("a cell").push(signs.next().expect("peeked"));
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(String::new()),
            '\r' if !is_quoted => {
                assert_eq!(signs.next(), Some('\n'), "a line ends with CR LF");
                rows.push(vec![String::new()]);
            }
            other => row.last_mut().expect("a cell").push(other),
        }
    }
    assert_eq!(rows.pop(), Some(vec![String::new()]), "the last line has an end too");
    rows
}

/// What a spreadsheet shows: the apostrophe that says "text" is not part of it.
fn shown(cell: &str) -> &str {
    let bare = cell.trim_start_matches('\'');
    let is_guarded = bare.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if is_guarded { cell.strip_prefix('\'').unwrap_or(cell) } else { cell }
}

fn cell(node: &Node) -> String {
    match node {
        Node::Null | Node::WrittenNull => String::new(),
        Node::Bool(truth) => if *truth { "True" } else { "False" }.to_owned(),
        Node::Text(_) | Node::Int(_) | Node::Decimal(_) | Node::Guid(_) => plain(node),
        Node::DateTime(_) | Node::Enum(_) => plain(node),
        Node::Object(_) | Node::List(_) | Node::Elements(_) => unreachable!("rows are flat"),
    }
}

/// An answer with these rows in it.
fn answer(rows: &[Node]) -> Node {
    object(&[("Total", Node::Int(1)), ("Rows", list(rows.to_vec()))])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn json_carries_every_tree(node in tree()) {
        let text = write(&node, Format::Json);
        prop_assert_eq!(sent("application/json", &text).expect(&text), in_json(&node));
    }

    #[test]
    fn json_agrees_with_a_reader_that_is_not_ours(node in tree()) {
        let text = write(&node, Format::Json);
        let value: serde_json::Value = serde_json::from_str(&text).expect(&text);
        prop_assert!(value.is_object());
    }

    #[test]
    fn jsv_carries_every_tree(node in tree()) {
        let text = write(&node, Format::Jsv);
        prop_assert_eq!(sent("text/jsv", &text).expect(&text), in_jsv(&node));
    }

    #[test]
    fn xml_carries_every_tree(node in tree()) {
        let text = write(&node, Format::Xml);
        prop_assert_eq!(sent("application/xml", &text).expect(&text), in_xml(&node));
    }

    #[test]
    fn jsonl_has_a_line_for_each_row(rows in rows()) {
        let text = write(&answer(&rows), Format::Jsonl);
        let lines = text.split_terminator('\n').map(|line| sent("text/jsonl", line).expect(line));
        prop_assert_eq!(lines.collect::<Vec<_>>(), rows.iter().map(in_json).collect::<Vec<_>>());
    }

    #[test]
    fn csv_has_a_line_for_each_row_and_a_column_for_each_member(rows in rows()) {
        let text = write(&answer(&rows), Format::Csv);
        let mut lines = csv(&text).into_iter();
        let names = lines.next().unwrap_or_default();
        let mut count = 0;
        for (line, row) in lines.zip(&rows) {
            let Node::Object(row) = row else { panic!("{row:?}") };
            let read: Vec<_> = names.iter().zip(&line).collect();
            prop_assert_eq!(read.len(), row.members.len());
            for ((name, text), (member, node)) in read.into_iter().zip(&row.members) {
                prop_assert_eq!(name, member);
                let text = if matches!(node, Node::Text(_)) { shown(text) } else { text };
                prop_assert_eq!(text, cell(node));
            }
            count += 1;
        }
        prop_assert_eq!(count, rows.len());
    }

    #[test]
    fn a_page_has_no_tag_and_no_sign_that_a_value_brought(node in tree()) {
        let page = write(&node, Format::Html);
        let (_, body) = page.split_once("<body>").expect("a body");
        for tag in body.split('<').skip(1) {
            let name = tag.split(['>', ' ']).next().expect("a name").trim_start_matches('/');
            prop_assert!(["h1", "table", "tr", "th", "td", "span", "body", "html"].contains(&name));
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for content_type in READ {
            let _ = sent(content_type, &bytes);
        }
        let _ = query(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_noise_makes_a_reader_panic(text in noise()) {
        for content_type in READ {
            let _ = sent(content_type, &text);
        }
    }

    #[test]
    fn no_broken_document_makes_a_reader_panic(
        node in tree(),
        at in any::<prop::sample::Index>(),
        sign in any::<u8>(),
    ) {
        for (format, content_type) in [
            (Format::Json, "application/json"),
            (Format::Jsv, "text/jsv"),
            (Format::Xml, "application/xml"),
        ] {
            let mut bytes = write(&node, format).into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = sign;
            let _ = sent(content_type, &bytes);
            bytes.truncate(at);
            let _ = sent(content_type, &bytes);
        }
    }
}

/// Pieces of every syntax: they get further into a reader than bytes of any value do.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\"a\"",
    "a",
    "1",
    "-",
    "1e9",
    "null",
    "\\u0000",
    "\\",
    "<",
    ">",
    "</",
    "/>",
    "<a>",
    "</a>",
    "<a/>",
    "<a b='c'>",
    " xmlns:a='b'",
    "<a:b>",
    "<?",
    "?>",
    "<?xml version='1.0'?>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE a>",
    "&",
    "&lt;",
    "&#0;",
    "&#x110000;",
    "&a;",
    "%",
    "%41",
    "=",
    "+",
    "\n",
    "\r\n",
    "\0",
    "\u{feff}",
    " ",
    "é",
];

fn noise() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}
