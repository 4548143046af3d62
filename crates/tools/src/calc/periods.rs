//! The op `periods`: billing periods, their stubs and the instants at which they begin and end.

use super::refusal::{Refusal, Refused};
use super::request::json;
use super::request::wire::{Day, Every};
use super::request::{Body, Common};
use abono_domain::calendar::{self, DateRange, Period, Schedule, Terms, start_of_day};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    start: Day,
    every: Every,
    anchor_day: Option<u8>,
    anchor_month: Option<u8>,
    #[serde(default)]
    align: Align,
    trial: Option<Trial>,
    end: Option<Day>,
    until: Option<Day>,
    count: Option<u32>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Align {
    #[default]
    Anniversary,
    Calendar,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Trial {
    Days(u32),
    Months(u32),
}

pub(super) fn answer(common: &Common, body: Body) -> Result<Value, Refused> {
    let request: Request = json::read(body)?;
    let zone = common.zone()?;
    let schedule = Schedule::new(&request.terms(&zone)?)?;
    let until = request.until.as_ref().map(|until| until.in_zone(&zone));
    let periods = schedule.list(until, request.count)?;
    let lines: Vec<_> =
        periods.iter().map(|period| line(period, &zone)).collect::<Result<_, _>>()?;
    let mut answer = json!({"periods": lines});
    if common.explain {
        answer["because"] = because(&schedule, &periods)?;
    }
    Ok(answer)
}

impl Request {
    fn terms(&self, zone: &TimeZone) -> Result<Terms, Refused> {
        Ok(Terms {
            start: self.start.in_zone(zone),
            every: self.every.into(),
            align: self.align()?,
            trial: self.trial.map(|trial| match trial {
                Trial::Days(days) => calendar::Trial::Days(days),
                Trial::Months(months) => calendar::Trial::Months(months),
            }),
            end: self.end.as_ref().map(|end| end.in_zone(zone)),
        })
    }

    fn align(&self) -> Result<calendar::Align, Refused> {
        let (day, month) = (self.anchor_day, self.anchor_month);
        match (self.align, day, month) {
            (Align::Anniversary, day, month) => Ok(calendar::Align::Anniversary { day, month }),
            (Align::Calendar, None, None) => Ok(calendar::Align::Calendar),
            (Align::Calendar, _, _) => Err(Refusal::AnchorWithCalendar.at("align")),
        }
    }
}

fn line(period: &Period, zone: &TimeZone) -> Result<Value, Refused> {
    let Period { n: _, part, full } = period;
    Ok(json!({
        "from": part.from.to_string(),
        "to": part.to.to_string(),
        "full": {"from": full.from.to_string(), "to": full.to.to_string()},
        "days": part.days(),
        "of": full.days(),
        "from_at": start_of_day(part.from, zone)?.to_string(),
        "to_at": start_of_day(part.to, zone)?.to_string(),
    }))
}

/// From which anchor each boundary was counted, and which of them a short month moved.
fn because(schedule: &Schedule, periods: &[Period]) -> Result<Value, Refused> {
    let boundary = |n: i64, date: Date| {
        let is_clamped = schedule.anchor_day().is_some_and(|day| date.day() < day);
        json!({"n": n, "date": date.to_string(), "clamped": is_clamped})
    };
    let begins = periods.iter().map(|period| boundary(period.n, period.full.from));
    let last =
        periods.last().map(|Period { n, full: DateRange { to, .. }, .. }| boundary(n + 1, *to));
    Ok(json!({
        "rule": "boundary n is n times `every` after the anchor, on the anchor day \
            or the last day of a shorter month",
        "first_day": schedule.first_day().to_string(),
        "anchor": schedule.anchor()?.to_string(),
        "anchor_day": schedule.anchor_day(),
        "boundaries": begins.chain(last).collect::<Vec<_>>(),
    }))
}

#[cfg(test)]
mod tests {
    use crate::calc::{answer, refused};

    fn error(members: &str) -> String {
        let start = r#""op":"periods","start":"2026-01-10""#;
        refused(&answer(&format!("{{{start},{members}}}")))
    }

    #[test]
    fn an_error_names_the_member_it_is_about() {
        let monthly = |more: &str| error(&format!(r#""every":{{"months":1}},{more}"#));
        assert_eq!(error(r#""every":{"months":0}"#), "invalid_request at every.months");
        assert_eq!(error(r#""every":{"months":1.0}"#), "invalid_request at every.months");
        assert_eq!(error(r#""every":{"months":1,"days":1}"#), "invalid_request at every");
        assert_eq!(error(r#""every":{"hours":1}"#), "invalid_request at every");
        assert_eq!(error(r#""count":1"#), "invalid_request at ");
        assert_eq!(monthly(r#""anchor_day":32"#), "invalid_anchor at anchor_day");
        assert_eq!(monthly(r#""anchor_month":0"#), "invalid_anchor at anchor_month");
        assert_eq!(monthly(r#""align":"calendar","anchor_day":1"#), "invalid_anchor at align");
        assert_eq!(error(r#""every":{"weeks":1},"anchor_day":1"#), "invalid_anchor at every");
        assert_eq!(monthly(r#""end":"2026-01-09""#), "end_before_start at end");
        assert_eq!(monthly(r#""end":"2026-02-30""#), "invalid_request at end");
        assert_eq!(monthly(r#""count":1001"#), "invalid_count at count");
        assert_eq!(monthly(r#""count":-1"#), "invalid_request at count");
        assert_eq!(monthly(r#""until":"9999-01-01""#), "too_many_periods at count");
        assert_eq!(error(r#""every":{"years":5000},"count":2"#), "out_of_range at ");
        assert_eq!(monthly(r#""zone":"Moscow""#), "unknown_zone at zone");
        assert_eq!(monthly(r#""currency":"eur""#), "invalid_request at currency");
        assert_eq!(monthly(r#""trail":{"days":1}"#), "invalid_request at trail");
    }

    #[test]
    fn common_members_may_stand_in_any_request() {
        let common =
            r#""every":{"months":1},"currency":"JPY","day_count":"fixed30","day_of_change":"old""#;
        assert_eq!(error(common), "no error at no error");
    }

    #[test]
    fn a_date_that_a_zone_skipped_is_empty() {
        let request = concat!(
            r#"{"op":"periods","start":"2011-12-29","every":{"days":1},"count":3,"#,
            r#""zone":"Pacific/Apia"}"#
        );
        let answer: serde_json::Value = serde_json::from_str(&answer(request)).expect("JSON");
        let skipped = &answer["periods"][1];
        assert_eq!(skipped["from"], "2011-12-30");
        assert_eq!(skipped["from_at"], "2011-12-30T10:00:00Z");
        assert_eq!(skipped["to_at"], skipped["from_at"]);
    }
}
