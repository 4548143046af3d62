//! IBAN, the international bank account number.

mod countries;

use super::checksum::{has_mod_97, is_alphanumeric, unprinted};
use super::{ReferenceError, es};
use countries::COUNTRIES;

/// An account number as it is sent: a country, two check digits, and what the country's banks
/// number accounts by. Spaces and hyphens of print are dropped, letters become capitals.
///
/// Length and structure are those of the country, and in Spain the account's own check digits
/// count too: they find mistakes that the others let through.
/// Sources: ISO 13616-1; the IBAN registry of SWIFT.
///
/// # Errors
/// [`ReferenceError`]: characters, country, length, check digits.
pub fn iban(text: &str) -> Result<String, ReferenceError> {
    let normal = unprinted(text);
    if !is_alphanumeric(&normal) {
        return Err(ReferenceError::Characters { expected: "letters A to Z and digits" });
    }
    let country: String = normal.chars().take(2).collect();
    let structure = structure(&country).ok_or(ReferenceError::Country(country.into()))?;
    let classes: Vec<char> = classes(structure);
    let expected = classes.len().saturating_add(4);
    if normal.len() != expected {
        return Err(ReferenceError::AgreedLength { expected: expected.to_string().into() });
    }
    let account = normal.get(4..).unwrap_or_default();
    if !account.chars().zip(&classes).all(|(c, class)| fits(c, *class)) {
        let expected = "letters and digits where the country's accounts have them";
        return Err(ReferenceError::Characters { expected });
    }
    has_mod_97(&normal, account)?;
    if normal.starts_with("ES") {
        es::ccc(account).map_err(four_later)?;
    }
    Ok(normal)
}

/// Whether accounts of a country have an IBAN.
pub(super) fn has_ibans(country: &str) -> bool {
    structure(country).is_some()
}

fn structure(country: &str) -> Option<&'static str> {
    COUNTRIES.iter().find(|(code, _)| *code == country).map(|(_, structure)| *structure)
}

/// The class of each character: `4a6n` is four times `a` and six times `n`.
fn classes(structure: &str) -> Vec<char> {
    let mut classes = Vec::new();
    let mut count = 0_usize;
    for c in structure.chars() {
        match c.to_digit(10).and_then(|digit| usize::try_from(digit).ok()) {
            // Counts have at most two digits: nothing saturates.
            Some(digit) => count = count.saturating_mul(10).saturating_add(digit),
            None => classes.extend(std::iter::repeat_n(c, std::mem::take(&mut count))),
        }
    }
    classes
}

fn fits(c: char, class: char) -> bool {
    match class {
        'n' => c.is_ascii_digit(),
        'a' => c.is_ascii_uppercase(),
        _ => c.is_ascii_digit() || c.is_ascii_uppercase(),
    }
}

/// The position of a check digit in the IBAN, not in the account inside it.
fn four_later(error: ReferenceError) -> ReferenceError {
    let ReferenceError::CheckDigit { position, found, expected } = error else { return error };
    ReferenceError::CheckDigit { position: position.saturating_add(4), found, expected }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_has_a_structure_that_reads() {
        assert!(COUNTRIES.is_sorted_by(|(a, _), (b, _)| a < b), "not in order, or one twice");
        for (country, structure) in COUNTRIES {
            let classes = classes(structure);
            assert!((11..=29).contains(&classes.len()), "{country}");
            assert!(classes.iter().all(|class| "nac".contains(*class)), "{country}");
        }
    }

    #[test]
    fn a_spanish_account_is_checked_inside_too() {
        let wrong = ReferenceError::CheckDigit { position: 14, found: 5, expected: 4 };
        assert!(iban("ES91 2100 0418 4502 0005 1332").is_ok());
        assert!(matches!(iban("ES2121000418450200051331"), Err(error) if error != wrong));
    }

    #[test]
    fn a_wrong_length_is_found_although_the_check_digits_hold() {
        let refused = iban("AT93 1904 3002 3457 3201 99");
        let expected = "20".into();
        assert_eq!(refused, Err(ReferenceError::AgreedLength { expected }));
        for text in ["", "E", "ÄÖ", "ES", "es9", "XX431234"] {
            assert!(iban(text).is_err(), "{text}");
        }
    }
}
