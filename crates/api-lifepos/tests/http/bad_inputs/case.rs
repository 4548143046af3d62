//! A line of the table, and the bytes that it becomes.

use super::names::Names;
use super::wire::{Manner, Then};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// One line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) id: String,
    /// What is bad about it.
    pub(crate) why: String,
    /// Why another answer than the usual one for such an input is right here.
    pub(crate) deviation: Option<String>,
    /// Method and path; headers that all requests have, and those of a body, are added.
    request: Option<String>,
    /// Headers beside or instead of the usual ones: a text, several, or `null` for none.
    #[serde(default)]
    headers: BTreeMap<String, Value>,
    body: Option<Value>,
    /// The whole request as sent, in place of `request`, `headers` and `body`.
    raw: Option<Value>,
    /// The line is replayed with each of these in the place of `{{each}}`.
    #[serde(default)]
    each: Vec<String>,
    #[serde(default)]
    pub(crate) to: Manner,
    #[serde(default)]
    pub(crate) then: Then,
    /// How often it is sent at the same time.
    #[serde(default = "once")]
    pub(crate) times: usize,
    pub(crate) expect: Expect,
}

/// What must come back, and what may have become of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    /// One of these; 0 stands for a connection that is closed without an answer.
    pub(crate) status: Vec<u16>,
    /// The contract's code, where there is one.
    pub(crate) code: Option<String>,
    /// Whose words a refusal is in.
    #[serde(default)]
    pub(crate) by: By,
    /// What the `info` begins with.
    pub(crate) info: Option<String>,
    /// Texts that must be in the body.
    #[serde(default)]
    pub(crate) has: Vec<String>,
    /// Texts that must not be in the body.
    #[serde(default)]
    pub(crate) has_not: Vec<String>,
    /// Another line's body is this one's too.
    pub(crate) same_as: Option<String>,
    /// Headers that must not be there, or must not have this value.
    #[serde(default)]
    pub(crate) headers_not: BTreeMap<String, Option<String>>,
    #[serde(default)]
    pub(crate) effect: Effect,
}

/// Who answers.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum By {
    /// The contract, in its envelope where it refuses.
    #[default]
    Contract,
    /// The HTTP server, which has no words, or the answer is one without a body.
    Server,
    /// Whoever answers for what belongs to no contract: a problem of RFC 9457.
    Nobody,
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Effect {
    /// No row of the database is another one afterwards.
    #[default]
    None,
    /// There is one invoice more.
    Invoice,
}

const fn once() -> usize {
    1
}

/// All lines of the table.
pub(crate) fn table() -> Vec<Case> {
    let read =
        |line: &str| serde_json::from_str(line).unwrap_or_else(|why| panic!("{why}: {line}"));
    include_str!("../../data/bad_inputs.jsonl").lines().map(read).collect()
}

impl Case {
    /// The bytes of each of its requests, with what was put in the place of `{{each}}`.
    pub(crate) fn requests(&self, names: &Names) -> Vec<(String, Vec<u8>)> {
        let bytes = |each: &str| {
            let names = names.with("each", each);
            match (&self.raw, &self.request) {
                (Some(raw), None) => made(raw, &names),
                (None, Some(request)) => self.written(&names.fill(request), &names),
                _ => panic!("{}: either `raw` or `request`", self.id),
            }
        };
        if self.each.is_empty() {
            return vec![(String::new(), bytes(""))];
        }
        self.each.iter().map(|each| (each.clone(), bytes(each))).collect()
    }

    fn written(&self, request: &str, names: &Names) -> Vec<u8> {
        let body = self.body.as_ref().map(|body| made(body, names));
        let mut headers: BTreeMap<&str, Value> = USUAL.map(|(name, it)| (name, it.into())).into();
        if let Some(body) = &body {
            headers.insert("Content-Type", "application/json".into());
            headers.insert("Content-Length", body.len().to_string().into());
        }
        headers.extend(self.headers.iter().map(|(name, value)| (&**name, value.clone())));
        let mut text = format!("{request} HTTP/1.1\r\n");
        for (name, value) in &headers {
            let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for value in values.iter().filter_map(Value::as_str) {
                text += &format!("{name}: {}\r\n", names.fill(value));
            }
        }
        text += "\r\n";
        [text.into_bytes(), body.unwrap_or_default()].concat()
    }
}

/// What every request has where its line says nothing else.
const USUAL: [(&str, &str); 6] = [
    ("Host", "{{host}}"),
    ("Connection", "close"),
    ("Authorization", "Bearer {{tok.A.admin}}"),
    ("Accept-Language", "en-US"),
    ("X-LP-Client-Identifier", "t"),
    ("X-LP-Client-Type", "Service"),
];

/// Bytes from their description: a text, `{"hex": ".."}`, `{"utf16": ".."}` (with its byte order
/// mark), `{"repeat": [.., n]}`, or an array of these, one after the other.
fn made(from: &Value, names: &Names) -> Vec<u8> {
    match from {
        Value::String(text) => names.fill(text).into_bytes(),
        Value::Array(parts) => parts.iter().flat_map(|part| made(part, names)).collect(),
        Value::Object(maker) => {
            let (how, what) = maker.iter().next().expect("a maker of bytes");
            match &**how {
                "hex" => hex(what.as_str().expect("digits")),
                "utf16" => {
                    let text = names.fill(what.as_str().expect("a text"));
                    let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
                    units.flat_map(u16::to_be_bytes).collect::<Vec<u8>>()
                }
                "repeat" => {
                    let times = what[1].as_u64().and_then(|times| usize::try_from(times).ok());
                    made(&what[0], names).repeat(times.expect("a number"))
                }
                other => panic!("{other}: no way to make bytes"),
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => panic!("{from}: not bytes"),
    }
}

fn hex(digits: &str) -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("two digits");
    (0..digits.len()).step_by(2).map(byte).collect()
}
