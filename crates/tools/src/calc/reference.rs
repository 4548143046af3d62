//! The op `reference`: whether a reference number is valid, or one that is made.

use super::refusal::{Refusal, Refused};
use super::request::json;
use super::request::{Body, Common};
use abono_domain::reference::se::{OcrLevel, ocr, ocr_of};
use abono_domain::reference::{ReferenceKind, rf_of};
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    kind: Kind,
    value: Option<String>,
    generate: Option<String>,
    level: Option<Level>,
    length: Option<u32>,
    lengths: Option<Vec<u32>>,
}

struct Kind(ReferenceKind);

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        ReferenceKind::parse(&word).map(Self).ok_or_else(|| {
            let kinds = ReferenceKind::ALL.map(ReferenceKind::as_str).join(", ");
            D::Error::custom(format_args!("`{word}` is not a kind; there are: {kinds}"))
        })
    }
}

/// What the payee has agreed with its bank.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    Soft,
    Hard,
    #[serde(alias = "variable_length")]
    Variable,
    #[serde(alias = "fixed_length")]
    Fixed,
}

pub(super) fn answer(common: &Common, body: Body) -> Result<Value, Refused> {
    let request: Request = json::read(body)?;
    let kind = request.kind.0;
    let level = request.ocr_level()?;
    let mut answer = match (&request.value, &request.generate) {
        (Some(value), None) => {
            let normal = match (kind, level) {
                (ReferenceKind::SeOcr, Some(level)) => ocr(value, level),
                (_, _) => kind.normal(value),
            };
            let reason = normal.as_ref().err().map(ToString::to_string);
            json!({"valid": normal.is_ok(), "normal": normal.ok(), "reason": reason})
        }
        (None, Some(base)) => json!({"value": generated(kind, level, base)?}),
        (Some(_), Some(_)) | (None, None) => {
            return Err(invalid("exactly one of `value` and `generate` is expected", ""));
        }
    };
    if common.explain {
        answer["because"] = json!({"rule": kind.rule()});
    }
    Ok(answer)
}

fn generated(kind: ReferenceKind, level: Option<OcrLevel>, base: &str) -> Result<String, Refused> {
    let made = if kind == ReferenceKind::SeOcr {
        ocr_of(base, level.unwrap_or(OcrLevel::Variable))
    } else if kind == ReferenceKind::Rf {
        rf_of(base)
    } else {
        return Err(invalid("only `rf` and `se_ocr` are made here", "kind"));
    };
    made.map_err(|error| Refusal::Reference(error).at("generate"))
}

impl Request {
    /// The level with its lengths, none of which may stand where they mean nothing.
    fn ocr_level(&self) -> Result<Option<OcrLevel>, Refused> {
        let lengths: Option<Vec<u32>> = match (self.length, &self.lengths) {
            (Some(_), Some(_)) => return Err(invalid("give `length` or `lengths`", "lengths")),
            (Some(length), None) => Some(vec![length]),
            (None, lengths) => lengths.clone(),
        };
        if self.kind.0 != ReferenceKind::SeOcr && (self.level.is_some() || lengths.is_some()) {
            return Err(invalid("only `se_ocr` has levels and lengths", "kind"));
        }
        let path = if self.length.is_some() { "length" } else { "lengths" };
        match (self.level, lengths.as_deref()) {
            (Some(Level::Fixed), Some([length, other @ ..])) if other.len() <= 1 => {
                let other = other.first().copied();
                if [Some(*length), other].into_iter().flatten().all(|it| (2..=25).contains(&it)) {
                    Ok(Some(OcrLevel::Fixed { length: *length, other }))
                } else {
                    Err(invalid("a reference has 2 to 25 digits", path))
                }
            }
            (Some(Level::Fixed), _) => Err(invalid("level `fixed` has one or two lengths", path)),
            (Some(Level::Soft | Level::Hard | Level::Variable) | None, Some(_)) => {
                Err(invalid("only level `fixed` has lengths", path))
            }
            (Some(Level::Soft | Level::Hard), None) => Ok(Some(OcrLevel::Hard)),
            (Some(Level::Variable), None) => Ok(Some(OcrLevel::Variable)),
            (None, None) => Ok(None),
        }
    }
}

fn invalid(message: &str, path: &str) -> Refused {
    Refusal::Invalid(serde_json::Error::custom(message)).at(path)
}

#[cfg(test)]
mod tests {
    use crate::calc::answer;

    fn asked(members: &str) -> String {
        answer(&format!(r#"{{"op":"reference",{members}}}"#))
    }

    #[test]
    fn a_level_counts_when_a_reference_is_checked_and_made() {
        let valid = |members: &str| {
            let asked = asked(&format!(r#""kind":"se_ocr",{members}"#));
            assert!(!asked.contains("error"), "{asked}");
            asked.starts_with(r#"{"valid":true"#)
        };
        assert!(valid(r#""value":"123455""#) && valid(r#""value":"123455","level":"soft""#));
        assert!(!valid(r#""value":"123455","level":"variable""#));
        assert!(valid(r#""value":"123455","level":"fixed","lengths":[6,8]"#));
        assert!(!valid(r#""value":"123455","level":"fixed","length":7"#));
        let made =
            |members: &str| asked(&format!(r#""kind":"se_ocr","generate":"12345"{members}"#));
        assert_eq!(made(""), r#"{"value":"1234574"}"#);
        assert_eq!(made(r#","level":"hard""#), r#"{"value":"123455"}"#);
        assert_eq!(made(r#","level":"fixed","length":8"#), r#"{"value":"00123455"}"#);
    }

    #[test]
    fn an_error_names_the_member_it_is_about() {
        for (members, code, path) in [
            (r#""kind":"vin","value":"1""#, "invalid_request", "kind"),
            (r#""kind":"rf""#, "invalid_request", ""),
            (r#""kind":"rf","value":"1","generate":"1""#, "invalid_request", ""),
            (r#""kind":"iban","generate":"1""#, "invalid_request", "kind"),
            (r#""kind":"rf","generate":"1/2""#, "invalid_reference", "generate"),
            (r#""kind":"rf","value":"1","level":"hard""#, "invalid_request", "kind"),
            (r#""kind":"se_ocr","value":"1","length":5"#, "invalid_request", "length"),
            (r#""kind":"se_ocr","value":"1","level":"fixed""#, "invalid_request", "lengths"),
            (
                r#""kind":"se_ocr","value":"1","level":"fixed","lengths":[5,26]"#,
                "invalid_request",
                "lengths",
            ),
        ] {
            let answer = asked(members);
            let expected = format!(r#"{{"error":{{"code":"{code}","#);
            assert!(answer.starts_with(&expected), "{answer}");
            assert!(answer.ends_with(&format!(r#""path":"{path}"}}}}"#)), "{answer}");
        }
    }
}
