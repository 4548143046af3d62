//! Organisationsnummer, the number of a Swedish company or other organisation.

use crate::reference::ReferenceError;
use crate::reference::checksum::{digits, ends_in_luhn};

/// An organisation number as it is sent: ten digits, the last a Luhn digit, without the hyphen of
/// print. A sole trader's is the personnummer, so the third digit isn't looked at.
///
/// Source: lag (1974:174) om identitetsbeteckning för juridiska personer m.fl.; the form without a
/// hyphen is that of Peppol (PEPPOL-COMMON-R049).
///
/// # Errors
/// [`ReferenceError`]: characters, length, check digit, filler.
pub fn orgnr(text: &str) -> Result<String, ReferenceError> {
    let digits = digits(text)?;
    if digits.len() != 10 {
        return Err(ReferenceError::Length { found: digits.len(), expected: "10" });
    }
    ends_in_luhn(&digits)?;
    Ok(text.to_owned())
}
