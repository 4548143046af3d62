//! CSV: a header, and one line for each row, ended by CR LF.
//!
//! What has parts stands as JSV in its cell. A text that a spreadsheet would run as a formula gets
//! an apostrophe before it, which the spreadsheet takes as "this is text". A text that already
//! looks so protected gets one more, so that taking away one apostrophe always gives the text back.
//! Numbers are never touched: `-5` is no formula.

use super::super::node::{BoolSpelling, Node, Parts};
use super::super::rows::{Rows, columns, member};
use super::{joined, jsv};

/// What starts a formula, also in the wide forms that spreadsheets of East Asia take.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// The table of a tree.
pub(super) fn table(node: &Node) -> String {
    let rows = Rows::of(node);
    let columns = columns(rows.shape(), rows.items());
    let mut out = String::new();
    if columns.is_empty() {
        for item in rows.items() {
            line(&mut out, std::iter::once(cell(item)));
        }
        return out;
    }
    line(&mut out, columns.iter().map(|name| field(name)));
    for item in rows.items() {
        let value = |name: &&str| member(item, name).map(cell).unwrap_or_default();
        line(&mut out, columns.iter().map(value));
    }
    out
}

fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    joined(out, cells, |out, cell| out.push_str(&cell));
    out.push_str("\r\n");
}

fn cell(node: &Node) -> String {
    match node.parts(BoolSpelling::Title) {
        Parts::Members(_) | Parts::Items(_) => field(&jsv::document(node)),
        Parts::Text(text) => field(&guarded(text)),
        Parts::Word(text) | Parts::Figure(text) => field(&text),
        Parts::Nothing => String::new(),
    }
}

fn field(text: &str) -> String {
    if jsv::has_syntax(text) { jsv::in_quotes(text) } else { text.to_owned() }
}

fn guarded(text: &str) -> String {
    let bare = text.trim_start_matches('\'');
    if bare.starts_with(FORMULA) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_made_a_text_and_a_number_is_left_alone() {
        for text in ["=1+1", "+1", "-2+3+cmd|' /C calc'!A1", "@SUM(1)", "\t=1", "\r=1", "＝1+1"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        assert_eq!(guarded("'=1"), "''=1", "one apostrophe can always be taken away");
        for text in ["", "a=1", "'", "'tis", "Ärlig AB"] {
            assert_eq!(guarded(text), text);
        }
        assert_eq!(cell(&Node::Int(-5)), "-5");
    }
}
