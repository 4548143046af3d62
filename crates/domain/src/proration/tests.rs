//! Parts, changes and credits: what must hold for any period, zone and count of days.

use super::*;
use crate::calendar::zone;
use crate::money::Currency;
use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::test_runner::Config;

const CASES: u32 = 5_000;
const ZONES: [&str; 9] = [
    "UTC",
    "Europe/Moscow",
    "Europe/Madrid",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Africa/Cairo",
    "Pacific/Apia",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
];

fn eur(text: &str) -> Money {
    Money::parse(text, Currency::EUR).expect(text)
}

fn state(price: &str) -> State {
    State { price: Exact::parse(price).expect(price), quantity: Exact::ONE, discount: None }
}

fn on(year: i16, month: i8, day: i8) -> Point {
    Point::Date(date(year, month, day))
}

fn january(day_count: DayCount) -> Measure {
    let period = Stretch { from: on(2026, 1, 1), to: on(2026, 2, 1) };
    Measure::new(day_count, &TimeZone::UTC, period).expect("a period")
}

fn shares(day_count: DayCount, period: (Point, Point), cuts: &[Point]) -> Vec<String> {
    let period = Stretch { from: period.0, to: period.1 };
    let measure = Measure::new(day_count, &TimeZone::UTC, period).expect("a period");
    let parts = split(eur("30"), &measure, cuts).expect("cuts in order");
    parts.iter().map(|part| part.share.to_string()).collect()
}

#[test]
fn a_month_counts_thirty_days_whatever_its_length() {
    let month = |from, to, cuts: &[Point]| shares(DayCount::Fixed30, (from, to), cuts);
    let (january, february, march) = (on(2026, 1, 1), on(2026, 2, 1), on(2026, 3, 1));
    assert_eq!(month(february, march, &[on(2026, 2, 15)]), ["14/30", "16/30"]);
    assert_eq!(month(february, march, &[on(2026, 2, 28)]), ["27/30", "3/30"]);
    assert_eq!(month(january, february, &[on(2026, 1, 15)]), ["14/30", "16/30"]);
    assert_eq!(month(january, february, &[on(2026, 1, 31)]), ["30/30", "0/30"]);
    // The anchor is the 31st, which February doesn't have.
    assert_eq!(month(on(2026, 2, 28), on(2026, 3, 31), &[on(2026, 3, 15)]), ["15/30", "15/30"]);
    assert_eq!(month(on(2026, 1, 31), on(2026, 2, 28), &[]), ["30/30"]);
    assert_eq!(
        month(january, on(2027, 1, 1), &[march, on(2026, 3, 31)])[..2],
        ["60/360", "30/360"]
    );
    assert_eq!(month(on(2026, 1, 5), on(2026, 1, 12), &[on(2026, 1, 7)]), ["2/7", "5/7"]);
    assert_eq!(month(january, on(2026, 2, 11), &[february]), ["30/40", "10/40"]);
}

#[test]
fn seconds_are_counted_as_clocks_showed_them() {
    let madrid = zone("Europe/Madrid").expect("a zone");
    let days = |from, to| {
        let period = Stretch { from, to };
        Measure::new(DayCount::Second, &madrid, period).map(|measure| measure.of() / 3_600)
    };
    assert_eq!(days(on(2026, 3, 29), on(2026, 3, 30)), Ok(23));
    assert_eq!(days(on(2026, 10, 25), on(2026, 10, 26)), Ok(25));
    let skipped = Stretch { from: on(2011, 12, 30), to: on(2011, 12, 31) };
    let apia = zone("Pacific/Apia").expect("a zone");
    let expected = ProrationError::EmptyPeriod(skipped.from, skipped.to);
    assert_eq!(Measure::new(DayCount::Second, &apia, skipped), Err(expected));
}

