//! Moves the tenant's clock, and lets what then falls due be done before it answers.

use crate::problem::Problem;
use crate::{Api, Settle};
use abono_domain::clock::set::SetClock;
use abono_domain::seller::Tenant;
use abono_engine::{Access, Actor, Call, Command, Engine, Failure};
use abono_http::body::{BodyLimits, read_limited};
use abono_http::json::{self, NumberPolicy};
use abono_http::reply::Reply;
use axum::extract::Request;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockBody {
    advance: Option<String>,
    to: Option<String>,
}

#[derive(Serialize)]
struct ClockDto {
    now: String,
}

/// Where a clock shall stand.
enum Move {
    Advance(Span),
    To(Timestamp),
}

pub(crate) async fn set(api: &Api, access: &Access, request: Request) -> Result<Reply, Problem> {
    let (parts, body) = request.into_parts();
    let bytes = read_limited(&parts.headers, body, BodyLimits::default()).await;
    let bytes = bytes.map_err(|error| Problem::invalid(error.to_string()))?;
    let wanted = read(&bytes)?;

    let _moving = api.moving.lock().await;
    let now = api.engine.business_time(&access.tenant).await?;
    let to = wanted.from(now)?;
    let by = Actor::Key(access.key.id.0);
    run_clock(&api.engine, &api.settle, (&access.tenant, by), to).await?;
    let now = api.engine.business_time(&access.tenant).await?.to_string();
    Ok(Reply::json(200, serde_json::to_vec(&ClockDto { now }).unwrap_or_default()))
}

/// Moves the clock of a tenant, and of all who live by it, to an instant. As in life, it stands at
/// each time at which something falls due, so that what is done then is dated then.
///
/// # Errors
/// [`Failure`]; the clock may have been moved part of the way.
pub async fn run_clock(
    engine: &Engine,
    settle: &Settle,
    (tenant, by): (&Tenant, Actor),
    to: Timestamp,
) -> Result<(), Failure> {
    let call = Call::new(tenant.id, by);
    let mut at = engine.business_time(tenant).await?;
    while let Some(due) = next_due(engine, tenant, at).await?.filter(|due| *due < to) {
        stand(engine, settle, &call, due).await?;
        at = due;
    }
    stand(engine, settle, &call, to).await
}

/// Moves the clock, and lets all be done that is due then.
async fn stand(
    engine: &Engine,
    settle: &Settle,
    call: &Call,
    to: Timestamp,
) -> Result<(), Failure> {
    engine.carry_out(call, &Command::SetClock(SetClock { to })).await?;
    settle().await;
    Ok(())
}

/// When something falls due next, after an instant, for whoever lives by this tenant's clock.
async fn next_due(
    engine: &Engine,
    tenant: &Tenant,
    after: Timestamp,
) -> Result<Option<Timestamp>, Failure> {
    let mut next: Option<Timestamp> = None;
    for other in engine.tenants().await? {
        if other.clock == tenant.clock {
            let due = engine.due_after(&other, after).await?;
            next = next.into_iter().chain(due).min();
        }
    }
    Ok(next)
}

fn read(bytes: &[u8]) -> Result<Move, Problem> {
    let body: ClockBody = json::parse(bytes, NumberPolicy::IntegersOnly)
        .map_err(|error| Problem::invalid(error.to_string()))?;
    match (body.advance, body.to) {
        (Some(advance), None) => advance
            .parse()
            .map(Move::Advance)
            .map_err(|_| Problem::invalid("advance: expected an ISO 8601 duration as `P1M`")),
        (None, Some(to)) => to
            .parse()
            .map(Move::To)
            .map_err(|_| Problem::invalid("to: expected a date and time as in RFC 3339")),
        (Some(_), Some(_)) | (None, None) => {
            Err(Problem::invalid("expected either `advance` or `to`"))
        }
    }
}

impl Move {
    /// Months and days are counted in UTC.
    fn from(&self, now: Timestamp) -> Result<Timestamp, Problem> {
        match self {
            Self::To(to) => Ok(*to),
            Self::Advance(span) => now
                .to_zoned(TimeZone::UTC)
                .checked_add(*span)
                .map(|later| later.timestamp())
                .map_err(|_| Problem::invalid("advance: out of range")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(body: &str) -> Option<String> {
        let now = "2026-01-31T10:00:00Z".parse().expect("an instant");
        let to = read(body.as_bytes()).and_then(|wanted| wanted.from(now));
        to.ok().map(|to| to.to_string())
    }

    #[test]
    fn a_clock_advances_by_a_calendar_duration_or_to_an_instant() {
        for (body, to) in [
            (r#"{"advance":"P1M"}"#, "2026-02-28T10:00:00Z"),
            (r#"{"advance":"P1Y2DT3H","to":null}"#, "2027-02-02T13:00:00Z"),
            (r#"{"to":"2026-03-01T00:00:00+03:00"}"#, "2026-02-28T21:00:00Z"),
        ] {
            assert_eq!(moved(body).as_deref(), Some(to), "{body}");
        }
        for body in [
            "",
            "{}",
            r#"{"advance":"P1M","to":"2026-03-01T00:00:00Z"}"#,
            r#"{"advance":"1 month later"}"#,
            r#"{"advance":"P9999Y"}"#,
            r#"{"advance":1}"#,
            r#"{"to":"tomorrow"}"#,
            r#"{"by":"P1M"}"#,
        ] {
            assert_eq!(moved(body), None, "{body}");
        }
    }
}
