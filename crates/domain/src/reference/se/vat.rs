//! Momsregistreringsnummer, the Swedish VAT number.

use super::orgnr;
use crate::reference::ReferenceError;

/// A VAT number: `SE`, the organisation number and `01`, 14 characters.
///
/// Source: mervärdesskattelag (2023:200); the form is that of the Commission's VIES.
///
/// # Errors
/// [`ReferenceError`]: characters, length, check digit, filler.
pub fn vat(text: &str) -> Result<String, ReferenceError> {
    let found = text.chars().count();
    if found != 14 {
        return Err(ReferenceError::Length { found, expected: "14" });
    }
    let inner = text.strip_prefix("SE").and_then(|rest| rest.strip_suffix("01"));
    let expected = "`SE`, ten digits and `01`";
    orgnr(inner.ok_or(ReferenceError::Characters { expected })?)?;
    Ok(text.to_owned())
}
