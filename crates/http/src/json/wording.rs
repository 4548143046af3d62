//! serde's messages in the words of JSON, without the names of our types.
//!
//! serde hands its errors on as text only, so they are taken apart as text. A message that has none
//! of its forms was written by a contract's own type, and stands as it is.

use super::{JsonError, Kind};

/// The error for what serde says about the value at `path`.
pub(super) fn reword(path: String, error: &serde_json::Error) -> JsonError {
    // The text is known to be JSON; what the parser stumbles over is a type it didn't look for.
    if !error.is_data() {
        return JsonError::new(Kind::WrongType, "the value is of another type than expected")
            .at(path);
    }
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(&*message, |(message, _)| message);
    if let Some(name) = quoted(message, "missing field `") {
        let separator = if path.is_empty() { "" } else { "." };
        let error = JsonError::new(Kind::MissingMember, format!("missing member `{name}`"));
        return error.at(format!("{path}{separator}{name}"));
    }
    let (kind, message) = describe(message);
    JsonError::new(kind, message).at(path)
}

fn describe(message: &str) -> (Kind, String) {
    let (what, expected) = message.rsplit_once(", expected ").unwrap_or((message, ""));
    if let Some(found) = what.strip_prefix("invalid type: ") {
        let (expected, found) = (expectation(expected), json_type(found));
        (Kind::WrongType, format!("expected {expected}, found {found}"))
    } else if what.starts_with("invalid length ") && expected.starts_with("struct ") {
        (Kind::WrongType, "expected an object, found an array".to_owned())
    } else if what.starts_with("invalid length ") {
        (Kind::InvalidValue, "the array has another length than expected".to_owned())
    } else if what.starts_with("invalid value: integer ") {
        (Kind::InvalidValue, "the integer is out of range".to_owned())
    } else if what.starts_with("invalid value: ") {
        (Kind::InvalidValue, format!("expected {}", expectation(expected)))
    } else if what.starts_with("unknown variant ") {
        (Kind::InvalidValue, format!("unknown value, expected {expected}"))
    } else if what.starts_with("data did not match any variant") {
        (Kind::InvalidValue, "the value has none of the shapes expected".to_owned())
    } else if let Some(name) = quoted(what, "unknown field `") {
        (Kind::InvalidValue, format!("unknown member `{name}`"))
    } else if let Some(name) = quoted(what, "duplicate field `") {
        (Kind::DuplicateMember, format!("the member `{name}` is there twice"))
    } else {
        (Kind::InvalidValue, message.to_owned())
    }
}

/// The name that a message quotes right after its first words.
fn quoted<'a>(message: &'a str, words: &str) -> Option<&'a str> {
    let (name, _) = message.strip_prefix(words)?.rsplit_once('`')?;
    Some(name)
}

/// What was found, without the value itself: an error is no place to repeat it.
fn json_type(found: &str) -> &'static str {
    match found.split([' ', ',']).next() {
        Some("string" | "character") => "a string",
        Some("integer") => "an integer",
        Some("floating") => "a decimal number",
        Some("boolean") => "a boolean",
        Some("null") => "null",
        Some("sequence") => "an array",
        Some("map") => "an object",
        Some(_) | None => "another type",
    }
}

/// What was expected. A type may say it in words of its own, which begin with an article.
fn expectation(expected: &str) -> &str {
    match expected {
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" => "an integer",
        "f32" | "f64" => "a number",
        "a borrowed string" => "a string",
        "a sequence" => "an array",
        "a map" => "an object",
        _ if expected.starts_with("struct ") => "an object",
        _ if expected.starts_with("a ") || expected.starts_with("an ") => expected,
        _ => "another type",
    }
}
