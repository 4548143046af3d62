//! ОГРН and ОГРНИП, the Russian state registration numbers of organisations and of sole traders.

use super::{ReferenceError, digits, last_is};

/// A main state registration number: 13 digits for an organisation (ОГРН), 15 for a sole trader
/// (ОГРНИП), with the right check digit.
///
/// The first digit is 1 or 5 for an organisation and 3 for a sole trader; others number later
/// records about them (ГРН), which don't identify anybody.
/// Source: order of the Ministry of Finance of 30.10.2017 № 165н.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ogrn(String);

impl Ogrn {
    /// Reads a state registration number.
    ///
    /// # Errors
    /// [`ReferenceError`]: characters, length, first digit, check digit.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let digits = digits(text)?;
        match (digits.len(), digits.first()) {
            (13, Some(1 | 5)) => check(&digits, 11)?,
            (15, Some(3)) => check(&digits, 13)?,
            (13, _) => return Err(ReferenceError::FirstDigit { expected: "1 or 5" }),
            (15, _) => return Err(ReferenceError::FirstDigit { expected: "3" }),
            (found, _) => {
                let expected = "13 (organisation) or 15 (sole trader)";
                return Err(ReferenceError::Length { found, expected });
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is an organisation's (ОГРН).
    pub fn is_organisation(&self) -> bool {
        self.0.len() == 13
    }
}

/// The number before the check digit modulo 11 or 13, of which the last digit counts.
fn check(digits: &[u32], modulus: u32) -> Result<(), ReferenceError> {
    let guarded = digits.split_last().map_or(digits, |(_, guarded)| guarded);
    // The rest stays below the modulus: nothing saturates.
    let rest = guarded.iter().fold(0_u32, |rest, digit| {
        rest.saturating_mul(10).saturating_add(*digit).rem_euclid(modulus)
    });
    last_is(digits, rest.rem_euclid(10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_tells_an_organisation_from_a_sole_trader() {
        assert_eq!(Ogrn::parse("1027739552642").map(|ogrn| ogrn.is_organisation()), Ok(true));
        assert_eq!(Ogrn::parse("304500116000157").map(|ogrn| ogrn.is_organisation()), Ok(false));
        assert!(matches!(Ogrn::parse(""), Err(ReferenceError::Length { found: 0, .. })));
    }

    #[test]
    fn the_number_of_a_later_record_is_refused() {
        for text in ["2022500001325", "0022500001325", "985768585948944", "415774600002662"] {
            assert!(matches!(Ogrn::parse(text), Err(ReferenceError::FirstDigit { .. })), "{text}");
        }
    }

    #[test]
    fn a_wrong_check_digit_is_named() {
        let wrong = ReferenceError::CheckDigit { position: 15, found: 8, expected: 9 };
        assert_eq!(Ogrn::parse("385768585948948"), Err(wrong));
    }
}
