//! What is left of a licence's value: what was paid for the days that are still to come.

use super::{Holding, Period, Value};
use crate::exact::Exact;
use crate::money::Money;
use crate::proration::{DayCount, Measure, Point, ProrationError, Share, Stretch};
use jiff::Timestamp;
use jiff::civil::Date;

/// The unused part of one grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    /// Of which grant, and what was paid for all of it.
    pub of: Value,
    /// The first day that is left, on the customer's wall.
    pub from: Date,
    /// The first day that is not the grant's any more.
    pub to: Date,
    /// How many days of its own are left.
    pub share: Share,
    /// What was paid for them, rounded once.
    pub value: Money,
}

/// The unused part of each grant that was paid for, at an instant. Local dates count, and the day
/// itself is unused.
///
/// # Errors
/// [`ProrationError`], for a figure or a date out of range.
pub fn unused(holding: Holding<'_>, now: Timestamp) -> Result<Vec<Unused>, ProrationError> {
    let ahead = holding.periods.iter().filter(|period| period.ends_at > now);
    let valued = ahead.filter_map(|period| {
        let value = holding.values.iter().find(|value| value.grant == period.grant)?;
        Some((period, value))
    });
    valued.map(|(period, value)| left(period, value, now)).collect()
}

fn left(period: &Period, value: &Value, now: Timestamp) -> Result<Unused, ProrationError> {
    let zone = &period.anchor.zone;
    let day = |at: Timestamp| zone.to_datetime(at).date();
    let (starts, to) = (day(period.starts_at), day(period.ends_at));
    let from = day(now).max(starts);
    let measure = Measure::new(DayCount::Actual, zone, Stretch::dates(starts, to))?;
    let share = measure.share(Stretch { from: Point::Date(from), to: Point::Date(to) })?;
    let line = share.line(Exact::of(value.paid), value.paid.currency)?;
    Ok(Unused { of: value.clone(), from, to, share, value: line.amount })
}
