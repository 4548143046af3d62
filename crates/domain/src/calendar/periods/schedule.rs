//! All periods of some terms, found by the day they hold.

use super::grid::Grid;
use super::{DateRange, Period, PeriodError, Terms};
use crate::calendar::CalendarError;
use jiff::civil::Date;

/// All periods of some terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    grid: Grid,
    pub(super) first: Date,
    pub(super) end: Option<Date>,
}

impl Schedule {
    /// The periods that follow from `terms`.
    ///
    /// # Errors
    /// [`PeriodError`]: an anchor that doesn't exist or doesn't fit, an end before the start, a
    /// date out of range.
    pub fn new(terms: &Terms) -> Result<Self, PeriodError> {
        let start = terms.start;
        if let Some(end) = terms.end.filter(|end| *end < start) {
            return Err(PeriodError::EndBeforeStart { end, start });
        }
        let first = terms.first_day()?;
        Ok(Self { grid: terms.grid(first)?, first, end: terms.end })
    }

    /// The first day of the first period: the start, or the end of the trial.
    pub fn first_day(&self) -> Date {
        self.first
    }

    /// Boundary 0, from which the others are counted.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`].
    pub fn anchor(&self) -> Result<Date, CalendarError> {
        self.grid.boundary(0)
    }

    /// The day of the month on which months and years turn. Days and weeks have none.
    pub fn anchor_day(&self) -> Option<i8> {
        match self.grid {
            Grid::Days { .. } => None,
            Grid::Months { day, .. } => Some(day),
        }
    }

