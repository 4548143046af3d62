//! What the schemes of several countries share: how a number is printed, and its check digits.

use super::ReferenceError;

/// `text` without the spaces and hyphens of print, in capitals: as it is sent.
pub(super) fn unprinted(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| c.to_ascii_uppercase()).collect()
}

/// The values of `text`'s digits, if nothing else stands in it.
pub(super) fn digits(text: &str) -> Result<Vec<u32>, ReferenceError> {
    let wrong = ReferenceError::Characters { expected: "the digits 0 to 9" };
    text.chars().map(|c| c.to_digit(10)).collect::<Option<_>>().ok_or(wrong)
}

/// The sum of the digits, each times its weight.
pub(super) fn weighted_sum(digits: &[u32], weights: &[u32]) -> u32 {
    // At most 23 digits, each at most 9 and its weight at most 10: nothing saturates.
    digits.iter().zip(weights).map(|(digit, weight)| digit.saturating_mul(*weight)).sum()
}

/// Compares the last of `digits` with the check digit that the ones before it ask for.
pub(super) fn last_is(digits: &[u32], expected: u32) -> Result<(), ReferenceError> {
    match digits.last() {
        Some(&found) if found != expected => {
            Err(ReferenceError::CheckDigit { position: digits.len(), found, expected })
        }
        Some(_) | None => Ok(()),
    }
}

/// The check digit after `guarded` (Luhn, ISO/IEC 7812-1 annex B): every second digit from the
/// right is doubled, and the sum of all digits of the products is filled up to the next ten.
pub(super) fn luhn(guarded: &[u32]) -> u32 {
    let product = |(at, digit): (usize, &u32)| {
        let product = digit.saturating_mul(if at.is_multiple_of(2) { 2 } else { 1 });
        product.div_euclid(10).saturating_add(product.rem_euclid(10))
    };
    let sum: u32 = guarded.iter().rev().enumerate().map(product).sum();
    10_u32.saturating_sub(sum.rem_euclid(10)).rem_euclid(10)
}

/// Checks that the last of `digits` is the Luhn digit of the others, and that one of them isn't 0.
pub(super) fn ends_in_luhn(digits: &[u32]) -> Result<(), ReferenceError> {
    let guarded = digits.split_last().map_or(digits, |(_, guarded)| guarded);
    last_is(digits, luhn(guarded))?;
    if digits.iter().all(|digit| *digit == 0) { Err(ReferenceError::Filler) } else { Ok(()) }
}

/// The two check digits of a text of digits and capitals that begins with a country or `RF`
/// (ISO/IEC 7064, MOD 97-10): 98 less the remainder of `body`, `prefix` and 00, letters counted
/// from A as 10.
pub(super) fn mod_97(prefix: &str, body: &str) -> String {
    let text = body.chars().chain(prefix.chars()).chain("00".chars());
    let rest = text.filter_map(|c| c.to_digit(36)).fold(0_u32, |rest, value| {
        // The rest stays below 97: nothing saturates.
        let room: u32 = if value < 10 { 10 } else { 100 };
        rest.saturating_mul(room).saturating_add(value).rem_euclid(97)
    });
    format!("{:02}", 98_u32.saturating_sub(rest))
}

/// Compares the two check digits after the first two characters with those that the rest asks for.
pub(super) fn has_mod_97(text: &str, body: &str) -> Result<(), ReferenceError> {
    let (prefix, found) = (text.get(..2).unwrap_or(text), text.get(2..4).unwrap_or_default());
    let expected = mod_97(prefix, body);
    if found == expected {
        Ok(())
    } else {
        Err(ReferenceError::CheckCharacters { expected: expected.into() })
    }
}

/// Whether `text` has digits and capitals only.
pub(super) fn is_alphanumeric(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}
