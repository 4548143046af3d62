//! The printed payment request of four countries, word by word and code by code.

use crate::made::codes::{between, codes, unescaped};
use crate::made::{Made, plain, russian, spanish, swedish};
use abono_documents::locale::Locale;
use abono_domain::document::{DocumentKind, DocumentStatus, Line};
use abono_domain::money::{Currency, Money};
use abono_domain::reference::ReferenceKind;
use abono_domain::tax::{LineTax, TaxCategory, TaxRate};
use std::path::Path;

/// Compares a page with the file of its name. Where they differ, what came out is kept beside the
/// build, to be looked at and copied.
fn is_as_expected(made: &Made, name: &str) {
    let html = made.html();
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected").join(name);
    let found = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if std::fs::read_to_string(&expected).is_ok_and(|expected| expected == html) {
        return;
    }
    std::fs::write(&found, &html).expect("the folder of the build");
    panic!("{} is not what {} says", found.display(), expected.display());
}

#[test]
fn a_russian_request_is_printed_as_expected() {
    is_as_expected(&russian(), "russian.html");
}

#[test]
fn a_swedish_request_is_printed_as_expected() {
    is_as_expected(&swedish(), "swedish.html");
}

#[test]
fn a_euro_request_is_printed_as_expected() {
    is_as_expected(&spanish(), "euro.html");
}

#[test]
fn a_request_without_any_standard_is_printed_as_expected() {
    is_as_expected(&plain(), "plain.html");
}

