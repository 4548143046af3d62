//! What is wrong with a request's head, whatever its contract.
//!
//! The parser has refused before: HTTP/1 heads of more than 100 headers, two different lengths, an
//! unknown transfer coding. Of a length beside a transfer coding it drops the length, as RFC 9112
//! (6.3) allows, and says nothing of it here.

use http::header::HOST;
use http::{Request, Version};

/// The most headers of a request, as the HTTP/1 parser has it too.
const MAX_HEADERS: usize = 100;

/// The longest path and query together.
const MAX_TARGET: usize = 8 << 10;

/// The status to refuse a request with, and why, if it must be.
pub(crate) fn refusal<B>(request: &Request<B>) -> Option<(u16, &'static str)> {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if request.headers().len() > MAX_HEADERS {
        Some((431, "too many headers"))
    } else if target > MAX_TARGET {
        Some((414, "the address is too long"))
    } else if !has_one_host(request) {
        Some((400, "a request names its host once"))
    } else {
        None
    }
}

/// HTTP/1.1 asks for exactly one `Host`; older clients may have none, HTTP/2 has its authority.
fn has_one_host<B>(request: &Request<B>) -> bool {
    match request.headers().get_all(HOST).iter().count() {
        0 => request.version() != Version::HTTP_11,
        1 => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn request(version: Version, target: &str, hosts: usize) -> Request<()> {
        let mut request = Request::new(());
        *request.version_mut() = version;
        *request.uri_mut() = target.parse().expect("a target");
        for _ in 0..hosts {
            request.headers_mut().append(HOST, HeaderValue::from_static("a"));
        }
        request
    }

    fn status(request: &Request<()>) -> Option<u16> {
        refusal(request).map(|(status, _)| status)
    }

    #[test]
    fn http_1_1_needs_exactly_one_host() {
        for (version, hosts, expected) in [
            (Version::HTTP_11, 1, None),
            (Version::HTTP_11, 0, Some(400)),
            (Version::HTTP_11, 2, Some(400)),
            (Version::HTTP_10, 0, None),
            (Version::HTTP_2, 0, None),
            (Version::HTTP_2, 2, Some(400)),
        ] {
            assert_eq!(status(&request(version, "/", hosts)), expected, "{version:?} {hosts}");
        }
    }

    #[test]
    fn a_target_of_more_than_8_kib_is_refused() {
        let target = |length: usize| format!("/?{}", "a".repeat(length - 2));
        assert_eq!(status(&request(Version::HTTP_11, &target(MAX_TARGET), 1)), None);
        let long = request(Version::HTTP_11, &target(MAX_TARGET + 1), 1);
        assert_eq!(status(&long), Some(414));
    }

    #[test]
    fn more_than_100_headers_are_refused_also_where_the_parser_takes_them() {
        let mut many = request(Version::HTTP_2, "/", 0);
        for _ in 0..=MAX_HEADERS {
            many.headers_mut().append("x-a", HeaderValue::from_static("1"));
        }
        assert_eq!(status(&many), Some(431));
    }
}
