//! JSON, after the strict pass of the edge kit, and one line of JSON Lines.
//!
//! Numbers keep their digits: they are read from the text of the document, never as floats.

use super::super::decimal::Decimal;
use super::super::node::{List, Node};
use super::ReadError;
use super::members::Members;
use abono_http::json::{self, NumberPolicy};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// One document.
pub(super) fn document(text: &str) -> Result<Node, ReadError> {
    let text = json::check(text.as_bytes(), NumberPolicy::DecimalsAllowed)?;
    value(parse(text)?)
}

/// The one line that is not blank.
pub(super) fn line(text: &str) -> Result<Node, ReadError> {
    let mut lines = text.split('\n').map(str::trim).filter(|line| !line.is_empty());
    match (lines.next(), lines.next()) {
        (Some(line), None) => document(line),
        (None, _) => Err(ReadError::malformed("expected an object on a line")),
        (Some(_), Some(_)) => {
            Err(ReadError::malformed("expected one line: a request has one object"))
        }
    }
}

/// One value. How deep it goes has been checked.
fn value(raw: &RawValue) -> Result<Node, ReadError> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'{') => members(text),
        Some(b'[') => {
            let items: Vec<&RawValue> = parse(text)?;
            let items = items.into_iter().map(value).collect::<Result<_, _>>()?;
            Ok(Node::List(List { of: None, items }))
        }
        Some(b'"') => parse(text).map(Node::Text),
        Some(b't') => Ok(Node::Bool(true)),
        Some(b'f') => Ok(Node::Bool(false)),
        Some(b'n') => Ok(Node::Null),
        Some(_) | None => Ok(number(text)),
    }
}

fn members(text: &str) -> Result<Node, ReadError> {
    let Raw(raw) = parse(text)?;
    let mut members = Members::default();
    for (name, raw) in raw {
        members.add(name, value(raw)?)?;
    }
    Ok(members.object())
}

/// A number that fits nowhere stays a text: nobody may want it, and who does refuses it by name.
fn number(text: &str) -> Node {
    let is_whole = !text.contains(['.', 'e', 'E']) && text != "-0";
    match text.parse() {
        Ok(number) if is_whole => Node::Int(number),
        Ok(_) | Err(_) => Decimal::parse(text).map_or_else(|| Node::text(text), Node::Decimal),
    }
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, ReadError> {
    serde_json::from_str(text).map_err(|_| ReadError::malformed("not JSON"))
}

/// The members of an object, their values not yet looked into.
struct Raw<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Raw<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Raw<'de>, A::Error> {
        let mut raw = Vec::new();
        while let Some(member) = members.next_entry()? {
            raw.push(member);
        }
        Ok(Raw(raw))
    }
}
