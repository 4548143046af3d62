//! Código cuenta cliente, the Spanish account number inside an IBAN.

use crate::reference::ReferenceError;
use crate::reference::checksum::{digits, unprinted, weighted_sum};

/// For both check digits; of the bank and branch the last eight count.
const WEIGHTS: [u32; 10] = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];

/// An account number: bank and branch of four digits each, two check digits, and ten digits. The
/// first check digit guards bank and branch, the second the rest; both are 11 less the weighted
/// sum modulo 11, with 1 for 10 and 0 for 11.
///
/// Source: Consejo Superior Bancario, norm 19, annex on the CCC.
///
/// # Errors
/// [`ReferenceError`]: characters, length, check digit, filler.
pub fn ccc(text: &str) -> Result<String, ReferenceError> {
    let normal = unprinted(text);
    let digits = digits(&normal)?;
    let parts = digits.split_at_checked(8).and_then(|(bank, rest)| {
        let (checks, account) = rest.split_first_chunk::<2>()?;
        (account.len() == 10).then_some((bank, checks, account))
    });
    let Some((bank, checks, account)) = parts else {
        return Err(ReferenceError::Length { found: digits.len(), expected: "20" });
    };
    let (_, of_bank) = WEIGHTS.split_at(2);
    let expected = [check(bank, of_bank), check(account, &WEIGHTS)];
    for ((position, found), expected) in (9..).zip(*checks).zip(expected) {
        if found != expected {
            return Err(ReferenceError::CheckDigit { position, found, expected });
        }
    }
    if digits.iter().all(|digit| *digit == 0) {
        return Err(ReferenceError::Filler);
    }
    Ok(normal)
}

fn check(digits: &[u32], weights: &[u32]) -> u32 {
    match 11_u32.saturating_sub(weighted_sum(digits, weights).rem_euclid(11)) {
        11 => 0,
        10 => 1,
        digit => digit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_check_digits_count() {
        assert_eq!(ccc("2100-0418-45 0200051332").as_deref(), Ok("21000418450200051332"));
        let at = |text| match ccc(text) {
            Err(ReferenceError::CheckDigit { position, .. }) => position,
            other => panic!("{other:?}"),
        };
        assert_eq!(at("21000418350200051332"), 9);
        assert_eq!(at("21000418450200051331"), 10);
        assert_eq!(ccc("00000000000000000000"), Err(ReferenceError::Filler));
        assert!(matches!(ccc("2100"), Err(ReferenceError::Length { found: 4, .. })));
    }
}
