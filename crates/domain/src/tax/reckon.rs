//! The tax of a whole document: a base and a tax for each rate, and totals that add up.

use crate::exact::Exact;
use crate::money::{Currency, Money, MoneyError};
use crate::words::words;
use std::collections::BTreeMap;

/// One line that is taxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxLine {
    /// The amount before its discount.
    pub amount: Money,
    /// What is taken off it, from 0 on; what would take the line below 0 counts as the amount.
    pub discount: Money,
    /// The rate in percent, 0 to 100.
    pub percent: Exact,
}

/// Whether amounts hold the tax.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prices {
    /// The tax is added to them.
    Exclusive,
    /// The tax is inside them.
    #[default]
    Inclusive,
}
words!(Prices { Exclusive => "exclusive", Inclusive => "inclusive" });

/// Where the tax is rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TaxRounding {
    /// Once for each rate, of the sum of its lines (EN 16931, BR-CO-17 and BR-S-09).
    #[default]
    Document,
    /// Once for each line.
    Line,
}
words!(TaxRounding { Document => "document", Line => "line" });

/// What a document says of one rate (EN 16931, BG-23).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxOfRate {
    /// The rate in percent.
    pub percent: Exact,
    /// The amount without tax (BT-116).
    pub base: Money,
    /// The tax (BT-117).
    pub tax: Money,
    /// The tax before it was rounded, in major units.
    pub exact: Exact,
}

/// The tax of a document. Net and tax always add up to the total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taxes {
    /// By rate, lowest first.
    pub rates: Vec<TaxOfRate>,
    /// The tax of each line, where each was rounded.
    pub lines: Option<Vec<Money>>,
    /// Without tax (BT-109).
    pub net: Money,
    /// The tax (BT-110).
    pub tax: Money,
    /// With tax (BT-112).
    pub total: Money,
}

/// Why a document can't be taxed. Lines are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaxError {
    /// A rate below 0 or above 100.
    #[error("a rate is from 0 to 100 percent")]
    Rate {
        /// Of which line.
        line: usize,
    },
    /// A discount below 0, or on an amount below 0.
    #[error("a discount is 0 or more, on an amount of 0 or more")]
    Discount {
        /// Of which line.
        line: usize,
    },
    /// A sum that doesn't fit, or an amount in another currency.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Taxes the lines of a document.
///
/// Amounts without tax whose total is taken as an amount with tax give the same base and tax again,
/// with one line for each rate. The other way round the tax may differ by one minor unit for each
/// rate, since not every total is the sum of a base and its rounded tax.
///
/// # Errors
/// [`TaxError`].
pub fn tax_of_document(
    currency: Currency,
    lines: &[TaxLine],
    prices: Prices,
    rounding: TaxRounding,
) -> Result<Taxes, TaxError> {
    let mut sums = BTreeMap::new();
    let mut of_lines = Vec::with_capacity(lines.len());
    for (number, line) in lines.iter().enumerate() {
        let taxable = line.taxable(number)?;
        let tax = exact_tax(taxable, line.percent, prices)?.rounded(currency)?;
        let none = (Money::zero(currency), Money::zero(currency));
        let (sum, rounded) = sums.entry(line.percent).or_insert(none);
        (*sum, *rounded) = (sum.plus(taxable)?, rounded.plus(tax)?);
        of_lines.push(tax);
    }
    let rates = sums.into_iter().map(|(percent, (sum, rounded_by_line))| {
        let exact = exact_tax(sum, percent, prices)?;
        let tax = match rounding {
            TaxRounding::Document => exact.rounded(currency)?,
            TaxRounding::Line => rounded_by_line,
        };
        let base = match prices {
            Prices::Exclusive => sum,
            Prices::Inclusive => sum.minus(tax)?,
        };
        Ok(TaxOfRate { percent, base, tax, exact })
    });
    let rates = rates.collect::<Result<Vec<_>, MoneyError>>()?;
    let net = Money::sum(currency, rates.iter().map(|rate| rate.base))?;
    let tax = Money::sum(currency, rates.iter().map(|rate| rate.tax))?;
    let lines = match rounding {
        TaxRounding::Document => None,
        TaxRounding::Line => Some(of_lines),
    };
    Ok(Taxes { rates, lines, net, tax, total: net.plus(tax)? })
}

