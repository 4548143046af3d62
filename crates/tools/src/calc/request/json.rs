//! JSON without what different readers read differently: no member twice, no fraction, no exponent.

use crate::calc::refusal::{Refusal, Refused};
use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor,
};
use serde_json::error::Category;
use serde_json::{Map, Value};
use std::fmt;

/// The value of a JSON text. Its depth is bounded by `serde_json` (128 levels).
pub(in crate::calc) fn parse(text: &str) -> Result<Value, Refused> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let Strict(value) = located(serde_path_to_error::deserialize(&mut reader))?;
    reader.end().map_err(Refusal::NotJson)?;
    Ok(value)
}

/// Members read as `T`.
pub(in crate::calc) fn read<T: DeserializeOwned>(
    members: Map<String, Value>,
) -> Result<T, Refused> {
    located(serde_path_to_error::deserialize(Value::Object(members)))
}

fn located<T>(
    read: Result<T, serde_path_to_error::Error<serde_json::Error>>,
) -> Result<T, Refused> {
    read.map_err(|error| {
        let path = match error.path().to_string() {
            whole if whole == "." => String::new(),
            member => member,
        };
        let error = error.into_inner();
        match error.classify() {
            Category::Data => Refusal::Invalid(error).at(path),
            Category::Io | Category::Syntax | Category::Eof => Refusal::NotJson(error).into(),
        }
    })
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a whole number of 64 bits, true, false, null, a list or an object")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Strict(value))) = members.next_entry::<String, _>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format_args!("duplicate member `{name}`")));
            }
            object.insert(name, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse(text)
            .map_or_else(|refused| refused.into_json()["error"].to_string(), |v| v.to_string())
    }

    #[test]
    fn what_reads_unambiguously_is_kept_in_order() {
        let text = r#"{"b":[1,-2,"x",null,true],"a":{"c":18446744073709551615}}"#;
        assert_eq!(error(text), text);
    }

    #[test]
    fn a_member_may_not_stand_twice() {
        assert!(error(r#"{"a":{"b":1,"b":1}}"#).contains("duplicate member `b`"));
        assert!(error(r#"{"a":1,"\u0061":2}"#).contains("duplicate member `a`"));
    }

    #[test]
    fn a_number_is_a_whole_number() {
        for number in ["1.0", "1e2", "0.5", "-0", "18446744073709551616"] {
            let error = error(&format!(r#"{{"a":[0,{number}]}}"#));
            assert!(
                error.contains("whole number") && error.contains(r#""path":"a[1]""#),
                "{error}"
            );
        }
    }

    #[test]
    fn what_is_not_json_is_told_apart() {
        for text in ["", "{", "{}{}", "{'a':1}", "[1,]", "NaN", "01", "\u{feff}{}"] {
            let error = error(text);
            assert!(
                error.contains(r#""code":"not_json""#) && error.contains(r#""path":"""#),
                "{error}"
            );
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "[".repeat(100_000);
        assert!(error(&deep).contains("recursion limit"));
    }
}
