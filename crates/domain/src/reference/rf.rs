//! RF, the structured creditor reference of ISO 11649.

use super::ReferenceError;
use super::checksum::{has_mod_97, is_alphanumeric, mod_97, unprinted};

/// A creditor reference as it is sent: `RF`, two check digits and 1 to 21 letters and digits.
/// Spaces and hyphens of print are dropped, letters become capitals.
///
/// Source: ISO 11649.
///
/// # Errors
/// [`ReferenceError`]: characters, length, check digits.
pub fn rf(text: &str) -> Result<String, ReferenceError> {
    let normal = unprinted(text);
    let body = normal.strip_prefix("RF").and_then(|rest| rest.get(2..));
    let body = body.filter(|_| is_alphanumeric(&normal));
    let expected = "`RF`, two digits, and letters A to Z or digits";
    let body = body.ok_or(ReferenceError::Characters { expected })?;
    if !(1..=21).contains(&body.len()) {
        return Err(ReferenceError::Length { found: normal.len(), expected: "5 to 25" });
    }
    has_mod_97(&normal, body)?;
    Ok(normal)
}

/// The creditor reference of `base`, 1 to 21 letters and digits; spaces and hyphens are dropped.
///
/// # Errors
/// [`ReferenceError`]: characters, length.
pub fn rf_of(base: &str) -> Result<String, ReferenceError> {
    let body = unprinted(base);
    if !is_alphanumeric(&body) {
        return Err(ReferenceError::Characters { expected: "letters A to Z and digits" });
    }
    if !(1..=21).contains(&body.len()) {
        return Err(ReferenceError::Length { found: body.len(), expected: "1 to 21" });
    }
    Ok(format!("RF{}{body}", mod_97("RF", &body)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_check_digits_follow_from_the_reference() {
        assert_eq!(rf_of("5390-0754 7034").as_deref(), Ok("RF18539007547034"));
        assert_eq!(rf("rf18 5390 0754 7034").as_deref(), Ok("RF18539007547034"));
        for text in ["", "RF", "RF18", "RF1", "RF18Å", "FR18539007547034", "ÅÅÅ"] {
            assert!(rf(text).is_err(), "{text}");
        }
        assert!(rf_of("").is_err() && rf_of("INV/7").is_err() && rf_of(&"1".repeat(22)).is_err());
    }

    proptest! {
        #[test]
        fn what_is_made_is_valid(base in "[0-9A-Z]{1,21}") {
            let made = rf_of(&base).expect("it fits");
            prop_assert_eq!(rf(&made), Ok(made.clone()));
        }
    }
}