#[test]
fn what_is_no_part_of_the_period_is_refused() {
    for day_count in [DayCount::Actual, DayCount::Fixed30, DayCount::Second] {
        let measure = january(day_count);
        let share = |from, to| measure.share(Stretch { from, to });
        for (from, to) in [
            (on(2025, 12, 31), on(2026, 1, 2)),
            (on(2026, 1, 2), on(2026, 2, 2)),
            (on(2026, 1, 3), on(2026, 1, 2)),
            // Both count 30 days under fixed 30.
            (on(2026, 2, 1), on(2026, 1, 31)),
        ] {
            assert!(matches!(share(from, to), Err(ProrationError::PartOutside(..))), "{from} {to}");
        }
        assert_eq!(share(on(2026, 1, 3), on(2026, 1, 3)).map(|share| share.days), Ok(0));
        let backwards = Stretch { from: on(2026, 2, 1), to: on(2026, 1, 1) };
        let refused = Measure::new(day_count, &TimeZone::UTC, backwards);
        assert!(matches!(refused, Err(ProrationError::EmptyPeriod(..))));
        let cuts = split(eur("1"), &measure, &[on(2026, 1, 3), on(2026, 1, 2)]);
        assert_eq!(cuts, Err(ProrationError::CutsOutOfOrder(on(2026, 1, 2))));
    }
}

#[test]
fn the_day_of_a_change_belongs_to_one_state() {
    let measure = january(DayCount::Actual);
    let cut = |at, day| measure.cut(at, day);
    assert_eq!(cut(on(2026, 1, 15), DayOfChange::New), Ok(on(2026, 1, 15)));
    assert_eq!(cut(on(2026, 1, 15), DayOfChange::Old), Ok(on(2026, 1, 16)));
    assert_eq!(cut(on(2026, 1, 31), DayOfChange::Old), Ok(on(2026, 2, 1)));
    assert_eq!(cut(on(2026, 2, 1), DayOfChange::Old), Ok(on(2026, 2, 1)));
    assert!(cut(on(2026, 2, 2), DayOfChange::Old).is_err());
    let instant = Point::Instant("2026-01-15T10:00:00Z".parse().expect("an instant"));
    assert_eq!(cut(instant, DayOfChange::Old), Ok(on(2026, 1, 16)));
    assert_eq!(january(DayCount::Second).cut(instant, DayOfChange::Old), Ok(instant));
}

fn changed(at: Point, paid: Stretch, old: &str, new_period: &Measure) -> [String; 3] {
    let period = january(DayCount::Actual);
    let asked = Change {
        period: &period,
        at,
        day_of_change: DayOfChange::New,
        old: state(old),
        paid: &period.billed(paid).expect("a period"),
        new: state("62"),
        new_period,
        credited_before: eur("0"),
    };
    let Changed { credited, charge, net, .. } = change(&asked).expect("a change");
    [credited.credit, charge.amount, net].map(Money::decimal)
}

#[test]
fn a_state_that_was_paid_in_part_is_credited_by_the_whole_period() {
    let january = january(DayCount::Actual);
    let stretch = |from, to| Stretch { from, to };
    let whole = january.period();
    // Billed from the 11th on: the price of the month, not of 21 days.
    let paid = stretch(on(2026, 1, 11), on(2026, 2, 1));
    assert_eq!(changed(on(2026, 1, 16), paid, "31", &january), ["16.00", "32.00", "16.00"]);
    assert_eq!(changed(on(2026, 1, 5), paid, "31", &january), ["21.00", "54.00", "33.00"]);
    let until = stretch(on(2026, 1, 1), on(2026, 1, 11));
    assert_eq!(changed(on(2026, 1, 16), until, "31", &january), ["0.00", "32.00", "32.00"]);
    // A year was paid, so the price is that of the year.
    let year = stretch(on(2025, 7, 1), on(2026, 7, 1));
    assert_eq!(changed(on(2026, 1, 16), year, "365", &january), ["166.00", "32.00", "-134.00"]);
    // The new state has an interval of its own, which begins with the change.
    let quarter = stretch(on(2026, 1, 16), on(2026, 4, 16));
    let quarter = Measure::new(DayCount::Actual, &TimeZone::UTC, quarter).expect("a period");
    assert_eq!(changed(on(2026, 1, 16), whole, "31", &quarter), ["16.00", "62.00", "46.00"]);
}

