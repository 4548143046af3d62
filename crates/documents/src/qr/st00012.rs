//! The payment order of a Russian QR code: GOST R 56042-2014, in UTF-8 (`ST00012`).

use super::{NoCode, Payload};
use crate::shorten::{beginning, on_one_line};

/// What is to be paid, to whom and what for.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The payee.
    pub name: &'a str,
    /// Its account, 20 digits.
    pub account: &'a str,
    /// The name of its bank.
    pub bank_name: &'a str,
    /// The code of its bank, 9 digits.
    pub bik: &'a str,
    /// The bank's own account at the Bank of Russia; offices of that have none.
    pub correspondent_account: Option<&'a str>,
    /// The payee's INN.
    pub payee_inn: &'a str,
    /// The payee's KPP; a person has none.
    pub kpp: Option<&'a str>,
    /// The payer's INN, where it has one.
    pub payer_inn: Option<&'a str>,
    /// How many kopecks.
    pub kopecks: i64,
    /// What for.
    pub purpose: &'a str,
}

/// Characters of the payee's name, the bank's name and the purpose.
const NAME: usize = 160;
const BANK_NAME: usize = 45;
/// The same limit as in a payment order (Bank of Russia regulation 762-P).
pub const PURPOSE: usize = 210;

/// Bytes of everything up to and with the mandatory values.
const MANDATORY: usize = 300;

/// The largest sum: 18 digits of kopecks.
const KOPECKS_MAX: i64 = 999_999_999_999_999_999;

/// What may stand between two values, the usual one first: it must stand in none of them.
const SEPARATORS: &[char] = &['|', '^', '~', '`', '_', '@', '$', '&', '*', '#', ';', '\\', '%'];

