//! Amounts split and rounded so that the parts add up: the largest remainders take what is left.
//!
//! Each part is the exact share or one of the two whole minor units around it. The minor units
//! that are missing go to the parts that lost most, and of equal ones to the first (the method of
//! Hamilton), so a split is a function of its input and needs no memory.

use crate::exact::Exact;
use crate::money::{Currency, Money, MoneyError};

impl Money {
    /// The amount split in proportion to `weights`; the parts add up to it exactly. An amount
    /// below zero is split as its opposite is.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`], also for a weight below zero, and for weights of nothing where
    /// there is something to split.
    pub fn split(self, weights: &[i64]) -> Result<Vec<Self>, MoneyError> {
        if weights.iter().any(|weight| weight.is_negative()) {
            return Err(MoneyError::OutOfRange);
        }
        if self.minor == 0 {
            return Ok(vec![self; weights.len()]);
        }
        // As many 64-bit figures as fit in memory don't exceed 128 bits.
        let whole: i128 = weights.iter().copied().map(i128::from).sum();
        if whole == 0 {
            return Err(MoneyError::OutOfRange);
        }
        let share = |weight: &i64| {
            let product = i128::from(self.minor).checked_mul(i128::from(*weight));
            Exact::ratio(product.ok_or(MoneyError::OutOfRange)?, whole)
        };
        let shares: Vec<Exact> = weights.iter().map(share).collect::<Result<_, _>>()?;
        apportion(self, &shares)
    }
}

/// The sum of `shares` (in major units) rounded once to the currency's decimals, and the shares
/// rounded so that they add up to it.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn round_together(
    shares: &[Exact],
    currency: Currency,
) -> Result<(Money, Vec<Money>), MoneyError> {
    let total = sum(shares)?.rounded(currency)?;
    let per_major = 10_i128.checked_pow(currency.exponent()).ok_or(MoneyError::OutOfRange)?;
    let scale = Exact::ratio(per_major, 1)?;
    let minor: Vec<Exact> =
        shares.iter().map(|share| share.times(scale)).collect::<Result<_, _>>()?;
    Ok((total, apportion(total, &minor)?))
}

/// The sum of exact figures.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn sum(figures: &[Exact]) -> Result<Exact, MoneyError> {
    figures.iter().try_fold(Exact::ZERO, |sum, figure| sum.plus(*figure))
}

/// `shares` (in minor units) as whole minor units that add up to `total`, which is their sum or
/// one of the two whole figures around it.
fn apportion(total: Money, shares: &[Exact]) -> Result<Vec<Money>, MoneyError> {
    if total.minor < 0 {
        let opposite: Vec<Exact> =
            shares.iter().map(|share| share.negated()).collect::<Result<_, _>>()?;
        let parts = apportion(total.times(-1)?, &opposite)?;
        return parts.into_iter().map(|part| part.times(-1)).collect();
    }
    let mut rest = i128::from(total.minor);
    let mut parts = Vec::new();
    for (position, share) in shares.iter().enumerate() {
        let floor = share.floor();
        rest = rest.checked_sub(floor).ok_or(MoneyError::OutOfRange)?;
        parts.push((position, floor, share.minus(Exact::ratio(floor, 1)?)?));
    }
    // The sort is stable: equal remainders stay in order of position.
    parts.sort_by(|(_, _, one), (_, _, other)| other.cmp(one));
    for (_, part, _) in parts.iter_mut().take(usize::try_from(rest).unwrap_or(0)) {
        *part = part.checked_add(1).ok_or(MoneyError::OutOfRange)?;
    }
    parts.sort_by_key(|(position, _, _)| *position);
    let money = |(_, part, _): (usize, i128, Exact)| {
        let minor = i64::try_from(part).map_err(|_| MoneyError::OutOfRange)?;
        Ok(Money::new(minor, total.currency))
    };
    parts.into_iter().map(money).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn split(minor: i64, weights: &[i64]) -> Vec<i64> {
        let parts = Money::new(minor, Currency::EUR).split(weights).expect("in range");
        parts.into_iter().map(|part| part.minor).collect()
    }

    #[test]
    fn the_cent_that_is_left_goes_to_the_largest_remainder_and_of_equal_ones_to_the_first() {
        assert_eq!(split(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(split(-100, &[1, 1, 1]), [-34, -33, -33]);
        assert_eq!(split(10, &[1, 2, 4]), [1, 3, 6]);
        assert_eq!(split(5, &[0, 3, 0]), [0, 5, 0]);
    }

    #[test]
    fn nothing_is_split_among_anybody_and_something_not_among_nobody() {
        assert_eq!(split(0, &[0, 0]), [0, 0]);
        assert_eq!(split(0, &[]), [0_i64; 0]);
        let eur = Money::new(1, Currency::EUR);
        for weights in [&[][..], &[0, 0], &[1, -1], &[2, -1]] {
            assert_eq!(eur.split(weights), Err(MoneyError::OutOfRange), "{weights:?}");
        }
        assert_eq!(split(i64::MAX, &[i64::MAX, i64::MAX]), [i64::MAX / 2 + 1, i64::MAX / 2]);
        assert_eq!(Money::new(i64::MIN, Currency::EUR).split(&[1, 1]), Err(MoneyError::OutOfRange));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_split_adds_up_and_each_part_is_within_a_minor_unit_of_its_share(
            minor in prop_oneof![-1_000_i64..1_000, -i64::MAX..=i64::MAX],
            weights in vec(prop_oneof![0_i64..10, 0..=i64::MAX], 1..12),
        ) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let parts = split(minor, &weights);
            let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
            prop_assert_eq!(parts.iter().map(|p| i128::from(*p)).sum::<i128>(), minor.into());
            for (part, weight) in parts.iter().zip(&weights) {
                let share = Exact::ratio(i128::from(minor) * i128::from(*weight), whole);
                let part = Exact::ratio(i128::from(*part), 1);
                let off = share.and_then(|share| share.minus(part?)).expect("in range");
                prop_assert!(off < Exact::ONE && off.negated().expect("in range") < Exact::ONE);
            }
        }

        #[test]
        fn a_larger_weight_never_gets_less(
            minor in 0_i64..10_000, weights in vec(0_i64..1_000, 1..12),
        ) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let mut both: Vec<_> = weights.iter().copied().zip(split(minor, &weights)).collect();
            both.sort_by_key(|(weight, _)| *weight);
            for pair in both.windows(2) {
                let [(lighter, less), (heavier, more)] = pair else { continue };
                prop_assert!(lighter == heavier || less <= more);
            }
        }

        #[test]
        fn shares_rounded_together_add_up_to_the_rounded_sum(
            shares in vec((-1_000_000_i128..1_000_000, 1_i128..200), 0..8),
        ) {
            let shares: Vec<_> =
                shares.into_iter().map(|(n, d)| Exact::ratio(n, d).expect("a ratio")).collect();
            let (total, parts) = round_together(&shares, Currency::EUR).expect("in range");
            let exact = sum(&shares).expect("in range");
            prop_assert_eq!(exact.rounded(Currency::EUR), Ok(total));
            prop_assert_eq!(Money::sum(Currency::EUR, parts.iter().copied()), Ok(total));
            let cent = Exact::ratio(1, 100).expect("a ratio");
            for (share, part) in shares.iter().zip(parts) {
                let off = share.minus(Exact::of(part)).expect("in range");
                prop_assert!(off < cent && off.negated().expect("in range") < cent);
            }
        }
    }
}
