//! The laws of prices, for any model and quantity: tiers price what falls into them, and lines add
//! up.

use abono_domain::exact::Exact;
use abono_domain::money::{Currency, Money};
use abono_domain::pricing::{
    Flat, Graduated, Member, Model, Package, Part, Partial, PerUnit, Percentage, PriceRefusal,
    Priced, Pricing, Tier, Volume,
};
use abono_domain::split::sum;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn exact(text: &str) -> Exact {
    Exact::parse(text).expect(text)
}

fn thousandths(figure: i64) -> Exact {
    Exact::ratio(figure.into(), 1_000).expect("a ratio")
}

fn tier(up_to: Option<&str>, unit: &str, flat: &str) -> Tier {
    let (unit, flat) = (Some(exact(unit)), Some(exact(flat)));
    Tier { up_to: up_to.map(exact), unit, flat, flat_at_zero: false }
}

fn fonts() -> Vec<Tier> {
    vec![tier(Some("5"), "7", "0"), tier(Some("10"), "6.5", "0"), tier(None, "6", "0")]
}

fn price(model: Model, quantity: &str) -> Result<Priced, PriceRefusal> {
    Pricing { model, minimum: None }.price(exact(quantity), Currency::EUR)
}

fn amount(model: Model, quantity: &str) -> String {
    price(model, quantity).expect("a price").amount.decimal()
}

#[test]
fn tiers_price_as_in_the_tables_of_the_field() {
    let (graduated, volume) =
        (Model::Graduated(Graduated { tiers: fonts() }), Model::Volume(Volume { tiers: fonts() }));
    for (quantity, by_tier, by_total) in [
        ("0", "0.00", "0.00"),
        ("5", "35.00", "35.00"),
        ("6", "41.50", "39.00"),
        ("20", "127.50", "120.00"),
        ("5.5", "38.25", "35.75"),
    ] {
        assert_eq!(amount(graduated.clone(), quantity), by_tier, "{quantity}");
        assert_eq!(amount(volume.clone(), quantity), by_total, "{quantity}");
    }
}

#[test]
fn a_tiers_flat_amount_is_charged_once_it_is_entered_and_at_zero_where_it_says_so() {
    let tiers = |flat_at_zero| {
        vec![Tier { flat_at_zero, ..tier(Some("10"), "1", "5") }, tier(None, "0.5", "2")]
    };
    let graduated = |zero, q| amount(Model::Graduated(Graduated { tiers: tiers(zero) }), q);
    let volume = |zero, q| amount(Model::Volume(Volume { tiers: tiers(zero) }), q);
    assert_eq!([graduated(false, "0"), graduated(true, "0")], ["0.00", "5.00"]);
    assert_eq!([volume(false, "0"), volume(true, "0")], ["0.00", "5.00"]);
    assert_eq!([graduated(true, "10"), graduated(true, "10.1")], ["15.00", "17.05"]);
    assert_eq!([volume(true, "10"), volume(true, "10.1")], ["15.00", "7.05"]);
}

#[test]
fn a_package_that_was_begun_counts_up_or_down() {
    let (size, amount, free) = (exact("100"), exact("5"), exact("20"));
    let package = |partial| Package { size, amount, free, partial };
    for (quantity, up, down) in [
        ("0", "0.00", "0.00"),
        ("20", "0.00", "0.00"),
        ("20.5", "5.00", "0.00"),
        ("120", "5.00", "5.00"),
        ("121", "10.00", "5.00"),
    ] {
        let by = |partial| amount_of(package(partial), quantity);
        assert_eq!([by(Partial::Up), by(Partial::Down)], [up, down], "{quantity}");
    }
}

fn amount_of(package: Package, quantity: &str) -> String {
    amount(Model::Package(package), quantity)
}

fn percentage(events: &[&str]) -> Percentage {
    Percentage {
        rate: exact("1.2"),
        fixed: exact("0.1"),
        free_units: None,
        free_events: None,
        min: None,
        max: None,
        events: events.iter().map(|amount| exact(amount)).collect(),
    }
}

fn fees(percentage: &Percentage) -> Vec<String> {
    let fees = percentage.fees().expect("fees");
    fees.into_iter().map(|fee| fee.fee.to_string()).collect()
}

#[test]
fn what_is_free_ends_with_what_is_used_up_first() {
    let all = percentage(&["200", "300", "100", "100"]);
    assert_eq!(fees(&all), ["2.5", "3.7", "1.3", "1.3"]);
    let events = Percentage { free_events: Some(3), ..all.clone() };
    assert_eq!(fees(&events), ["0", "0", "0", "1.3"]);
    let units = Percentage { free_units: Some(exact("550")), ..all.clone() };
    assert_eq!(fees(&units), ["0", "0", "0.7", "1.3"]);
    let units_first = Percentage { free_units: Some(exact("500")), ..events };
    assert_eq!(fees(&units_first), ["0", "0", "1.3", "1.3"]);
    let events_first = Percentage { free_events: Some(1), ..units_first };
    assert_eq!(fees(&events_first), ["0", "3.7", "1.3", "1.3"]);
}

