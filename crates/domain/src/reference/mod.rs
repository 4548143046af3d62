//! Reference numbers that others issue to companies and banks: their form and their check digits.
//!
//! One file per kind, one folder per country with many. What parsed is in its normal form, the one
//! that is sent: a kind that is printed in groups is read with spaces and hyphens and loses them;
//! nothing else is trimmed or repaired.

mod checksum;
pub mod es;
mod iban;
mod kind;
mod legal_identity;
mod rf;
mod ru_account;
mod ru_inn;
mod ru_kpp;
mod ru_ogrn;
pub mod se;
mod sepa_creditor_id;

pub use iban::iban;
pub use kind::ReferenceKind;
pub use legal_identity::{IdentityError, LegalIdentity, check_bank_account};
pub use rf::{rf, rf_of};
pub use ru_account::{BankAccount, Bik, account_key_is_right};
pub use ru_inn::Inn;
pub use ru_kpp::Kpp;
pub use ru_ogrn::Ogrn;
pub use sepa_creditor_id::sepa_creditor_id;

use checksum::{digits, last_is, weighted_sum};

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
    /// Check characters don't follow from the ones they guard: two digits, or a letter.
    #[error("the check characters are wrong: the others ask for {expected}")]
    CheckCharacters {
        /// What follows from the others.
        expected: Box<str>,
    },
    /// The length is not that of the country, or not one that was agreed.
    #[error("{expected} characters are expected")]
    AgreedLength {
        /// How many there should be.
        expected: Box<str>,
    },
    /// Not the code of a country that issues such numbers.
    #[error("`{0}` is not the code of a country that has such numbers")]
    Country(Box<str>),
    /// A birth date that isn't one.
    #[error("it begins with a day that doesn't exist")]
    Date,
    /// A Russian account's key digit doesn't fit its bank.
    #[error("the ninth digit of the account, its key, doesn't fit the bank code")]
    AccountKey,
    /// Zeros only: the sum holds, but no such number is ever issued.
    #[error("zeros only are a filler, a number that was issued is expected")]
    Filler,
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
