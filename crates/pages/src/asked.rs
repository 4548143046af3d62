//! What a request says besides its path: the language that it wants, and its form.

use abono_documents::locale::Locale;
use abono_domain::language::Language;
use abono_http::body::{BodyLimits, read_limited};
use axum::body::Body;
use http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};
use http::request::Parts;
use std::collections::BTreeMap;

/// The most bytes of a form.
const FORM_MAX: usize = 4 << 10;

/// The most fields of a form.
const FIELDS_MAX: usize = 32;

/// The most languages that are read of what a browser prefers.
const PREFERRED_MAX: usize = 16;

/// The fields of a form, each once.
#[derive(Debug, Default)]
pub(crate) struct Form(BTreeMap<String, String>);

impl Form {
    /// A field, where it was sent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The fields of a body; `None` where there are too many, or one of them twice.
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            let before = fields.insert(name.into_owned(), value.into_owned());
            if before.is_some() || fields.len() > FIELDS_MAX {
                return None;
            }
        }
        Some(Self(fields))
    }

    /// The form of a request; an empty body is an empty form. `None` where it can't be read.
    pub(crate) async fn of(parts: &Parts, body: Body) -> Option<Self> {
        let limits = BodyLimits { bytes: FORM_MAX, ..BodyLimits::default() };
        let bytes = read_limited(&parts.headers, body, limits).await.ok()?;
        (bytes.is_empty() || is_form(parts)).then(|| Self::parse(&bytes))?
    }

    /// The language that it wants.
    pub(crate) fn locale(&self) -> Option<Locale> {
        self.get("lang").and_then(locale)
    }
}

fn is_form(parts: &Parts) -> bool {
    let sent = parts.headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let kind = sent.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The language of a code, where there are pages in it.
fn locale(code: &str) -> Option<Locale> {
    Locale::ALL.into_iter().find(|it| it.as_str() == code)
}

/// The language that an address asks for.
pub(crate) fn in_query(parts: &Parts) -> Option<Locale> {
    let query = parts.uri.query().unwrap_or_default();
    let mut asked = form_urlencoded::parse(query.as_bytes());
    asked.find_map(|(name, value)| if name == "lang" { locale(&value) } else { None })
}

/// The language of an answer about nobody's request: what the address asks for, else what the
/// browser prefers, else English.
pub(crate) fn of_browser(parts: &Parts) -> Locale {
    let sent = parts.headers.get(ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
    let preferred = || sent.and_then(preferred);
    in_query(parts).or_else(preferred).unwrap_or(Locale::English)
}

/// The language with the highest weight that there are pages in; the first of equal ones.
fn preferred(sent: &str) -> Option<Locale> {
    let mut best: Option<(u32, Locale)> = None;
    for range in sent.split(',').take(PREFERRED_MAX) {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let weight = weight(parameters);
        let found = Language::parse(tag.trim()).and_then(|it| locale(it.as_str()));
        if let Some(found) = found.filter(|_| weight > best.map_or(0, |(most, _)| most)) {
            best = Some((weight, found));
        }
    }
    best.map(|(_, locale)| locale)
}

/// A weight in thousandths: `q=0.8` is 800. What is none is 0, so it isn't wanted.
fn weight(parameters: &str) -> u32 {
    let Some(value) = parameters.trim().strip_prefix("q=") else { return 1_000 };
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    let digits = format!("{whole}{decimals:0<3}");
    let is_weight = whole.len() == 1 && decimals.len() <= 3;
    digits.parse().ok().filter(|it| is_weight && *it <= 1_000).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_s_first_language_that_is_known_wins() {
        for (sent, found) in [
            ("ru", Some(Locale::Russian)),
            ("de-DE, es;q=0.5, sv-SE;q=0.8, en;q=0.1", Some(Locale::Swedish)),
            ("en;q=0, es;q=0.001", Some(Locale::Spanish)),
            ("es-419,es;q=0.9,en;q=0.8", Some(Locale::Spanish)),
            ("fr, *;q=0.5", None),
            ("", None),
            ("ru;q=1.5, sv;q=0.2", Some(Locale::Swedish)),
            ("ru;q=nan", None),
        ] {
            assert_eq!(preferred(sent), found, "{sent}");
        }
    }

    #[test]
    fn a_form_has_each_field_once_and_not_too_many() {
        let form = Form::parse(b"outcome=approve&note=%D1%8F+%26").expect("a form");
        assert_eq!((form.get("outcome"), form.get("note")), (Some("approve"), Some("я &")));
        assert!(Form::parse(b"a=1&a=2").is_none());
        let many: Vec<String> = (0..=FIELDS_MAX).map(|it| format!("a{it}=1")).collect();
        assert!(Form::parse(many.join("&").as_bytes()).is_none());
        assert!(Form::parse(&[0xff, b'=', 0xfe]).is_some());
    }
}
