//! The laws of discounts, for any lines: nothing falls below zero, and all parts add up.

use abono_domain::discount::{Discount, DiscountRefusal, Discounted, LIST_MAX, On, discount};
use abono_domain::exact::Exact;
use abono_domain::money::{Currency, Money};
use proptest::collection::vec;
use proptest::prelude::*;

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn percent(text: &str) -> Discount {
    Discount::Percent(Exact::parse(text).expect(text))
}

fn reckon(lines: &[i64], discounts: &[Discount], on: On) -> Result<Discounted, DiscountRefusal> {
    let lines: Vec<_> = lines.iter().copied().map(eur).collect();
    discount(&lines, discounts, on, Currency::EUR)
}

fn left(lines: &[i64], discounts: &[Discount], on: On) -> Vec<i64> {
    let discounted = reckon(lines, discounts, on).expect("in range");
    discounted.lines.iter().map(|line| line.minor).collect()
}

#[test]
fn each_discount_is_reckoned_on_what_the_one_before_left() {
    let (tenth, two) = (percent("10"), Discount::Amount(eur(200)));
    assert_eq!(left(&[1_000], &[tenth, two], On::Document), [700]);
    assert_eq!(left(&[1_000], &[two, tenth], On::Document), [720]);
    assert_eq!(left(&[1_000], &[tenth, tenth], On::Line), [810]);
}

#[test]
fn a_documents_discount_is_rounded_once_and_a_lines_on_each_line() {
    let half = percent("50");
    assert_eq!(left(&[1, 1, 1], &[half], On::Document), [0, 0, 1]);
    assert_eq!(left(&[1, 1, 1], &[half], On::Line), [0, 0, 0]);
    assert_eq!(left(&[333, 667], &[Discount::Amount(eur(100))], On::Document), [300, 600]);
    assert_eq!(left(&[333, 667], &[Discount::Amount(eur(100))], On::Line), [233, 567]);
}

#[test]
fn what_exceeds_the_line_or_the_document_lapses() {
    let five = Discount::Amount(eur(500));
    assert_eq!(left(&[300, 100], &[five], On::Document), [0, 0]);
    assert_eq!(left(&[300, 900], &[five], On::Line), [0, 400]);
    assert_eq!(left(&[], &[five], On::Document), [0_i64; 0]);
    assert_eq!(left(&[0, 0], &[five, percent("10")], On::Document), [0, 0]);
}

#[test]
fn a_line_below_zero_has_no_part() {
    let tenth = percent("10");
    for on in [On::Document, On::Line] {
        assert_eq!(left(&[-1_000, 3_000], &[tenth], on), [-1_000, 2_700]);
        assert_eq!(left(&[-1_000], &[tenth], on), [-1_000]);
    }
}

#[test]
fn what_is_no_discount_is_refused() {
    let refused =
        |discounts: &[Discount]| reckon(&[100], discounts, On::Line).expect_err("refused");
    assert_eq!(refused(&[percent("0"), percent("100.01")]), DiscountRefusal::Percent(2));
    assert_eq!(refused(&[percent("-0.01")]), DiscountRefusal::Percent(1));
    assert_eq!(refused(&[Discount::Amount(eur(-1))]), DiscountRefusal::Negative(1));
    let many = vec![percent("1"); LIST_MAX + 1];
    assert_eq!(refused(&many), DiscountRefusal::TooMany(1_001));
    let rub = Discount::Amount(Money::new(1, Currency::RUB));
    assert!(matches!(refused(&[rub]), DiscountRefusal::Money(_)));
    let most = reckon(&[i64::MAX, i64::MAX], &[percent("1")], On::Document);
    assert!(matches!(most, Err(DiscountRefusal::Money(_))));
}

fn any_discount() -> impl Strategy<Value = Discount> {
    prop_oneof![
        (0_i128..=10_000)
            .prop_map(|n| Discount::Percent(Exact::ratio(n, 100).expect("a percentage"))),
        (0_i64..5_000).prop_map(|minor| Discount::Amount(eur(minor))),
    ]
}

fn any_on() -> impl Strategy<Value = On> {
    prop_oneof![Just(On::Document), Just(On::Line)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn all_parts_add_up_and_no_line_falls_below_zero(
        lines in vec(-500_i64..3_000, 0..8), discounts in vec(any_discount(), 0..4), on in any_on(),
    ) {
        let it = reckon(&lines, &discounts, on).expect("in range");
        let sum = |amounts: &[Money]| amounts.iter().map(|amount| amount.minor).sum::<i64>();
        for (n, line) in lines.iter().enumerate() {
            let (off, left) = (it.discounts[n].minor, it.lines[n].minor);
            prop_assert_eq!(off + left, *line);
            prop_assert!(off >= 0 && (left >= 0 || left == *line));
            prop_assert_eq!(it.steps.iter().map(|step| step.parts[n].minor).sum::<i64>(), off);
        }
        for step in &it.steps {
            prop_assert_eq!(sum(&step.parts), step.amount.minor);
            prop_assert!(step.amount.minor <= step.base.minor);
        }
        let steps: i64 = it.steps.iter().map(|step| step.amount.minor).sum();
        prop_assert_eq!(steps, sum(&it.discounts));
        prop_assert_eq!(sum(&it.lines), it.total.minor);
    }

    #[test]
    fn a_discount_of_100_percent_leaves_nothing(
        lines in vec(0_i64..3_000, 0..8), before in any_discount(), on in any_on(),
    ) {
        let it = reckon(&lines, &[before, percent("100")], on).expect("in range");
        prop_assert!(it.lines.iter().all(|line| line.minor == 0) && it.total.minor == 0);
    }

    #[test]
    fn a_documents_discount_is_the_rounded_share_of_its_total(
        lines in vec(0_i64..3_000, 0..8), hundredths in 0_i128..=10_000,
    ) {
        let rate = Exact::ratio(hundredths, 100).expect("a percentage");
        let it = reckon(&lines, &[Discount::Percent(rate)], On::Document).expect("in range");
        let hundredths = i64::try_from(hundredths).expect("fits");
        let expected = eur(lines.iter().sum()).share(hundredths, 10_000);
        prop_assert_eq!(Ok(it.steps[0].amount), expected);
    }
}
