//! The measure of a period: how long it and its parts are, in days or in seconds.

use super::{DayCount, DayOfChange, Line, Point, ProrationError, Stretch};
use crate::calendar::{CalendarError, Grid, Month, days_between, start_of_day};
use crate::exact::Exact;
use crate::money::{Currency, MoneyError};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fmt;

/// A whole period, and how its parts are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    period: Stretch,
    zone: TimeZone,
    scale: Scale,
    of: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scale {
    Days { from: Date, to: Date },
    Months { from: Date, to: Date, months: Grid },
    Seconds { from: i64, to: i64 },
}

/// How many days a month counts under [`DayCount::Fixed30`].
const DAYS_OF_MONTH: i64 = 30;
const MICROS_PER_SECOND: i64 = 1_000_000;

/// A part as a fraction of its whole period, not reduced: `15/31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// How many days, or seconds, the part counts.
    pub days: i64,
    /// How many the whole period counts; more than zero.
    pub of: i64,
}

/// The part of a period for which something was billed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Billed {
    measure: Measure,
    from: i64,
    to: i64,
}

impl Measure {
    /// The measure of `period`, whose dates are those of `zone`.
    ///
    /// # Errors
    /// [`ProrationError::EmptyPeriod`], and [`CalendarError::OutOfRange`] for a date whose first
    /// instant can't be told.
    pub fn new(
        day_count: DayCount,
        zone: &TimeZone,
        period: Stretch,
    ) -> Result<Self, ProrationError> {
        let date = |point| date_in(point, zone);
        let scale = match day_count {
            DayCount::Actual => Scale::Days { from: date(period.from), to: date(period.to) },
            DayCount::Fixed30 => {
                let (from, to) = (date(period.from), date(period.to));
                Scale::Months { from, to, months: months(from, to) }
            }
            DayCount::Second => Scale::Seconds {
                from: second_in(period.from, zone)?,
                to: second_in(period.to, zone)?,
            },
        };
        let empty = || ProrationError::EmptyPeriod(period.from, period.to);
        let is_forward = match scale {
            Scale::Days { from, to } | Scale::Months { from, to, .. } => from < to,
            Scale::Seconds { from, to } => from < to,
        };
        if !is_forward {
            return Err(empty());
        }
        let unmeasured = Self { period, zone: zone.clone(), scale, of: 0 };
        let of = unmeasured.position(period.to)?;
        Ok(Self { of, ..unmeasured })
    }

    /// How many days, or seconds, the whole period counts.
    pub const fn of(&self) -> i64 {
        self.of
    }

    /// The whole period.
    pub const fn period(&self) -> Stretch {
        self.period
    }

    /// The whole of it.
    pub const fn whole(&self) -> Share {
        Share { days: self.of, of: self.of }
    }

    /// How many days, or seconds, of the period lie before `at`.
    ///
    /// # Errors
    /// [`ProrationError::AtOutside`] for a point before the period or after its end.
    pub fn position(&self, at: Point) -> Result<i64, ProrationError> {
        let outside = || ProrationError::AtOutside(at, self.period.from, self.period.to);
        let counted = match self.scale {
            Scale::Days { from, to } => {
                let date = date_in(at, &self.zone);
                if date < from || to < date {
                    return Err(outside());
                }
                days_between(from, date)
            }
            Scale::Months { from, to, months } => {
                let date = date_in(at, &self.zone);
                if date < from || to < date {
                    return Err(outside());
                }
                // At most 30 days lie between the first day of a month and another day of it, so
                // no month counts more; and the next one begins at 30, however short it was.
                let month = months.number_on(date);
                let days = days_between(months.boundary(month)?, date);
                let before = month.checked_mul(DAYS_OF_MONTH);
                before.and_then(|it| it.checked_add(days)).ok_or(CalendarError::OutOfRange)?
            }
            Scale::Seconds { from, to } => {
                let second = second_in(at, &self.zone)?;
                if second < from || to < second {
                    return Err(outside());
                }
                second.checked_sub(from).ok_or(CalendarError::OutOfRange)?
            }
        };
        Ok(counted)
    }

    /// The share of the period that `part` is.
    ///
    /// # Errors
    /// [`ProrationError::PartOutside`], also for a part that ends before it begins.
    pub fn share(&self, part: Stretch) -> Result<Share, ProrationError> {
        let Stretch { from, to } = self.period;
        let outside = || ProrationError::PartOutside(part.from, part.to, from, to);
        let at = |point| match self.position(point) {
            Err(ProrationError::AtOutside(..)) => Err(outside()),
            other => other,
        };
        let (begins, ends) = (at(part.from)?, at(part.to)?);
        match ends.checked_sub(begins).filter(|days| *days >= 0) {
            // A part of one day of 31 may count nothing under fixed 30, a reversed one is none.
            Some(days) if !self.is_before(part.to, part.from)? => Ok(Share { days, of: self.of }),
            Some(_) | None => Err(outside()),
        }
    }

