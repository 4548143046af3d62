//! What an answer, or its absence, means for a delivery and for the breaker.
//!
//! Passing: nobody, no time, a 5xx, 408, 425, 429, a 409 with `Retry-After` (something before it is
//! still under way), and an answer that can't be read. Final: every other 4xx, a 409 that names no
//! time among them (it isn't possible, and won't be), a redirect, and an address that may not be
//! called.

use super::wire;
use crate::breaker::Outcome;
use crate::outgoing::{Reach, Reply, Trouble};
use abono_engine::billing::{Answer, Order};
use http::HeaderMap;
use http::header::RETRY_AFTER;
use std::time::Duration;

/// The longest wish for a pause that is heard.
const PAUSE_MAX: Duration = Duration::from_hours(24);

/// What a reply means.
pub(super) fn of_reply(order: &Order, reply: &Reply) -> (Answer, Outcome) {
    let (status, retry_after) = (reply.status, pause(&reply.headers));
    let said = || format!("it answered with status {status}{}", words(reply));
    match status.as_u16() {
        200..=299 => of_success(order, reply),
        300..=399 => {
            let trouble = format!("{}; redirects are not followed", said());
            (Answer::Final { trouble }, Outcome::Well)
        }
        409 if !reply.headers.contains_key(RETRY_AFTER) => {
            (Answer::Final { trouble: said() }, Outcome::Well)
        }
        409 | 425 => (Answer::Passing { trouble: said(), retry_after }, Outcome::Well),
        408 | 429 => (Answer::Passing { trouble: said(), retry_after }, Outcome::Ill),
        400..=499 => (Answer::Final { trouble: said() }, Outcome::Well),
        _ => (Answer::Passing { trouble: said(), retry_after }, Outcome::Ill),
    }
}

fn of_success(order: &Order, reply: &Reply) -> (Answer, Outcome) {
    let body = match &reply.body {
        Ok(body) => body,
        Err(trouble) => return (passing(trouble.to_string()), Outcome::Ill),
    };
    match wire::done(order, body) {
        Some((external_id, body)) => (Answer::Done { external_id, body }, Outcome::Well),
        None => (passing("its answer can't be read".to_owned()), Outcome::Ill),
    }
}

/// What it means that there is no reply.
pub(super) fn of_trouble(trouble: Trouble, reach: Reach) -> (Answer, Outcome) {
    match trouble {
        Trouble::NotAllowed(_) => {
            let advice = match reach {
                Reach::Public => " (--voss-allow-private allows those of one's own network)",
                Reach::Private => "",
                Reach::Own => {
                    ": over plain http only machines of one's own network are called, so that \
                     nobody reads the key and token on their way; use https"
                }
            };
            (Answer::Final { trouble: format!("{trouble}{advice}") }, Outcome::NotCalled)
        }
        Trouble::Unwritable => (Answer::Final { trouble: trouble.to_string() }, Outcome::NotCalled),
        Trouble::Unreachable
        | Trouble::Untrusted
        | Trouble::Broken
        | Trouble::TooLong
        | Trouble::TimedOut(_) => (passing(trouble.to_string()), Outcome::Ill),
    }
}

const fn passing(trouble: String) -> Answer {
    Answer::Passing { trouble, retry_after: None }
}

fn words(reply: &Reply) -> String {
    reply.body.as_ref().map_or_else(|_| String::new(), |body| wire::said(body))
}

/// How long the other side wants to be left alone: whole seconds. A date is not read, since its
/// clock may not be ours; the delivery waits as it would without one.
fn pause(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(PAUSE_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::StatusCode;
    use hyper::body::Bytes;

    fn reply(status: u16, headers: &[(&'static str, &'static str)], body: &'static str) -> Reply {
        Reply {
            status: StatusCode::from_u16(status).expect("a status"),
            headers: headers
                .iter()
                .map(|(name, value)| {
                    (name.parse().expect("a name"), value.parse().expect("a value"))
                })
                .collect(),
            body: Ok(Bytes::from_static(body.as_bytes())),
        }
    }

    fn meaning(status: u16, headers: &[(&'static str, &'static str)]) -> (&'static str, Outcome) {
        let add = Order::Add { article_number: "SMS".to_owned(), quantity: 1 };
        let (answer, outcome) = of_reply(&add, &reply(status, headers, r#"{"id":"a"}"#));
        let name = match answer {
            Answer::Done { .. } => "done",
            Answer::Passing { .. } => "passing",
            Answer::Final { .. } => "final",
            Answer::Resting { .. } => "resting",
        };
        (name, outcome)
    }

    #[test]
    fn each_status_has_its_meaning() {
        for (statuses, means) in [
            (&[200, 201, 299][..], ("done", Outcome::Well)),
            (&[300, 301, 302, 307, 308], ("final", Outcome::Well)),
            (&[400, 401, 403, 404, 409, 410, 422, 499], ("final", Outcome::Well)),
            (&[425], ("passing", Outcome::Well)),
            (&[408, 429, 500, 502, 503, 504, 599], ("passing", Outcome::Ill)),
            (&[101, 600, 999], ("passing", Outcome::Ill)),
        ] {
            for status in statuses {
                assert_eq!(meaning(*status, &[]), means, "{status}");
            }
        }
    }

    #[test]
    fn a_conflict_passes_only_where_it_says_when() {
        for after in ["1", "0", "Wed, 21 Oct 2026 07:28:00 GMT"] {
            let means = meaning(409, &[("retry-after", after)]);
            assert_eq!(means, ("passing", Outcome::Well), "{after}");
        }
        assert_eq!(meaning(404, &[("retry-after", "1")]), ("final", Outcome::Well));
    }

    #[test]
    fn a_pause_is_whole_seconds_and_at_most_a_day() {
        let pause = |value| pause(&reply(429, &[("retry-after", value)], "").headers);
        assert_eq!(pause("120"), Some(Duration::from_mins(2)));
        assert_eq!(pause("0"), Some(Duration::ZERO));
        assert_eq!(pause("18446744073709551615"), Some(PAUSE_MAX));
        for unread in ["", "-1", "1.5", "soon", "Wed, 21 Oct 2026 07:28:00 GMT"] {
            assert_eq!(pause(unread), None, "{unread}");
        }
    }

    #[test]
    fn a_long_page_about_an_error_hides_no_status() {
        let reply = Reply { body: Err(Trouble::TooLong), ..reply(404, &[], "") };
        let add = Order::Add { article_number: "SMS".to_owned(), quantity: 1 };
        let trouble = "it answered with status 404 Not Found".to_owned();
        assert_eq!(of_reply(&add, &reply), (Answer::Final { trouble }, Outcome::Well));
    }
}