/// The text of a page without its marks.
fn text(html: &str) -> String {
    let body = between(html, "<body>", "</body>");
    let parts = body.split('<').map(|part| part.split_once('>').map_or(part, |it| it.1));
    let text = unescaped(&parts.collect::<Vec<_>>().join(" ")).replace('\u{a0}', " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_russian_code_asks_for_what_is_due_in_kopecks() {
    let html = russian().html();
    let codes = codes(&html);
    let [code] = codes.as_slice() else { panic!("one code is expected") };
    // 29,700.00 less 10 % is 26,730.00; less the balance of 730.00 it is 26,000.00, in which
    // 26,000 x 22 / 122 = 4,688.52 are tax.
    assert_eq!(
        code.title,
        "ST00012|Name=ООО «Касса Онлайн»|PersonalAcc=40702810138250123017\
         |BankName=ПАО «Пример Банк», г. Москва|BIC=044525225|CorrespAcc=30101810400000000225\
         |Sum=2600000|Purpose=Оплата по счету № КО-104 от 20.11.2026 (Касса, Старт). \
         В т.ч. НДС 22% - 4688-52|PayeeINN=7716450028|KPP=771601001|PayerINN=7724051595"
    );
    assert_eq!((&code.read, code.level), (&code.title, 0));
    let text = text(&html);
    for part in [
        "Двадцать шесть тысяч рублей 00 копеек",
        "в том числе НДС 22 % 4 820,16 руб.",
        "С вашего баланса -730,00 руб.",
        "Всего к оплате 26 000,00 руб.",
        "скидка Скидка новичкам: -2 970,00 руб.",
        "цена по прайс-листу: 11 880,00 руб. цена за полный период: 3 × 9 900,00 руб.",
        "Всего наименований 1, на сумму 26 730,00 руб.",
        "Последний день оплаты: 27 ноября 2026 г.",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_swedish_request_has_a_bankgiro_and_a_reference_that_holds() {
    let html = swedish().html();
    assert!(codes(&html).is_empty());
    let text = text(&html);
    // 1104 is the request 104; the sixth digit says six, and Luhn over 11046 is 0.
    assert!(text.contains("Bankgiro 5283-9149 OCR 110460"), "{text}");
    assert_eq!(ReferenceKind::SeOcr.normal("110460").as_deref(), Ok("110460"));
    assert!(text.contains("pris för en hel period: 25 × 149,00 kr"), "{text}");
    assert!(text.contains("tillkommer Moms 25 %: 931,25 kr"), "{text}");
    assert!(text.contains("Att betala nu 4 656,25 kr"), "{text}");
}

#[test]
fn a_euro_code_is_a_sepa_transfer_with_a_creditor_reference() {
    let html = spanish().html();
    let codes = codes(&html);
    let [code] = codes.as_slice() else { panic!("one code is expected") };
    assert_eq!(
        code.title,
        "BCD\n002\n1\nSCT\n\nLinea Norte Telecomunicaciones, S.A.\nES7299990039280001234567\n\
         EUR3440.61\n\nRF32P104"
    );
    assert_eq!((&code.read, code.level), (&code.title, 0));
    assert!(code.version <= 13);
    assert_eq!(ReferenceKind::Rf.normal("RF32 P104").as_deref(), Ok("RF32P104"));
    let text = text(&html);
    for part in [
        "IBAN ES72 9999 0039 2800 0123 4567",
        "Referencia RF32 P104",
        "lo pagado por LN-P-98: 1089,00 €",
        "16 de 92 días, 20 de noviembre de 2026 – 5 de diciembre de 2026",
        "A pagar ahora 3440,61 €",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_request_in_another_currency_never_has_a_code_of_another_standard() {
    let mut made = spanish();
    let (eur, usd) = (Currency::EUR, "USD".parse().expect("a currency"));
    let document = &mut made.view.document;
    document.lines.truncate(1);
    for amount in document
        .lines
        .iter_mut()
        .flat_map(|it| [&mut it.unit_price, &mut it.subtotal, &mut it.tax_added, &mut it.total])
    {
        assert_eq!(amount.currency, eur);
        amount.currency = usd;
    }
    document.total.currency = usd;
    made.view.state.paid.currency = usd;
    made.credit.currency = usd;
    made.add_up();
    let html = made.html();
    assert!(codes(&html).is_empty());
    let text = text(&html);
    assert!(text.contains("IBAN ES72") && text.contains("Referencia LN-P-104"), "{text}");
}

#[test]
fn an_account_in_another_currency_is_not_offered_as_one_in_roubles() {
    let mut made = russian();
    made.issuer().bank_accounts[0].account = "40702840438250123017".to_owned();
    assert!(codes(&made.html()).is_empty());
    made.issuer().bank_accounts.clear();
    let text = text(&made.html());
    assert!(text.contains("Поставщик не указал банковского счёта"), "{text}");
}

#[test]
fn the_first_account_that_takes_the_currency_is_printed() {
    let mut made = spanish();
    let iban = made.issuer().bank_accounts[0].clone();
    let giro = abono_domain::seller::BankAccount {
        bank_code: "Bankgiro".to_owned(),
        account: "5283-9149".to_owned(),
        ..iban.clone()
    };
    made.issuer().bank_accounts = vec![giro, iban];
    let html = made.html();
    assert_eq!(codes(&html).len(), 1);
    assert!(!text(&html).contains("5283"));
}

#[test]
fn what_is_not_to_be_paid_says_so_and_shows_no_way_to_pay() {
    for (status, part) in [
        (DocumentStatus::Paid, "Оплачен."),
        (DocumentStatus::Canceled, "Отменён."),
        (DocumentStatus::Refunded, "Деньги возвращены."),
    ] {
        let mut made = russian();
        made.view.state.status = status;
        let html = made.html();
        assert!(text(&html).contains(part) && codes(&html).is_empty(), "{part}");
        assert!(!html.contains("40702810"), "{part}");
        assert!(text(&html).contains("Всего к оплате 0,00 руб."), "{part}");
    }
    let mut covered = russian();
    covered.credit = covered.view.document.total;
    assert!(text(&covered.html()).contains("Сумму счёта покрывает ваш баланс."));
}

#[test]
fn what_was_paid_is_no_longer_asked_for() {
    let mut made = russian();
    made.view.state.paid.minor = 600_000;
    let text = text(&made.html());
    assert!(text.contains("Уже оплачено -6 000,00 руб."), "{text}");
    assert!(text.contains("Всего к оплате 20 000,00 руб."), "{text}");
    made.credit = Money::new(1, Currency::EUR);
    assert!(made.print().is_err(), "credit of another currency");
    made.view.document.kind = DocumentKind::Invoice;
    assert!(made.print().is_err(), "an invoice is no request");
}

#[test]
fn every_language_prints_every_request() {
    for made in [russian(), swedish(), spanish(), plain()] {
        let codes_of = codes(&made.html());
        for locale in Locale::ALL {
            let html = Made { locale, ..made.clone() }.html();
            assert!(html.contains(&format!("<html lang=\"{}\">", locale.as_str())));
            let titles = |codes: &[crate::made::codes::Code]| {
                codes.iter().map(|it| it.title.clone()).collect::<Vec<_>>()
            };
            // What a bank reads is the same in every language of the page.
            assert_eq!(titles(&codes(&html)), titles(&codes_of));
        }
    }
}

#[test]
fn what_is_not_taxed_says_why_and_names_no_rate() {
    let text = text(&plain().html());
    for part in ["VAT: Exempt from VAT", "Total USD 86.38 Exempt from VAT –"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let untaxed = LineTax { category: TaxCategory::OutsideScope, rate: None };
    let mut made = russian();
    made.view.document.lines[0].tax = untaxed;
    made.add_up();
    let html = made.html();
    assert!(codes(&html)[0].title.contains("(Касса, Старт). НДС не облагается|"));
    assert!(!html.contains("в том числе НДС"));
}

#[test]
fn a_purpose_names_the_tax_of_each_rate() {
    let at = |percent| LineTax {
        category: TaxCategory::Standard,
        rate: Some(TaxRate::percent(percent)),
    };
    let purpose = |made: &Made| {
        let title = codes(&made.html()).remove(0).title;
        between(&title, "Purpose=Оплата по счету № КО-104 от 20.11.2026 (Касса, Старт). ", "|")
            .to_owned()
    };
    let mut made = russian();
    made.credit.minor = 0;
    let line = made.view.document.lines[0].clone();
    made.view.document.lines.push(Line { tax: at(10), ..line.clone() });
    made.add_up();
    // 26,730.00 x 10 / 110 = 2,430.00.
    assert_eq!(purpose(&made), "В т.ч. НДС 10% - 2430-00, НДС 22% - 4820-16");
    made.credit.minor = 1;
    assert_eq!(purpose(&made), "В т.ч. НДС по счету");
    made.credit.minor = 0;
    let credited = Money::new(-12_200, line.total.currency);
    made.view.document.lines[1] = Line { tax: at(20), total: credited, ..line };
    made.add_up();
    // 122.00 x 20 / 120 = 20.33 less than 4,820.16.
    assert_eq!(purpose(&made), "В т.ч. НДС - 4799-83");
}

#[test]
fn an_address_of_another_revision_is_not_printed() {
    let mut made = spanish();
    assert!(made.html().contains("Calle Mayor 1"));
    made.payer.revision += 1;
    assert!(!made.html().contains("Calle Mayor 1"));
}
