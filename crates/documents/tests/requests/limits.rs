//! What is long, many or hostile: it is printed whole, and runs no code.

use crate::made::codes::{between, codes};
use crate::made::{Made, plain, russian, spanish, swedish};
use abono_documents::payment_request::{ocr, rf};
use abono_domain::document::DocumentKind;
use abono_domain::money::{Currency, Money};
use abono_domain::reference::ReferenceKind;
use abono_domain::reference::se::{self, OcrLevel};
use abono_domain::seller::Seller;
use proptest::prelude::*;

const HOSTILE: &str = "</title></style><script>alert(1)</script>\" onload='x' & «Ж» |^~";

fn named(mut made: Made, name: &str) -> Made {
    made.issuer().identity.name = name.to_owned();
    made.issuer().identity.address = name.to_owned();
    for account in &mut made.issuer().bank_accounts {
        account.bank_name = name.to_owned();
    }
    made.payer.identity.name = name.to_owned();
    made.payer.identity.address = name.to_owned();
    made.view.document.payer = crate::made::snapshot(&made);
    for line in &mut made.view.document.lines {
        line.name = name.to_owned();
    }
    rename(&mut made.seller, name);
    made
}

fn rename(seller: &mut Seller, name: &str) {
    let catalogue = &mut seller.catalogue;
    let discounts = catalogue.discounts.iter_mut().map(|it| &mut it.names);
    let products = catalogue.products.iter_mut().map(|it| &mut it.names);
    for names in discounts.chain(products) {
        for text in names.0.values_mut() {
            *text = name.to_owned();
        }
    }
}

/// A page without its one style sheet.
fn outside_the_style(html: &str) -> String {
    let style = between(html, "<style>", "</style>");
    html.replace(style, "")
}

#[test]
fn a_page_is_one_file_without_scripts_and_everything_is_escaped() {
    for made in [russian(), swedish(), spanish(), plain()] {
        let html = named(made, HOSTILE).html();
        for mark in ["<script", "onload='", "style=\"", "src=", "href=", "url(", "@import", "http"]
        {
            assert!(!html.contains(mark), "{mark}");
        }
        assert_eq!(html.matches("<style>").count(), 1);
        assert!(outside_the_style(&html).contains("&#60;script&#62;alert(1)"));
        assert_eq!(html.matches("<main>").count(), 1);
    }
}

#[test]
fn a_hostile_name_stands_in_the_code_as_it_is() {
    let name = "A & B <c>, \"S.A.\" &amp; 'ЖЖ'";
    let code = &codes(&named(russian(), name).html())[0];
    assert!(code.title.starts_with(&format!("ST00012|Name={name}|PersonalAcc=")));
    assert_eq!(code.read, code.title);
    // A name in letters that not every bank takes has no code of the euro, and the page says so.
    let html = named(spanish(), name).html();
    assert!(codes(&html).is_empty() && html.contains("su norma no admite algunos caracteres"));
}

#[test]
fn long_names_and_a_hundred_positions_are_all_printed() {
    for made in [russian(), swedish(), spanish(), plain()] {
        for name in ["Ж".repeat(500), "слово ".repeat(83), "W".repeat(500)] {
            let mut made = named(made.clone(), name.trim_end());
            let line = made.view.document.lines[0].clone();
            made.view.document.lines = vec![line; 100];
            made.add_up();
            let html = made.html();
            assert_eq!(html.matches("<td class=\"n wide\">").count(), 100);
            assert!(html.matches(name.trim_end()).count() >= 104);
            for code in codes(&html) {
                assert_eq!((&code.read, code.level), (&code.title, 0));
                assert!(html.contains("class=\"note\""), "that the name is shortened is said");
            }
        }
    }
}

#[test]
fn the_largest_sum_has_no_code_and_says_why() {
    let largest = |mut made: Made| {
        let line = &mut made.view.document.lines[0];
        line.discounts.clear();
        line.total = Money::new(i64::MAX / 200, line.total.currency);
        line.subtotal = line.total;
        line.unit_price = line.total;
        line.quantity = 1;
        made.view.document.lines.truncate(1);
        made.add_up();
        made.html()
    };
    let html = largest(spanish());
    assert!(codes(&html).is_empty());
    assert!(html.contains("No hay código QR: su norma no admite este importe."));
    assert_eq!(codes(&largest(russian())).len(), 1);
}

proptest! {
    #[test]
    fn references_are_valid_and_read_back_to_one_document(number in 1..=i64::MAX) {
        let mut document = plain().view.document;
        document.issued.number = number;
        let mut seen = std::collections::BTreeSet::new();
        for kind in DocumentKind::ALL {
            document.kind = *kind;
            let (ocr, rf) = (ocr(&document).expect("an OCR"), rf(&document).expect("an RF"));
            prop_assert_eq!(se::ocr(&ocr, OcrLevel::Variable), Ok(ocr.clone()));
            prop_assert_eq!(ReferenceKind::Rf.normal(&rf), Ok(rf.clone()));
            let number = number.to_string();
            prop_assert_eq!(&ocr[1..ocr.len() - 2], number.as_str());
            prop_assert_eq!(&rf[5..], number.as_str());
            prop_assert!(seen.insert(ocr) && seen.insert(rf));
        }
    }
}

#[test]
fn a_number_too_long_for_a_reference_is_printed_as_it_is() {
    for (made, part) in [(swedish(), "Referens"), (spanish(), "Referencia")] {
        let mut made = made;
        made.view.document.issued.number = i64::MAX;
        made.view.document.series.year = "2026".to_owned();
        let html = made.html();
        let number = made.view.document.number();
        assert!(html.contains(&format!("<dt>{part}</dt><dd>{number}</dd>")), "{part}");
        for code in codes(&html) {
            assert!(code.title.ends_with(&format!("\n\n\n{number}")), "{}", code.title);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_code_of_a_page_reads_as_its_title(
        name in "[A-Za-zА-Яа-яÅÄÖåäö0-9 &«».,|=-]{1,300}", minor in 1_i64..=9_999_999_999,
    ) {
        for made in [russian(), spanish()] {
            let mut made = named(made, &name);
            made.credit.minor = 0;
            let line = &mut made.view.document.lines[0];
            line.total.minor = minor;
            made.view.document.lines.truncate(1);
            made.add_up();
            let html = made.html();
            prop_assume!(!name.trim().is_empty());
            let codes = codes(&html);
            let is_cyrillic = name.chars().any(|c| ('А'..='я').contains(&c));
            if made.view.document.total.currency == Currency::EUR && is_cyrillic {
                prop_assert!(codes.is_empty());
                continue;
            }
            prop_assert_eq!(codes.len(), 1);
            prop_assert_eq!(&codes[0].read, &codes[0].title);
            let sums = [
                format!("|Sum={minor}|"),
                format!("\nEUR{}.{:02}\n", minor / 100, minor % 100),
            ];
            let said = |sum: &String| codes[0].title.replace(['^', '~'], "|").contains(sum);
            prop_assert!(sums.iter().any(said), "{}", codes[0].title);
        }
    }
}
