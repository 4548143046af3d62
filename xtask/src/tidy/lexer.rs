//! Tells code, comments and literals of Rust apart, so that a rule reads only what it is about.

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What the compiler acts on, except for literals.
    Code,
    /// A comment or a doc comment.
    Comment,
    /// A literal string or character, with its quotes.
    Literal,
}

/// The pieces of a source text in order; joined they are the text again.
///
/// A half-open string or comment runs to the end of the text.
pub(super) fn pieces(text: &str) -> Vec<(Kind, &str)> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < text.len() {
        let (kind, length) = piece(&text[at..], text[..at].chars().next_back());
        if kind != Kind::Code {
            if start < at {
                pieces.push((Kind::Code, &text[start..at]));
            }
            pieces.push((kind, &text[at..at + length]));
            start = at + length;
        }
        at += length;
    }
    if start < text.len() {
        pieces.push((Kind::Code, &text[start..]));
    }
    pieces
}

/// The kind and the length in bytes of the piece that `rest` starts with; code comes by character.
fn piece(rest: &str, before: Option<char>) -> (Kind, usize) {
    let first = rest.chars().next().map_or(0, char::len_utf8);
    if rest.starts_with("//") {
        return (Kind::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Kind::Comment, block_comment(rest));
    }
    if rest.starts_with('"') {
        return (Kind::Literal, quoted(rest, '"'));
    }
    if !before.is_some_and(|it| it.is_alphanumeric() || it == '_')
        && let Some(length) = raw_string(rest)
    {
        return (Kind::Literal, length);
    }
    if rest.starts_with('\'') && is_character(rest) {
        return (Kind::Literal, quoted(rest, '\''));
    }
    (Kind::Code, first)
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(next) = rest[at..].find(['/', '*']).map(|it| at + it) {
        let pair = rest.get(next..next + 2).unwrap_or_default();
        at = next + if matches!(pair, "/*" | "*/") { 2 } else { 1 };
        match pair {
            "/*" => depth += 1,
            "*/" if depth == 1 => return at,
            "*/" => depth -= 1,
            _ => {}
        }
    }
    rest.len()
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, it) in rest.char_indices().skip(1) {
        match it {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if it == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#`, and the same after `b` or `c`.
fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix(['b', 'c']).unwrap_or(rest).strip_prefix('r')?;
    let body = after.trim_start_matches('#');
    let hashes = after.len() - body.len();
    let open = rest.len() - body.strip_prefix('"')?.len();
    let close = format!("\"{}", "#".repeat(hashes));
    Some(rest[open..].find(&close).map_or(rest.len(), |it| open + it + close.len()))
}

/// A character and not a lifetime: an escape, or one character between quotes.
fn is_character(rest: &str) -> bool {
    let mut inner = rest.chars().skip(1);
    inner.next() == Some('\\') || inner.next() == Some('\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(wanted: Kind, text: &str) -> Vec<&str> {
        assert_eq!(pieces(text).iter().map(|it| it.1).collect::<String>(), text);
        pieces(text).into_iter().filter(|it| it.0 == wanted).map(|it| it.1).collect()
    }

    #[test]
    fn strings_end_where_they_end() {
        assert_eq!(of(Kind::Literal, r#"a("x \" // y", b"z")"#), [r#""x \" // y""#, r#""z""#]);
        assert_eq!(
            of(Kind::Literal, "r#\"one \" two\"# + br\"\\\""),
            ["r#\"one \" two\"#", "br\"\\\""]
        );
        assert_eq!(of(Kind::Literal, "for\"x\" r#type \"open"), ["\"x\"", "\"open"]);
    }

    #[test]
    fn a_lifetime_is_code_and_a_character_is_not() {
        assert_eq!(
            of(Kind::Literal, r"<'a> 'b' '\'' '{' &'static 'é'"),
            ["'b'", r"'\''", "'{'", "'é'"]
        );
    }

    #[test]
    fn comments_nest_and_end_with_their_line() {
        assert_eq!(
            of(Kind::Comment, "a / b * c // \"d\ne /* f /* g */ h */ i"),
            ["// \"d", "/* f /* g */ h */"]
        );
        assert_eq!(of(Kind::Code, "a / b * c // \"d\ne"), ["a / b * c ", "\ne"]);
    }
}
