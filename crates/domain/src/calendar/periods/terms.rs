//! What periods follow from: a start, a length and an anchor.

use super::every::{in_years, plus_days};
use super::grid::{Grid, Month};
use super::{Every, PeriodError};
use crate::calendar::CalendarError;
use jiff::Span;
use jiff::civil::Date;

/// What a run of periods follows from. Dates are local dates of the customer's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The first day; of the trial, where there is one.
    pub start: Date,
    /// How long a period is.
    pub every: Every,
    /// Where the boundaries lie.
    pub align: Align,
    /// A time before the first period.
    pub trial: Option<Trial>,
    /// The first day that no longer belongs.
    pub end: Option<Date>,
}

/// Where the boundaries lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// On the first period's own date. Months and years may have another anchor.
    Anniversary {
        /// The day of the month, 1 to 31; the month's last day where it is shorter.
        day: Option<u8>,
        /// The month, 1 to 12, from which months and years are counted.
        month: Option<u8>,
    },
    /// On the calendar's own periods: weeks begin on Monday, months and years are counted from
    /// 1 January, so three months are the quarters. Days have none and follow the first period.
    Calendar,
}

/// A time before the first period, in which nothing is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// So many days. They move the anchor.
    Days(u32),
    /// So many months. They leave the anchor day as it was, also past a short month.
    Months(u32),
}

impl Terms {
    /// The first day of the first period: the start, or the end of the trial.
    pub(super) fn first_day(&self) -> Result<Date, PeriodError> {
        let start = in_years(self.start)?;
        let first = match self.trial {
            None => start,
            Some(Trial::Days(days)) => plus_days(start, days.into())?,
            Some(Trial::Months(months)) => Span::new()
                .try_months(months)
                .and_then(|span| start.checked_add(span))
                .map_err(|_| CalendarError::OutOfRange)?,
        };
        Ok(first)
    }

    /// The boundaries, where the first period begins on `first`.
    pub(super) fn grid(&self, first: Date) -> Result<Grid, PeriodError> {
        let step = self.every.step();
        match (self.every, self.align) {
            (
                Every::Days(_) | Every::Weeks(_),
                Align::Anniversary { day: Some(_), .. } | Align::Anniversary { month: Some(_), .. },
            ) => Err(PeriodError::AnchorWithoutMonths),
            (Every::Days(_), Align::Anniversary { .. } | Align::Calendar)
            | (Every::Weeks(_), Align::Anniversary { .. }) => Ok(Grid::Days { from: first, step }),
            (Every::Weeks(_), Align::Calendar) => Ok(Grid::Days { from: monday(first)?, step }),
            (Every::Months(_) | Every::Years(_), Align::Anniversary { day, month }) => {
                let day = day.map_or(Ok(self.default_day(first)), anchor_day)?;
                let month = month.map_or(Ok(first.month()), anchor_month)?;
                Ok(Grid::Months { month: Month::new(first.year(), month), day, step })
            }
            (Every::Months(_) | Every::Years(_), Align::Calendar) => {
                Ok(Grid::Months { month: Month::new(first.year(), 1), day: 1, step })
            }
        }
    }

    /// The anchor day where none is named: never one that a short month has clamped.
    fn default_day(&self, first: Date) -> i8 {
        match self.trial {
            Some(Trial::Months(_)) => self.start.day(),
            Some(Trial::Days(_)) | None => first.day(),
        }
    }
}

fn anchor_day(day: u8) -> Result<i8, PeriodError> {
    let exists = i8::try_from(day).ok().filter(|day| (1..=31).contains(day));
    exists.ok_or(PeriodError::AnchorDay(day))
}

fn anchor_month(month: u8) -> Result<i8, PeriodError> {
    let exists = i8::try_from(month).ok().filter(|month| (1..=12).contains(month));
    exists.ok_or(PeriodError::AnchorMonth(month))
}

/// The Monday of the week to which `day` belongs (ISO 8601).
fn monday(day: Date) -> Result<Date, CalendarError> {
    plus_days(day, i64::from(day.weekday().to_monday_zero_offset()).saturating_neg())
}
