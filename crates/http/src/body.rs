//! Reading the whole body of a request within its limits.

use axum::body::{Body, HttpBody};
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::CONTENT_ENCODING;
use http_body_util::BodyExt;
use std::time::Duration;

/// How much a body may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimits {
    /// The most bytes it may have.
    pub bytes: usize,
    /// How long the client may take to send all of it.
    pub time: Duration,
}

/// One second less than the half minute we promise, so that the refusal is out within it.
impl Default for BodyLimits {
    fn default() -> Self {
        Self { bytes: 1 << 20, time: Duration::from_secs(29) }
    }
}

/// Why there is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// It has more bytes than allowed.
    #[error("the body is too large")]
    TooLarge,
    /// It didn't come in time.
    #[error("the body did not arrive in time")]
    TimedOut,
    /// The connection failed, or the transfer coding was wrong.
    #[error("the body could not be read")]
    Broken,
    /// It is compressed. We don't unpack: a few bytes could become any number.
    #[error("an encoded body is not read; send it without Content-Encoding")]
    Encoded,
}

/// A refused body is read and thrown away up to this size: a client that still sends when we close
/// would find its connection reset, and not our answer.
const DISCARDED: usize = 16 << 20;

/// Reads the whole body.
pub async fn read_limited(
    headers: &HeaderMap,
    body: Body,
    limits: BodyLimits,
) -> Result<Bytes, BodyError> {
    let read = tokio::time::timeout(limits.time, collect(body, limits.bytes))
        .await
        .map_err(|_| BodyError::TimedOut)?;
    if is_encoded(headers) { Err(BodyError::Encoded) } else { read }
}

/// Reads a body that nobody wants, within the limits of one that somebody does.
pub async fn discard(body: Body) {
    let _unread = tokio::time::timeout(BodyLimits::default().time, collect(body, 0)).await;
}

fn is_encoded(headers: &HeaderMap) -> bool {
    headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

async fn collect(mut body: Body, limit: usize) -> Result<Bytes, BodyError> {
    let (mut kept, mut seen) = (BytesMut::new(), 0_usize);
    while seen.saturating_add(declared(&body)) <= DISCARDED {
        let Some(frame) = body.frame().await else {
            return if seen <= limit { Ok(kept.freeze()) } else { Err(BodyError::TooLarge) };
        };
        let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen <= limit {
            kept.extend_from_slice(&data);
        }
    }
    Err(BodyError::TooLarge)
}

/// What is still to come at least, as the client says.
fn declared(body: &Body) -> usize {
    usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream::{self, StreamExt};
    use http::HeaderValue;
    use std::io;

    const LIMITS: BodyLimits = BodyLimits { bytes: 4, time: Duration::from_millis(20) };

    fn chunks(chunks: &'static [&'static str]) -> Body {
        Body::from_stream(stream::iter(chunks).map(|chunk| io::Result::Ok(*chunk)))
    }

    async fn read(body: Body) -> Result<Bytes, BodyError> {
        read_limited(&HeaderMap::new(), body, LIMITS).await
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_the_last_byte_allowed() {
        assert_eq!(read(Body::empty()).await, Ok(Bytes::new()));
        assert_eq!(read(Body::from("1234")).await, Ok(Bytes::from("1234")));
        assert_eq!(read(chunks(&["12", "", "34"])).await, Ok(Bytes::from("1234")));
    }

    #[tokio::test]
    async fn one_byte_more_is_too_large() {
        assert_eq!(read(Body::from("12345")).await, Err(BodyError::TooLarge));
        assert_eq!(read(chunks(&["12", "345", "6"])).await, Err(BodyError::TooLarge));
    }

    #[tokio::test]
    async fn an_endless_body_is_not_read_to_its_end() {
        let endless = stream::repeat_with(|| io::Result::Ok(vec![0; 1 << 16]));
        assert_eq!(read(Body::from_stream(endless)).await, Err(BodyError::TooLarge));
    }

    #[tokio::test]
    async fn a_body_that_stops_half_way_times_out() {
        let half = stream::iter([io::Result::Ok("1")]).chain(stream::pending());
        assert_eq!(read(Body::from_stream(half)).await, Err(BodyError::TimedOut));
    }

    #[tokio::test]
    async fn a_body_that_fails_is_broken() {
        let failing = stream::iter([Ok("1"), Err(io::Error::other("reset"))]);
        assert_eq!(read(Body::from_stream(failing)).await, Err(BodyError::Broken));
    }

    #[tokio::test]
    async fn only_the_identity_coding_is_read() {
        let coded = async |codings: &[&'static str]| {
            let headers =
                codings.iter().map(|coding| (CONTENT_ENCODING, HeaderValue::from_static(coding)));
            read_limited(&headers.collect(), Body::from("1"), LIMITS).await
        };
        assert_eq!(coded(&["Identity"]).await, Ok(Bytes::from("1")));
        assert_eq!(coded(&["gzip"]).await, Err(BodyError::Encoded));
        assert_eq!(coded(&["identity", "gzip"]).await, Err(BodyError::Encoded));
        assert_eq!(coded(&[""]).await, Err(BodyError::Encoded));
    }
}