    /// The period to which `day` belongs; none before the first day, or from the end on.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`] where the whole period around it can't be dated.
    pub fn period_on(&self, day: Date) -> Result<Option<Period>, CalendarError> {
        if day < self.first || self.end.is_some_and(|end| end <= day) {
            return Ok(None);
        }
        let n = self.grid.number_on(day);
        // What is out of range is refused as a date.
        let next = n.saturating_add(1);
        let full = DateRange { from: self.grid.boundary(n)?, to: self.grid.boundary(next)? };
        let from = full.from.max(self.first);
        let to = self.end.map_or(full.to, |end| full.to.min(end));
        Ok(Some(Period { n, part: DateRange { from, to }, full }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Align, Every, Trial};
    use super::*;
    use std::num::NonZeroU32;

    const ANNIVERSARY: Align = Align::Anniversary { day: None, month: None };

    fn every(unit: fn(NonZeroU32) -> Every, count: u32) -> Every {
        unit(NonZeroU32::new(count).expect("not zero"))
    }

    fn day(text: &str) -> Date {
        text.parse().expect("date")
    }

    /// Terms without trial and end.
    fn terms(start: &str, every: Every, align: Align) -> Terms {
        Terms { start: day(start), every, align, trial: None, end: None }
    }

    fn on(anchor_day: u8) -> Align {
        Align::Anniversary { day: Some(anchor_day), month: None }
    }

    /// The first periods, a line each: its days, and `of` the whole period where it is a stub.
    fn listed(terms: Terms, count: u32) -> Vec<String> {
        let schedule = Schedule::new(&terms).expect("schedule");
        let line = |period: Period| {
            let DateRange { from, to } = period.part;
            let of = format!(" of {} {}", period.full.from, period.full.to);
            let of = if period.is_stub() { of } else { String::new() };
            format!("{from} {to} {}/{}{of}", period.part.days(), period.full.days())
        };
        schedule.list(None, Some(count)).expect("list").into_iter().map(line).collect()
    }

    #[test]
    fn the_31st_returns_after_a_short_month() {
        let monthly = terms("2026-01-31", every(Every::Months, 1), ANNIVERSARY);
        let expected = [
            "2026-01-31 2026-02-28 28/28",
            "2026-02-28 2026-03-31 31/31",
            "2026-03-31 2026-04-30 30/30",
        ];
        assert_eq!(listed(monthly, 3), expected);
        // The same from a start in the short month, where the anchor is named.
        assert_eq!(listed(terms("2026-02-28", monthly.every, on(31)), 2), expected[1..]);
    }

    #[test]
    fn a_leap_day_returns_in_leap_years() {
        let expected = [
            "2024-02-29 2025-02-28 365/365",
            "2025-02-28 2026-02-28 365/365",
            "2026-02-28 2027-02-28 365/365",
            "2027-02-28 2028-02-29 366/366",
            "2028-02-29 2029-02-28 365/365",
        ];
        let yearly = every(Every::Years, 1);
        assert_eq!(listed(terms("2024-02-29", yearly, ANNIVERSARY), 5), expected);
        assert_eq!(listed(terms("2024-02-29", every(Every::Months, 12), ANNIVERSARY), 5), expected);
        let align = Align::Anniversary { day: Some(29), month: Some(2) };
        let stub = "2026-05-10 2027-02-28 294/365 of 2026-02-28 2027-02-28";
        assert_eq!(listed(terms("2026-05-10", yearly, align), 3), [stub, expected[3], expected[4]]);
    }

    #[test]
    fn an_anchor_day_after_the_start_makes_a_stub_up_to_it() {
        assert_eq!(
            listed(terms("2026-01-10", every(Every::Months, 1), on(15)), 2),
            ["2026-01-10 2026-01-15 5/31 of 2025-12-15 2026-01-15", "2026-01-15 2026-02-15 31/31"]
        );
        assert_eq!(
            listed(terms("2026-02-27", every(Every::Months, 1), on(31)), 2),
            ["2026-02-27 2026-02-28 1/28 of 2026-01-31 2026-02-28", "2026-02-28 2026-03-31 31/31"]
        );
    }

    #[test]
    fn an_anchor_day_before_the_start_makes_a_stub_up_to_the_next() {
        assert_eq!(
            listed(terms("2026-01-20", every(Every::Months, 1), on(15)), 2),
            ["2026-01-20 2026-02-15 26/31 of 2026-01-15 2026-02-15", "2026-02-15 2026-03-15 28/28"]
        );
        assert_eq!(
            listed(terms("2026-01-20", every(Every::Months, 3), on(15)), 1),
            ["2026-01-20 2026-04-15 85/90 of 2026-01-15 2026-04-15"]
        );
    }

    #[test]
    fn calendar_periods_begin_where_the_calendars_do() {
        let calendar =
            |unit, count| listed(terms("2026-02-11", every(unit, count), Align::Calendar), 2);
        assert_eq!(
            calendar(Every::Months, 1),
            ["2026-02-11 2026-03-01 18/28 of 2026-02-01 2026-03-01", "2026-03-01 2026-04-01 31/31"]
        );
        assert_eq!(
            calendar(Every::Months, 3),
            ["2026-02-11 2026-04-01 49/90 of 2026-01-01 2026-04-01", "2026-04-01 2026-07-01 91/91"]
        );
        assert_eq!(
            calendar(Every::Years, 1),
            [
                "2026-02-11 2027-01-01 324/365 of 2026-01-01 2027-01-01",
                "2027-01-01 2028-01-01 365/365"
            ]
        );
        // A Wednesday.
        assert_eq!(
            calendar(Every::Weeks, 1),
            ["2026-02-11 2026-02-16 5/7 of 2026-02-09 2026-02-16", "2026-02-16 2026-02-23 7/7"]
        );
        assert_eq!(
            calendar(Every::Days, 10),
            ["2026-02-11 2026-02-21 10/10", "2026-02-21 2026-03-03 10/10"]
        );
    }

    #[test]
    fn an_end_makes_a_stub_also_in_the_first_period() {
        let monthly = terms("2026-01-10", every(Every::Months, 1), on(15));
        let end = |end| listed(Terms { end: Some(day(end)), ..monthly }, 9);
        assert_eq!(end("2026-01-12"), ["2026-01-10 2026-01-12 2/31 of 2025-12-15 2026-01-15"]);
        assert_eq!(
            end("2026-01-31").last().map(String::as_str),
            Some("2026-01-15 2026-01-31 16/31 of 2026-01-15 2026-02-15")
        );
        assert_eq!(end("2026-01-15").len(), 1);
        assert_eq!(end("2026-01-10").len(), 0);
    }

    #[test]
    fn a_trial_in_days_moves_the_anchor() {
        let terms = terms("2026-01-10", every(Every::Months, 1), ANNIVERSARY);
        let trial = Some(Trial::Days(14));
        assert_eq!(listed(Terms { trial, ..terms }, 1), ["2026-01-24 2026-02-24 31/31"]);
        assert_eq!(
            listed(Terms { trial, align: on(10), ..terms }, 1),
            ["2026-01-24 2026-02-10 17/31 of 2026-01-10 2026-02-10"]
        );
        let end = Some(day("2026-01-24"));
        assert_eq!(listed(Terms { trial, end, ..terms }, 1).len(), 0);
    }

    #[test]
    fn a_trial_in_months_keeps_the_anchor_day() {
        let terms = terms("2026-01-31", every(Every::Months, 1), ANNIVERSARY);
        assert_eq!(
            listed(Terms { trial: Some(Trial::Months(1)), ..terms }, 2),
            ["2026-02-28 2026-03-31 31/31", "2026-03-31 2026-04-30 30/30"]
        );
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let monthly = every(Every::Months, 1);
        let refused = |terms| Schedule::new(&terms).expect_err("refused");
        let start = "2026-01-10";
        assert_eq!(refused(terms(start, monthly, on(32))), PeriodError::AnchorDay(32));
        assert_eq!(refused(terms(start, monthly, on(0))), PeriodError::AnchorDay(0));
        let thirteenth = Align::Anniversary { day: None, month: Some(13) };
        assert_eq!(refused(terms(start, monthly, thirteenth)), PeriodError::AnchorMonth(13));
        for unit in [Every::Days, Every::Weeks] {
            let error = refused(terms(start, every(unit, 1), on(1)));
            assert_eq!(error, PeriodError::AnchorWithoutMonths);
        }
        let end = Some(day("2026-01-09"));
        let error = refused(Terms { end, ..terms(start, monthly, ANNIVERSARY) });
        assert_eq!(error.to_string(), "the end 2026-01-09 is before the start 2026-01-10");
    }

    #[test]
    fn the_years_end_at_1_and_9999() {
        let out_of_range = PeriodError::Calendar(CalendarError::OutOfRange);
        let first = |terms| Schedule::new(&terms).and_then(|schedule| schedule.list(None, Some(1)));
        let monthly = every(Every::Months, 1);
        assert!(first(terms("0001-01-10", monthly, on(10))).is_ok());
        assert_eq!(first(terms("0001-01-10", monthly, on(15))), Err(out_of_range.clone()));
        assert_eq!(first(terms("0000-12-31", monthly, ANNIVERSARY)), Err(out_of_range.clone()));
        assert!(first(terms("9999-11-30", monthly, ANNIVERSARY)).is_ok());
        assert_eq!(first(terms("9999-12-01", monthly, ANNIVERSARY)), Err(out_of_range.clone()));
        for trial in [Trial::Days(u32::MAX), Trial::Months(u32::MAX)] {
            let terms = Terms { trial: Some(trial), ..terms("2026-01-01", monthly, ANNIVERSARY) };
            assert_eq!(first(terms), Err(out_of_range.clone()));
        }
    }
}
