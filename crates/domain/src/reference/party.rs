//! The reference numbers of a company or person, by its country.

use super::{BankAccount, Bik, Inn, Kpp, Ogrn, ReferenceError, account_key_is_right};

/// Which number of a party or of its bank account is wrong, and how.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartyError {
    /// One number, by itself.
    #[error("{number} `{value}`: {error}")]
    Number {
        /// Its name.
        number: &'static str,
        /// What was given, cut to a few characters.
        value: String,
        /// What is wrong.
        error: ReferenceError,
    },
    /// A company has a tax registration (KPP), a person has none.
    #[error("a company's INN needs a KPP, a person's has none")]
    Registration,
    /// Account number and bank code don't belong together.
    #[error("account `{0}` doesn't fit the bank code: its key digit is wrong")]
    AccountKey(String),
    /// Not an ISO 3166-1 alpha-2 code in capitals.
    #[error("`{0}` is not a country code of two capital letters")]
    Country(String),
    /// A number is longer than 35 characters or empty.
    #[error("{0} must have 1 to 35 characters")]
    Length(&'static str),
}

/// Checks a party's tax number, tax registration and register number. Russian ones are checked
/// digit by digit, those of other countries by their length alone so far.
///
/// # Errors
/// [`PartyError`].
pub fn check_party(
    country: &str,
    tax_id: &str,
    tax_registration: Option<&str>,
    registration_number: Option<&str>,
) -> Result<(), PartyError> {
    if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(PartyError::Country(cut(country)));
    }
    if country != "RU" {
        length("the tax number", Some(tax_id))?;
        length("the tax registration", tax_registration)?;
        return length("the register number", registration_number);
    }
    let inn = Inn::parse(tax_id).map_err(number("INN", tax_id))?;
    if inn.is_organisation() != tax_registration.is_some() {
        return Err(PartyError::Registration);
    }
    if let Some(kpp) = tax_registration {
        Kpp::parse(kpp).map_err(number("KPP", kpp))?;
    }
    if let Some(ogrn) = registration_number {
        Ogrn::parse(ogrn).map_err(number("OGRN", ogrn))?;
    }
    Ok(())
}

/// Checks a bank account's number against its bank's code.
///
/// # Errors
/// [`PartyError`].
pub fn check_bank_account(
    country: &str,
    bank_code: &str,
    account: &str,
    correspondent_account: Option<&str>,
) -> Result<(), PartyError> {
    if country != "RU" {
        length("the bank code", Some(bank_code))?;
        return length("the account", Some(account));
    }
    let bik = Bik::parse(bank_code).map_err(number("BIK", bank_code))?;
    for text in [Some(account), correspondent_account].into_iter().flatten() {
        let account = BankAccount::parse(text).map_err(number("account", text))?;
        if !account_key_is_right(&bik, &account) {
            return Err(PartyError::AccountKey(cut(text)));
        }
    }
    Ok(())
}

fn length(what: &'static str, text: Option<&str>) -> Result<(), PartyError> {
    match text.map(|text| text.chars().count()) {
        Some(0) | Some(36..) => Err(PartyError::Length(what)),
        Some(1..=35) | None => Ok(()),
    }
}

fn number(number: &'static str, value: &str) -> impl FnOnce(ReferenceError) -> PartyError {
    move |error| PartyError::Number { number, value: cut(value), error }
}

fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_needs_a_kpp_and_a_person_has_none() {
        assert_eq!(check_party("RU", "7716450028", Some("771601001"), None), Ok(()));
        assert_eq!(check_party("RU", "7716450028", None, None), Err(PartyError::Registration));
    }

    #[test]
    fn a_wrong_key_digit_is_found() {
        let check = |account| check_bank_account("RU", "044514512", account, None);
        assert_eq!(check("40702810900000000025"), Ok(()));
        assert!(matches!(check("40702810800000000025"), Err(PartyError::AccountKey(_))));
    }

    #[test]
    fn other_countries_are_checked_by_length() {
        assert_eq!(check_party("SE", "5560360793", None, None), Ok(()));
        assert!(matches!(check_party("se", "1", None, None), Err(PartyError::Country(_))));
        assert!(matches!(check_party("SE", "", None, None), Err(PartyError::Length(_))));
    }
}
