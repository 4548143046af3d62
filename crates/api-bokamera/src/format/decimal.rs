//! Numbers with decimals, exact: what the contract calls a double.
//!
//! They are written in their shortest form, as the framework writes a double: `19.9`, not `19.90`.

use abono_domain::money::Money;
use std::fmt;

/// The most digits before the point: as many as 64 bits have.
const WHOLE_MAX: u32 = 19;
/// The most digits after the point.
const DECIMALS_MAX: u32 = 18;

/// `units / 10^scale`, in lowest terms: two equal numbers are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    units: i128,
    scale: u32,
}

impl Decimal {
    /// A whole number.
    pub fn whole(number: i64) -> Self {
        Self { units: i128::from(number), scale: 0 }
    }

    /// An amount in major units, to the last minor unit.
    pub fn of(money: Money) -> Self {
        Self::lowest(i128::from(money.minor), money.currency.exponent())
    }

    /// Reads what JSON calls a number: `12`, `-0.5`, `1.5e3`. At most 19 digits may come before
    /// the point and 18 after it, once the exponent is worked in.
    pub fn parse(text: &str) -> Option<Self> {
        let (figure, exponent) = match text.split_once(['e', 'E']) {
            Some((figure, exponent)) => (figure, exponent_of(exponent)?),
            None => (text, 0),
        };
        let (negative, digits) = match figure.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, figure),
        };
        let (whole, decimals) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (digits, ""),
        };
        let reads = |part: &str, most: u32| {
            let is_short = u32::try_from(part.len()).is_ok_and(|length| length <= most);
            is_short && part.bytes().all(|it| it.is_ascii_digit())
        };
        let is_canonical = whole == "0" || (!whole.is_empty() && !whole.starts_with('0'));
        if !is_canonical || !reads(whole, WHOLE_MAX) || !reads(decimals, DECIMALS_MAX) {
            return None;
        }
        let units: i128 = format!("{whole}{decimals}").parse().ok()?;
        let units = if negative { units.checked_neg()? } else { units };
        Self::shifted(units, i32::try_from(decimals.len()).ok()?.checked_sub(exponent)?)
    }

    /// `units / 10^scale` for a scale of either sign.
    fn shifted(units: i128, scale: i32) -> Option<Self> {
        let number = match u32::try_from(scale) {
            Ok(scale) => Self::lowest(units, scale),
            Err(_) => {
                let factor = 10_i128.checked_pow(scale.unsigned_abs())?;
                Self { units: units.checked_mul(factor)?, scale: 0 }
            }
        };
        let limit = 10_i128.checked_pow(WHOLE_MAX)?;
        let divisor = 10_i128.checked_pow(number.scale)?;
        let fits = number.scale <= DECIMALS_MAX && (number.units / divisor).abs() < limit;
        fits.then_some(number)
    }

    /// Without zeros at its end.
    fn lowest(mut units: i128, mut scale: u32) -> Self {
        while scale > 0 && units % 10 == 0 {
            units /= 10;
            scale -= 1;
        }
        Self { units, scale }
    }
}

/// An exponent of at most two digits: more would be out of range in any case.
fn exponent_of(text: &str) -> Option<i32> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let is_short = matches!(digits.len(), 1..=2) && digits.bytes().all(|it| it.is_ascii_digit());
    let exponent: i32 = is_short.then(|| digits.parse().ok()).flatten()?;
    Some(if negative { -exponent } else { exponent })
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let width = usize::try_from(self.scale).unwrap_or_default();
        // At least one digit stands before the point.
        let digits = format!("{:0>1$}", self.units.unsigned_abs(), width.saturating_add(1));
        let (whole, decimals) = digits.split_at(digits.len().saturating_sub(width));
        match decimals {
            "" => write!(f, "{sign}{whole}"),
            decimals => write!(f, "{sign}{whole}.{decimals}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        Decimal::parse(text).map(|it| it.to_string())
    }

    #[test]
    fn a_number_is_written_in_its_shortest_form() {
        for (text, short) in [
            ("0", "0"),
            ("-0", "0"),
            ("0.00", "0"),
            ("19.90", "19.9"),
            ("100.00", "100"),
            ("100", "100"),
            ("-0.05", "-0.05"),
            ("1.5e3", "1500"),
            ("15E-1", "1.5"),
            ("5e-2", "0.05"),
            ("9223372036854775807.000000000000000001", "9223372036854775807.000000000000000001"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(short), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_or_too_long_is_not_read() {
        for text in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "+1",
            "01",
            "1e",
            "1e+",
            "1e100",
            "0x1",
            "1,5",
            " 1",
            "1 ",
            "1e19",
            "1e-19",
            "--1",
            "1.-5",
            "10000000000000000000",
            "0.0000000000000000001",
            "١",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn an_amount_keeps_every_minor_unit() {
        for (code, minor, text) in [
            ("SEK", 1990, "19.9"),
            ("SEK", -5, "-0.05"),
            ("JPY", 7, "7"),
            ("SEK", 10_000, "100"),
            ("JPY", i64::MIN, "-9223372036854775808"),
        ] {
            let money = Money::new(minor, code.parse().expect("a currency"));
            assert_eq!(Decimal::of(money).to_string(), text);
            assert_eq!(Decimal::parse(text), Some(Decimal::of(money)));
        }
    }
}
