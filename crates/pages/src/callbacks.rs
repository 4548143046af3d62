//! Where payment providers tell what happened. A message is heard as the bytes that came, since it
//! is signed as those; who it is from, the signature says and nothing else.
//!
//! A provider tells again whatever isn't answered with a success, for days. So a success means that
//! telling again would change nothing, and everything else that it may.

use abono_domain::ids::CustomerId;
use abono_engine::checkout::{Deaf, Heard};
use abono_engine::payments::{Header, Unread};
use abono_engine::{Access, Engine, Failure};
use abono_http::body::{BodyError, BodyLimits, read_limited};
use abono_http::gate::access::Rule;
use abono_http::gate::{Admitted, Turned};
use abono_http::reply::{Reply, problem};
use abono_http::surface::{Contract, Fit, Head, Route, Surface, SurfaceError};
use axum::extract::Request;
use http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Method};
use std::sync::Arc;

/// The most bytes of a message; no provider sends so many.
const LONGEST: usize = 256 << 10;

/// After how many seconds to tell again what isn't known yet: by then it will be.
const NOT_YET: HeaderValue = HeaderValue::from_static("60");

/// The same where it is our own trouble.
const IN_TROUBLE: HeaderValue = HeaderValue::from_static("10");

/// Where messages are told.
const BASE: &str = "/v1/payments/callbacks";

/// What can be done.
#[derive(Clone, Copy)]
struct Tell;

static ROUTES: [Route<Tell>; 1] =
    [Route { method: Method::POST, template: "/{provider}", rule: Rule::Anyone, operation: Tell }];

/// `POST /v1/payments/callbacks/{provider}`.
///
/// # Errors
/// [`SurfaceError`].
pub fn callbacks(engine: Arc<Engine>) -> Result<Surface, SurfaceError> {
    Surface::new(&[BASE], &ROUTES, None, Callbacks { engine })
}

struct Callbacks {
    engine: Arc<Engine>,
}

impl Contract for Callbacks {
    type Operation = Tell;

    fn customer(&self, _: &Fit<Tell>) -> Option<CustomerId> {
        None
    }

    async fn answer(&self, admitted: Admitted<Tell>, request: Request) -> Reply {
        let (parts, body) = request.into_parts();
        let limits = BodyLimits { bytes: LONGEST, ..BodyLimits::default() };
        let body = match read_limited(&parts.headers, body, limits).await {
            Ok(body) => body,
            Err(error) => return unreadable(error),
        };
        let headers: Vec<Header<'_>> =
            parts.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        let provider = admitted.fit.parameters.first().map_or("", String::as_str);
        match self.engine.hear(provider, &headers, &body).await {
            Ok(heard) => self::heard(provider, heard),
            Err(deaf) => self::deaf(provider, deaf),
        }
    }

    fn panicked(&self) -> Reply {
        problem(500, "internal error", None)
    }

    async fn turn(&self, why: Turned, _: Option<Access>, _: Head<'_>) -> Reply {
        match why {
            Turned::Method(_) => problem(405, "messages are posted", None)
                .with(ALLOW, HeaderValue::from_static("POST")),
            Turned::Unknown
            | Turned::TooOften(_)
            | Turned::Missing
            | Turned::Denied(_)
            | Turned::Failed(_) => missing(),
        }
    }
}

fn heard(provider: &str, heard: Heard) -> Reply {
    match heard {
        Heard::Done => Reply::json(200, "{}"),
        Heard::Foreign => {
            tracing::debug!(provider, "a message that changes nothing here");
            Reply::json(200, "{}")
        }
        Heard::NotYet => problem(409, "not known yet; tell again", None).with(RETRY_AFTER, NOT_YET),
    }
}

/// What is wrong with a message is for the log: who forges one learns nothing of it.
fn deaf(provider: &str, deaf: Deaf) -> Reply {
    match deaf {
        Deaf::UnknownProvider => missing(),
        Deaf::Unread(unread) => {
            tracing::warn!(provider, %unread, "a message of a payment provider wasn't read");
            unheard(&unread)
        }
        Deaf::Failed(failure) => failed(provider, &failure),
    }
}

fn unheard(unread: &Unread) -> Reply {
    match unread {
        Unread::NoSignature | Unread::BadSignature | Unread::TooOld => {
            problem(401, "the message is not signed as it must be", None)
                .with(WWW_AUTHENTICATE, HeaderValue::from_static("Signature"))
        }
        Unread::Malformed(_) => problem(400, "the message can't be read", None),
    }
}

/// What telling again can't mend is taken as heard, or it would be told for days; somebody has to
/// look at it.
fn failed(provider: &str, failure: &Failure) -> Reply {
    match failure {
        Failure::Refused(_) | Failure::NothingPublished | Failure::UnknownTenant => {
            tracing::error!(provider, %failure, "what a payment provider told was not carried out");
            Reply::json(202, "{}")
        }
        Failure::KeyReused
        | Failure::Unknown(_)
        | Failure::Contended
        | Failure::Store(_)
        | Failure::Broken(_) => {
            tracing::error!(provider, %failure, "a message of a payment provider must come again");
            problem(503, "try again", None).with(RETRY_AFTER, IN_TROUBLE)
        }
    }
}

fn unreadable(error: BodyError) -> Reply {
    match error {
        BodyError::TooLarge => problem(413, "the message is too large", None),
        BodyError::TimedOut => problem(408, "the message did not arrive in time", None),
        BodyError::Broken => problem(400, "the message could not be read", None),
        BodyError::Encoded => problem(415, "an encoded message is not read", None),
    }
}

fn missing() -> Reply {
    problem(404, "not found", None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use abono_domain::checkout::CheckoutRefusal;
    use abono_domain::ids::CommandId;
    use abono_store::StoreError;

    #[test]
    fn a_forger_learns_nothing_of_what_is_wrong() {
        let answers = [Unread::NoSignature, Unread::BadSignature, Unread::TooOld]
            .map(|unread| deaf("sandbox", Deaf::Unread(unread)));
        assert!(answers.iter().all(|answer| *answer == answers[0] && answer.status == 401));
        let malformed = Unread::Malformed("inside".to_owned());
        let answer = deaf("sandbox", Deaf::Unread(malformed));
        assert_eq!(answer.status, 400);
        assert!(!String::from_utf8_lossy(&answer.body).contains("inside"));
        assert_eq!(deaf("sandbox", Deaf::UnknownProvider), missing());
    }

    #[test]
    fn what_telling_again_may_mend_is_told_again_and_nothing_else() {
        let id = CommandId(uuid::Uuid::nil());
        for (failure, status) in [
            (Failure::from(CheckoutRefusal::NotPayable), 202),
            (Failure::NothingPublished, 202),
            (Failure::UnknownTenant, 202),
            (Failure::Contended, 503),
            (Failure::Unknown(id), 503),
            (Failure::Store(StoreError::Inconsistent("x")), 503),
        ] {
            assert_eq!(deaf("sandbox", Deaf::Failed(failure)).status, status);
        }
        for (it, status) in [(Heard::Done, 200), (Heard::Foreign, 200), (Heard::NotYet, 409)] {
            assert_eq!(heard("sandbox", it).status, status);
        }
    }
}
