//! Which format an answer has: the first of several places in a request that says so.

use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE};

/// How values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON document.
    Json,
    /// Rows, each one line of JSON.
    Jsonl,
    /// JSON's shape with CSV's quoting.
    Jsv,
    /// Rows under a header.
    Csv,
    /// As .NET's `DataContractSerializer` writes.
    Xml,
    /// A page for people.
    Html,
}

/// How many media ranges of one request are looked at; what comes after them is not.
const MAX_RANGES: usize = 64;

/// What anybody may ask for with `*/*`.
const ANYTHING: &str = "*/*";

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] =
        [Self::Json, Self::Jsonl, Self::Jsv, Self::Csv, Self::Xml, Self::Html];

    /// What is written where nothing says otherwise.
    pub const DEFAULT: Self = Self::Json;

    /// The word for it in paths and in `?format=`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Jsv => "jsv",
            Self::Csv => "csv",
            Self::Xml => "xml",
            Self::Html => "html",
        }
    }

    /// The `Content-Type` of what is written. Only the page needs to say its encoding: XML says it
    /// itself, and the others have but one.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Jsonl => "text/jsonl",
            Self::Jsv => "text/jsv",
            Self::Csv => "text/csv",
            Self::Xml => "application/xml",
            Self::Html => "text/html; charset=utf-8",
        }
    }

    /// The media types by which it is asked for and sent, the first its own.
    const fn media_types(self) -> &'static [&'static str] {
        match self {
            Self::Json => &["application/json", "text/json"],
            Self::Jsonl => &["text/jsonl", "application/jsonl", "application/x-ndjson"],
            Self::Jsv => &["text/jsv", "application/jsv"],
            Self::Csv => &["text/csv"],
            Self::Xml => &["application/xml", "text/xml"],
            Self::Html => &["text/html"],
        }
    }

    /// The format of a media type without parameters, in any letter case.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        let is_it = |known: &&'static str| known.eq_ignore_ascii_case(media_type);
        Self::ALL.into_iter().find(|format| format.media_types().iter().any(is_it))
    }

    /// The format that a word names; every other word, `other` among them, names the default.
    fn of_word(word: &str) -> Self {
        let named = Self::ALL.into_iter().find(|it| it.word().eq_ignore_ascii_case(word));
        named.unwrap_or(Self::DEFAULT)
    }
}

/// Where a request says which format it wants.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The query as it stands in the address, without `?`.
    pub query: &'a str,
    /// The word in the path: its suffix, or what stands before `/reply/`.
    pub path_word: Option<&'a str>,
    /// `Accept` and `Content-Type`.
    pub headers: &'a HeaderMap,
}

/// The format of the answer. There always is one: an unknown one is the default and never a
/// refusal.
///
/// First `?format=`, then the path, then `Accept`: the named type of the highest weight, and for
/// `*/*` alone the type that the request itself has. `?callback=` is ignored: no script of ours
/// runs in a stranger's page.
pub fn choose(asked: &Asked<'_>) -> Format {
    let word = format_of_query(asked.query);
    if let Some(word) = word.as_deref().or(asked.path_word) {
        return Format::of_word(word);
    }
    let ranges = media_ranges(asked.headers);
    let named = ranges.iter().find_map(|range| Format::of_media_type(&range.media_type));
    let anything = ranges.iter().any(|range| range.media_type == ANYTHING);
    named.or_else(|| sent(asked.headers).filter(|_| anything)).unwrap_or(Format::DEFAULT)
}

/// The format of the request's own body, if it is one of ours.
fn sent(headers: &HeaderMap) -> Option<Format> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Format::of_media_type(value.split(';').next()?.trim())
}

/// The first `format=` of the query that says anything.
fn format_of_query(query: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, value)| name.eq_ignore_ascii_case("format") && !value.is_empty())
        .map(|(_, value)| value.into_owned())
}

/// One range of `Accept`.
struct Range {
    media_type: String,
    /// In thousandths.
    weight: u16,
}

/// The ranges of all `Accept` headers, the heaviest first, and in the order sent among equals. A
/// weight of zero says what is not wanted, so such a range is none.
fn media_ranges(headers: &HeaderMap) -> Vec<Range> {
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let ranges = values.flat_map(|value| value.split(',')).take(MAX_RANGES);
    let mut ranges: Vec<Range> = ranges.filter_map(range).collect();
    ranges.sort_by_key(|range| std::cmp::Reverse(range.weight));
    ranges
}

