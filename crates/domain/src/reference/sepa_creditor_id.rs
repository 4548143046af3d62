//! The creditor identifier of SEPA direct debits.

use super::ReferenceError;
use super::checksum::{has_mod_97, is_alphanumeric, unprinted};
use super::iban::has_ibans;

/// A creditor identifier: a country, two check digits, the creditor's own business code of three
/// characters, and the national identifier. The check digits leave the business code out, so that
/// the creditor may change it.
///
/// Source: EPC262-08, "Creditor Identifier Overview".
///
/// # Errors
/// [`ReferenceError`]: characters, country, length, check digits.
pub fn sepa_creditor_id(text: &str) -> Result<String, ReferenceError> {
    let normal = unprinted(text);
    if !is_alphanumeric(&normal) {
        return Err(ReferenceError::Characters { expected: "letters A to Z and digits" });
    }
    if !(8..=35).contains(&normal.len()) {
        return Err(ReferenceError::Length { found: normal.len(), expected: "8 to 35" });
    }
    let country: String = normal.chars().take(2).collect();
    if !has_ibans(&country) {
        return Err(ReferenceError::Country(country.into()));
    }
    has_mod_97(&normal, normal.get(7..).unwrap_or_default())?;
    Ok(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_business_code_is_free() {
        for text in ["DE98ZZZ09999999999", "DE98AB109999999999", "de98 zzz 0999 9999 999"] {
            assert!(sepa_creditor_id(text).is_ok(), "{text}");
        }
        for text in ["DE99ZZZ09999999999", "XX98ZZZ09999999999", "DE98ZZZ", "ÅÅ98ZZZ0999"] {
            assert!(sepa_creditor_id(text).is_err(), "{text}");
        }
    }
}
