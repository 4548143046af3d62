//! Russian bank details: БИК, the 20-digit account and the key that ties one to the other.

use super::{ReferenceError, digits};

/// A Russian bank identification code (БИК): 9 digits, no check digit.
///
/// Source: Bank of Russia regulation of 24.09.2020 № 732-П.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bik(String);

impl Bik {
    /// Reads a bank identification code.
    ///
    /// # Errors
    /// [`ReferenceError`]: characters, length.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        match digits(text)?.len() {
            9 => Ok(Self(text.to_owned())),
            found => Err(ReferenceError::Length { found, expected: "9" }),
        }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number in the settlement network: from 050 of a bank, below that of an office of the
    /// Bank of Russia itself.
    fn participant(&self) -> &str {
        &self.0[6..]
    }

    /// The number of the Bank of Russia's office, three digits.
    fn office(&self) -> String {
        format!("0{}", &self.0[4..6])
    }
}

/// A Russian account: 20 digits, or a letter at position 6 in an account of a clearing currency.
///
/// Its key depends on the bank: see [`account_key_is_right`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BankAccount(String);

/// The letters of position 6, each with the value of its place: 0 to 9. Both alphabets have them,
/// and the same account is met in either; the normal form is Latin.
const LATIN: &str = "ABCEHKMPTX";
const CYRILLIC: &str = "АВСЕНКМРТХ";

impl BankAccount {
    /// Reads an account number.
    ///
    /// # Errors
    /// [`ReferenceError`]: characters, length. The key is not looked at.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        let found = text.chars().count();
        if found != 20 {
            return Err(ReferenceError::Length { found, expected: "20" });
        }
        let expected = "digits, and at position 6 a digit or one of А В С Е Н К М Р Т Х,";
        let normal =
            |(at, c)| normal_character(at, c).ok_or(ReferenceError::Characters { expected });
        text.chars().enumerate().map(normal).collect::<Result<_, _>>().map(Self)
    }

    /// The 20 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether only the Bank of Russia opens such accounts: a bank's correspondent account
    /// (30101), the treasury's single account (40102).
    fn is_of_central_bank(&self) -> bool {
        self.0.starts_with("30101") || self.0.starts_with("40102")
    }
}

fn normal_character(at: usize, c: char) -> Option<char> {
    if c.is_ascii_digit() {
        return Some(c);
    }
    let letter =
        CYRILLIC.chars().zip(LATIN.chars()).find(|(cyrillic, latin)| c == *cyrillic || c == *latin);
    letter.filter(|_| at == 5).map(|(_, latin)| latin)
}

/// Whether `account`'s key, its ninth digit, is right at the bank `bik`.
///
/// The key makes the sum of the last digits of (digit x weight) end in 0, over the three-digit
/// number of who keeps the account and the account itself. Who keeps it is the bank (БИК digits
/// 7 to 9) or an office of the Bank of Russia (0 and БИК digits 5 and 6).
/// Source: Bank of Russia order of 08.09.1997 № 515.
///
/// Treasury accounts (their first digit is 0) are numbered without such a key.
pub fn account_key_is_right(bik: &Bik, account: &BankAccount) -> bool {
    let at_central_bank = account.is_of_central_bank() || bik.participant() < "050";
    let keeper = if at_central_bank { bik.office() } else { bik.participant().to_owned() };
    let values = keeper.chars().chain(account.0.chars()).filter_map(value);
    let sum: u32 = values
        .zip([7, 1, 3].iter().cycle())
        .map(|(digit, weight)| digit.saturating_mul(*weight).rem_euclid(10))
        .sum();
    sum.is_multiple_of(10)
}

/// The value of a digit or of a letter at position 6.
fn value(c: char) -> Option<u32> {
    let letter = || LATIN.chars().zip(0..).find(|(latin, _)| *latin == c).map(|(_, value)| value);
    c.to_digit(10).or_else(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_is_right(bik: &str, account: &str) -> bool {
        let bik = Bik::parse(bik).expect("БИК");
        account_key_is_right(&bik, &BankAccount::parse(account).expect("account"))
    }

    #[test]
    fn the_four_worked_examples_of_order_515_hold() {
        assert!(key_is_right("049805000", "30101810800000000746"));
        assert!(key_is_right("040305000", "40102810100000010001"));
        assert!(key_is_right("049805746", "40602810700000000025"));
        assert!(key_is_right("044541312", "30114В84600000000501"));
    }

    #[test]
    fn a_letter_of_either_alphabet_is_the_same_account() {
        let cyrillic = BankAccount::parse("30114В84600000000501").expect("account");
        assert_eq!(cyrillic.as_str(), "30114B84600000000501");
        assert_eq!(BankAccount::parse(cyrillic.as_str()), Ok(cyrillic));
    }

    #[test]
    fn a_letter_stands_only_at_position_6_and_only_some_do() {
        for text in ["3011В484600000000501", "30114D84600000000501", "30114b84600000000501"] {
            let wrong = BankAccount::parse(text);
            assert!(matches!(wrong, Err(ReferenceError::Characters { .. })), "{text}");
        }
    }

    #[test]
    fn the_single_treasury_account_is_kept_by_the_bank_of_russia() {
        assert!(key_is_right("004525988", "40102810545370000003"));
    }

    #[test]
    fn a_foreign_correspondent_account_belongs_to_the_bank_that_keeps_it() {
        // 30114, unlike 30101, is not at the Bank of Russia: its key with the office's number is 3.
        assert!(!key_is_right("044541312", "30114В84300000000501"));
    }

    #[test]
    fn lengths_are_exact() {
        assert!(matches!(Bik::parse("04452522"), Err(ReferenceError::Length { found: 8, .. })));
        let short = BankAccount::parse("4070281013825012301");
        assert!(matches!(short, Err(ReferenceError::Length { found: 19, .. })));
    }
}
