//! The first periods of a schedule as a list of bounded length.

use super::{Period, PeriodError, Schedule};
use crate::calendar::CalendarError;
use jiff::civil::Date;

/// How many periods are listed where nothing limits them.
pub const LIST_DEFAULT: u32 = 12;
/// How many periods a list may have.
pub const LIST_MAX: u32 = 1_000;

impl Schedule {
    /// The periods from the first on, without those that would begin after `until`, at most
    /// `count`. Without a `count` there are all that `until` and the end leave room for, or
    /// [`LIST_DEFAULT`] where neither is given.
    ///
    /// # Errors
    /// [`PeriodError`]: a list that is too long, a date out of range.
    pub fn list(
        &self,
        until: Option<Date>,
        count: Option<u32>,
    ) -> Result<Vec<Period>, PeriodError> {
        let is_bounded = until.is_some() || self.end.is_some();
        let room = match count {
            Some(count) if !(1..=LIST_MAX).contains(&count) => {
                return Err(PeriodError::Count(count));
            }
            Some(count) => count,
            None if is_bounded => LIST_MAX,
            None => LIST_DEFAULT,
        };
        let mut list = Vec::new();
        let mut day = self.first;
        for _ in 0..room {
            let Some(period) = self.beginning(day, until)? else { return Ok(list) };
            day = period.part.to;
            list.push(period);
        }
        if count.is_none() && is_bounded && self.beginning(day, until)?.is_some() {
            return Err(PeriodError::TooMany);
        }
        Ok(list)
    }

    fn beginning(&self, day: Date, until: Option<Date>) -> Result<Option<Period>, CalendarError> {
        if until.is_some_and(|until| until < day) { Ok(None) } else { self.period_on(day) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Align, Every, Terms};
    use super::*;
    use jiff::civil::date;
    use std::num::NonZeroU32;

    fn daily(start: Date, end: Option<Date>) -> Schedule {
        let align = Align::Calendar;
        let every = Every::Days(NonZeroU32::MIN);
        Schedule::new(&Terms { start, every, align, trial: None, end }).expect("schedule")
    }

    #[test]
    fn without_limits_a_year_of_months_is_listed() {
        let list = daily(date(2026, 1, 1), None).list(None, None).expect("list");
        assert_eq!(list.len(), 12);
    }

    #[test]
    fn until_names_the_last_day_on_which_a_period_may_begin() {
        let schedule = daily(date(2026, 1, 1), None);
        let begun = |until| schedule.list(Some(until), None).map(|list| list.len());
        assert_eq!(begun(date(2026, 1, 3)), Ok(3));
        assert_eq!(begun(date(2025, 12, 31)), Ok(0));
    }

    #[test]
    fn the_narrowest_limit_counts() {
        let schedule = daily(date(2026, 1, 1), Some(date(2026, 1, 6)));
        assert_eq!(schedule.list(None, None).map(|list| list.len()), Ok(5));
        assert_eq!(schedule.list(None, Some(2)).map(|list| list.len()), Ok(2));
        assert_eq!(schedule.list(Some(date(2026, 1, 4)), Some(9)).map(|list| list.len()), Ok(4));
    }

    #[test]
    fn a_list_has_at_most_a_thousand_periods() {
        let schedule = daily(date(2026, 1, 1), None);
        assert_eq!(schedule.list(None, Some(1_000)).map(|list| list.len()), Ok(1_000));
        assert_eq!(schedule.list(None, Some(1_001)), Err(PeriodError::Count(1_001)));
        assert_eq!(schedule.list(None, Some(0)), Err(PeriodError::Count(0)));
        // 2028-09-26 is the thousandth day.
        let until = |until| schedule.list(Some(until), None).map(|list| list.len());
        assert_eq!(until(date(2028, 9, 26)), Ok(1_000));
        assert_eq!(until(date(2028, 9, 27)), Err(PeriodError::TooMany));
    }

    #[test]
    fn a_count_does_not_look_past_its_last_period() {
        let last = daily(date(9999, 12, 29), None);
        assert_eq!(last.list(None, Some(2)).map(|list| list.len()), Ok(2));
        let out_of_range = Err(PeriodError::Calendar(CalendarError::OutOfRange));
        assert_eq!(last.list(None, Some(3)), out_of_range);
    }
}
