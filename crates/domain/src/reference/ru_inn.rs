//! ИНН, the Russian taxpayer number: 10 digits for an organisation, 12 for a person.

use super::{ReferenceError, digits, last_is, weighted_sum};

/// A taxpayer number (ИНН) with right check digits, ASCII digits only.
///
/// Source: order of the Federal Tax Service of 29.06.2012 № ММВ-7-6/435@.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Inn(String);

/// For the check digit at position 10 of an organisation's number.
const ORGANISATION: [u32; 9] = [2, 4, 10, 3, 5, 9, 4, 6, 8];
/// For the check digit at position 11 of a person's number.
const PERSON_FIRST: [u32; 10] = [7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
/// For the check digit at position 12 of a person's number.
const PERSON_SECOND: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

impl Inn {
    /// Reads a taxpayer number.
    ///
    /// # Errors
    /// [`ReferenceError`]: characters, length, filler, check digit.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let digits = digits(text)?;
        match digits.len() {
            10 => check(&digits, &ORGANISATION)?,
            12 => {
                check(&digits[..11], &PERSON_FIRST)?;
                check(&digits, &PERSON_SECOND)?;
            }
            found => {
                let expected = "10 (organisation) or 12 (person)";
                return Err(ReferenceError::Length { found, expected });
            }
        }
        if digits.iter().all(|digit| *digit == 0) {
            return Err(ReferenceError::Filler);
        }
        Ok(Self(text.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is an organisation's. An organisation has a КПП too; a person, also one who
    /// trades (ИП), has none.
    pub fn is_organisation(&self) -> bool {
        self.0.len() == 10
    }
}

fn check(digits: &[u32], weights: &[u32]) -> Result<(), ReferenceError> {
    last_is(digits, weighted_sum(digits, weights) % 11 % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_tells_an_organisation_from_a_person() {
        assert_eq!(Inn::parse("7707083893").map(|inn| inn.is_organisation()), Ok(true));
        assert_eq!(Inn::parse("500100732259").map(|inn| inn.is_organisation()), Ok(false));
    }

    #[test]
    fn zeros_only_are_refused_although_the_sum_holds() {
        assert_eq!(Inn::parse("0000000000"), Err(ReferenceError::Filler));
        assert_eq!(Inn::parse("000000000000"), Err(ReferenceError::Filler));
    }

    #[test]
    fn both_check_digits_of_a_person_count() {
        let wrong_at = |text| match Inn::parse(text) {
            Err(ReferenceError::CheckDigit { position, .. }) => Some(position),
            Ok(_) | Err(_) => None,
        };
        assert_eq!(wrong_at("500100732269"), Some(11));
        assert_eq!(wrong_at("500100732258"), Some(12));
    }

    #[test]
    fn only_ascii_digits_are_digits() {
        for text in ["٧٧٠٧٠٨٣٨٩٣", "7707083893 ", "+707083893", "７707083893"] {
            assert!(matches!(Inn::parse(text), Err(ReferenceError::Characters { .. })), "{text}");
        }
        assert!(matches!(Inn::parse(""), Err(ReferenceError::Length { found: 0, .. })));
    }
}
