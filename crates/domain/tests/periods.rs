//! The laws of periods, for any start, anchor, length, trial and end: they tile time, they never
//! drift, and their days and their instants add up.

use abono_domain::calendar::{
    Align, Anchor, Every, Period, Schedule, Terms, Trial, start_of_day, tzdb_version,
};
use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::option;
use proptest::prelude::*;
use std::num::NonZeroU32;

/// Any zone of the IANA database.
fn any_zone() -> impl Strategy<Value = TimeZone> {
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    prop::sample::select(names).prop_map(|name| jiff::tz::db().get(&name).expect("zone"))
}

fn any_start() -> impl Strategy<Value = Date> {
    let ends = prop_oneof![Just(29), Just(30), Just(31), 1_i8..=31];
    (1_850_i16..2_200, 1_i8..=12, ends)
        .prop_filter_map("a date", |(y, m, d)| Date::new(y, m, d).ok())
}

fn any_every() -> impl Strategy<Value = Every> {
    let units = prop_oneof![
        Just(Every::Days as fn(NonZeroU32) -> Every),
        Just(Every::Weeks as fn(NonZeroU32) -> Every),
        Just(Every::Months as fn(NonZeroU32) -> Every),
        Just(Every::Years as fn(NonZeroU32) -> Every),
    ];
    (units, 1_u32..30).prop_filter_map("not zero", |(unit, n)| NonZeroU32::new(n).map(unit))
}

fn any_align(every: Every) -> BoxedStrategy<Align> {
    let anniversary = match every {
        Every::Days(_) | Every::Weeks(_) => {
            Just(Align::Anniversary { day: None, month: None }).boxed()
        }
        Every::Months(_) | Every::Years(_) => (option::of(1_u8..=31), option::of(1_u8..=12))
            .prop_map(|(day, month)| Align::Anniversary { day, month })
            .boxed(),
    };
    prop_oneof![3 => anniversary, 1 => Just(Align::Calendar)].boxed()
}

fn any_trial() -> impl Strategy<Value = Option<Trial>> {
    let trial = prop_oneof![(0_u32..60).prop_map(Trial::Days), (0_u32..4).prop_map(Trial::Months)];
    option::of(trial)
}

fn any_terms() -> impl Strategy<Value = Terms> {
    let every = any_every().prop_flat_map(|every| (Just(every), any_align(every)));
    let lasts = option::of(prop_oneof![0_i32..100, 0_i32..10_000]);
    (any_start(), every, any_trial(), lasts).prop_map(|(start, (every, align), trial, lasts)| {
        let end = lasts.map(|days| start.checked_add(days.days()).expect("in range"));
        Terms { start, every, align, trial, end }
    })
}

