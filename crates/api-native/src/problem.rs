//! Errors as problem details (RFC 9457).

use abono_domain::clock::ClockRefusal;
use abono_domain::refusal::Refusal;
use abono_engine::Failure;
use abono_http::gate::Turned;
use abono_http::reply::Reply;
use abono_http::reply::problem;
use http::HeaderValue;
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};

/// After how many seconds a request is worth another try where the database is in trouble.
const TROUBLE_TIME: HeaderValue = HeaderValue::from_static("10");

/// Why a request is not carried out.
#[derive(Debug)]
pub(crate) struct Problem {
    status: u16,
    title: &'static str,
    detail: Option<String>,
}

impl Problem {
    pub(crate) const UNAUTHORIZED: Self = Self::new(401, "a valid access token is required");
    const FORBIDDEN: Self = Self::new(403, "only an admin token of the whole tenant may do this");
    pub(crate) const NOT_FOUND: Self = Self::new(404, "not found");
    const IN_TROUBLE: Self = Self::new(503, "the books can't be reached; nothing was changed");
    pub(crate) const INTERNAL: Self = Self::new(500, "internal error");

    const fn new(status: u16, title: &'static str) -> Self {
        Self { status, title, detail: None }
    }

    /// The request can't be read; `detail` says where.
    pub(crate) fn invalid(detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..Self::new(422, "the request is not valid") }
    }

    pub(crate) fn reply(&self) -> Reply {
        let reply = problem(self.status, self.title, self.detail.as_deref());
        match self.status {
            401 => reply.with(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            503 => reply.with(RETRY_AFTER, TROUBLE_TIME),
            _ => reply,
        }
    }
}

impl From<Turned> for Problem {
    fn from(why: Turned) -> Self {
        match why {
            Turned::Unknown => Self::UNAUTHORIZED,
            Turned::TooOften(_) => Self::new(429, "too many requests with this token"),
            Turned::Missing | Turned::Method(_) => Self::NOT_FOUND,
            Turned::Denied(_) => Self::FORBIDDEN,
            Turned::Failed(failure) => failure.into(),
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        if failure.is_trouble() {
            tracing::error!(%failure, "the database is in trouble");
            return Self::IN_TROUBLE;
        }
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::NothingPublished | Failure::UnknownTenant => Self::NOT_FOUND,
            Failure::KeyReused => Self::new(409, "the idempotency key was used before"),
            Failure::Contended => Self::new(409, "too many changes at once; try again"),
            Failure::Unknown(_) => Self::new(500, "the outcome is unknown"),
            // What they say is about our inside, so none of it goes out.
            Failure::Store(_) | Failure::Broken(_) => Self::INTERNAL,
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = Some(refusal.to_string());
        match refusal {
            Refusal::Clock(ClockRefusal::Real) => {
                Self { detail, ..Self::new(409, "the clock can't be moved") }
            }
            Refusal::Clock(ClockRefusal::Backward(_))
            | Refusal::Document(_)
            | Refusal::Payment(_)
            | Refusal::Checkout(_)
            | Refusal::Licence(_)
            | Refusal::Subscription(_)
            | Refusal::Change(_)
            | Refusal::Group(_)
            | Refusal::Termination(_)
            | Refusal::Delivery(_)
            | Refusal::Customer(_)
            | Refusal::Seller(_)
            | Refusal::Access(_) => Self { detail, ..Self::new(422, "refused") },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use abono_store::StoreError;
    use axum::response::IntoResponse;

    #[test]
    fn a_database_in_trouble_is_worth_another_try_and_a_defect_is_not() {
        let answer = |error| Problem::from(Failure::Store(error)).reply().into_response();
        let full = answer(StoreError::DiskFull("disk full (13)".to_owned()));
        assert_eq!((full.status().as_u16(), &full.headers()[RETRY_AFTER]), (503, &TROUBLE_TIME));
        let defect = answer(StoreError::RowCount("x"));
        assert_eq!((defect.status().as_u16(), defect.headers().get(RETRY_AFTER)), (500, None));
    }
}
