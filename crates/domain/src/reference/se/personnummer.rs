//! Personnummer and samordningsnummer, the Swedish numbers of persons.

use crate::reference::ReferenceError;
use crate::reference::checksum::{digits, ends_in_luhn};
use jiff::civil::Date;
use std::ops::Range;

/// A person's number: the birth date, three digits and a Luhn digit over the last ten; in a
/// coordination number (samordningsnummer) the day is raised by 60.
///
/// Written with a century of two digits or without, and with a hyphen before the last four digits,
/// with a plus there from the age of 100 on, or with neither. The normal form has the sign, since
/// without a century it tells one: `880320-0016`.
/// Source: folkbokföringslag (1991:481), 18 §; lag (2022:1697) om samordningsnummer.
///
/// # Errors
/// [`ReferenceError`]: characters, length, date, check digit.
pub fn personnummer(text: &str) -> Result<String, ReferenceError> {
    let (date, sign, serial) = parts(text)?;
    let all = digits(&format!("{date}{serial}"))?;
    let century = match (date.len(), serial.len()) {
        (6, 4) => false,
        (8, 4) => true,
        (_, _) => {
            let expected = "10 or, with the century, 12 digits";
            return Err(ReferenceError::Length { found: all.len(), expected });
        }
    };
    if !is_birth_date(date, century) {
        return Err(ReferenceError::Date);
    }
    ends_in_luhn(all.get(if century { 2 } else { 0 }..).unwrap_or_default())?;
    Ok(format!("{date}{sign}{serial}"))
}

/// The date, the sign between and the last four characters.
fn parts(text: &str) -> Result<(&str, char, &str), ReferenceError> {
    for sign in ['-', '+'] {
        if let Some((date, serial)) = text.split_once(sign) {
            return Ok((date, sign, serial));
        }
    }
    let at = text.len().saturating_sub(4);
    let expected = "digits and, before the last four, `-` or `+`";
    let (date, serial) =
        text.split_at_checked(at).ok_or(ReferenceError::Characters { expected })?;
    Ok((date, '-', serial))
}

/// Whether there was such a day. Without a century 29 February is believed of every fourth year.
fn is_birth_date(date: &str, century: bool) -> bool {
    let full = if century { date.to_owned() } else { format!("20{date}") };
    let part = |range: Range<usize>| full.get(range)?.parse::<i16>().ok();
    let Some(((year, month), day)) = part(0..4).zip(part(4..6)).zip(part(6..8)) else {
        return false;
    };
    let day = if day > 60 { day.saturating_sub(60) } else { day };
    let (month, day) = (i8::try_from(month), i8::try_from(day));
    matches!((month, day), (Ok(month), Ok(day)) if Date::new(year, month, day).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_written_with_and_without_century_and_sign() {
        for (text, normal) in [
            ("880320-0016", "880320-0016"),
            ("8803200016", "880320-0016"),
            ("880320+0016", "880320+0016"),
            ("198803200016", "19880320-0016"),
            ("19880320-0016", "19880320-0016"),
        ] {
            assert_eq!(personnummer(text).as_deref(), Ok(normal));
        }
    }

    #[test]
    fn a_day_that_was_not_is_no_birth_date() {
        assert_eq!(personnummer("881320-0014"), Err(ReferenceError::Date));
        assert_eq!(personnummer("19010229-0010"), Err(ReferenceError::Date));
        assert!(matches!(personnummer("880360-0015"), Err(ReferenceError::Date)));
        // A coordination number: born on the 20th.
        assert!(!matches!(personnummer("880380-0013"), Err(ReferenceError::Date)));
    }

    #[test]
    fn other_shapes_are_refused() {
        for text in ["", "-", "88-03200016", "880320--0016", "88032000166", "880320-001Å", "åäöåäö"]
        {
            assert!(personnummer(text).is_err(), "{text}");
        }
    }
}
