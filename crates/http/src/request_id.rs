//! The id by which a request is found again in the log: the client's, or one of ours.

use http::{HeaderMap, HeaderName, HeaderValue};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where the id comes in and goes out.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken from a client.
const MAX_LENGTH: usize = 64;

/// The id of one request. Handlers find it among the request's extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The id as it stands in the answer.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where new ids come from: a seed that differs in each process, and a counter within it.
#[derive(Debug)]
pub struct RequestIds {
    seed: u64,
    next: AtomicU64,
}

impl RequestIds {
    /// Ids of a process with this seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, next: AtomicU64::new(0) }
    }

    /// The client's id where it sent one that is safe to repeat, else a new one.
    pub fn of(&self, headers: &HeaderMap) -> RequestId {
        let mut sent = headers.get_all(X_REQUEST_ID).iter();
        match (sent.next(), sent.next()) {
            (Some(id), None) if is_taken(id.as_bytes()) => RequestId(id.clone()),
            (Some(_) | None, _) => self.fresh(),
        }
    }

    fn fresh(&self) -> RequestId {
        let count = self.next.fetch_add(1, Ordering::Relaxed);
        let id = HeaderValue::try_from(format!("{:016x}-{count:x}", self.seed));
        RequestId(id.unwrap_or(const { HeaderValue::from_static("-") }))
    }
}

fn is_taken(id: &[u8]) -> bool {
    (1..=MAX_LENGTH).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(ids: &RequestIds, sent: &[&str]) -> String {
        let value = |id: &&str| HeaderValue::from_bytes(id.as_bytes()).expect("a header value");
        ids.of(&sent.iter().map(|text| (X_REQUEST_ID, value(text))).collect()).to_string()
    }

    #[test]
    fn a_safe_id_of_the_client_is_kept() {
        let ids = RequestIds::new(7);
        for sent in ["a", "A-1_b.c", &"x".repeat(MAX_LENGTH)] {
            assert_eq!(id(&ids, &[sent]), sent);
        }
    }

    #[test]
    fn any_other_id_is_replaced() {
        let ids = RequestIds::new(7);
        let long = "x".repeat(MAX_LENGTH + 1);
        for sent in [&[][..], &[""], &["a b"], &["a\"b"], &["é"], &[&long], &["a", "a"]] {
            assert!(id(&ids, sent).starts_with("0000000000000007-"), "{sent:?}");
        }
    }

    #[test]
    fn new_ids_differ_within_a_process_and_between_two() {
        let (one, other) = (RequestIds::new(1), RequestIds::new(2));
        assert_ne!(id(&one, &[]), id(&one, &[]));
        assert_ne!(id(&RequestIds::new(1), &[]), id(&other, &[]));
    }
}
