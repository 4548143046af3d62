//! Which media types say that a body is JSON.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// Whether the one `Content-Type` is `application/json`, `text/json`, or anything of `application`
/// that ends in `+json`, in UTF-8.
pub fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    let text = value.to_str().unwrap_or_default().to_ascii_lowercase();
    let mut parts = text.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let structured = |subtype: &str| subtype.strip_suffix("+json").is_some_and(|it| !it.is_empty());
    let known = matches!(media_type, "application/json" | "text/json")
        || media_type.strip_prefix("application/").is_some_and(structured);
    known && parts.filter_map(|part| part.strip_prefix("charset=")).all(is_utf8)
}

fn is_utf8(charset: &str) -> bool {
    charset.trim_matches('"') == "utf-8"
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn four_content_types_are_read() {
        let read = |value: &'static str| {
            is_json(&[(CONTENT_TYPE, HeaderValue::from_static(value))].into_iter().collect())
        };
        for value in [
            "application/json",
            "Application/JSON; charset=UTF-8",
            "text/json;charset=\"utf-8\"",
            "application/json-patch+json",
            "application/vnd.some+json; version=1",
        ] {
            assert!(read(value), "{value}");
        }
        for value in [
            "",
            "text/plain",
            "application/+json",
            "text/x+json",
            "application/json; charset=utf-16",
        ] {
            assert!(!read(value), "{value}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
