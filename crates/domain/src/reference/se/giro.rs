//! Bankgiro and plusgiro, the Swedish numbers that stand for an account.

use crate::reference::ReferenceError;
use crate::reference::checksum::{digits, ends_in_luhn, unprinted};

/// A bankgiro number: 7 or 8 digits, the last a Luhn digit. It is printed with a hyphen before the
/// last four; the normal form has digits only.
///
/// Source: Bankgirot, "Bankgironummer".
///
/// # Errors
/// [`ReferenceError`]: characters, length, check digit, filler.
pub fn bankgiro(text: &str) -> Result<String, ReferenceError> {
    giro(text, 7, "7 or 8")
}

/// A plusgiro number: 2 to 8 digits, the last a Luhn digit. It is printed with a hyphen before the
/// last; the normal form has digits only.
///
/// Source: Nordea, "Plusgirot".
///
/// # Errors
/// [`ReferenceError`]: characters, length, check digit, filler.
pub fn plusgiro(text: &str) -> Result<String, ReferenceError> {
    giro(text, 2, "2 to 8")
}

fn giro(text: &str, least: usize, expected: &'static str) -> Result<String, ReferenceError> {
    let normal = unprinted(text);
    let digits = digits(&normal)?;
    if !(least..=8).contains(&digits.len()) {
        return Err(ReferenceError::Length { found: digits.len(), expected });
    }
    ends_in_luhn(&digits)?;
    Ok(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn print_has_a_hyphen_and_the_normal_form_has_not() {
        assert_eq!(bankgiro("991-2346").as_deref(), Ok("9912346"));
        assert_eq!(plusgiro("12 34 56-6").as_deref(), Ok("1234566"));
        assert!(bankgiro("991-2347").is_err() && plusgiro("00").is_err());
    }
}
