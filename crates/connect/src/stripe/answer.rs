//! What Stripe's answers mean, and what it means that there is none.
//!
//! Refused is what Stripe says it didn't do. Unknown is everything else that isn't a plain success:
//! nobody, no time, a 5xx, 408, 409 (the same key is under way), 425, 429, a key that was used for
//! something else, a redirect, and an answer that can't be read.

use super::ask::is_id;
use super::object::{Problem, Refund, Related, Session};
use crate::outgoing::{Reply, Trouble};
use crate::received;
use abono_engine::payments::{Returned, Standing, Started};
use serde::de::DeserializeOwned;

/// The longest that Stripe's words about an error are, in characters.
const SAID_MAX: usize = 300;

/// The longest address that a buyer is sent to.
const URL_MAX: usize = 4096;

/// Why there is no plain success.
pub(super) enum Failed {
    /// Nothing was done.
    Refused(String),
    /// We may not ask: this call did nothing, which tells nothing of an earlier one.
    Denied(String),
    /// It may be done or not.
    Unknown(String),
}

impl Failed {
    fn unreadable() -> Self {
        Self::Unknown("its answer can't be read".to_owned())
    }
}

impl From<Failed> for Started {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Refused(trouble) | Failed::Denied(trouble) => Self::Refused { trouble },
            Failed::Unknown(trouble) => Self::Unknown { trouble },
        }
    }
}

impl From<Failed> for Standing {
    fn from(failed: Failed) -> Self {
        // That Stripe won't tell is no news about the payment.
        match failed {
            Failed::Refused(trouble) | Failed::Denied(trouble) | Failed::Unknown(trouble) => {
                Self::Unknown { trouble }
            }
        }
    }
}

impl From<Failed> for Returned {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Refused(trouble) => Self::Refused { trouble },
            // Whoever may ask again learns whether the call before it gave the money back.
            Failed::Denied(trouble) | Failed::Unknown(trouble) => Self::Unknown { trouble },
        }
    }
}

pub(super) fn started(session: Session) -> Result<Started, Failed> {
    let url = address(session.url)?;
    match is_id(&session.id) {
        true => Ok(Started::Ready { external_id: session.id, url }),
        false => Err(Failed::unreadable()),
    }
}

pub(super) fn standing(session: Session) -> Result<Standing, Failed> {
    if session.is_paid() {
        let (reference, amount) = session.paid().ok_or_else(Failed::unreadable)?;
        return Ok(Standing::Paid { reference, amount });
    }
    match session.status.as_deref() {
        Some("open") => Ok(Standing::Open { url: address(session.url)? }),
        Some("expired") => Ok(Standing::Ended { why: "nobody paid in time".to_owned() }),
        Some("complete") => Ok(match session.payment_intent.and_then(Related::failure) {
            Some(why) => Standing::Ended { why },
            None => Standing::Unknown { trouble: "the money is under way".to_owned() },
        }),
        Some(_) | None => Err(Failed::unreadable()),
    }
}

pub(super) fn returned(refund: Refund) -> Result<Returned, Failed> {
    match refund.status.as_deref() {
        // What is pending is taken on; a failure later on is told.
        Some("succeeded" | "pending" | "requires_action") => {
            Ok(Returned::Done { reference: refund.id })
        }
        Some("failed" | "canceled") => Ok(Returned::Refused { trouble: refund.why() }),
        Some(_) | None => Err(Failed::unreadable()),
    }
}

/// What was answered, where it is a success that can be read.
///
/// # Errors
/// [`Failed`].
pub(super) fn read<T: DeserializeOwned>(reply: Result<Reply, Trouble>) -> Result<T, Failed> {
    let reply = reply.map_err(of_trouble)?;
    if !reply.status.is_success() {
        return Err(of_status(&reply));
    }
    let body = reply.body.map_err(|trouble| Failed::Unknown(trouble.to_string()))?;
    received::object(&body).ok_or_else(Failed::unreadable)
}

fn of_trouble(trouble: Trouble) -> Failed {
    match trouble {
        // Nobody was called.
        Trouble::NotAllowed(_) => Failed::Denied(trouble.to_string()),
        Trouble::Unwritable => Failed::Refused(trouble.to_string()),
        Trouble::Unreachable
        | Trouble::Untrusted
        | Trouble::Broken
        | Trouble::TooLong
        | Trouble::TimedOut(_) => Failed::Unknown(trouble.to_string()),
    }
}

fn of_status(reply: &Reply) -> Failed {
    let problem = reply.body.as_ref().ok().and_then(|body| received::object::<Problem>(body));
    let problem = problem.unwrap_or_default();
    let said = |words: &str| format!("it answered with status {}{words}", reply.status);
    match reply.status.as_u16() {
        // Its words repeat a part of our key.
        401 => Failed::Denied(said("")),
        403 => Failed::Denied(said(&words(&problem))),
        408 | 409 | 425 | 429 => Failed::Unknown(said(&words(&problem))),
        400..=499 if problem.is_about_the_key() => Failed::Unknown(said(&words(&problem))),
        400..=499 => Failed::Refused(said(&words(&problem))),
        _ => Failed::Unknown(said(&words(&problem))),
    }
}

fn words(problem: &Problem) -> String {
    let said: String = [problem.code(), problem.message()]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .fold(String::new(), |said, part| format!("{said}: {part}"));
    received::line(&said, SAID_MAX)
}

/// Where a buyer can be sent.
fn address(url: Option<String>) -> Result<String, Failed> {
    let is_address = |url: &String| {
        let is_web = url.starts_with("https://") || url.starts_with("http://");
        is_web && url.len() <= URL_MAX && url.bytes().all(|byte| byte.is_ascii_graphic())
    };
    url.filter(is_address).ok_or_else(Failed::unreadable)
}
