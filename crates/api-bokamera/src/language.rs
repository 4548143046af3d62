//! The language of names: English, or Swedish where `x-language` says so.

use abono_domain::language::Language;
use http::HeaderMap;

/// The contract's own header.
const X_LANGUAGE: &str = "x-language";

/// The languages of the contract, the usual one first.
const SPOKEN: [&str; 2] = ["en", "sv"];

/// The language that a request asks for.
pub(crate) fn wanted(headers: &HeaderMap) -> Option<Language> {
    let said = headers.get(X_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let tag = said.trim().split('-').next().unwrap_or_default();
    let known = SPOKEN.into_iter().find(|known| known.eq_ignore_ascii_case(tag));
    Language::parse(known.unwrap_or(SPOKEN[0]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn it_is_english_unless_swedish_is_asked_for() {
        for (said, language) in
            [("sv", "sv"), ("SV", "sv"), ("sv-SE", "sv"), ("en", "en"), ("", "en"), ("de", "en")]
        {
            let headers = [(X_LANGUAGE.parse().expect("a name"), HeaderValue::from_static(said))];
            let wanted = wanted(&HeaderMap::from_iter(headers));
            assert_eq!(wanted.as_ref().map(Language::as_str), Some(language), "{said}");
        }
        assert_eq!(wanted(&HeaderMap::new()).as_ref().map(Language::as_str), Some("en"));
    }
}