impl TaxLine {
    /// The amount less its discount.
    fn taxable(&self, line: usize) -> Result<Money, TaxError> {
        if self.percent < Exact::ZERO || self.percent > Exact::whole(100) {
            return Err(TaxError::Rate { line });
        }
        let is_wrong =
            self.discount.minor < 0 || (self.discount.minor > 0 && self.amount.minor < 0);
        if is_wrong {
            return Err(TaxError::Discount { line });
        }
        let discount = if self.discount.minor == 0 {
            self.discount
        } else {
            self.discount.at_most(self.amount)
        };
        Ok(self.amount.minus(discount)?)
    }
}

impl TaxOfRate {
    /// What rounding added to the tax, in major units; negative where it took away.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn residue(&self) -> Result<Exact, MoneyError> {
        Exact::of(self.tax).minus(self.exact)
    }
}

fn exact_tax(taxable: Money, percent: Exact, prices: Prices) -> Result<Exact, MoneyError> {
    let whole = match prices {
        Prices::Exclusive => Exact::whole(100),
        Prices::Inclusive => Exact::whole(100).plus(percent)?,
    };
    Exact::of(taxable).times(percent.over(whole)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EUR: Currency = Currency::EUR;

    fn line(minor: i64, percent: i64) -> TaxLine {
        let (amount, discount) = (Money::new(minor, EUR), Money::zero(EUR));
        TaxLine { amount, discount, percent: Exact::whole(percent) }
    }

    fn taxes(lines: &[TaxLine], prices: Prices, rounding: TaxRounding) -> Taxes {
        tax_of_document(EUR, lines, prices, rounding).expect("in range")
    }

    #[test]
    fn the_tax_of_a_document_is_rounded_once_for_each_rate() {
        let lines = [line(5, 10), line(5, 10), line(5, 10), line(100, 21)];
        let once = taxes(&lines, Prices::Exclusive, TaxRounding::Document);
        let each: Vec<_> = once.rates.iter().map(|it| (it.base.minor, it.tax.minor)).collect();
        assert_eq!(each, [(15, 2), (100, 21)]);
        assert_eq!((once.net.minor, once.tax.minor, once.total.minor), (115, 23, 138));
        let by_line = taxes(&lines, Prices::Exclusive, TaxRounding::Line);
        assert_eq!((by_line.tax.minor, by_line.lines.map(|it| it.len())), (24, Some(4)));
    }

    #[test]
    fn tax_inside_leaves_the_total_as_it_was() {
        let one = taxes(&[line(1_000_000, 22)], Prices::Inclusive, TaxRounding::Document);
        assert_eq!((one.net.minor, one.tax.minor, one.total.minor), (819_672, 180_328, 1_000_000));
    }

    #[test]
    fn a_discount_comes_before_the_tax_and_never_takes_a_line_below_zero() {
        let discounted = |minor, discount| {
            let line = TaxLine { discount: Money::new(discount, EUR), ..line(minor, 21) };
            tax_of_document(EUR, &[line], Prices::Exclusive, TaxRounding::Document)
                .map(|taxes| (taxes.net.minor, taxes.tax.minor))
        };
        assert_eq!(discounted(1000, 100), Ok((900, 189)));
        assert_eq!(discounted(1000, 2000), Ok((0, 0)));
        assert_eq!(discounted(-1000, 0), Ok((-1000, -210)));
        assert_eq!(discounted(-1000, 1), Err(TaxError::Discount { line: 0 }));
        assert_eq!(discounted(1000, -1), Err(TaxError::Discount { line: 0 }));
    }

    #[test]
    fn what_cannot_be_a_rate_or_does_not_fit_is_refused() {
        let document = |line| {
            tax_of_document(EUR, &[line], Prices::Exclusive, TaxRounding::Document).map(|it| it.tax)
        };
        assert_eq!(document(line(1, -1)), Err(TaxError::Rate { line: 0 }));
        assert_eq!(document(line(1, 101)), Err(TaxError::Rate { line: 0 }));
        assert_eq!(document(line(i64::MAX, 100)), Err(MoneyError::OutOfRange.into()));
    }

    fn any_lines() -> impl Strategy<Value = Vec<TaxLine>> {
        let rate = prop::sample::select(vec!["0", "4", "5.5", "6", "10", "20", "22", "25", "100"]);
        let line = (-10_000_000_i64..10_000_000, 0_i64..5_000_000, rate).prop_map(
            |(minor, discount, percent)| TaxLine {
                amount: Money::new(minor, EUR),
                discount: Money::new(if minor < 0 { 0 } else { discount }, EUR),
                percent: Exact::parse(percent).expect("a decimal"),
            },
        );
        prop::collection::vec(line, 0..12)
    }

    fn any_prices() -> impl Strategy<Value = Prices> {
        prop_oneof![Just(Prices::Exclusive), Just(Prices::Inclusive)]
    }

    fn any_rounding() -> impl Strategy<Value = TaxRounding> {
        prop_oneof![Just(TaxRounding::Document), Just(TaxRounding::Line)]
    }

    /// One line for each rate, with the base or with base and tax.
    fn again(taxes: &Taxes, prices: Prices) -> Vec<TaxLine> {
        let amount = |rate: &TaxOfRate| match prices {
            Prices::Exclusive => rate.base,
            Prices::Inclusive => rate.base.plus(rate.tax).expect("in range"),
        };
        let discount = Money::zero(EUR);
        let lines = taxes.rates.iter();
        lines.map(|it| TaxLine { amount: amount(it), discount, percent: it.percent }).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn net_and_tax_are_the_total(
            lines in any_lines(), prices in any_prices(), rounding in any_rounding(),
        ) {
            let taxes = taxes(&lines, prices, rounding);
            prop_assert_eq!(taxes.net.plus(taxes.tax), Ok(taxes.total));
            let taxable = lines.iter().map(|line| line.taxable(0).expect("in range"));
            let given = Money::sum(EUR, taxable).expect("in range");
            let kept = match prices {
                Prices::Exclusive => taxes.net,
                Prices::Inclusive => taxes.total,
            };
            prop_assert_eq!(kept, given);
        }

        #[test]
        fn the_order_of_lines_changes_no_rate(
            lines in any_lines(), prices in any_prices(), rounding in any_rounding(),
        ) {
            let reversed: Vec<_> = lines.iter().rev().copied().collect();
            let one = taxes(&lines, prices, rounding);
            prop_assert_eq!(one.rates, taxes(&reversed, prices, rounding).rates);
        }

        /// Half a unit that was added to the tax adds less than half a unit to the tax inside the
        /// total, so it is rounded to the same figure.
        #[test]
        fn a_total_made_of_bases_holds_exactly_their_tax(lines in any_lines()) {
            let added = taxes(&lines, Prices::Exclusive, TaxRounding::Document);
            let lines = again(&added, Prices::Inclusive);
            let inside = taxes(&lines, Prices::Inclusive, TaxRounding::Document);
            prop_assert_eq!((inside.net, inside.tax), (added.net, added.tax));
            prop_assert_eq!(inside.total, added.total);
        }

        /// Not every total is a base with its tax: the residue, at most half a unit, counts again
        /// at the rate, which makes at most one unit up to 100 percent.
        #[test]
        fn tax_on_the_bases_inside_totals_is_at_most_one_unit_off(lines in any_lines()) {
            let inside = taxes(&lines, Prices::Inclusive, TaxRounding::Document);
            let lines = again(&inside, Prices::Exclusive);
            let added = taxes(&lines, Prices::Exclusive, TaxRounding::Document);
            for (inside, added) in inside.rates.iter().zip(&added.rates) {
                prop_assert_eq!(inside.base, added.base);
                prop_assert!((inside.tax.minor - added.tax.minor).abs() <= 1);
            }
        }

        #[test]
        fn the_residue_is_at_most_half_a_unit(lines in any_lines(), prices in any_prices()) {
            for rate in taxes(&lines, prices, TaxRounding::Document).rates {
                let residue = rate.residue().expect("in range");
                let half = Exact::ratio(1, 200).expect("a ratio");
                prop_assert!(residue <= half && residue.negated().expect("in range") <= half);
            }
        }
    }
}
