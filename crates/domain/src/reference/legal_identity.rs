//! Who a company or person is in law: its name, address and reference numbers, by its country.

use super::{
    BankAccount, Bik, Inn, Kpp, Ogrn, ReferenceError, ReferenceKind, account_key_is_right,
};

/// What is wrong with a legal identity or its bank account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
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
    /// Not the VAT number of its country.
    #[error("`{0}` is not a VAT number: {1} and 2 to 12 digits or capitals")]
    VatNumber(String, String),
    /// A text is empty or too long.
    #[error("{0} must have 1 to 300 characters")]
    Text(&'static str),
    /// A number is longer than 35 characters or empty.
    #[error("{0} must have 1 to 35 characters")]
    Length(&'static str),
}

/// Who a company or person is in law, as printed on documents (EN 16931, BG-4 and BG-7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalIdentity {
    /// Its full name (BT-27, BT-44).
    pub name: String,
    /// ISO 3166-1 alpha-2 code of its country (BT-40, BT-55).
    pub country: String,
    /// Its tax number: the INN in Russia (BT-31, BT-48).
    pub tax_id: String,
    /// The number of its tax registration: the KPP in Russia.
    pub tax_registration: Option<String>,
    /// Its number in the company register: the OGRN in Russia (BT-30, BT-47).
    pub registration_number: Option<String>,
    /// Its postal address as one line (BG-5, BG-8).
    pub address: String,
}

impl LegalIdentity {
    /// Checks name, address and numbers. Russian numbers are checked digit by digit, those of other
    /// countries by their length alone so far.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn check(&self) -> Result<(), IdentityError> {
        self.check_place()?;
        match self.country.as_str() {
            "RU" => self.check_russian(),
            _ => self.check_lengths(),
        }
    }

    /// Checks that the tax number is a VAT number: it begins with its country, in Greece with `EL`
    /// (directive 2006/112/EC, article 215).
    ///
    /// # Errors
    /// [`IdentityError::VatNumber`].
    pub fn check_vat_number(&self) -> Result<(), IdentityError> {
        let prefix = if self.country == "GR" { "EL" } else { self.country.as_str() };
        let digits = self.tax_id.strip_prefix(prefix).unwrap_or_default();
        let is_number = (2..=12).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        if !is_number {
            return Err(IdentityError::VatNumber(cut(&self.tax_id), prefix.to_owned()));
        }
        let known = match self.country.as_str() {
            "SE" => ReferenceKind::SeVat.normal(&self.tax_id).map(drop),
            "ES" => ReferenceKind::EsNif.normal(digits).map(drop),
            _ => Ok(()),
        };
        known.map_err(number("VAT number", &self.tax_id))
    }

    /// Checks a person who buys as a consumer: one that has no tax number needs none.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn check_consumer(&self) -> Result<(), IdentityError> {
        if self.tax_id.is_empty() { self.check_place() } else { self.check() }
    }

    fn check_place(&self) -> Result<(), IdentityError> {
        for (what, text) in [("the name", &self.name), ("the address", &self.address)] {
            if !(1..=300).contains(&text.trim().chars().count()) {
                return Err(IdentityError::Text(what));
            }
        }
        if self.country.len() != 2 || !self.country.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(IdentityError::Country(cut(&self.country)));
        }
        Ok(())
    }

    fn check_lengths(&self) -> Result<(), IdentityError> {
        length("the tax number", Some(&self.tax_id))?;
        length("the tax registration", self.tax_registration.as_deref())?;
        length("the register number", self.registration_number.as_deref())
    }

    fn check_russian(&self) -> Result<(), IdentityError> {
        let inn = Inn::parse(&self.tax_id).map_err(number("INN", &self.tax_id))?;
        if inn.is_organisation() != self.tax_registration.is_some() {
            return Err(IdentityError::Registration);
        }
        if let Some(kpp) = &self.tax_registration {
            Kpp::parse(kpp).map_err(number("KPP", kpp))?;
        }
        if let Some(ogrn) = &self.registration_number {
            Ogrn::parse(ogrn).map_err(number("OGRN", ogrn))?;
        }
        Ok(())
    }
}

/// Checks a bank account's number against its bank's code.
///
/// # Errors
/// [`IdentityError`].
pub fn check_bank_account(
    country: &str,
    bank_code: &str,
    account: &str,
    correspondent_account: Option<&str>,
) -> Result<(), IdentityError> {
    if country != "RU" {
        length("the bank code", Some(bank_code))?;
        return length("the account", Some(account));
    }
    let bik = Bik::parse(bank_code).map_err(number("BIK", bank_code))?;
    for text in [Some(account), correspondent_account].into_iter().flatten() {
        let account = BankAccount::parse(text).map_err(number("account", text))?;
        if !account_key_is_right(&bik, &account) {
            return Err(IdentityError::AccountKey(cut(text)));
        }
    }
    Ok(())
}

fn length(what: &'static str, text: Option<&str>) -> Result<(), IdentityError> {
    match text.map(|text| text.chars().count()) {
        Some(0) | Some(36..) => Err(IdentityError::Length(what)),
        Some(1..=35) | None => Ok(()),
    }
}

fn number(number: &'static str, value: &str) -> impl FnOnce(ReferenceError) -> IdentityError {
    move |error| IdentityError::Number { number, value: cut(value), error }
}

fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(country: &str, tax_id: &str, registration: Option<&str>) -> Result<(), IdentityError> {
        let identity = LegalIdentity {
            name: "ООО".to_owned(),
            country: country.to_owned(),
            tax_id: tax_id.to_owned(),
            tax_registration: registration.map(str::to_owned),
            registration_number: None,
            address: "Москва".to_owned(),
        };
        identity.check()
    }

    #[test]
    fn a_company_needs_a_kpp_and_a_person_has_none() {
        assert_eq!(check("RU", "7716450028", Some("771601001")), Ok(()));
        assert_eq!(check("RU", "7716450028", None), Err(IdentityError::Registration));
    }

    #[test]
    fn a_wrong_key_digit_is_found() {
        let check = |account| check_bank_account("RU", "044514512", account, None);
        assert_eq!(check("40702810900000000025"), Ok(()));
        assert!(matches!(check("40702810800000000025"), Err(IdentityError::AccountKey(_))));
    }

    #[test]
    fn other_countries_are_checked_by_length() {
        assert_eq!(check("SE", "5560360793", None), Ok(()));
        assert!(matches!(check("se", "1", None), Err(IdentityError::Country(_))));
        assert!(matches!(check("SE", "", None), Err(IdentityError::Length(_))));
    }
}
