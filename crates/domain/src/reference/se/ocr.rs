//! OCR references, by which Swedish banks tell which invoice a payment is for.

use crate::reference::ReferenceError;
use crate::reference::checksum::{digits, ends_in_luhn, last_is, luhn};

/// What the payee has agreed with its bank about its references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OcrLevel {
    /// The last digit is a Luhn digit. (At the level called soft it is too, but the payer may
    /// insist on a wrong one.)
    Hard,
    /// The last but one is the length too, modulo 10.
    Variable,
    /// The reference has one of one or two lengths.
    Fixed {
        /// The length, 2 to 25.
        length: u32,
        /// Another length that is agreed.
        other: Option<u32>,
    },
}

/// A reference of 2 to 25 digits as a bank checks it.
///
/// Source: Bankgirot, "OCR-referenskontroll".
///
/// # Errors
/// [`ReferenceError`]: characters, length, check digit, filler; also for an agreed length that
/// can't be.
pub fn ocr(text: &str, level: OcrLevel) -> Result<String, ReferenceError> {
    let digits = digits(text)?;
    length_is_usable(digits.len())?;
    match level {
        OcrLevel::Hard => {}
        OcrLevel::Variable => {
            let but_one = digits.split_last().map_or(&[] as &[u32], |(_, rest)| rest);
            last_is(but_one, length_digit(digits.len()))?;
        }
        OcrLevel::Fixed { length, other } => {
            let agreed = agreed(length, other)?;
            if !agreed.contains(&digits.len()) {
                let expected: Vec<_> = agreed.iter().map(usize::to_string).collect();
                let expected = expected.join(" or ").into();
                return Err(ReferenceError::AgreedLength { expected });
            }
        }
    }
    ends_in_luhn(&digits)?;
    Ok(text.to_owned())
}

/// The reference of `base`: its digits, what the level adds, and the Luhn digit. To a fixed length
/// it is filled up with zeros in front: to the shortest that holds it.
///
/// # Errors
/// [`ReferenceError::Length`] where the digits are none or too many, or an agreed length can't be.
pub fn ocr_of(base: &str, level: OcrLevel) -> Result<String, ReferenceError> {
    let mut body: String = base.chars().filter(char::is_ascii_digit).collect();
    if body.is_empty() {
        return Err(ReferenceError::Length { found: 0, expected: "1 or more digits" });
    }
    match level {
        OcrLevel::Hard => {}
        OcrLevel::Variable => {
            let whole = body.len().saturating_add(2);
            body.push_str(&length_digit(whole).to_string());
        }
        OcrLevel::Fixed { length, other } => {
            let mut rooms: Vec<_> =
                agreed(length, other)?.iter().map(|length| length.saturating_sub(1)).collect();
            rooms.sort_unstable();
            let room = rooms.iter().find(|room| body.len() <= **room);
            let expected = "fewer digits than the agreed length";
            let room = room.ok_or(ReferenceError::Length { found: body.len(), expected })?;
            body = format!("{body:0>room$}");
        }
    }
    length_is_usable(body.len().saturating_add(1))?;
    let check = luhn(&digits(&body)?);
    ocr(&format!("{body}{check}"), level)
}

fn length_digit(length: usize) -> u32 {
    // A figure below 10 always fits.
    u32::try_from(length.rem_euclid(10)).unwrap_or_default()
}

fn agreed(length: u32, other: Option<u32>) -> Result<Vec<usize>, ReferenceError> {
    let usable = |length: u32| {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        length_is_usable(length).map(|()| length)
    };
    [Some(length), other].into_iter().flatten().map(usable).collect()
}

fn length_is_usable(found: usize) -> Result<(), ReferenceError> {
    if (2..=25).contains(&found) {
        Ok(())
    } else {
        Err(ReferenceError::Length { found, expected: "2 to 25" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn fixed(length: u32, other: Option<u32>) -> OcrLevel {
        OcrLevel::Fixed { length, other }
    }

    #[test]
    fn what_a_level_adds_follows_the_digits() {
        let of = |base, level| ocr_of(base, level).expect("a reference");
        assert_eq!(of("INV 12345", OcrLevel::Hard), "123455");
        assert_eq!(of("INV 12345", OcrLevel::Variable), "1234574");
        assert_eq!(of("12345", fixed(8, None)), "00123455");
        assert_eq!(of("1234567", fixed(10, Some(6))), of("001234567", OcrLevel::Hard));
    }

    #[test]
    fn what_has_no_room_is_refused() {
        assert!(ocr_of("INV", OcrLevel::Hard).is_err());
        assert!(ocr_of("12345", fixed(5, None)).is_err());
        assert!(ocr_of(&"1".repeat(24), OcrLevel::Variable).is_err());
        assert!(ocr_of(&"1".repeat(24), OcrLevel::Hard).is_ok());
        assert!(ocr("123455", fixed(1, None)).is_err() && ocr("123455", fixed(7, None)).is_err());
    }

    proptest! {
        #[test]
        fn what_is_made_is_valid(base in "[1-9][0-9]{0,21}", length in 2_u32..=25) {
            for level in [OcrLevel::Hard, OcrLevel::Variable, fixed(length, Some(25))] {
                let made = ocr_of(&base, level).expect("it fits");
                prop_assert_eq!(ocr(&made, level), Ok(made.clone()));
                prop_assert_eq!(ocr(&made, OcrLevel::Hard), Ok(made));
            }
        }
    }
}