#[test]
fn days_that_were_not_paid_are_not_left() {
    let january = january(DayCount::Actual);
    let paid = january.billed(Stretch { from: on(2026, 1, 11), to: on(2026, 1, 21) });
    let paid = paid.expect("a part");
    let left = |day| paid.left(on(2026, 1, day)).map(|share| share.to_string());
    let expected = [(1, "10/31"), (11, "10/31"), (15, "6/31"), (21, "0/31"), (31, "0/31")];
    for (day, share) in expected {
        assert_eq!(left(day), Ok(share.to_owned()), "{day}");
    }
}

#[test]
fn a_new_period_contains_the_change() {
    let period = january(DayCount::Actual);
    let february = Stretch { from: on(2026, 2, 1), to: on(2026, 3, 1) };
    let february = Measure::new(DayCount::Actual, &TimeZone::UTC, february).expect("a period");
    let asked = Change {
        period: &period,
        at: on(2026, 1, 16),
        day_of_change: DayOfChange::New,
        old: state("31"),
        paid: &period.all_billed(),
        new: state("28"),
        new_period: &february,
        credited_before: eur("0"),
    };
    assert!(matches!(change(&asked), Err(ProrationError::NewPeriodElsewhere(..))));
    let at_its_end = Change { at: on(2026, 2, 1), ..asked };
    assert_eq!(change(&at_its_end).map(|it| it.net), Ok(eur("28")));
}

fn termination(period: &Measure, amount: Money, at: Point) -> Termination<'_> {
    let zero = Money::zero(amount.currency);
    Termination {
        amount,
        discount_given: zero,
        credited_before: zero,
        period,
        at,
        day_of_change: DayOfChange::New,
        behaviour: Behaviour::Prorate,
        tax_rate: Exact::ZERO,
        paid: None,
    }
}

#[test]
fn a_credit_first_lowers_what_is_due() {
    let period = january(DayCount::Actual);
    let paid = Paid { document_total: eur("37.82"), document_paid: eur("30") };
    let end = Termination {
        tax_rate: Exact::whole(22),
        paid: Some(paid),
        ..termination(&period, eur("31"), on(2026, 1, 16))
    };
    let first = terminate(&end).expect("a credit");
    assert_eq!(
        (first.credited.credit, first.tax, first.total),
        (eur("16"), eur("3.52"), eur("19.52"))
    );
    let refund = Refund { refundable: eur("11.70"), to_balance: eur("7.82") };
    assert_eq!(first.refund, Some(refund));
    // The rest of the bill is credited too: what was due is gone, so all of it goes back.
    let rest = Termination { behaviour: Behaviour::Full, credited_before: eur("16"), ..end };
    let rest = terminate(&rest).expect("a credit");
    assert_eq!(rest.refund, Some(Refund { refundable: eur("18.30"), to_balance: eur("0") }));
}

#[test]
fn negative_figures_and_two_currencies_are_refused() {
    let period = january(DayCount::Actual);
    let end = termination(&period, eur("31"), on(2026, 1, 16));
    for wrong in [
        Termination { amount: eur("-1"), ..end },
        Termination { discount_given: eur("-1"), ..end },
        Termination { credited_before: eur("-1"), ..end },
        Termination { tax_rate: Exact::whole(-1), ..end },
    ] {
        assert!(matches!(terminate(&wrong), Err(ProrationError::Negative(_))));
    }
    let mixed = Termination { credited_before: Money::zero(Currency::RUB), ..end };
    let refused = MoneyError::MixedCurrencies(Currency::EUR, Currency::RUB);
    assert_eq!(terminate(&mixed), Err(ProrationError::Money(refused)));
}

