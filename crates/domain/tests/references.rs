//! Reference numbers against known values, and what a single mistyped digit does.

use abono_domain::reference::se::{self, OcrLevel};
use abono_domain::reference::{
    BankAccount, Bik, Inn, Kpp, Ogrn, ReferenceKind, account_key_is_right, iban, rf_of,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

const TABLE: &str = include_str!("data/references.tsv");

/// What the library says of a row: `yes`, `no`, or what it generates.
fn judged(kind: &str, value: &str) -> String {
    let verdict = |normal: Result<String, _>| if normal.is_ok() { "yes" } else { "no" }.to_owned();
    match kind {
        "se_ocr_soft" | "se_ocr_hard" => verdict(se::ocr(value, OcrLevel::Hard)),
        "se_ocr_variable" => verdict(se::ocr(value, OcrLevel::Variable)),
        "se_ocr_of_hard" => se::ocr_of(value, OcrLevel::Hard).expect("a reference"),
        "se_ocr_of_variable" => se::ocr_of(value, OcrLevel::Variable).expect("a reference"),
        "rf_of" => rf_of(value).expect("a reference"),
        other => {
            let kind = ReferenceKind::parse(other).expect("a kind that is tested");
            verdict(kind.normal(value))
        }
    }
}

fn key_is_right(bik: &str, account: &str) -> bool {
    match (Bik::parse(bik), BankAccount::parse(account)) {
        (Ok(bik), Ok(account)) => account_key_is_right(&bik, &account),
        (Err(_), _) | (_, Err(_)) => false,
    }
}

#[test]
fn every_known_value_is_judged_right() {
    let mut rows = BTreeMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let [kind, value, expected, source] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not four columns: {line}");
        };
        assert_eq!(judged(kind, value), expected, "{kind} {value}: {source}");
        *rows.entry(kind).or_insert(0) += 1;
    }
    for kind in ReferenceKind::ALL {
        let of_kind = rows.iter().filter(|(name, _)| name.starts_with(kind.as_str()));
        let count: u32 = of_kind.map(|(_, count)| count).sum();
        assert!(count > 1, "no rows of {}", kind.as_str());
    }
}

/// `body` and its check digits, found by trying them all: a scheme has exactly one that fits.
fn completed(body: &str, checks: u32, is_valid: impl Fn(&str) -> bool) -> String {
    let width = checks as usize;
    let mut fitting = (0..10_u32.pow(checks))
        .map(|check| format!("{body}{check:0width$}"))
        .filter(|text| is_valid(text));
    let found = fitting.next().expect("some check digit fits");
    assert_eq!(fitting.next(), None, "two check digits fit {body}");
    found
}

/// `text` with the digit at `at` raised by `by`, round the clock.
fn mistyped(text: &str, at: usize, by: u32) -> String {
    let digit = |(i, c): (usize, char)| {
        let raised = c.to_digit(10).map(|d| (d + by) % 10).and_then(|d| char::from_digit(d, 10));
        if i == at { raised.expect("digit") } else { c }
    };
    text.chars().enumerate().map(digit).collect()
}

proptest! {
    /// Remainders 0 and 10 share the check digit 0; any other stands for one remainder, and a
    /// changed digit always changes the remainder.
    #[test]
    fn a_mistyped_digit_of_an_organisations_inn_is_refused(
        body in "[1-9][0-9]{8}", at in 0_usize..10, by in 1_u32..10,
    ) {
        let inn = completed(&body, 1, |text| Inn::parse(text).is_ok());
        if !inn.ends_with('0') || at == 9 {
            prop_assert!(Inn::parse(&mistyped(&inn, at, by)).is_err(), "{}", inn);
        }
    }

    /// With two check digits, one that isn't 0 is enough.
    #[test]
    fn a_mistyped_digit_of_a_persons_inn_is_refused(
        body in "[1-9][0-9]{9}", at in 0_usize..12, by in 1_u32..10,
    ) {
        let inn = completed(&body, 2, |text| Inn::parse(text).is_ok());
        if !inn.ends_with("00") || at >= 10 {
            prop_assert!(Inn::parse(&mistyped(&inn, at, by)).is_err(), "{}", inn);
        }
    }

    #[test]
    fn a_mistyped_digit_of_an_organisations_ogrn_is_refused(
        body in "[15][0-9]{11}", at in 0_usize..13, by in 1_u32..10,
    ) {
        let ogrn = completed(&body, 1, |text| Ogrn::parse(text).is_ok());
        if !ogrn.ends_with('0') || at == 12 {
            prop_assert!(Ogrn::parse(&mistyped(&ogrn, at, by)).is_err(), "{}", ogrn);
        }
    }

    /// Modulo 13 the check digits 0, 1 and 2 stand for two remainders each.
    #[test]
    fn a_mistyped_digit_of_a_sole_traders_ogrn_is_refused(
        body in "3[0-9]{13}", at in 0_usize..15, by in 1_u32..10,
    ) {
        let ogrn = completed(&body, 1, |text| Ogrn::parse(text).is_ok());
        if !ogrn.ends_with(['0', '1', '2']) || at == 14 {
            prop_assert!(Ogrn::parse(&mistyped(&ogrn, at, by)).is_err(), "{}", ogrn);
        }
    }

    /// The weights 7, 1 and 3 have no divisor in common with 10, so the key catches every single
    /// digit. Not in the first five: they also say who keeps the account.
    #[test]
    fn a_mistyped_digit_of_an_account_makes_the_key_wrong(
        bik in "04[0-9]{4}[1-9][0-9]{2}", client in "407028100[0-9]{11}",
        at in 5_usize..20, by in 1_u32..10,
    ) {
        let keys = (0..10).map(|key| mistyped(&client, 8, key));
        let right: Vec<_> = keys.filter(|account| key_is_right(&bik, account)).collect();
        prop_assert_eq!(right.len(), 1);
        prop_assert!(!key_is_right(&bik, &mistyped(&right[0], at, by)));
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in "\\PC{0,22}") {
        let _ = (Inn::parse(&text), Kpp::parse(&text), Ogrn::parse(&text));
        let _ = key_is_right(&text, &text);
        let _ = key_is_right("044525225", &text);
    }

    /// Modulo 97 finds every single digit; in Spain the account's own check digits are there too.
    #[test]
    fn a_mistyped_digit_of_an_iban_is_refused(
        body in "[0-9]{18}", at in 2_usize..22, by in 1_u32..10,
    ) {
        let of = |check: u32| format!("DE{check:02}{body}");
        let right: Vec<_> = (0..100).map(of).filter(|text| iban(text).is_ok()).collect();
        prop_assert_eq!(right.len(), 1);
        prop_assert!(iban(&mistyped(&right[0], at, by)).is_err());
    }
}
