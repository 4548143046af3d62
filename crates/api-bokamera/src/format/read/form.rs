//! Forms and queries: names and texts.

use super::super::node::Node;
use super::ReadError;
use super::members::Members;

/// The pairs of a form, each name once.
pub(super) fn pairs(text: &str) -> Result<Node, ReadError> {
    if !has_whole_escapes(text.as_bytes()) {
        return Err(ReadError::malformed("not a form: % stands without two hexadecimal digits"));
    }
    let mut members = Members::default();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        // The decoder puts this character where the bytes are no UTF-8.
        if name.contains(char::REPLACEMENT_CHARACTER) || value.contains(char::REPLACEMENT_CHARACTER)
        {
            return Err(ReadError::malformed("not a form: a name or a value is not UTF-8"));
        }
        if name.contains('\0') || value.contains('\0') {
            return Err(ReadError::forbidden("the character U+0000 is not allowed"));
        }
        members.add(name.into_owned(), Node::Text(value.into_owned()))?;
    }
    Ok(members.object())
}

fn has_whole_escapes(bytes: &[u8]) -> bool {
    let mut escapes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%');
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    escapes.all(|(at, _)| is_digit(at + 1) && is_digit(at + 2))
}