fn any_measure() -> impl Strategy<Value = Measure> {
    let day_count =
        prop_oneof![Just(DayCount::Actual), Just(DayCount::Fixed30), Just(DayCount::Second)];
    let start = (2_005_i16..2_035, 1_i8..=12, 1_i8..=31);
    let days = prop_oneof![1_i64..=3, 28_i64..=31, 1_i64..=800];
    (day_count, 0..ZONES.len(), start, days).prop_filter_map(
        "a period",
        |(day_count, zone_at, (year, month, day), days)| {
            let from = jiff::civil::Date::new(year, month, day).ok()?;
            let to = from.checked_add(jiff::Span::new().days(days)).ok()?;
            let zone = zone(ZONES[zone_at]).ok()?;
            Measure::new(day_count, &zone, Stretch::dates(from, to)).ok()
        },
    )
}

/// A point of the period: `thousandth` of its way, a date or an instant as it is counted.
fn point(measure: &Measure, thousandth: i64) -> Point {
    let Stretch { from: Point::Date(from), to: Point::Date(to) } = measure.period() else {
        panic!("the period has dates");
    };
    let days = crate::calendar::days_between(from, to);
    let date_at = |day: i64| from.checked_add(jiff::Span::new().days(day)).expect("in range");
    let day = date_at(days * thousandth / 1_000);
    let whole = measure.share(measure.period()).expect("the whole");
    if days == whole.of || thousandth % 3 == 0 || whole.of < 80_000 {
        return Point::Date(day);
    }
    let tz = zone("UTC").expect("a zone");
    let instant = crate::calendar::start_of_day(day, &tz).expect("in range");
    let at = Point::Instant(instant);
    // An instant of UTC may lie outside a period of another zone's dates.
    if measure.position(at).is_ok() { at } else { Point::Date(day) }
}

/// Points of the period in the order in which new states would begin there.
fn points(measure: &Measure, thousandths: &[i64], day: DayOfChange) -> Vec<Point> {
    let mut points: Vec<_> = thousandths.iter().map(|at| point(measure, *at)).collect();
    let tz = zone("UTC").expect("a zone");
    let date = |point: &Point| match point {
        Point::Date(date) => *date,
        Point::Instant(at) => tz.to_datetime(*at).date(),
    };
    let cut = |at: &Point| measure.cut(*at, day).expect("in the period");
    points.sort_by_key(|at| (measure.position(cut(at)).expect("in the period"), date(at)));
    points
}

fn any_cents() -> impl Strategy<Value = Money> {
    let minor = prop_oneof![0_i64..200, 0_i64..100_000_000, 0_i64..1_000_000_000_000];
    minor.prop_map(|minor| Money::new(minor, Currency::EUR))
}

fn any_state() -> impl Strategy<Value = State> {
    let percent = (0_i64..=110).prop_map(|it| Some(Discount::Percent(Exact::whole(it))));
    let amount = (0_i64..20_000).prop_map(|it| Some(Discount::Amount(Exact::whole(it))));
    let discount = prop_oneof![Just(None), percent, amount];
    (0_i128..100_000_000, 1_i64..50, discount).prop_map(|(price, quantity, discount)| State {
        price: Exact::ratio(price, 1_000).expect("a price"),
        quantity: Exact::whole(quantity),
        discount,
    })
}

fn any_day() -> impl Strategy<Value = DayOfChange> {
    prop_oneof![Just(DayOfChange::New), Just(DayOfChange::Old)]
}

