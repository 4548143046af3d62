//! The SEPA credit transfer of a QR code: EPC069-12, version 002, in UTF-8.

use super::latin::latin;
use super::{NoCode, Payload};
use crate::shorten::{beginning, on_one_line};
use abono_domain::money::{Currency, Money};
use abono_domain::reference::{iban, rf};

/// What is to be paid, to whom and what for.
#[derive(Clone, Copy, Debug)]
pub struct Transfer<'a> {
    /// The beneficiary.
    pub name: &'a str,
    /// Its account.
    pub iban: &'a str,
    /// The code of its bank (BIC), which is asked for only outside the European Economic Area.
    pub bic: Option<&'a str>,
    /// How much; euro only.
    pub amount: Money,
    /// What the beneficiary tells the payment by.
    pub remittance: Remittance<'a>,
}

/// What the beneficiary tells a payment by: one of the two.
#[derive(Clone, Copy, Debug)]
pub enum Remittance<'a> {
    /// A creditor reference (ISO 11649).
    Reference(&'a str),
    /// A text of at most 140 characters.
    Text(&'a str),
}

/// Characters of the name, of a text, and bytes of all.
const NAME: usize = 70;
const TEXT: usize = 140;
const BYTES: usize = 331;

/// The largest amount, in cents.
const CENTS_MAX: i64 = 99_999_999_999;

/// The countries of the European Economic Area, whose banks need no BIC.
const AREA: &[&str] = &[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS",
    "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// The other countries of the SEPA schemes (EPC409-09).
const BEYOND: &[&str] = &["AD", "AL", "CH", "GB", "GI", "MC", "MD", "ME", "MK", "RS", "SM", "VA"];

impl Transfer<'_> {
    /// What the code says. The beneficiary's name, in the characters that every bank takes, is
    /// shortened where it is longer than the standard lets it be.
    ///
    /// # Errors
    /// [`NoCode`].
    pub fn payload(&self) -> Result<Payload, NoCode> {
        if self.amount.currency != Currency::EUR || !(1..=CENTS_MAX).contains(&self.amount.minor) {
            return Err(NoCode::Amount);
        }
        let account = iban(self.iban).map_err(|_| NoCode::Account)?;
        let bic = self.bic_of(&account)?;
        let (reference, text) = self.remittance()?;
        let amount = format!("EUR{}", self.amount.decimal());
        let around = [bic.as_str(), &account, &amount, &reference, &text];
        let taken: usize = around.iter().map(|it| it.len()).sum();
        // "BCD", "002", "1", "SCT", and ten line feeds.
        let room = BYTES.saturating_sub(taken).saturating_sub(20);
        let name = latin(&on_one_line(self.name)).ok_or(NoCode::Characters)?;
        let short = beginning(&name, NAME, room);
        if short.is_empty() {
            return Err(NoCode::Characters);
        }
        let lines =
            ["BCD", "002", "1", "SCT", &bic, short, &account, &amount, "", &reference, &text];
        // Nothing stands behind the last line that says something.
        let text = lines.join("\n").trim_end_matches('\n').to_owned();
        Ok(Payload { text, shortened: short != name })
    }

    fn bic_of(&self, account: &str) -> Result<String, NoCode> {
        let country = account.get(..2).unwrap_or_default();
        if AREA.contains(&country) {
            return Ok(String::new());
        }
        let bic = self.bic.map(str::to_ascii_uppercase).filter(|bic| is_bic(bic));
        bic.filter(|_| BEYOND.contains(&country)).ok_or(NoCode::Account)
    }

    fn remittance(&self) -> Result<(String, String), NoCode> {
        match self.remittance {
            Remittance::Reference(text) => {
                let reference = rf(text).map_err(|_| NoCode::Characters)?;
                Ok((reference, String::new()))
            }
            Remittance::Text(text) => {
                let text = latin(&on_one_line(text)).ok_or(NoCode::Characters)?;
                // A part of a text could name something else.
                if text.chars().count() > TEXT {
                    Err(NoCode::Size)
                } else {
                    Ok((String::new(), text))
                }
            }
        }
    }
}

/// Whether it has the form of a BIC (ISO 9362): 4 letters, a country, 2 or 5 characters more.
fn is_bic(text: &str) -> bool {
    let is_letter = |b: &u8| b.is_ascii_uppercase();
    matches!(text.len(), 8 | 11)
        && text.bytes().take(6).all(|b| is_letter(&b))
        && text.bytes().all(|b| is_letter(&b) || b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use abono_domain::reference::rf_of;
    use proptest::prelude::*;

    const TRANSFER: Transfer<'_> = Transfer {
        name: "Línea Norte Telecomunicaciones, S.A.",
        iban: "ES72 9999 0039 2800 0123 4567",
        bic: None,
        amount: Money::new(1_230, Currency::EUR),
        remittance: Remittance::Reference("RF18539007547034"),
    };

    #[test]
    fn a_transfer_is_ten_lines_up_to_its_reference() {
        let payload = TRANSFER.payload().expect("a payload");
        assert_eq!(
            payload.text,
            "BCD\n002\n1\nSCT\n\nLinea Norte Telecomunicaciones, S.A.\nES7299990039280001234567\n\
             EUR12.30\n\nRF18539007547034"
        );
        let text = Transfer { remittance: Remittance::Text("LN-P-104"), ..TRANSFER };
        let text = text.payload().expect("a payload").text;
        assert!(text.ends_with("\nEUR12.30\n\n\nLN-P-104"), "{text}");
    }

    #[test]
    fn only_euro_to_accounts_of_the_area_have_a_code() {
        let refused = |transfer: Transfer<'_>| transfer.payload().expect_err("refused");
        for amount in [
            Money::new(1_230, Currency::RUB),
            Money::new(0, Currency::EUR),
            Money::new(CENTS_MAX + 1, Currency::EUR),
        ] {
            assert_eq!(refused(Transfer { amount, ..TRANSFER }), NoCode::Amount);
        }
        let swiss = Transfer { iban: "CH9300762011623852957", ..TRANSFER };
        assert_eq!(refused(swiss), NoCode::Account);
        assert_eq!(refused(Transfer { bic: Some("9999"), ..swiss }), NoCode::Account);
        let payload = Transfer { bic: Some("UBSWCHZH80A"), ..swiss }.payload().expect("a payload");
        assert_eq!(payload.text.lines().nth(4), Some("UBSWCHZH80A"));
        // Turkey has IBANs, and is no part of SEPA.
        let turkish = Transfer { iban: "TR330006100519786457841326", ..TRANSFER };
        assert_eq!(refused(Transfer { bic: Some("AKBKTRISXXX"), ..turkish }), NoCode::Account);
        assert_eq!(refused(Transfer { iban: "DE1", ..TRANSFER }), NoCode::Account);
        for name in ["\n", "Αθήνα"] {
            assert_eq!(refused(Transfer { name, ..TRANSFER }), NoCode::Characters);
        }
        let long = "x".repeat(TEXT + 1);
        let long = Transfer { remittance: Remittance::Text(&long), ..TRANSFER };
        assert_eq!(refused(long), NoCode::Size);
    }

    proptest! {
        #[test]
        fn any_payload_reads_back_within_the_limits(
            name in "[A-Za-zÀ-ÖØ-öø-ÿ0-9 &«».,|=\n-]{1,300}", cents in 1..=CENTS_MAX,
            base in "[0-9A-Z]{1,21}",
            text in prop::option::of("[A-Za-zÀ-ÖØ-ö0-9 №_\n-]{1,140}"),
        ) {
            let reference = rf_of(&base).expect("a reference");
            let remittance = match &text {
                Some(text) => Remittance::Text(text),
                None => Remittance::Reference(&reference),
            };
            let amount = Money::new(cents, Currency::EUR);
            let payload = (Transfer { name: &name, amount, remittance, ..TRANSFER }).payload();
            let said = |text: &str| latin(&on_one_line(text));
            let name = said(&name).unwrap_or_default();
            let text = text.as_deref().map(said);
            let Ok(payload) = payload else {
                prop_assert!(name.is_empty() || text == Some(None));
                return Ok(());
            };
            prop_assert!(payload.text.len() <= BYTES);
            let lines: Vec<&str> = payload.text.split('\n').collect();
            prop_assert_eq!(&lines[..5], ["BCD", "002", "1", "SCT", ""]);
            prop_assert!(name.starts_with(lines[5]) && lines[5].chars().count() <= NAME);
            prop_assert_eq!(payload.shortened, lines[5] != name);
            prop_assert_eq!(lines[6], "ES7299990039280001234567");
            let read = Money::parse(lines[7].strip_prefix("EUR").expect("euro"), Currency::EUR);
            prop_assert_eq!(read, Ok(amount));
            match text {
                None => prop_assert_eq!(&lines[8..], ["", reference.as_str()]),
                Some(text) => {
                    let text = text.unwrap_or_default();
                    let expected = ["", "", text.as_str()];
                    prop_assert_eq!(&lines[8..], if text.is_empty() { &[] } else { &expected[..] });
                }
            }
        }
    }
}