#[test]
fn bounds_hold_for_each_event_that_is_not_free() {
    let bound = Percentage {
        free_events: Some(1),
        min: Some(exact("1")),
        max: Some(exact("3")),
        ..percentage(&["10", "10", "100", "1000", "0"])
    };
    assert_eq!(fees(&bound), ["0", "1", "1.3", "3", "1"]);
    let excluded = Percentage { max: Some(exact("0.99")), ..bound };
    assert_eq!(excluded.fees(), Err(PriceRefusal::MinAboveMax));
}

#[test]
fn a_minimum_adds_a_line_for_what_is_missing() {
    let model = Model::PerUnit(PerUnit { amount: exact("0.003") });
    let pricing = Pricing { model, minimum: Some(exact("1")) };
    let price = |quantity| pricing.price(exact(quantity), Currency::EUR).expect("a price");
    assert_eq!(price("0").amount.decimal(), "1.00");
    assert_eq!(price("1000").amount.decimal(), "3.00");
    let short = price("101");
    let lines: Vec<_> = short.lines.iter().map(|line| (line.part, line.amount.minor)).collect();
    assert_eq!(lines, [(Part::Units, 30), (Part::Minimum, 70)]);
    assert_eq!(short.exact, Exact::ONE);
}

#[test]
fn a_model_that_cannot_price_is_refused() {
    let refused = |tiers: Vec<Tier>| {
        let graduated = price(Model::Graduated(Graduated { tiers: tiers.clone() }), "1");
        assert_eq!(graduated, price(Model::Volume(Volume { tiers }), "1"));
        graduated.expect_err("refused")
    };
    let (ten, open) = (tier(Some("10"), "1", "0"), tier(None, "1", "0"));
    assert_eq!(refused(vec![]), PriceRefusal::NoTiers);
    assert_eq!(refused(vec![ten]), PriceRefusal::LastTierNotOpen);
    assert_eq!(refused(vec![open, open]), PriceRefusal::OpenTierBeforeLast(1));
    assert_eq!(refused(vec![ten, ten, open]), PriceRefusal::TiersNotAscending(2));
    assert_eq!(refused(vec![tier(Some("0"), "1", "0"), open]), PriceRefusal::TiersNotAscending(1));
    let negative = |member| PriceRefusal::Negative(member);
    assert_eq!(refused(vec![ten, tier(None, "-1", "0")]), negative(Member::Unit(2)));
    assert_eq!(refused(vec![tier(None, "1", "-1")]), negative(Member::TierFlat(1)));
    let one = Exact::ONE;
    let package = |size, partial| Model::Package(Package { size, amount: one, free: one, partial });
    assert_eq!(price(package(Exact::ZERO, Partial::Up), "1"), Err(PriceRefusal::EmptyPackage));
    let backwards = price(package(exact("-1"), Partial::Down), "1");
    assert_eq!(backwards, Err(negative(Member::Size)));
    let flat = Model::Flat(Flat { amount: one });
    assert_eq!(price(flat.clone(), "-1"), Err(negative(Member::Quantity)));
    let minimum = Some(exact("-1"));
    let pricing = Pricing { model: flat, minimum };
    assert_eq!(pricing.price(one, Currency::EUR), Err(negative(Member::Minimum)));
    let event = Model::Percentage(percentage(&["1", "-1"]));
    assert_eq!(price(event, "1"), Err(negative(Member::Event(2))));
    let huge = Model::PerUnit(PerUnit { amount: exact("999999999999999999") });
    assert!(matches!(price(huge, "999999999999999999"), Err(PriceRefusal::Money(_))));
}

/// Tiers with whole bounds, of which the last is open.
fn any_tiers() -> impl Strategy<Value = Vec<Tier>> {
    let one = (1_i64..20, option::of(0_i64..9_000), option::of(0_i64..9_000), any::<bool>());
    vec(one, 1..5).prop_map(|widths| {
        let last = widths.len() - 1;
        let mut bound = 0;
        let tiers = widths.into_iter().enumerate().map(|(n, (width, unit, flat, flat_at_zero))| {
            bound += width;
            let up_to = (n < last).then_some(Exact::whole(bound));
            let (unit, flat) = (unit.map(thousandths), flat.map(thousandths));
            Tier { up_to, unit, flat, flat_at_zero }
        });
        tiers.collect()
    })
}

fn any_percentage() -> impl Strategy<Value = Percentage> {
    let figure = || (0_i64..90_000).prop_map(thousandths);
    let free = (option::of(figure()), option::of(0_u64..4));
    (figure(), figure(), free, option::of(figure()), option::of(figure()), vec(figure(), 0..8))
        .prop_map(|(rate, fixed, (free_units, free_events), one, other, events)| {
            let (min, max) = match (one, other) {
                (Some(one), Some(other)) => (Some(one.min(other)), Some(one.max(other))),
                given => given,
            };
            Percentage { rate, fixed, free_units, free_events, min, max, events }
        })
}

