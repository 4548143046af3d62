//! Amounts as Stripe counts them: mostly in the minor units of ISO 4217, with exceptions of its
//! own.
//!
//! Nothing is rounded: an amount that Stripe can't charge or say exactly is none.

use abono_domain::money::{Currency, Money};

/// Counted in whole units, whatever ISO 4217 says.
const WHOLE: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF",
    "XOF", "XPF",
];

/// Counted in hundredths that are always 00, though ISO 4217 has none.
const WHOLE_IN_HUNDREDTHS: &[&str] = &["ISK", "UGX"];

/// Counted in thousandths, the last of them always 0.
const THOUSANDTHS: &[&str] = &["BHD", "JOD", "KWD", "OMR", "TND"];

/// How Stripe counts a currency.
struct Counting {
    exponent: u32,
    /// Amounts are multiples of this.
    step: i64,
}

/// `None` for one that Stripe doesn't take.
fn counting(currency: Currency) -> Option<Counting> {
    let code = currency.code();
    let (exponent, step) = if WHOLE.contains(&code) {
        (0, 1)
    } else if WHOLE_IN_HUNDREDTHS.contains(&code) {
        (2, 100)
    } else if THOUSANDTHS.contains(&code) {
        (3, 10)
    } else if currency.exponent() == 2 {
        (2, 1)
    } else {
        return None;
    };
    Some(Counting { exponent, step })
}

/// The figure that Stripe is asked to charge; `None` where it can't charge exactly that.
pub(super) fn to_stripe(money: Money) -> Option<i64> {
    let Counting { exponent, step } = counting(money.currency)?;
    let figure = scale(money.minor, money.currency.exponent(), exponent)?;
    (figure.checked_rem(step)? == 0).then_some(figure)
}

/// What a figure of Stripe's stands for, in a currency by its code in lower case; `None` where we
/// can't say it exactly.
pub(super) fn from_stripe(figure: i64, code: &str) -> Option<Money> {
    let currency: Currency = code.to_ascii_uppercase().parse().ok()?;
    let Counting { exponent, .. } = counting(currency)?;
    Some(Money::new(scale(figure, exponent, currency.exponent())?, currency))
}

/// The same amount with another number of decimals.
fn scale(figure: i64, from: u32, to: u32) -> Option<i64> {
    let factor = 10_i64.checked_pow(from.abs_diff(to))?;
    if to >= from {
        return figure.checked_mul(factor);
    }
    (figure.checked_rem(factor)? == 0).then(|| figure.checked_div(factor)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn money(minor: i64, code: &str) -> Money {
        Money::new(minor, code.parse().expect("a currency"))
    }

    #[test]
    fn each_currency_is_counted_as_stripe_counts_it() {
        for (minor, code, figure) in [
            (1_050, "EUR", Some(1_050)),
            (99_000, "RUB", Some(99_000)),
            (500, "JPY", Some(500)),
            (5, "ISK", Some(500)),
            (5, "UGX", Some(500)),
            // ISO 4217 gives the ariary two decimals.
            (1_500, "MGA", Some(15)),
            (1_550, "MGA", None),
            (5_120, "KWD", Some(5_120)),
            (5_124, "KWD", None),
            (i64::MAX, "ISK", None),
            // Four decimals; three, and Stripe doesn't take it.
            (10_000, "CLF", None),
            (1_000, "LYD", None),
        ] {
            assert_eq!(to_stripe(money(minor, code)), figure, "{minor} {code}");
        }
    }

    #[test]
    fn what_cant_be_said_exactly_is_no_amount() {
        assert_eq!(from_stripe(500, "isk"), Some(money(5, "ISK")));
        assert_eq!(from_stripe(5_124, "kwd"), Some(money(5_124, "KWD")));
        for (figure, code) in
            [(550, "isk"), (i64::MAX, "mga"), (1, "clf"), (1, "xau"), (1, "euro"), (1, "")]
        {
            assert_eq!(from_stripe(figure, code), None, "{figure} {code}");
        }
    }

    proptest! {
        #[test]
        fn what_is_charged_is_what_is_told(
            minor in any::<i64>(),
            code in proptest::sample::select(vec!["EUR", "JPY", "ISK", "UGX", "MGA", "KWD"]),
        ) {
            let money = money(minor, code);
            if let Some(figure) = to_stripe(money) {
                prop_assert_eq!(from_stripe(figure, &code.to_ascii_lowercase()), Some(money));
            }
        }
    }
}
