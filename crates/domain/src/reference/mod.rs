//! Reference numbers that others issue to companies and banks: their form and their check digits.
//!
//! One file per kind. A value that parsed is in its normal form; nothing is trimmed or repaired.

mod legal_identity;
mod ru_account;
mod ru_inn;
mod ru_kpp;
mod ru_ogrn;

pub use legal_identity::{IdentityError, LegalIdentity, check_bank_account};
pub use ru_account::{BankAccount, Bik, account_key_is_right};
pub use ru_inn::Inn;
pub use ru_kpp::Kpp;
pub use ru_ogrn::Ogrn;

/// Why a text is not the reference number it was given as.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// Too short, too long, or a length between two that exist.
    #[error("{found} characters were given where {expected} are expected")]
    Length {
        /// How many characters were given.
        found: usize,
        /// Which lengths exist.
        expected: &'static str,
    },
    /// A character that doesn't belong where it stands. Digits are ASCII digits only.
    #[error("a character is out of place: {expected} are expected")]
    Characters {
        /// What may stand where.
        expected: &'static str,
    },
    /// The first digit says what kind of number it is, and it is another kind.
    #[error("the first digit is wrong: {expected} is expected")]
    FirstDigit {
        /// Which first digits exist.
        expected: &'static str,
    },
    /// A check digit doesn't follow from the digits it guards, so one of them is mistyped.
    #[error(
        "the check digit at position {position} is {found}, the other digits ask for {expected}"
    )]
    CheckDigit {
        /// Counted from 1.
        position: usize,
        /// The digit that was given.
        found: u32,
        /// The digit that follows from the others.
        expected: u32,
    },
    /// Zeros only: the sum holds, but no such number is ever issued.
    #[error("zeros only are a filler, a number that was issued is expected")]
    Filler,
}

/// The values of `text`'s digits, if nothing else stands in it.
fn digits(text: &str) -> Result<Vec<u32>, ReferenceError> {
    let wrong = ReferenceError::Characters { expected: "the digits 0 to 9" };
    text.chars().map(|c| c.to_digit(10)).collect::<Option<_>>().ok_or(wrong)
}

/// The sum of the digits, each times its weight.
fn weighted_sum(digits: &[u32], weights: &[u32]) -> u32 {
    // At most 23 digits, each at most 9 and its weight at most 10: nothing saturates.
    digits.iter().zip(weights).map(|(digit, weight)| digit.saturating_mul(*weight)).sum()
}

/// Compares the last of `digits` with the check digit that the ones before it ask for.
fn last_is(digits: &[u32], expected: u32) -> Result<(), ReferenceError> {
    match digits.last() {
        Some(&found) if found != expected => {
            Err(ReferenceError::CheckDigit { position: digits.len(), found, expected })
        }
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_was_wrong_and_what_is_expected() {
        let error = |text| Inn::parse(text).expect_err("refused").to_string();
        assert_eq!(
            error("77070838930"),
            "11 characters were given where 10 (organisation) or 12 (person) are expected"
        );
        assert_eq!(
            error("770708389O"),
            "a character is out of place: the digits 0 to 9 are expected"
        );
        assert_eq!(
            error("1234567895"),
            "the check digit at position 10 is 5, the other digits ask for 4"
        );
        assert_eq!(
            error("0000000000"),
            "zeros only are a filler, a number that was issued is expected"
        );
    }
}