    /// Where the new state begins when a change is asked for at `at`: there, or on the next day
    /// where the day belongs to the old state. An instant is exact where seconds are counted, and
    /// the period's end stays the end: its date is no longer a day of the period.
    ///
    /// # Errors
    /// [`ProrationError::AtOutside`].
    pub fn cut(&self, at: Point, day: DayOfChange) -> Result<Point, ProrationError> {
        self.position(at)?;
        let date = match (self.scale, at) {
            (Scale::Seconds { .. }, Point::Instant(_)) => return Ok(at),
            (Scale::Seconds { .. }, Point::Date(date)) => date,
            (Scale::Days { .. } | Scale::Months { .. }, Point::Date(_) | Point::Instant(_)) => {
                date_in(at, &self.zone)
            }
        };
        match day {
            DayOfChange::New => Ok(Point::Date(date)),
            DayOfChange::Old => {
                let next = Point::Date(date.tomorrow().map_err(|_| CalendarError::OutOfRange)?);
                let is_after = self.is_before(self.period.to, next)?;
                Ok(if is_after { self.end() } else { next })
            }
        }
    }

    /// The part of this period that was billed. A stretch that is no part of it is a whole period
    /// of its own, for example the year that was paid where months are billed now.
    ///
    /// # Errors
    /// [`ProrationError::EmptyPeriod`] and those of [`Measure::new`].
    pub fn billed(&self, stretch: Stretch) -> Result<Billed, ProrationError> {
        match self.share(stretch) {
            Ok(_) => {
                let (from, to) = (self.position(stretch.from)?, self.position(stretch.to)?);
                Ok(Billed { measure: self.clone(), from, to })
            }
            Err(ProrationError::PartOutside(..)) => {
                Ok(Self::new(self.day_count(), &self.zone, stretch)?.all_billed())
            }
            Err(other) => Err(other),
        }
    }

    /// The whole period, billed.
    pub fn all_billed(&self) -> Billed {
        Billed { measure: self.clone(), from: 0, to: self.of }
    }

    /// How many days, or seconds, of the period lie before `at`; a point before it or after it
    /// counts as its begin or its end.
    fn nearest(&self, at: Point) -> Result<i64, ProrationError> {
        match self.position(at) {
            Err(ProrationError::AtOutside(..)) => {
                Ok(if self.is_before(at, self.period.from)? { 0 } else { self.of })
            }
            other => other,
        }
    }

    fn is_before(&self, a: Point, b: Point) -> Result<bool, ProrationError> {
        Ok(match self.scale {
            Scale::Days { .. } | Scale::Months { .. } => {
                date_in(a, &self.zone) < date_in(b, &self.zone)
            }
            Scale::Seconds { .. } => second_in(a, &self.zone)? < second_in(b, &self.zone)?,
        })
    }

    fn end(&self) -> Point {
        match self.scale {
            Scale::Days { to, .. } | Scale::Months { to, .. } => Point::Date(to),
            Scale::Seconds { .. } => self.period.to,
        }
    }

    fn day_count(&self) -> DayCount {
        match self.scale {
            Scale::Days { .. } => DayCount::Actual,
            Scale::Months { .. } => DayCount::Fixed30,
            Scale::Seconds { .. } => DayCount::Second,
        }
    }
}

impl Billed {
    /// The period of which this is a part.
    pub const fn measure(&self) -> &Measure {
        &self.measure
    }

    /// What was billed, as a share of the whole period.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`].
    pub fn share(&self) -> Result<Share, ProrationError> {
        self.between(self.from)
    }

    /// What is left of it from `cut` on: all of it where it begins later, nothing where it has
    /// ended.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`].
    pub fn left(&self, cut: Point) -> Result<Share, ProrationError> {
        let position = self.measure.nearest(cut)?;
        self.between(position.max(self.from).min(self.to))
    }

    fn between(&self, from: i64) -> Result<Share, ProrationError> {
        let days = self.to.checked_sub(from).ok_or(CalendarError::OutOfRange)?;
        Ok(Share { days, of: self.measure.of })
    }
}

impl Share {
    /// The same as an exact figure.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`] for a share of nothing.
    pub fn exact(self) -> Result<Exact, MoneyError> {
        Exact::ratio(self.days.into(), self.of.into())
    }

    /// This share of `price`, which is of the whole period in major units, rounded once.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn line(self, price: Exact, currency: Currency) -> Result<Line, MoneyError> {
        let exact = price.times(self.exact()?)?;
        Ok(Line { price, share: self, exact, amount: exact.rounded(currency)? })
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.days, self.of)
    }
}

fn date_in(point: Point, zone: &TimeZone) -> Date {
    match point {
        Point::Date(date) => date,
        Point::Instant(at) => zone.to_datetime(at).date(),
    }
}

fn second_in(point: Point, zone: &TimeZone) -> Result<i64, CalendarError> {
    let at = match point {
        Point::Date(date) => start_of_day(date, zone)?,
        Point::Instant(at) => at,
    };
    // Cut downwards also before 1970, so that every point is cut alike and parts add up.
    Ok(at.as_microsecond().div_euclid(MICROS_PER_SECOND))
}

/// The months counted from a period's first day. Where a short month has clamped the first or the
/// last day, the other tells the anchor: from 28 February to 31 March is one month.
fn months(from: Date, to: Date) -> Grid {
    let anchor = from.day().max(to.day());
    let fits = |date: Date| date.day() == anchor.min(date.days_in_month());
    let day = if fits(from) && fits(to) { anchor } else { from.day() };
    Grid::Months { month: Month::new(from.year(), from.month()), day, step: 1 }
}
