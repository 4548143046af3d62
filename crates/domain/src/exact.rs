//! Exact figures between two roundings: fractions that never lose a bit.
//!
//! A price, a share of days and a percentage are multiplied as fractions and rounded once, at the
//! end, by [`crate::money`]. What doesn't fit in 128 bits is refused, never wrapped.

use crate::money::{Currency, Money, MoneyError, round_half_away};
use std::cmp::Ordering;
use std::fmt;

/// A fraction in lowest terms with a positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Exact {
    numerator: i128,
    denominator: i128,
}

/// The most digits of a decimal that is read.
const DIGITS_MAX: usize = 18;

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self::whole(0);
    /// One.
    pub const ONE: Self = Self::whole(1);

    /// A whole number.
    pub const fn whole(number: i64) -> Self {
        // The only widening that a constant can write.
        Self { numerator: number as i128, denominator: 1 }
    }

    /// `numerator / denominator`.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`], also for a denominator of zero.
    pub fn ratio(numerator: i128, denominator: i128) -> Result<Self, MoneyError> {
        let divisor = gcd(numerator, denominator);
        let lowest = || {
            let (n, d) = (numerator.checked_div(divisor)?, denominator.checked_div(divisor)?);
            if d < 0 { Some((n.checked_neg()?, d.checked_neg()?)) } else { Some((n, d)) }
        };
        match lowest() {
            Some((numerator, denominator)) if denominator != 0 => {
                Ok(Self { numerator, denominator })
            }
            Some(_) | None => Err(MoneyError::OutOfRange),
        }
    }

    /// An amount in major units.
    pub fn of(money: Money) -> Self {
        let minor = i128::from(money.minor);
        // A power of ten of at most four digits under 64 bits always fits.
        Self::ratio(minor, 10_i128.pow(money.currency.exponent())).unwrap_or(Self::ZERO)
    }

    /// Reads a decimal text such as `2`, `0.5` or `-12.375`: ASCII digits, at most 18 before and 18
    /// after the point, no exponent, no grouping.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (digits, ""),
        };
        let reads =
            |part: &str| part.len() <= DIGITS_MAX && part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !reads(whole) || !reads(decimals) {
            return None;
        }
        let figure: i128 = format!("{whole}{decimals}").parse().ok()?;
        let scale = 10_i128.checked_pow(u32::try_from(decimals.len()).ok()?)?;
        // At most 36 digits: neither saturates.
        let signed = if negative { figure.saturating_neg() } else { figure };
        Self::ratio(signed, scale).ok()
    }

    /// The numerator, in lowest terms.
    pub const fn numerator(self) -> i128 {
        self.numerator
    }

    /// The denominator, in lowest terms and positive.
    pub const fn denominator(self) -> i128 {
        self.denominator
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.numerator < 0
    }

    /// The sum.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        // Over the least common denominator, so that long sums stay small.
        let common = gcd(self.denominator, other.denominator);
        let sum = || {
            let of_self = other.denominator.checked_div(common)?;
            let of_other = self.denominator.checked_div(common)?;
            let left = self.numerator.checked_mul(of_self)?;
            let right = other.numerator.checked_mul(of_other)?;
            Some((left.checked_add(right)?, self.denominator.checked_mul(of_self)?))
        };
        let (numerator, denominator) = sum().ok_or(MoneyError::OutOfRange)?;
        Self::ratio(numerator, denominator)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.plus(other.negated()?)
    }

    /// The same figure with the other sign.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn negated(self) -> Result<Self, MoneyError> {
        let numerator = self.numerator.checked_neg().ok_or(MoneyError::OutOfRange)?;
        Ok(Self { numerator, ..self })
    }

    /// The product.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn times(self, other: Self) -> Result<Self, MoneyError> {
        // Reduced crosswise first, so that only what can't be helped overflows.
        let left = gcd(self.numerator, other.denominator);
        let right = gcd(other.numerator, self.denominator);
        let product = || {
            let numerator = self
                .numerator
                .checked_div(left)?
                .checked_mul(other.numerator.checked_div(right)?)?;
            let denominator = self
                .denominator
                .checked_div(right)?
                .checked_mul(other.denominator.checked_div(left)?)?;
            Some((numerator, denominator))
        };
        let (numerator, denominator) = product().ok_or(MoneyError::OutOfRange)?;
        Self::ratio(numerator, denominator)
    }

    /// The quotient.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`], also for a divisor of zero.
    pub fn over(self, divisor: Self) -> Result<Self, MoneyError> {
        self.times(Self::ratio(divisor.denominator, divisor.numerator)?)
    }

    /// The next whole number that isn't smaller.
    pub fn ceiling(self) -> i128 {
        let floor = self.numerator.div_euclid(self.denominator);
        floor.saturating_add(i128::from(self.numerator.rem_euclid(self.denominator) != 0))
    }

    /// The next whole number that isn't larger.
    pub const fn floor(self) -> i128 {
        self.numerator.div_euclid(self.denominator)
    }

    /// The amount that this many major units of a currency are, rounded once to its decimals.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn rounded(self, currency: Currency) -> Result<Money, MoneyError> {
        let scale = 10_i128.pow(currency.exponent());
        self.numerator
            .checked_mul(scale)
            .and_then(|numerator| round_half_away(numerator, self.denominator))
            .and_then(|minor| i64::try_from(minor).ok())
            .map(|minor| Money::new(minor, currency))
            .ok_or(MoneyError::OutOfRange)
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By whole parts first, then by the reciprocals of what is left: products that could overflow are
/// never formed.
impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        let rest = |it: &Self| (it.numerator.rem_euclid(it.denominator), it.denominator);
        self.floor().cmp(&other.floor()).then_with(|| below_one(rest(self), rest(other)))
    }
}

