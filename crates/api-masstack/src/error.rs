//! The contract's `ErrorMessage`, and the code of each cause.

use abono_http::reply::Reply;
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

/// Declares the causes, so that none can be without a code and a message.
macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident => $number:literal, $message:literal;)*) => {
        /// Every cause for which a request is not answered as it hoped.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[doc = $doc])* $name),* }

        impl Code {
            /// All of them, in the order of their codes.
            pub const ALL: [Self; 20] = [$(Self::$name),*];

            /// Its code on the wire, which never changes: the status, and two digits more.
            pub const fn number(self) -> u16 {
                match self { $(Self::$name => $number),* }
            }

            /// For people.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$name => $message),* }
            }
        }
    };
}

codes! {
    /// The content type isn't JSON.
    NotJson => 40001, "The content type is not JSON";
    /// The body can't be read.
    InvalidBody => 40002, "Invalid request body";
    /// The parameter `query` can't be read.
    InvalidQuery => 40003, "Invalid query";
    /// The day is over.
    PastDate => 40004, "The date is in the past";
    /// The day is too far away.
    DateTooFar => 40005, "The date is too far in the future";
    /// The tariff in force isn't changed to this one.
    Incompatible => 40006, "The product is not compatible";
    /// The tariff is no longer sold.
    Withdrawn => 40007, "The product is no longer sold";
    /// The subscription is over by then.
    Ended => 40008, "The subscription has ended";
    /// Too many changes wait.
    TooManyChanges => 40009, "Too many changes wait";
    /// The tariff has no price for this subscription.
    NotSold => 40010, "The product can not be sold to this subscription";
    /// A figure or a date doesn't fit.
    OutOfRange => 40011, "A value is out of range";
    /// It isn't possible as things stand.
    Impossible => 40012, "The operation can not be performed";
    /// There is no token, or none that is accepted.
    Unauthorized => 40101, "A valid access token is required";
    /// The token may not.
    Forbidden => 40301, "The access token does not allow this";
    /// The address is none.
    NotFound => 40401, "Resource not found";
    /// There is no such subscription.
    UnknownSubscription => 40402, "Subscription not found";
    /// The subscription's product has no such tariff.
    UnknownProduct => 40403, "Product not found";
    /// The token asks too often, or too much happens at once.
    TooManyRequests => 42901, "Too many requests";
    /// Something failed on our side.
    Internal => 50001, "Internal error";
    /// It was lost whether the change was made.
    UnknownOutcome => 50002, "The outcome is unknown; the same request can be sent again";
}

impl Code {
    /// The HTTP status that goes with it.
    pub const fn status(self) -> u16 {
        self.number() / 100
    }
}

/// A request that is not carried out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: Code,
    /// For developers: where it was wrong, and nothing of our inside.
    pub(crate) details: Vec<String>,
    /// After how many seconds it may be tried again, where it is only too early.
    retry_after: u64,
}

/// What every refusal is answered with.
#[derive(Serialize)]
struct ErrorMessage<'a> {
    code: u16,
    status: &'a str,
    message: &'a str,
    details: &'a [String],
}

impl Refused {
    pub(crate) const fn new(code: Code) -> Self {
        Self { code, details: Vec::new(), retry_after: 1 }
    }

    /// The same with a detail more.
    pub(crate) fn because(mut self, detail: impl ToString) -> Self {
        self.details.push(detail.to_string());
        self
    }

    /// The body can't be read; `detail` says where.
    pub(crate) fn body(detail: impl ToString) -> Self {
        Self::new(Code::InvalidBody).because(detail)
    }

    /// The token asks too often; after so many seconds it may ask again.
    pub(crate) fn too_often(retry_after: u64) -> Self {
        Self { retry_after, ..Self::new(Code::TooManyRequests) }
    }

    /// Whether it blames what was sent, and not who sent it or where.
    pub(crate) const fn is_about_input(&self) -> bool {
        self.code.status() == 400
    }

    /// The answer.
    pub(crate) fn reply(&self) -> Reply {
        let status = self.code.status();
        let reason = StatusCode::from_u16(status).ok().and_then(|it| it.canonical_reason());
        let message = ErrorMessage {
            code: self.code.number(),
            status: reason.unwrap_or_default(),
            message: self.code.message(),
            details: &self.details,
        };
        let reply = Reply::json(status, serde_json::to_vec(&message).unwrap_or_default());
        match status {
            401 => reply.with(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            429 => reply.with(RETRY_AFTER, HeaderValue::from(self.retry_after)),
            _ => reply,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;

    #[test]
    fn each_cause_has_a_code_of_its_own_and_a_status_of_the_contract() {
        for (at, code) in Code::ALL.into_iter().enumerate() {
            assert!(Code::ALL[..at].iter().all(|it| it.number() < code.number()), "{code:?}");
            assert!([400, 401, 403, 404, 429, 500].contains(&code.status()), "{code:?}");
        }
    }

    #[test]
    fn who_is_too_early_is_told_when_to_come_back() {
        let headers = Refused::too_often(3).reply().into_response().headers().clone();
        assert_eq!(headers[RETRY_AFTER], "3");
        let headers = Refused::new(Code::TooManyRequests).reply().into_response().headers().clone();
        assert_eq!(headers[RETRY_AFTER], "1");
    }

    #[test]
    fn an_error_message_has_four_members_in_order() {
        let reply = Refused::body("productId: missing").reply();
        assert_eq!(
            reply.body,
            r#"{"code":40002,"status":"Bad Request","message":"Invalid request body","#.to_owned()
                + r#""details":["productId: missing"]}"#
        );
        let reply = Refused::new(Code::NotFound).reply();
        assert_eq!(
            reply.body,
            r#"{"code":40401,"status":"Not Found","message":"Resource not found","details":[]}"#
        );
        assert_eq!((reply.status, &*reply.content_type), (404, "application/json"));
    }
}
