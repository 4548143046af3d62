//! What is on a page, read without a browser.

use std::collections::BTreeSet;

/// What every page must be.
pub(crate) fn check(html: &str, lang: &str) {
    assert!(html.starts_with("<!DOCTYPE html>\n"), "{html}");
    assert!(html.contains(&format!("<html lang=\"{lang}\">")), "{lang}");
    assert!(html.len() < 50_000, "{} bytes", html.len());
    for never in ["<script", " style=\"", "javascript:", "http://", "src=", "@import", "url("] {
        assert!(!html.contains(never), "{never} in {html}");
    }
    // A handler of an event.
    assert!(!html.split('<').any(|tag| tag.split('>').next().is_some_and(|it| it.contains(" on"))));
    for once in ["<main>", "</main>", "<h1>", "<title>"] {
        assert_eq!(html.matches(once).count(), 1, "{once}");
    }
    check_headings(html);
    check_tags(html);
}

/// No level of headings is left out.
fn check_headings(html: &str) {
    let mut last = 0;
    for (at, _) in html.match_indices("<h") {
        let Some(level) = html[at + 2..].chars().next().and_then(|it| it.to_digit(10)) else {
            continue;
        };
        assert!(level <= last + 1, "h{level} after h{last}");
        last = level;
    }
}

/// What is opened is closed, in order.
fn check_tags(html: &str) {
    let mut open = Vec::new();
    for piece in html.split('<').skip(1) {
        let tag = piece.split('>').next().expect("a tag");
        let name = tag.split_whitespace().next().expect("a name");
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{html}"),
            None if ["!DOCTYPE", "meta", "link", "input"].contains(&name) => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

/// The texts of a page, without what is marked as being in English, and without names.
pub(crate) fn texts(html: &str) -> BTreeSet<String> {
    let body = html.split("<body>").nth(1).expect("a body");
    let body = match body.split_once("<div lang=\"en\">") {
        Some((before, rest)) => format!("{before}{}", rest.split_once("</div>").expect("an end").1),
        None => body.to_owned(),
    };
    let labels = body.split("aria-label=\"").skip(1).map(|it| it.split('"').next());
    let labels: Vec<String> = labels.flatten().map(str::to_owned).collect();
    let pieces = body.split('<').filter_map(|piece| piece.split_once('>'));
    let pieces = pieces.filter(|(tag, _)| !tag.contains("lang=\"")).map(|(_, text)| text.trim());
    pieces.filter(|text| !text.is_empty()).map(str::to_owned).chain(labels).collect()
}

/// The forms of a page, each with what is inside.
pub(crate) fn forms(html: &str) -> Vec<&str> {
    let forms = html.split("<form ").skip(1);
    forms.map(|rest| rest.split("</form>").next().expect("an end")).collect()
}

/// The text of an element that stands once on a page.
pub(crate) fn inside<'h>(html: &'h str, from: &str, to: &str) -> &'h str {
    let (_, rest) = html.split_once(from).unwrap_or_else(|| panic!("no {from} in {html}"));
    rest.split_once(to).unwrap_or_else(|| panic!("no {to} in {html}")).0
}
