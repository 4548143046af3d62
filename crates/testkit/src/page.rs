//! The pages of the contracts, as their tests need them: examples to replay, tables to compare.

use http::Request;
use http::request::Builder;
use std::collections::BTreeSet;

/// The fenced blocks of some kinds, in order: the kind of each, and its text.
pub fn blocks<'a>(page: &'a str, kinds: &[&str]) -> Vec<(&'a str, &'a str)> {
    let fenced = page.split("```").skip(1).step_by(2);
    let parts = fenced.filter_map(|block| block.split_once('\n'));
    parts.filter(|(kind, _)| kinds.contains(kind)).collect()
}

/// A request of a page: a line, headers, and after an empty line the body. The token stands for the
/// word `TOKEN`.
///
/// # Panics
/// Where it isn't written like that.
pub fn request(text: &str, token: &str) -> (Builder, String) {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let (method, path) = lines.next().and_then(|line| line.split_once(' ')).expect("a request");
    let mut request = Request::builder().method(method).uri(path);
    for line in lines {
        let (name, value) = line.split_once(": ").expect("a header");
        request = request.header(name, value.replace("TOKEN", token));
    }
    (request, body.trim_end().to_owned())
}

/// The cells of the rows of the table that follows a heading.
///
/// # Panics
/// Where the page has no such heading.
pub fn table(page: &str, heading: &str) -> BTreeSet<Vec<String>> {
    let (_, after) = page.split_once(heading).expect("the heading");
    let rows = after.lines().skip_while(|line| !line.starts_with('|')).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let cell = |cell: &str| cell.trim().trim_matches('`').to_owned();
    rows.map(|row| row.trim_matches('|').split('|').map(cell).collect()).collect()
}
