//! The languages of this contract, and which of them a request asks for.

use abono_domain::language::Language;
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;

/// A language that messages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speech {
    /// English.
    En,
    /// Russian.
    Ru,
}

impl Speech {
    /// The language of messages for somebody who reads `language`.
    pub(crate) fn of(language: &Language) -> Self {
        if language.as_str() == "ru" { Self::Ru } else { Self::En }
    }
}

/// The contract's own name of the header.
pub(crate) const BARE_LANGUAGE: &str = "language";

/// The languages that can be asked for.
const OFFERED: [&str; 2] = ["ru", "en"];

/// The offered language that a request likes best, of equals the first; `None` where it names none.
pub(crate) fn wanted(headers: &HeaderMap) -> Option<Language> {
    let values = headers.get_all(ACCEPT_LANGUAGE).iter().chain(headers.get_all(BARE_LANGUAGE));
    let ranges = values.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','));
    let best = ranges.filter_map(range).fold(None, |best: Option<(Language, u16)>, next| {
        let least = best.as_ref().map_or(0, |(_, weight)| *weight);
        if next.1 > least { Some(next) } else { best }
    });
    best.map(|(language, _)| language)
}

/// A language range and its weight in thousandths (RFC 9110, 12.5.4).
fn range(text: &str) -> Option<(Language, u16)> {
    let (tag, weight) = text.split_once(';').unwrap_or((text, "q=1"));
    let language = Language::parse(tag.trim())?;
    let offered = OFFERED.contains(&language.as_str());
    let weight = thousandths(weight.trim().strip_prefix("q=")?)?;
    offered.then_some((language, weight))
}

fn thousandths(weight: &str) -> Option<u16> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    let figure: u16 = format!("{whole}{decimals:0<3}").parse().ok()?;
    (decimals.len() <= 3 && figure <= 1000).then_some(figure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn read(values: &[&'static str]) -> Option<String> {
        let header = |value: &&'static str| (ACCEPT_LANGUAGE, HeaderValue::from_static(value));
        let headers = values.iter().map(header).collect();
        wanted(&headers).map(|language| language.as_str().to_owned())
    }

    #[test]
    fn the_best_liked_of_the_offered_languages_wins() {
        for (values, language) in [
            (&["ru-RU"][..], Some("ru")),
            (&["en-US,en;q=0.9"], Some("en")),
            (&["en;q=0.5, ru;q=0.7"], Some("ru")),
            (&["ru", "en"], Some("ru")),
            (&["de, en;q=0.001"], Some("en")),
            (&["de"], None),
            (&["*"], None),
            (&["ru;q=0"], None),
            (&["ru;q=7", "en;q=0.1234", "ru;level=1"], None),
            (&[""], None),
            (&[], None),
        ] {
            assert_eq!(read(values).as_deref(), language, "{values:?}");
        }
    }
}