fn listed(terms: &Terms) -> (Schedule, Vec<Period>) {
    let schedule = Schedule::new(terms).expect("schedule");
    let list = schedule.list(None, Some(40)).expect("list");
    (schedule, list)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn periods_tile_time(terms in any_terms()) {
        let (schedule, list) = listed(&terms);
        let mut next = schedule.first_day();
        for period in &list {
            prop_assert_eq!(period.part.from, next);
            prop_assert!(period.part.from < period.part.to);
            next = period.part.to;
        }
        match terms.end {
            Some(end) if list.len() < 40 => prop_assert_eq!(next, end.max(schedule.first_day())),
            Some(end) => prop_assert!(next <= end),
            None => prop_assert_eq!(list.len(), 40),
        }
    }

    #[test]
    fn a_stub_lies_in_its_whole_period_and_only_at_either_end(terms in any_terms()) {
        let (_, list) = listed(&terms);
        for (at, period) in list.iter().enumerate() {
            let (part, full) = (period.part, period.full);
            prop_assert!(full.from <= part.from && part.to <= full.to);
            prop_assert_eq!(part.days() < full.days(), period.is_stub());
            prop_assert!(part.from == full.from || at == 0);
            prop_assert!(part.to == full.to || Some(part.to) == terms.end);
        }
        for pair in list.windows(2) {
            prop_assert_eq!(pair[0].full.to, pair[1].full.from);
            prop_assert_eq!(pair[0].n + 1, pair[1].n);
        }
    }

    #[test]
    fn the_days_add_up(terms in any_terms()) {
        let (schedule, list) = listed(&terms);
        let days: i64 = list.iter().map(|period| period.part.days()).sum();
        let last = list.last().map_or(schedule.first_day(), |period| period.part.to);
        let span = schedule.first_day().until(last).expect("span");
        prop_assert_eq!(days, i64::from(span.get_days()));
    }

    /// However far from the anchor, a boundary stands on the anchor day or on the last day of a
    /// shorter month, the right number of months away; or the right number of days.
    #[test]
    fn no_boundary_drifts(terms in any_terms()) {
        let (schedule, list) = listed(&terms);
        let anchor = schedule.anchor().expect("anchor");
        let months = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
        for Period { n, full, .. } in list {
            match terms.every {
                Every::Days(step) => {
                    let days = anchor.until(full.from).expect("span").get_days();
                    prop_assert_eq!(i64::from(days), n * i64::from(step.get()));
                }
                Every::Weeks(step) => {
                    let days = anchor.until(full.from).expect("span").get_days();
                    prop_assert_eq!(i64::from(days), n * i64::from(step.get()) * 7);
                }
                Every::Months(step) => {
                    prop_assert_eq!(months(full.from) - months(anchor), n * i64::from(step.get()));
                }
                Every::Years(step) => {
                    let passed = months(full.from) - months(anchor);
                    prop_assert_eq!(passed, n * i64::from(step.get()) * 12);
                }
            }
            let day = schedule.anchor_day().map(|day| day.min(full.from.days_in_month()));
            prop_assert!(day.is_none_or(|day| day == full.from.day()));
        }
    }

    #[test]
    fn every_day_is_found_in_the_period_that_lists_it(terms in any_terms(), days in 0_i32..2_000) {
        let (schedule, list) = listed(&terms);
        let day = terms.start.checked_add(days.days()).expect("in range");
        let holds = |period: &&Period| period.part.from <= day && day < period.part.to;
        let found = schedule.period_on(day).expect("in range");
        match list.iter().find(holds) {
            Some(period) => prop_assert_eq!(found, Some(*period)),
            None => prop_assert!(found.is_none_or(|found| found.n >= list[0].n + 40)),
        }
    }

    /// Each day of sixty years lies in one period, and each instant too: a period ends where the
    /// next one begins. Only a day that clocks skipped, such as 2011-12-30 in Apia, lasts nothing.
    #[test]
    fn periods_tile_sixty_years_of_any_zone(terms in any_terms(), zone in any_zone()) {
        let schedule = Schedule::new(&Terms { end: None, ..terms }).expect("schedule");
        let mut day = schedule.first_day();
        let until = day.checked_add(60.years()).expect("in range");
        let mut begins = start_of_day(day, &zone).expect("instant");
        while day < until {
            let period = schedule.period_on(day).expect("in range").expect("no end");
            let last = period.part.to.yesterday().expect("in range");
            prop_assert_eq!(period.part.from, day);
            prop_assert!(day <= last);
            prop_assert_eq!(schedule.period_on(last).expect("in range"), Some(period));
            let ends = start_of_day(period.part.to, &zone).expect("instant");
            prop_assert!(begins < ends || (begins == ends && day == last));
            (day, begins) = (period.part.to, ends);
        }
    }

    /// A licence's periods: for sixty years from any instant in any zone, month by month later, on
    /// the anchored day or the last one of a shorter month, at the anchored time of day, or
    /// moved on by what clocks skipped.
    #[test]
    fn the_months_of_a_run_tile_sixty_years_of_any_zone(
        second in -2_000_000_000_i64..5_000_000_000, zone in any_zone(),
    ) {
        let from = Timestamp::from_second(second).expect("instant");
        let anchor = Anchor::new(from, zone);
        let (year, month) = (anchor.local.year(), i64::from(anchor.local.month()));
        let mut begins = from;
        for months in 1..=720 {
            let ends = anchor.boundary(months).expect("in range");
            prop_assert!(begins < ends);
            let passed = month - 1 + months;
            let year = year + i16::try_from(passed / 12).expect("sixty years");
            let first = Date::new(year, i8::try_from(passed % 12 + 1).expect("a month"), 1);
            let first = first.expect("a date");
            let day = anchor.local.day().min(first.days_in_month());
            let local = anchor.local.time().on(year, first.month(), day);
            let shown = anchor.zone.to_datetime(ends);
            let skipped = anchor.zone.to_ambiguous_timestamp(local).offset();
            let is_skipped = matches!(skipped, AmbiguousOffset::Gap { .. });
            prop_assert_eq!(shown > local, is_skipped);
            prop_assert!(shown >= local);
            begins = ends;
        }
    }

    #[test]
    fn no_terms_make_it_panic(
        start in (-9_999_i16..=9_999, 1_i8..=12, 1_i8..=28),
        (count, days, months) in (1_u32.., any::<u32>(), any::<u32>()),
        every in any_every(), align in any_every().prop_flat_map(any_align),
        until in option::of(-9_999_i16..=9_999),
    ) {
        let count = NonZeroU32::new(count).expect("not zero");
        let start = Date::new(start.0, start.1, start.2).expect("date");
        let until = until.and_then(|year| Date::new(year, 6, 15).ok());
        let huge =
            [Every::Days(count), Every::Weeks(count), Every::Months(count), Every::Years(count)];
        for every in huge.into_iter().chain([every]) {
            for trial in [None, Some(Trial::Days(days)), Some(Trial::Months(months))] {
                let terms = Terms { start, every, align, trial, end: until };
                let _ = Schedule::new(&terms).and_then(|schedule| schedule.list(until, None));
            }
        }
    }
}

/// The first instant that is not before local midnight, and the one just before it is.
fn assert_begins(date: Date, zone: &TimeZone) {
    let midnight = date.at(0, 0, 0, 0);
    let start = start_of_day(date, zone).expect("in range");
    let before = start.checked_sub(SignedDuration::from_nanos(1)).expect("in range");
    assert!(zone.to_datetime(start) >= midnight, "{date} in {zone:?}");
    assert!(zone.to_datetime(before) < midnight, "{date} in {zone:?}");
}

#[test]
fn around_every_clock_change_of_every_zone_days_begin_at_their_first_instant() {
    assert_ne!(tzdb_version(), "unknown");
    let until = "2040-01-01T00:00:00Z".parse().expect("instant");
    let mut changes = 0;
    for name in jiff::tz::db().available() {
        let zone = jiff::tz::db().get(name.as_str()).expect("zone");
        for change in zone.preceding(until) {
            let date = zone.to_datetime(change.timestamp()).date();
            for date in [date.yesterday(), Ok(date), date.tomorrow()].into_iter().flatten() {
                assert_begins(date, &zone);
            }
            changes += 1;
        }
    }
    assert!(changes > 10_000, "{changes} clock changes");
}
