//! All kinds of reference numbers by one word, for whoever checks a number of any of them.

use super::se::OcrLevel;
use super::{BankAccount, Bik, Inn, Kpp, Ogrn, ReferenceError, account_key_is_right};
use super::{es, iban, rf, se, sepa_creditor_id};

/// A kind of reference number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceKind {
    /// Spain: bank account (CCC).
    EsCcc,
    /// Spain: taxpayer (NIF).
    EsNif,
    /// International bank account number.
    Iban,
    /// Creditor reference (ISO 11649).
    Rf,
    /// Russia: bank and account with the right key, as `BIK/account`.
    RuAccountKey,
    /// Russia: taxpayer (ИНН).
    RuInn,
    /// Russia: reason for registration (КПП).
    RuKpp,
    /// Russia: state registration (ОГРН, ОГРНИП).
    RuOgrn,
    /// Sweden: bankgiro.
    SeBankgiro,
    /// Sweden: payment reference (OCR).
    SeOcr,
    /// Sweden: organisation.
    SeOrgnr,
    /// Sweden: person.
    SePersonnummer,
    /// Sweden: plusgiro.
    SePlusgiro,
    /// Sweden: VAT number.
    SeVat,
    /// Creditor identifier of SEPA direct debits.
    SepaCreditorId,
}

impl ReferenceKind {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::EsCcc,
        Self::EsNif,
        Self::Iban,
        Self::Rf,
        Self::RuAccountKey,
        Self::RuInn,
        Self::RuKpp,
        Self::RuOgrn,
        Self::SeBankgiro,
        Self::SeOcr,
        Self::SeOrgnr,
        Self::SePersonnummer,
        Self::SePlusgiro,
        Self::SeVat,
        Self::SepaCreditorId,
    ];

    /// The word in requests.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EsCcc => "es_ccc",
            Self::EsNif => "es_nif",
            Self::Iban => "iban",
            Self::Rf => "rf",
            Self::RuAccountKey => "ru_account_key",
            Self::RuInn => "ru_inn",
            Self::RuKpp => "ru_kpp",
            Self::RuOgrn => "ru_ogrn",
            Self::SeBankgiro => "se_bankgiro",
            Self::SeOcr => "se_ocr",
            Self::SeOrgnr => "se_orgnr",
            Self::SePersonnummer => "se_personnummer",
            Self::SePlusgiro => "se_plusgiro",
            Self::SeVat => "se_vat",
            Self::SepaCreditorId => "sepa_creditor_id",
        }
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// What makes a number of this kind valid, as a sentence.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::EsCcc => {
                "20 digits; two check digits modulo 11, of bank and branch and of the rest"
            }
            Self::EsNif => "9 characters; persons: letter by number modulo 23; organisations: Luhn",
            Self::Iban => {
                "length and structure of the country; check digits modulo 97; in Spain the CCC"
            }
            Self::Rf => "RF, two check digits modulo 97, 1 to 21 letters and digits",
            Self::RuAccountKey => "the ninth digit of the account fits the bank (weights 7, 1, 3)",
            Self::RuInn => "10 or 12 digits; check digits modulo 11; not zeros only",
            Self::RuKpp => "9 characters: 4 digits, 2 digits or capitals, 3 digits; no check digit",
            Self::RuOgrn => {
                "13 or 15 digits; the rest modulo 11 or 13, of which the last digit counts"
            }
            Self::SeBankgiro => "7 or 8 digits, the last a Luhn digit",
            Self::SeOcr => "2 to 25 digits, the last a Luhn digit; what the level adds",
            Self::SeOrgnr => "10 digits, the last a Luhn digit",
            Self::SePersonnummer => {
                "a date and four digits, the last a Luhn digit over the last ten"
            }
            Self::SePlusgiro => "2 to 8 digits, the last a Luhn digit",
            Self::SeVat => "SE, the organisation number, 01",
            Self::SepaCreditorId => "a country, check digits modulo 97 without the business code",
        }
    }

    /// The normal form of `value`: as it is sent, without the spaces and hyphens of print. An OCR
    /// reference is checked as at level [`OcrLevel::Hard`].
    ///
    /// # Errors
    /// [`ReferenceError`], which says what is wrong.
    pub fn normal(self, value: &str) -> Result<String, ReferenceError> {
        match self {
            Self::EsCcc => es::ccc(value),
            Self::EsNif => es::nif(value),
            Self::Iban => iban::iban(value),
            Self::Rf => rf::rf(value),
            Self::RuAccountKey => account_key(value),
            Self::RuInn => Inn::parse(value).map(|inn| inn.as_str().to_owned()),
            Self::RuKpp => Kpp::parse(value).map(|kpp| kpp.as_str().to_owned()),
            Self::RuOgrn => Ogrn::parse(value).map(|ogrn| ogrn.as_str().to_owned()),
            Self::SeBankgiro => se::bankgiro(value),
            Self::SeOcr => se::ocr(value, OcrLevel::Hard),
            Self::SeOrgnr => se::orgnr(value),
            Self::SePersonnummer => se::personnummer(value),
            Self::SePlusgiro => se::plusgiro(value),
            Self::SeVat => se::vat(value),
            Self::SepaCreditorId => sepa_creditor_id::sepa_creditor_id(value),
        }
    }
}

fn account_key(value: &str) -> Result<String, ReferenceError> {
    let expected = "the bank code, `/` and the account";
    let (bik, account) = value.split_once('/').ok_or(ReferenceError::Characters { expected })?;
    let (bik, account) = (Bik::parse(bik)?, BankAccount::parse(account)?);
    if account_key_is_right(&bik, &account) {
        Ok(format!("{}/{}", bik.as_str(), account.as_str()))
    } else {
        Err(ReferenceError::AccountKey)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_kind_reads_back() {
        for kind in ReferenceKind::ALL {
            assert_eq!(ReferenceKind::parse(kind.as_str()), Some(kind));
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_a_check_panic(
            text in "\\PC{0,36}", close in "[A-Z]{0,3}[0-9A-Z /+-]{0,32}",
        ) {
            for kind in ReferenceKind::ALL {
                for text in [&text, &close] {
                    if let Ok(normal) = kind.normal(text) {
                        prop_assert_eq!(kind.normal(&normal), Ok(normal.clone()));
                    }
                }
            }
        }
    }
}