fn range(text: &str) -> Option<Range> {
    let mut parts = text.split(';').map(str::trim);
    let media_type = parts.next().filter(|it| !it.is_empty())?.to_owned();
    let mut weights = parts.filter_map(|part| part.split_once('='));
    let weight = weights.rfind(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    let weight = weight.map_or(Some(1000), |(_, text)| thousandths(text.trim()))?;
    (weight > 0).then_some(Range { media_type, weight })
}

/// `1`, `0.5`, `0.333`: at most three decimals, and never more than 1.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let is_short = decimals.len() <= 3 && decimals.bytes().all(|it| it.is_ascii_digit());
    if !matches!(whole, "0" | "1") || !is_short {
        return None;
    }
    let weight: u16 = format!("{whole}{decimals:0<3}").parse().ok()?;
    (weight <= 1000).then_some(weight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    fn headers(accept: &[&str], content_type: Option<&str>) -> HeaderMap {
        let value = |text: &str| HeaderValue::from_str(text).expect("a header");
        let accept = accept.iter().map(|it| (ACCEPT, value(it)));
        let sent = content_type.map(|it| (CONTENT_TYPE, value(it)));
        accept.chain(sent).collect::<Vec<(HeaderName, HeaderValue)>>().into_iter().fold(
            HeaderMap::new(),
            |mut headers, (name, value)| {
                headers.append(name, value);
                headers
            },
        )
    }

    fn chosen(asked: (Option<&str>, &str), accept: &str, content_type: Option<&str>) -> Format {
        let (path_word, query) = asked;
        choose(&Asked { query, path_word, headers: &headers(&[accept], content_type) })
    }

    /// Neither the path nor the query says anything.
    const NOTHING: (Option<&str>, &str) = (None, "");

    #[test]
    fn the_first_place_that_names_a_format_decides() {
        for (path_word, query, accept, expected) in [
            (None, "", "application/xml", Format::Xml),
            (Some("json"), "", "application/xml", Format::Json),
            (Some("csv"), "format=jsv", "application/xml", Format::Jsv),
            (Some("csv"), "callback=run&FORMAT=HTML", "application/xml", Format::Html),
            (Some("csv"), "format=", "application/xml", Format::Csv),
            (Some("jsonl"), "", "application/xml", Format::Jsonl),
            (Some("jsonl"), "format=csv", "text/html", Format::Csv),
            (Some("JSV"), "", "", Format::Jsv),
            (None, "callback=run", "", Format::Json),
        ] {
            let format = chosen((path_word, query), accept, None);
            assert_eq!(format, expected, "{path_word:?} {query} {accept}");
        }
    }

    #[test]
    fn other_and_every_unknown_format_is_the_default_whatever_is_accepted() {
        for asked in [
            (Some("other"), ""),
            (Some("yaml"), ""),
            (None, "format=other"),
            (None, "format=yaml"),
            (Some("x"), ""),
        ] {
            assert_eq!(chosen(asked, "text/csv", None), Format::Json, "{asked:?}");
        }
        assert_eq!(chosen(NOTHING, "application/yaml", Some("text/jsv")), Format::Json);
    }

    #[test]
    fn accept_is_weighed_and_a_named_type_comes_before_anything() {
        for (accept, expected) in [
            ("", Format::Json),
            ("text/csv", Format::Csv),
            ("TEXT/CSV; header=present", Format::Csv),
            ("text/csv;q=0.5, application/xml;q=0.501", Format::Xml),
            ("text/csv;q=0.5, application/xml; Q=0.5", Format::Csv),
            ("text/csv;q=0, text/jsv;q=0.001", Format::Jsv),
            ("*/*, text/jsonl;q=0.1", Format::Jsonl),
            ("text/csv;q=2, text/jsv;q=1.000", Format::Jsv),
            ("text/csv;q=1.001, text/xml;q=0.0001, text/jsv;q=0.1", Format::Jsv),
            ("image/png, ,;,=;q", Format::Json),
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8",
                Format::Html,
            ),
        ] {
            assert_eq!(chosen(NOTHING, accept, None), expected, "{accept}");
        }
        let two = headers(&["text/csv;q=0.1", "text/jsv"], None);
        let asked = Asked { query: "", path_word: None, headers: &two };
        assert_eq!(choose(&asked), Format::Jsv);
    }

    #[test]
    fn anything_is_the_type_that_was_sent() {
        assert_eq!(chosen(NOTHING, "*/*", Some("application/xml; charset=utf-8")), Format::Xml);
        assert_eq!(chosen(NOTHING, "*/*;q=0.1", Some("text/jsonl")), Format::Jsonl);
        assert_eq!(chosen(NOTHING, "*/*", Some("application/x-www-form-urlencoded")), Format::Json);
        assert_eq!(chosen(NOTHING, "*/*;q=0", Some("text/jsonl")), Format::Json);
        assert_eq!(chosen(NOTHING, "", Some("application/xml")), Format::Json);
    }

    #[test]
    fn only_so_many_ranges_are_looked_at() {
        let after = |count: usize| format!("{}text/csv", "a/1,".repeat(count));
        assert_eq!(chosen(NOTHING, &after(63), None), Format::Csv);
        assert_eq!(chosen(NOTHING, &after(64), None), Format::Json);
        assert_eq!(chosen(NOTHING, &"a/1,".repeat(4000), None), Format::Json);
    }
}
