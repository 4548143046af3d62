//! Why a request is not answered as it hoped, in the contract's `ResponseStatus`.

use crate::format::{
    FieldError, Format, HTML_SECURITY_POLICY, Node, ResponseStatus, ToNode, write,
};
use abono_http::body::BodyError;
use abono_http::reply::Reply;
use http::HeaderValue;
use http::header::{CONTENT_SECURITY_POLICY, RETRY_AFTER, WWW_AUTHENTICATE};

/// A request that is not carried out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) status: u16,
    pub(crate) why: Box<ResponseStatus>,
    /// After how many seconds it may be tried again, where it is only too early.
    retry_after: Option<u64>,
}

/// Who is asked for a token.
const CHALLENGE: &str = r#"Bearer realm="abono""#;

impl Refused {
    fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        let why = Box::new(ResponseStatus::new(code, message));
        Self { status, why, retry_after: None }
    }

    /// Nobody who is known asks.
    pub(crate) fn unauthorized() -> Self {
        Self::new(401, "Unauthorized", "Not Authenticated")
    }

    /// Whoever asks may not.
    pub(crate) fn forbidden() -> Self {
        Self::new(403, "Forbidden", "Invalid Role")
    }

    /// It isn't there.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, "NotFound", message)
    }

    /// The path has other methods.
    pub(crate) fn wrong_method() -> Self {
        Self::new(405, "NotSupportedException", "The method is not one of this path")
    }

    /// It isn't possible as things stand.
    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(409, "Conflict", message)
    }

    /// It isn't possible before something else is done that is under way.
    pub(crate) fn not_yet(message: impl Into<String>) -> Self {
        Self { retry_after: Some(1), ..Self::conflict(message) }
    }

    /// Whoever asks does so too often; after so many seconds they may ask again.
    pub(crate) fn too_often(retry_after: u64) -> Self {
        let refused = Self::new(429, "TooManyRequests", "Too many requests; try again later");
        Self { retry_after: Some(retry_after), ..refused }
    }

    /// Something failed on our side, and nothing of our inside goes out.
    pub(crate) fn internal() -> Self {
        Self::new(500, "Exception", "Internal error")
    }

    /// Our database is in trouble, and nothing was changed.
    pub(crate) fn in_trouble() -> Self {
        let refused = Self::new(503, "ServiceUnavailable", "Not available now; try again later");
        Self { retry_after: Some(10), ..refused }
    }

    /// It was lost whether it was done.
    pub(crate) fn unknown_outcome() -> Self {
        let message =
            "The outcome is unknown; send the same request again with its Idempotency-Key";
        Self::new(500, "TimeoutException", message)
    }

    /// The request as a whole can't be taken.
    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::new(400, "ArgumentException", message)
    }

    /// Members of the request can't be taken.
    pub(crate) fn status_of(why: ResponseStatus) -> Self {
        Self { status: 400, why: Box::new(why), retry_after: None }
    }

    /// A member has no value and must have one.
    pub(crate) fn missing(field: &str) -> Self {
        Self::status_of(ResponseStatus::of_fields(vec![FieldError::empty(field)]))
    }

    /// A member has a value that it can't have.
    pub(crate) fn field(field: &'static str, message: impl Into<String>) -> Self {
        let (error_code, field_name, message) =
            ("ArgumentException".into(), field.to_owned(), message.into());
        let error = FieldError { error_code, field_name, message };
        Self::status_of(ResponseStatus::of_fields(vec![error]))
    }

    /// There is no body to read.
    pub(crate) fn body(error: &BodyError) -> Self {
        let status = match error {
            BodyError::TooLarge => 413,
            BodyError::TimedOut => 408,
            BodyError::Encoded => 415,
            BodyError::Broken => 400,
        };
        Self::new(status, "SerializationException", error.to_string())
    }

    /// The answer, in the format that was asked for.
    pub(crate) fn reply(&self, format: Format) -> Reply {
        let reply = reply(self.status, self.why.as_ref(), format);
        let reply = match self.status {
            401 => reply.with(WWW_AUTHENTICATE, HeaderValue::from_static(CHALLENGE)),
            _ => reply,
        };
        match self.retry_after {
            Some(seconds) => reply.with(RETRY_AFTER, HeaderValue::from(seconds)),
            None => reply,
        }
    }
}

/// An answer in a format.
pub(crate) fn reply(status: u16, shape: &impl ToNode, format: Format) -> Reply {
    of_node(status, &shape.to_node(), format)
}

/// An answer of values in a format.
pub(crate) fn of_node(status: u16, node: &Node, format: Format) -> Reply {
    guarded(Reply::new(status, format.content_type(), write(node, format)))
}

/// The same, where a page may do nothing but be looked at.
pub(crate) fn guarded(reply: Reply) -> Reply {
    if reply.content_type == Format::Html.content_type() {
        reply.with(CONTENT_SECURITY_POLICY, HeaderValue::from_static(HTML_SECURITY_POLICY))
    } else {
        reply
    }
}
