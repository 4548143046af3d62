//! The ops on a part of a period: what it costs, what a change in it costs, what goes back at its
//! end; and how their members are read and their lines explained.

pub(super) mod change;
pub(super) mod credit;
pub(super) mod prorate;

use super::refusal::{Refusal, Refused};
use super::request::wire::{Amount, Day, Decimal};
use super::request::{self, Common};
use abono_domain::exact::Exact;
use abono_domain::money::{Money, MoneyError};
use abono_domain::proration::{DayCount, DayOfChange, Line, Measure, Point, Share, Stretch};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value, json};

/// From a date or an instant up to, and without, another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    from: Day,
    to: Day,
}

impl Range {
    fn stretch(&self) -> Stretch {
        Stretch { from: point(&self.from), to: point(&self.to) }
    }

    /// The measure of this period; an error names `path`.
    fn measure(&self, common: &Common, path: &str) -> Result<Measure, Refused> {
        let zone = common.zone()?;
        let measure = Measure::new(day_count(common), &zone, self.stretch());
        measure.map_err(|error| Refusal::Proration(error).at(path))
    }
}

fn point(day: &Day) -> Point {
    match day {
        Day::Date(date) => Point::Date(*date),
        Day::Instant(at) => Point::Instant(*at),
    }
}

fn day_count(common: &Common) -> DayCount {
    match common.day_count() {
        request::DayCount::Actual => DayCount::Actual,
        request::DayCount::Fixed30 => DayCount::Fixed30,
        request::DayCount::Second => DayCount::Second,
    }
}

fn day_of_change(common: &Common) -> DayOfChange {
    match common.day_of_change() {
        request::DayOfChange::New => DayOfChange::New,
        request::DayOfChange::Old => DayOfChange::Old,
    }
}

/// An amount of 0 or more; an error names `path`. One that is left out is 0.
fn amount(given: Option<&Amount>, common: &Common, path: &str) -> Result<Money, Refused> {
    let read = |amount: &Amount| amount.read(common);
    let amount = given.map_or(Ok(Money::zero(common.currency())), read);
    let amount = amount.map_err(|error| Refusal::Money(error).at(path))?;
    if amount.minor < 0 { Err(Refusal::Negative.at(path)) } else { Ok(amount) }
}

/// A figure of 0 or more; an error names `path`.
fn figure(given: Decimal, path: &str) -> Result<Exact, Refused> {
    if given.0.is_negative() { Err(Refusal::Negative.at(path)) } else { Ok(given.0) }
}

/// The points of a stretch as they are counted: dates, or instants where seconds are.
fn range(stretch: Stretch, common: &Common) -> Result<Value, Refused> {
    let zone = common.zone()?;
    let shown = |point| shown(point, &zone, day_count(common));
    Ok(json!({"from": shown(stretch.from)?, "to": shown(stretch.to)?}))
}

fn shown(point: Point, zone: &TimeZone, day_count: DayCount) -> Result<String, Refused> {
    let counts_days = match day_count {
        DayCount::Actual | DayCount::Fixed30 => true,
        DayCount::Second => false,
    };
    match (point, counts_days) {
        (Point::Date(date), true) => Ok(date.to_string()),
        (Point::Instant(at), true) => Ok(zone.to_datetime(at).date().to_string()),
        (Point::Date(date), false) => {
            Ok(abono_domain::calendar::start_of_day(date, zone)?.to_string())
        }
        (Point::Instant(at), false) => Ok(at.to_string()),
    }
}

/// How a line came about: the whole period, the share, and what rounding did to it.
fn derived(line: &Line, period: Stretch, common: &Common) -> Result<Value, Refused> {
    let Line { price, share: Share { days, of }, exact, amount } = *line;
    Ok(json!({
        "period": range(period, common)?,
        "price_after_discount": price.to_string(),
        "days": days,
        "of": of,
        "fraction": line.share.to_string(),
        "exact": exact.to_string(),
        "rounded": amount.decimal(),
        "residue": line.residue()?.to_string(),
    }))
}

/// An amount as a credit is written on a line: 0 or less.
fn taken(amount: Money) -> Result<String, MoneyError> {
    Ok(Money::zero(amount.currency).minus(amount)?.decimal())
}

fn day_count_word(common: &Common) -> &'static str {
    match common.day_count() {
        request::DayCount::Actual => "actual",
        request::DayCount::Fixed30 => "fixed30",
        request::DayCount::Second => "second",
    }
}

fn day_of_change_word(common: &Common) -> &'static str {
    match common.day_of_change() {
        request::DayOfChange::New => "new",
        request::DayOfChange::Old => "old",
    }
}

#[cfg(test)]
mod tests {
    use crate::calc::answer;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        #[test]
        fn no_figure_makes_it_panic(
            op in "change|credit|prorate",
            days in prop::array::uniform4("[0-9]{4}-(0[1-9]|1[0-2])-[0-2][0-9]"),
            figures in prop::array::uniform3("-?[0-9]{1,18}(\\.[0-9]{1,18})?"),
            count in "actual|fixed30|second", whose in "new|old",
        ) {
            let [from, to, at, until] = days;
            let [price, quantity, less] = figures;
            let common = format!(
                concat!(
                    r#""op":"{}","explain":true,"day_count":"{}","day_of_change":"{}","#,
                    r#""period":{{"from":"{}","to":"{}"}}"#
                ),
                op, count, whose, from, to
            );
            let own = match op.as_str() {
                "prorate" => format!(
                    r#""amount":"{price}","part":{{"from":"{at}","to":"{until}"}}"#
                ),
                "credit" => format!(r#""amount":"{price}","at":"{at}","tax_rate":"{quantity}""#),
                _ => format!(
                    concat!(
                        r#""at":"{at}","old":{{"price":"{price}","quantity":"{quantity}","#,
                        r#""paid_period":{{"from":"{from}","to":"{until}"}}}},"#,
                        r#""new":{{"price":"{less}","discount":{{"percent":"{quantity}"}}}}"#
                    ),
                    at = at, price = price, quantity = quantity, from = from, until = until,
                    less = less
                ),
            };
            let answer = answer(&format!("{{{common},{own}}}"));
            prop_assert!(!answer.contains('\n'));
        }
    }
}