/// Compares two fractions from 0 on and below 1.
fn below_one((a, b): (i128, i128), (c, d): (i128, i128)) -> Ordering {
    match (a, c) {
        (0, 0) => Ordering::Equal,
        (0, _) => Ordering::Less,
        (_, 0) => Ordering::Greater,
        // a/b < c/d exactly where d/c < b/a, and here neither a nor c is 0.
        (_, _) => {
            let whole = d.div_euclid(c).cmp(&b.div_euclid(a));
            whole.then_with(|| below_one((d.rem_euclid(c), c), (b.rem_euclid(a), a)))
        }
    }
}

/// As a decimal where it has one of at most 18 places, else as a fraction: `0.5`, `15/31`.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = (0..=DIGITS_MAX).find_map(|places| {
            let scale = 10_i128.checked_pow(u32::try_from(places).ok()?)?;
            let is_decimal = scale.checked_rem(self.denominator)? == 0;
            let figure = self.numerator.checked_mul(scale.checked_div(self.denominator)?)?;
            is_decimal.then_some((places, scale, figure))
        });
        let Some((places, scale, figure)) = places else {
            return write!(f, "{}/{}", self.numerator, self.denominator);
        };
        let sign = if figure < 0 { "-" } else { "" };
        let (whole, decimals) = (
            // A power of ten is never 0.
            figure.unsigned_abs().div_euclid(scale.unsigned_abs()),
            figure.unsigned_abs().rem_euclid(scale.unsigned_abs()),
        );
        match places {
            0 => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{decimals:0places$}"),
        }
    }
}

/// The greatest common divisor; of nothing and nothing, 1, so that it can always divide.
fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a.rem_euclid(b));
    }
    // Only i128::MIN has a divisor that doesn't fit, and 1 divides it too.
    i128::try_from(a).ok().filter(|divisor| *divisor != 0).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn exact(text: &str) -> Exact {
        Exact::parse(text).expect(text)
    }

    #[test]
    fn a_decimal_is_read_and_written_exactly() {
        for text in ["0", "2", "0.5", "-12.375", "123456789012345678.000000000000000001"] {
            assert_eq!(exact(text).to_string(), text);
        }
        assert_eq!(exact("1.50"), Exact::ratio(3, 2).expect("a ratio"));
        assert_eq!(Exact::ratio(30, -62).expect("a ratio").to_string(), "-15/31");
        for text in ["", ".", "1.", ".5", "1e3", "+1", "1,5", "٣", "1234567890123456789"] {
            assert_eq!(Exact::parse(text), None, "{text}");
        }
    }

    #[test]
    fn it_is_rounded_once_half_away_from_zero() {
        let eur = |text: &str| exact(text).rounded(Currency::EUR).map(Money::decimal);
        assert_eq!(eur("0.125"), Ok("0.13".to_owned()));
        assert_eq!(eur("-0.125"), Ok("-0.13".to_owned()));
        assert_eq!(eur("123456789012345678"), Err(MoneyError::OutOfRange));
        assert_eq!(Exact::ONE.over(Exact::ZERO), Err(MoneyError::OutOfRange));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let most = Exact::ratio(i128::MAX, 1).expect("a ratio");
        assert_eq!(most.plus(Exact::ONE), Err(MoneyError::OutOfRange));
        assert_eq!(most.times(Exact::whole(2)), Err(MoneyError::OutOfRange));
        assert!(Exact::ratio(i128::MIN, -1).is_err());
        assert!(most > Exact::ratio(i128::MAX - 1, 1).expect("a ratio"));
    }

    fn any() -> impl Strategy<Value = Exact> {
        (-1_000_000_000_i128..1_000_000_000, 1_i128..1_000_000)
            .prop_map(|(n, d)| Exact::ratio(n, d).expect("a ratio"))
    }

    proptest! {
        #[test]
        fn sums_and_products_keep_the_laws(a in any(), b in any(), c in any()) {
            prop_assert_eq!(a.plus(b), b.plus(a));
            prop_assert_eq!(a.times(b), b.times(a));
            prop_assert_eq!(a.plus(b).and_then(|it| it.minus(b)), Ok(a));
            let apart = a.times(c).and_then(|it| it.plus(b.times(c)?));
            prop_assert_eq!(a.plus(b).and_then(|it| it.times(c)), apart);
            if b != Exact::ZERO {
                prop_assert_eq!(a.over(b).and_then(|it| it.times(b)), Ok(a));
            }
        }

        #[test]
        fn the_order_is_that_of_the_differences(a in any(), b in any()) {
            let difference = a.minus(b).expect("in range");
            let expected = difference.numerator().cmp(&0);
            prop_assert_eq!(a.cmp(&b), expected);
            prop_assert!(a.floor() <= a.ceiling() && Exact::whole(0) <= Exact::ONE);
        }
    }
}
