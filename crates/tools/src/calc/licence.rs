//! The op `licence`: the instants at which a licence ends that is bought, and bought again.

use super::refusal::Refused;
use super::request::json;
use super::request::wire;
use super::request::{Body, Common};
use abono_domain::calendar::{Anchor, Every, LIST_MAX, PeriodError};
use abono_domain::moment::to_micros;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    bought_at: wire::Instant,
    every: wire::Every,
    count: Option<u32>,
}

pub(super) fn answer(common: &Common, body: Body) -> Result<Value, Refused> {
    let Request { bought_at, every, count } = json::read(body)?;
    let count = count.unwrap_or(1);
    if !(1..=LIST_MAX).contains(&count) {
        return Err(PeriodError::Count(count).into());
    }
    let anchor = Anchor::new(to_micros(bought_at.0), common.zone()?);
    let every = Every::from(every);
    let ends: Vec<_> =
        (1..=count).map(|n| every.after(&anchor, n.into())).collect::<Result<_, _>>()?;
    let expires_at: Vec<_> = ends.iter().map(Timestamp::to_string).collect();
    let mut answer = json!({"expires_at": expires_at});
    if common.explain {
        answer["because"] = because(&anchor, every, &ends);
    }
    Ok(answer)
}

/// What each boundary is on the wall, and whether a short month or a clock change moved it.
fn because(anchor: &Anchor, every: Every, ends: &[Timestamp]) -> Value {
    let boundary = |(n, end): (usize, &Timestamp)| {
        let local = anchor.zone.to_datetime(*end);
        let is_shorter = local.day() < anchor.local.day();
        let is_clamped = match every {
            Every::Months(_) | Every::Years(_) => is_shorter,
            Every::Days(_) | Every::Weeks(_) => false,
        };
        let is_moved = local.time() != anchor.local.time();
        json!({"n": n + 1, "local": local.to_string(), "clamped": is_clamped, "moved": is_moved})
    };
    json!({
        "rule": "boundary n is n times `every` after the anchor at the same local time of day, \
            on the anchor's day or the last day of a shorter month; a skipped time moves forward",
        "anchor": anchor.local.to_string(),
        "zone": anchor.zone.iana_name(),
        "boundaries": ends.iter().enumerate().map(boundary).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use crate::calc::answer;

    fn asked(members: &str) -> String {
        answer(&format!(r#"{{"op":"licence","bought_at":"2026-01-31T10:00:00Z",{members}}}"#))
    }

    #[test]
    fn the_31st_returns_after_a_short_month() {
        assert_eq!(
            asked(r#""every":{"months":1},"count":3,"zone":"Europe/Moscow""#),
            concat!(
                r#"{"expires_at":["2026-02-28T10:00:00Z","2026-03-31T10:00:00Z","#,
                r#""2026-04-30T10:00:00Z"]}"#
            )
        );
        assert_eq!(
            asked(r#""every":{"months":2},"zone":"Europe/Moscow""#),
            r#"{"expires_at":["2026-03-31T10:00:00Z"]}"#
        );
    }

    #[test]
    fn counts_and_years_are_bounded() {
        for members in [
            r#""every":{"months":1},"count":0"#,
            r#""every":{"months":1},"count":1001"#,
            r#""every":{"years":9000}"#,
            r#""every":{"days":4000000000}"#,
        ] {
            let answer = asked(members);
            assert!(answer.starts_with(r#"{"error":"#), "{members}: {answer}");
        }
    }

    #[test]
    fn a_boundary_stands_on_whole_microseconds() {
        let request =
            r#"{"op":"licence","bought_at":"2026-01-31T10:00:00.123456789Z","every":{"days":1}}"#;
        assert_eq!(answer(request), r#"{"expires_at":["2026-02-01T10:00:00.123456Z"]}"#);
    }
}