impl Order<'_> {
    /// What the code says. The bank's name is shortened where it is longer than the standard lets
    /// it be, then the payee's: account, BIK and INN say who is meant.
    ///
    /// # Errors
    /// [`NoCode`].
    pub fn payload(&self) -> Result<Payload, NoCode> {
        if !(1..=KOPECKS_MAX).contains(&self.kopecks) {
            return Err(NoCode::Amount);
        }
        let (mandatory, shortened) = self.mandatory();
        if mandatory.iter().any(|(_, value)| value.is_empty()) {
            return Err(NoCode::Characters);
        }
        let kopecks = self.kopecks.to_string();
        let purpose = on_one_line(self.purpose);
        let mut values = mandatory;
        for (key, value) in [
            ("Sum", Some(kopecks.as_str())),
            ("Purpose", Some(beginning(&purpose, PURPOSE, usize::MAX))),
            ("PayeeINN", Some(self.payee_inn)),
            ("KPP", self.kpp),
            ("PayerINN", self.payer_inn),
        ] {
            values.extend(value.map(|value| (key, on_one_line(value))));
        }
        values.retain(|(_, value)| !value.is_empty());
        let is_free = |it: &&char| values.iter().all(|(_, value)| !value.contains(**it));
        let separator = SEPARATORS.iter().find(is_free).ok_or(NoCode::Characters)?;
        let mut text = "ST00012".to_owned();
        for (key, value) in &values {
            text.push_str(&format!("{separator}{key}={value}"));
        }
        Ok(Payload { text, shortened })
    }

    /// The mandatory values in their order, and whether a name of them was shortened.
    fn mandatory(&self) -> (Vec<(&'static str, String)>, bool) {
        let (name, bank) = (on_one_line(self.name), on_one_line(self.bank_name));
        let bank_name = beginning(&bank, BANK_NAME, usize::MAX);
        let correspondent = self.correspondent_account.unwrap_or("0");
        let others = [
            ("PersonalAcc", self.account),
            ("BankName", bank_name),
            ("BIC", self.bik),
            ("CorrespAcc", correspondent),
        ];
        // Each value comes with its key, a separator of one byte and the sign between.
        let bytes = |(key, value): (&str, &str)| key.len().saturating_add(value.len());
        let taken: usize = others.into_iter().map(|it| bytes(it).saturating_add(2)).sum();
        let taken = taken.saturating_add("ST00012|Name=".len());
        let short = beginning(&name, NAME, MANDATORY.saturating_sub(taken));
        let shortened = short != name || bank_name != bank;
        let mut values = vec![("Name", short.to_owned())];
        values.extend(others.map(|(key, value)| (key, on_one_line(value))));
        (values, shortened)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ORDER: Order<'_> = Order {
        name: "ООО «Касса Онлайн»",
        account: "40702810900000000025",
        bank_name: "АО «Пример Банк», Москва",
        bik: "044514512",
        correspondent_account: None,
        payee_inn: "7716450028",
        kpp: Some("771601001"),
        payer_inn: Some("7724051595"),
        kopecks: 1_000_000,
        purpose: "Оплата по счету № 104 от 20.11.2026. В т.ч. НДС 22% - 1803-28",
    };

    /// Reads a payload back as a bank does: the separator is the character behind the mark.
    fn read(payload: &str) -> Vec<(String, String)> {
        let rest = payload.strip_prefix("ST00012").expect("the mark");
        let separator = rest.chars().next().expect("a separator");
        let values = rest.split(separator).skip(1);
        let pair = |value: &str| {
            let (key, value) = value.split_once('=').expect("a key");
            (key.to_owned(), value.to_owned())
        };
        values.map(pair).collect()
    }

    fn of(values: &[(String, String)], key: &str) -> Option<String> {
        values.iter().find(|it| it.0 == key).map(|it| it.1.clone())
    }

    #[test]
    fn mandatory_values_come_first_and_the_sum_is_in_kopecks() {
        let payload = ORDER.payload().expect("a payload");
        assert!(!payload.shortened);
        assert_eq!(
            payload.text,
            "ST00012|Name=ООО «Касса Онлайн»|PersonalAcc=40702810900000000025\
             |BankName=АО «Пример Банк», Москва|BIC=044514512|CorrespAcc=0|Sum=1000000\
             |Purpose=Оплата по счету № 104 от 20.11.2026. В т.ч. НДС 22% - 1803-28\
             |PayeeINN=7716450028|KPP=771601001|PayerINN=7724051595"
        );
    }

    #[test]
    fn a_separator_is_never_a_character_of_a_value() {
        let order = Order { name: "A|B ^ C", purpose: "~=\n`", ..ORDER };
        let payload = order.payload().expect("a payload");
        assert!(payload.text.starts_with("ST00012_Name=A|B ^ C_PersonalAcc="), "{}", payload.text);
        let all: String = SEPARATORS.iter().collect();
        let none = Order { purpose: &all, ..ORDER }.payload();
        assert_eq!(none, Err(NoCode::Characters));
    }

    #[test]
    fn what_can_not_be_paid_has_no_code() {
        for kopecks in [0, -1, KOPECKS_MAX + 1, i64::MAX] {
            assert_eq!(Order { kopecks, ..ORDER }.payload(), Err(NoCode::Amount));
        }
    }

    proptest! {
        #[test]
        fn any_payload_reads_back_within_the_limits(
            name in "[А-Яа-я «»\"|=\n]{1,300}", bank_name in "\\PC{1,300}",
            purpose in "[А-Яа-я0-9 №.,%|^-]{0,300}", kopecks in 1..=KOPECKS_MAX,
            correspondent_account in prop::option::of(Just("30101810400000000225")),
        ) {
            let (name, bank_name) = (name.as_str(), bank_name.as_str());
            let purpose = purpose.as_str();
            let order =
                Order { name, bank_name, purpose, kopecks, correspondent_account, ..ORDER };
            let Ok(payload) = order.payload() else {
                let is_empty = |text: &str| on_one_line(text).is_empty();
                let has_all = |it: &&char| format!("{name}{bank_name}{purpose}").contains(**it);
                let without = is_empty(name) || is_empty(bank_name);
                prop_assert!(without || SEPARATORS.iter().filter(has_all).count() > 9);
                return Ok(());
            };
            let values = read(&payload.text);
            let keys: Vec<&str> = values.iter().map(|it| it.0.as_str()).collect();
            let name = on_one_line(name);
            prop_assert_eq!(
                &keys[..6],
                ["Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc", "Sum"]
            );
            let short = of(&values, "Name").unwrap_or_default();
            prop_assert!(name.starts_with(&short) && short.chars().count() <= NAME);
            let bank = of(&values, "BankName").unwrap_or_default();
            prop_assert!(bank.chars().count() <= BANK_NAME);
            let whole = short == name && bank == on_one_line(bank_name);
            prop_assert_eq!(payload.shortened, !whole);
            let purpose = of(&values, "Purpose").unwrap_or_default();
            prop_assert!(purpose.chars().count() <= PURPOSE);
            prop_assert_eq!(of(&values, "Sum"), Some(kopecks.to_string()));
            prop_assert_eq!(of(&values, "PersonalAcc"), Some(ORDER.account.to_owned()));
            prop_assert_eq!(of(&values, "PayeeINN"), Some(ORDER.payee_inn.to_owned()));
            let mandatory = payload.text.find("Sum=").expect("a sum");
            prop_assert!(mandatory - 1 <= MANDATORY, "{mandatory}");
        }
    }
}