fn any_model() -> impl Strategy<Value = Model> {
    let figure = || (0_i64..90_000).prop_map(thousandths);
    let size = (1_i64..9_000).prop_map(thousandths);
    let partial = prop_oneof![Just(Partial::Up), Just(Partial::Down)];
    prop_oneof![
        figure().prop_map(|amount| Model::Flat(Flat { amount })),
        figure().prop_map(|amount| Model::PerUnit(PerUnit { amount })),
        any_tiers().prop_map(|tiers| Model::Graduated(Graduated { tiers })),
        any_tiers().prop_map(|tiers| Model::Volume(Volume { tiers })),
        (size, figure(), figure(), partial).prop_map(|(size, amount, free, partial)| {
            Model::Package(Package { size, amount, free, partial })
        }),
        any_percentage().prop_map(Model::Percentage),
    ]
}

/// The tier that a whole unit falls into.
fn tier_of(tiers: &[Tier], unit: i64) -> usize {
    let falls = |it: &Tier| it.up_to.is_none_or(|up_to| Exact::whole(unit) <= up_to);
    tiers.iter().position(falls).expect("the last tier is open")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_graduated_price_is_the_sum_of_its_units_one_by_one(
        tiers in any_tiers(), quantity in 0_i64..60,
    ) {
        let mut expected = Exact::ZERO;
        let mut entered = None;
        for unit in 1..=quantity {
            let n = tier_of(&tiers, unit);
            let flat = if entered == Some(n) { None } else { tiers[n].flat };
            for part in [tiers[n].unit, flat].into_iter().flatten() {
                expected = expected.plus(part).expect("in range");
            }
            entered = Some(n);
        }
        if quantity == 0 && tiers[0].flat_at_zero {
            expected = tiers[0].flat.unwrap_or(Exact::ZERO);
        }
        let pricing = Pricing { model: Model::Graduated(Graduated { tiers }), minimum: None };
        let price = pricing.price(Exact::whole(quantity), Currency::EUR).expect("a price");
        prop_assert_eq!(price.exact, expected);
    }

    #[test]
    fn a_volume_price_is_that_of_the_tier_it_reaches(tiers in any_tiers(), quantity in 1_i64..60) {
        let tier = tiers[tier_of(&tiers, quantity)];
        let units = tier.unit.unwrap_or(Exact::ZERO).times(Exact::whole(quantity));
        let expected = units.and_then(|units| units.plus(tier.flat.unwrap_or(Exact::ZERO)));
        let pricing = Pricing { model: Model::Volume(Volume { tiers }), minimum: None };
        let price = pricing.price(Exact::whole(quantity), Currency::EUR).expect("a price");
        prop_assert_eq!(Ok(price.exact), expected);
    }

    #[test]
    fn the_lines_of_any_price_add_up_and_a_minimum_is_reached(
        model in any_model(), quantity in 0_i64..90_000,
        minimum in option::of((0_i64..500_000).prop_map(thousandths)),
        currency in prop_oneof![Just("EUR"), Just("JPY"), Just("KWD")],
    ) {
        let currency: Currency = currency.parse().expect("a currency");
        let quantity = thousandths(quantity);
        let price = Pricing { model: model.clone(), minimum }.price(quantity, currency);
        let price = price.expect("a price");
        let exacts: Vec<_> = price.lines.iter().map(|line| line.exact).collect();
        prop_assert_eq!(sum(&exacts), Ok(price.exact));
        let amounts = price.lines.iter().map(|line| line.amount);
        prop_assert_eq!(Money::sum(currency, amounts), Ok(price.amount));
        prop_assert_eq!(price.exact.rounded(currency), Ok(price.amount));
        for line in &price.lines {
            prop_assert_eq!(line.quantity.times(line.price), Ok(line.exact));
            prop_assert!(line.amount.minor >= 0);
        }
        let bare = Pricing { model, minimum: None }.price(quantity, currency).expect("a price");
        prop_assert_eq!(price.exact, bare.exact.max(minimum.unwrap_or(Exact::ZERO)));
    }

    #[test]
    fn packages_cover_what_is_not_free(
        quantity in 0_i64..90_000, size in 1_i64..9_000, free in 0_i64..9_000,
    ) {
        let (size, free) = (thousandths(size), thousandths(free));
        let count = |partial| {
            let package = Package { size, amount: Exact::ONE, free, partial };
            let count = package.count(thousandths(quantity)).expect("in range");
            (count.times(size).expect("in range"), package.billable(thousandths(quantity)))
        };
        let (up, billable) = count(Partial::Up);
        let (down, _) = count(Partial::Down);
        let billable = billable.expect("in range");
        prop_assert!(down <= billable && billable <= up);
        prop_assert!(up.minus(down).expect("in range") <= size);
    }
}
