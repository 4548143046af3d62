//! Reading a body into a tree, one file per format.
//!
//! Every reader has the same limits: a document is UTF-8 and an object, it is not deeper than
//! [`MAX_DEPTH`], no object has more than [`MAX_MEMBERS`] members, and no name stands twice in one,
//! in whatever letter case: the framework would take one of the two without saying which.

mod error;
mod form;
mod json;
mod jsv;
mod members;
mod xml;

pub use error::{ReadError, ReadErrorKind};
pub(super) use xml::is_xml_character;

use super::choose::Format;
use super::node::{Node, Object};
use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// How deep values may stand in each other, the document among them.
pub const MAX_DEPTH: usize = 32;

/// How many members one object may have.
pub const MAX_MEMBERS: usize = 1000;

const FORM: &str = "application/x-www-form-urlencoded";

/// Reads a body by its `Content-Type`. Without a type it is JSON; no body at all is an object
/// without members.
///
/// # Errors
/// [`ReadError`], of the kind [`ReadErrorKind::UnsupportedType`] for a type that is not read: CSV
/// and HTML are among them.
pub fn read(headers: &HeaderMap, body: &[u8]) -> Result<Node, ReadError> {
    if body.is_empty() {
        return Ok(Node::Object(Object::default()));
    }
    match Body::of(headers)? {
        Body::Json => json::document(text(body)?),
        Body::JsonLine => json::line(text(body)?),
        Body::Jsv => jsv::document(text(body)?),
        Body::Xml => xml::document(text(body)?),
        Body::Form => form::pairs(text(body)?),
    }
}

/// Reads the query of an address, which has members as a form has.
///
/// # Errors
/// [`ReadError`].
pub fn query(query: &str) -> Result<Node, ReadError> {
    form::pairs(query)
}

/// A list or an object that stands as JSV in a text, as in a form or a query.
pub(super) fn jsv_value(text: &str) -> Option<Node> {
    jsv::whole(text).ok()
}

/// What a body can be.
enum Body {
    Json,
    JsonLine,
    Jsv,
    Xml,
    Form,
}

impl Body {
    fn of(headers: &HeaderMap) -> Result<Self, ReadError> {
        let mut values = headers.get_all(CONTENT_TYPE).iter();
        let value = match (values.next(), values.next()) {
            (None, _) => return Ok(Self::Json),
            (Some(value), None) => value.to_str().unwrap_or_default(),
            (Some(_), Some(_)) => return Err(ReadError::unsupported("Content-Type stands twice")),
        };
        let mut parts = value.split(';').map(str::trim);
        let media_type = parts.next().unwrap_or_default();
        if !parts.filter_map(|part| part.split_once('=')).all(is_utf_8) {
            return Err(ReadError::unsupported("the charset is not utf-8"));
        }
        if media_type.eq_ignore_ascii_case(FORM) {
            return Ok(Self::Form);
        }
        match Format::of_media_type(media_type) {
            Some(Format::Json) => Ok(Self::Json),
            Some(Format::Jsonl) => Ok(Self::JsonLine),
            Some(Format::Jsv) => Ok(Self::Jsv),
            Some(Format::Xml) => Ok(Self::Xml),
            Some(Format::Csv | Format::Html) | None => Err(ReadError::unsupported(
                "send application/json, application/xml, text/jsonl, text/jsv or \
                 application/x-www-form-urlencoded",
            )),
        }
    }
}

/// Whether a parameter of a media type says nothing of an encoding, or says the one that is read.
fn is_utf_8((name, value): (&str, &str)) -> bool {
    let value = value.trim().trim_matches('"');
    !name.trim().eq_ignore_ascii_case("charset") || value.eq_ignore_ascii_case("utf-8")
}

/// The text of a body, without its byte order mark.
fn text(body: &[u8]) -> Result<&str, ReadError> {
    let text = std::str::from_utf8(body)
        .map_err(|_| ReadError::new(ReadErrorKind::NotUtf8, "the body is not UTF-8"))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}