proptest! {
    #![proptest_config(Config::with_cases(CASES))]

    #[test]
    fn parts_add_up_to_the_whole(
        measure in any_measure(), amount in any_cents(),
        cuts in prop::collection::vec(0_i64..=1_000, 0..8),
    ) {
        let parts = split(amount, &measure, &points(&measure, &cuts, DayOfChange::New))?;
        let sum = Money::sum(Currency::EUR, parts.iter().map(|part| part.amount))?;
        prop_assert_eq!(sum, amount);
        prop_assert_eq!(parts.iter().map(|part| part.share.days).sum::<i64>(), measure.of());
        for part in &parts {
            let plain = part.share.line(Exact::of(amount), Currency::EUR)?;
            prop_assert!((plain.amount.minor - part.amount.minor).abs() <= 1);
            prop_assert!(part.amount.minor >= 0);
        }
    }

    #[test]
    fn a_whole_month_counts_thirty_days_in_any_parts(
        year in 2_020_i16..2_030, month in 1_i8..=12, anchor in 1_i8..=31, n in 1_i64..14,
        cuts in prop::collection::vec(0_i64..=1_000, 0..5),
    ) {
        let grid = crate::calendar::Grid::Months {
            month: crate::calendar::Month::new(year, month), day: anchor, step: 1,
        };
        let period = Stretch::dates(grid.boundary(0)?, grid.boundary(n)?);
        let measure = Measure::new(DayCount::Fixed30, &TimeZone::UTC, period)?;
        prop_assert_eq!(measure.of(), 30 * n);
        let parts = split(eur("0"), &measure, &points(&measure, &cuts, DayOfChange::New))?;
        prop_assert_eq!(parts.iter().map(|part| part.share.days).sum::<i64>(), 30 * n);
    }

    #[test]
    fn a_credit_falls_from_all_to_nothing(
        measure in any_measure(), amount in any_cents(), before in any_cents(),
        ats in (0_i64..=1_000, 0_i64..=1_000), day_of_change in any_day(),
    ) {
        let Stretch { from, to } = measure.period();
        let credit = |at, behaviour, credited_before, day_of_change| {
            let end = termination(&measure, amount, at);
            let end = Termination { behaviour, credited_before, day_of_change, ..end };
            terminate(&end).map(|it| it.credited.credit)
        };
        let full = credit(from, Behaviour::Full, before, DayOfChange::New)?;
        let at_start = credit(from, Behaviour::Prorate, before, DayOfChange::New)?;
        prop_assert_eq!(at_start, full);
        prop_assert_eq!(credit(to, Behaviour::Prorate, before, day_of_change)?, eur("0"));
        let two = points(&measure, &[ats.0, ats.1], day_of_change);
        let earlier = credit(two[0], Behaviour::Prorate, before, day_of_change)?;
        let later = credit(two[1], Behaviour::Prorate, before, day_of_change)?;
        prop_assert!(full.minor >= earlier.minor && earlier.minor >= later.minor);
        prop_assert!(later.minor >= 0);
        prop_assert!(later.plus(before)?.minor <= amount.minor.max(before.minor));
        prop_assert_eq!(credit(two[0], Behaviour::None, before, day_of_change)?, eur("0"));
    }

    #[test]
    fn credits_of_a_bill_give_back_what_was_paid_and_its_tax(
        measure in any_measure(), amount in 0_i64..100_000, rate in 0_i64..=30,
        paid in 0_i64..=1_000, ats in prop::collection::vec(0_i64..=1_000, 0..6),
    ) {
        let amount = Money::new(amount, Currency::EUR);
        let tax = amount.share(rate, 100)?;
        let document_total = amount.plus(tax)?;
        let document_paid = document_total.share(paid, 1_000)?;
        let mut sums = [eur("0"); 4];
        let steps = points(&measure, &ats, DayOfChange::New).into_iter();
        let steps = steps.map(|at| (at, Behaviour::Prorate));
        for (at, behaviour) in steps.chain([(measure.period().to, Behaviour::Full)]) {
            let end = terminate(&Termination {
                behaviour,
                credited_before: sums[0],
                tax_rate: Exact::whole(rate),
                paid: Some(Paid { document_total, document_paid }),
                ..termination(&measure, amount, at)
            })?;
            let refund = end.refund.expect("asked for");
            prop_assert_eq!(refund.refundable.plus(refund.to_balance)?, end.total);
            prop_assert!(refund.refundable.minor >= 0 && refund.to_balance.minor >= 0);
            prop_assert!(end.tax.minor >= 0);
            let more = [end.credited.credit, end.tax, refund.refundable, refund.to_balance];
            for (sum, more) in sums.iter_mut().zip(more) {
                *sum = sum.plus(more)?;
            }
        }
        let due = document_total.minus(document_paid)?;
        prop_assert_eq!(sums, [amount, tax, document_paid, due]);
    }

    #[test]
    fn there_and_back_on_one_day_costs_nothing(
        measure in any_measure(), old in any_state(), new in any_state(), at in 0_i64..=1_000,
        day_of_change in any_day(),
    ) {
        let there = Change {
            period: &measure, at: point(&measure, at), day_of_change,
            old, paid: &measure.all_billed(), new, new_period: &measure,
            credited_before: eur("0"),
        };
        let first = change(&there)?;
        let paid = measure.billed(Stretch { from: first.cut, to: measure.period().to })?;
        let second = change(&Change { old: new, paid: &paid, new: old, ..there })?;
        prop_assert_eq!(first.net.plus(second.net)?, eur("0"));
        prop_assert_eq!(second.credited.credit, first.charge.amount);
    }

    #[test]
    fn no_day_is_credited_twice(
        measure in any_measure(), states in prop::collection::vec(any_state(), 2..6),
        ats in prop::collection::vec(0_i64..=1_000, 5), day_of_change in any_day(),
    ) {
        let end = measure.period().to;
        let (mut paid, mut kept) = (measure.all_billed(), 0);
        for (pair, at) in states.windows(2).zip(points(&measure, &ats, day_of_change)) {
            let asked = Change {
                period: &measure, at, day_of_change, old: pair[0], paid: &paid, new: pair[1],
                new_period: &measure, credited_before: eur("0"),
            };
            let done = change(&asked)?;
            let Credited { billed, credit, line, .. } = done.credited;
            prop_assert!(credit.minor >= 0 && credit.minor <= billed.minor);
            // What was billed of the old state and stays is the price of the days it had.
            let days = paid.share()?.days - line.share.days;
            let used = Share { days, of: measure.of() }.line(line.price, Currency::EUR)?;
            prop_assert!((billed.minor - credit.minor - used.amount.minor).abs() <= 1);
            // The same credit once more finds that little is left of the bill, and a third nothing.
            let again = Change { credited_before: credit, ..asked };
            let again = change(&again)?.credited.credit;
            prop_assert!(credit.plus(again)?.minor <= billed.minor);
            kept += days;
            paid = measure.billed(Stretch { from: done.cut, to: end })?;
        }
        prop_assert_eq!(kept + paid.share()?.days, measure.of());
    }

    #[test]
    fn a_part_outside_the_period_is_refused(
        measure in any_measure(), days in 1_i64..1_000, at in 0_i64..=1_000,
    ) {
        let Stretch { from: Point::Date(from), to: Point::Date(to) } = measure.period() else {
            panic!("the period has dates");
        };
        // A date that its zone skipped begins and ends with the next one: two days are no gap.
        let far = jiff::Span::new().days(days + 1);
        let early = Point::Date(from.checked_sub(far)?);
        let late = Point::Date(to.checked_add(far)?);
        let inside = point(&measure, at);
        for (from, to) in [(early, inside), (inside, late), (early, late), (late, early)] {
            let refused = measure.share(Stretch { from, to });
            prop_assert!(matches!(refused, Err(ProrationError::PartOutside(..))));
        }
        for at in [early, late] {
            let refused = terminate(&termination(&measure, eur("1"), at));
            prop_assert!(matches!(refused, Err(ProrationError::AtOutside(..))));
        }
    }
}
