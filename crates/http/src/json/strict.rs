//! The strict pass: every value of the text, whether or not a contract knows it.

use super::{JsonError, Kind, NumberPolicy};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeSet;
use std::fmt;

/// How deep objects and arrays may stand in each other, the root among them.
const MAX_DEPTH: usize = 32;

/// How many members one object may have; it bounds what the names seen cost us.
const MAX_MEMBERS: usize = 1000;

/// Members by which `serde_json` tells itself of its own types. In a client's hands they would have
/// the inside of a string read as JSON, past this very check.
const RESERVED: &str = "$serde_json::private::";

/// Goes over the whole text.
pub(super) fn check(text: &str, policy: NumberPolicy) -> Result<(), JsonError> {
    let mut json = serde_json::Deserializer::from_str(text);
    let mut finding = Finding::default();
    Value { policy, depth: 0, finding: &mut finding }
        .deserialize(&mut json)
        .and_then(|()| json.end())
        .map_err(|error| finding.into_error(&error))
}

/// What was found wrong. The path is noted on the way out, innermost step first, so that a document
/// without fault pays nothing for it.
#[derive(Default)]
struct Finding {
    offence: Option<(Kind, String)>,
    steps: Vec<Step>,
}

enum Step {
    Member(String),
    Item(usize),
}

impl Finding {
    fn into_error(self, error: &serde_json::Error) -> JsonError {
        let path = self.path();
        let (kind, message) = self.offence.unwrap_or_else(|| malformed(error));
        JsonError::new(kind, message).at(path)
    }

    fn path(&self) -> String {
        self.steps.iter().rev().fold(String::new(), |path, step| match step {
            Step::Member(name) if path.is_empty() => name.clone(),
            Step::Member(name) => format!("{path}.{name}"),
            Step::Item(at) => format!("{path}[{at}]"),
        })
    }
}

/// A number beyond the range of a double is the one well-formed text that the parser itself
/// refuses.
fn malformed(error: &serde_json::Error) -> (Kind, String) {
    let message = error.to_string();
    if message.starts_with("number out of range") {
        (Kind::Number, "the number is out of range".to_owned())
    } else {
        (Kind::NotJson, format!("not JSON: {message}"))
    }
}

/// One value to go over, at its depth.
struct Value<'a> {
    policy: NumberPolicy,
    depth: usize,
    finding: &'a mut Finding,
}

impl Value<'_> {
    fn inner(&mut self) -> Value<'_> {
        Value { policy: self.policy, depth: self.depth + 1, finding: self.finding }
    }

    /// Notes what is wrong; the error itself only stops the parser.
    fn refuse<E: Error>(&mut self, kind: Kind, message: impl Into<String>) -> E {
        self.finding.offence = Some((kind, message.into()));
        E::custom("refused")
    }

    fn refuse_member<E: Error>(&mut self, kind: Kind, name: String, message: &str) -> E {
        self.finding.steps.push(Step::Member(name));
        self.refuse(kind, message)
    }

    /// Anything but an object, which the root must be.
    fn below_root<E: Error>(&mut self) -> Result<(), E> {
        if self.depth == 0 {
            return Err(self.refuse(Kind::RootNotObject, "expected an object"));
        }
        Ok(())
    }

    /// One level deeper.
    fn enter<E: Error>(&mut self) -> Result<(), E> {
        if self.depth >= MAX_DEPTH {
            let message = format!("objects and arrays stand more than {MAX_DEPTH} deep");
            return Err(self.refuse(Kind::TooDeep, message));
        }
        Ok(())
    }

    fn no_integer<E: Error>(&mut self) -> Result<(), E> {
        match self.policy {
            NumberPolicy::DecimalsAllowed => Ok(()),
            NumberPolicy::IntegersOnly => {
                Err(self.refuse(Kind::Number, "expected an integer of at most 64 bits"))
            }
        }
    }

    fn text<E: Error>(&mut self, text: &str) -> Result<(), E> {
        if text.contains('\0') {
            return Err(self.refuse(Kind::Nul, "the character U+0000 is not allowed"));
        }
        Ok(())
    }

    /// A member's name, before its value is looked at.
    fn name<E: Error>(&mut self, name: &str, seen: &BTreeSet<String>) -> Result<(), E> {
        self.text(name)?;
        if name.starts_with(RESERVED) {
            return Err(self.refuse_member(Kind::ReservedName, name.to_owned(), "reserved name"));
        }
        if seen.contains(name) {
            let message = "the member is there twice";
            return Err(self.refuse_member(Kind::DuplicateMember, name.to_owned(), message));
        }
        if seen.len() == MAX_MEMBERS {
            let message = format!("an object has more than {MAX_MEMBERS} members");
            return Err(self.refuse(Kind::TooManyMembers, message));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(mut self) -> Result<(), E> {
        self.below_root()
    }

    fn visit_bool<E: Error>(mut self, _: bool) -> Result<(), E> {
        self.below_root()
    }

    fn visit_i64<E: Error>(mut self, _: i64) -> Result<(), E> {
        self.below_root()
    }

    fn visit_u64<E: Error>(mut self, number: u64) -> Result<(), E> {
        self.below_root()?;
        if i64::try_from(number).is_ok() { Ok(()) } else { self.no_integer() }
    }

    fn visit_f64<E: Error>(mut self, _: f64) -> Result<(), E> {
        self.below_root()?;
        self.no_integer()
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        self.below_root()?;
        self.text(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        self.below_root()?;
        self.enter()?;
        for at in 0.. {
            match items.next_element_seed(self.inner()) {
                Ok(Some(())) => {}
                Ok(None) => break,
                Err(error) => {
                    self.finding.steps.push(Step::Item(at));
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        self.enter()?;
        let mut seen = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            self.name(&name, &seen)?;
            if let Err(error) = members.next_value_seed(self.inner()) {
                self.finding.steps.push(Step::Member(name));
                return Err(error);
            }
            seen.insert(name);
        }
        Ok(())
    }
}
