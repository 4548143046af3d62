//! An answer as plain bytes, so that it can be stored and sent again exactly as it was.

mod problem;

pub use problem::problem;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use std::borrow::Cow;

/// What is answered. Status, content type and body are what an idempotency record keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body; empty where there is none.
    pub content_type: Cow<'static, str>,
    /// The body, byte for byte.
    pub body: Bytes,
    headers: HeaderMap,
}

impl Reply {
    /// An answer of any media type; also one that was stored.
    pub fn new(
        status: u16,
        content_type: impl Into<Cow<'static, str>>,
        body: impl Into<Bytes>,
    ) -> Self {
        let (content_type, body) = (content_type.into(), body.into());
        Self { status, content_type, body, headers: HeaderMap::new() }
    }

    /// An answer in JSON.
    pub fn json(status: u16, body: impl Into<Bytes>) -> Self {
        Self::new(status, "application/json", body)
    }

    /// An answer in plain text.
    pub fn text(status: u16, body: impl Into<Bytes>) -> Self {
        Self::new(status, "text/plain; charset=utf-8", body)
    }

    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        Self::new(status, "", Bytes::new())
    }

    /// The same answer with one more header, as `Retry-After`, `WWW-Authenticate` or `Allow`.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }
}

/// The content length follows from the body, and is written by the server.
impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        *headers = self.headers;
        if !self.content_type.is_empty() {
            headers.insert(CONTENT_TYPE, media_type(&self.content_type));
        }
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// A text that can't stand in a header says nothing about the body, so neither do we.
fn media_type(text: &str) -> HeaderValue {
    HeaderValue::from_str(text)
        .unwrap_or(const { HeaderValue::from_static("application/octet-stream") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::routing::get;
    use http::Request;
    use http::header::{CONTENT_LENGTH, RETRY_AFTER};
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    #[tokio::test]
    async fn a_reply_through_a_router_has_its_bytes_and_all_its_headers() {
        let reply = Reply::json(429, r#"{"code":"TooManyRequests"}"#)
            .with(RETRY_AFTER, HeaderValue::from_static("1"));
        let router = Router::new().route("/", get(async || reply));
        let response = router.oneshot(Request::new(Body::empty())).await.expect("infallible");

        assert_eq!(response.status(), 429);
        let headers = response.headers();
        assert_eq!(headers[CONTENT_TYPE], "application/json");
        assert_eq!(headers[CONTENT_LENGTH], "26");
        assert_eq!(headers[X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[CACHE_CONTROL], "no-store");
        assert_eq!(headers[RETRY_AFTER], "1");
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        assert_eq!(body, r#"{"code":"TooManyRequests"}"#);
    }

    #[test]
    fn what_has_no_body_says_nothing_of_its_type() {
        let response = Reply::empty(201).into_response();
        assert_eq!(response.status(), 201);
        assert_eq!(response.headers().get(CONTENT_TYPE), None);
    }

    #[test]
    fn what_is_no_status_or_no_media_type_is_still_answered() {
        let response = Reply::new(7, "text/\nplain", "").into_response();
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/octet-stream");
    }
}
