//! Paying by bank transfer: the request as it is printed, and what the link says once money came.

use crate::browser;
use crate::shop::{Shop, must_say_paid};
use crate::support::must;
use abono_testkit::browser::{Options, Page};

#[test]
fn a_request_is_printed_and_paid_by_transfer() {
    let Some(browser) = browser() else { return };
    let shop = Shop::open();
    let page = browser.page(Options::default());
    page.open(&shop.link("transaction"));
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("ru"));
    let text = page.text("body");
    for expected in [shop.number(), "990,00", "Девятьсот девяносто рублей 00 копеек"]
    {
        assert!(text.contains(expected), "{expected} is missing:\n{text}");
    }
    let code = page.evaluate("document.querySelector('svg title').textContent");
    assert!(code.as_str().is_some_and(|it| it.starts_with("ST00012|")), "{code}");
    shop.must_be_unpaid();

    let pay = ["payment", "record", "--invoice", shop.number(), "--amount", "990.00"];
    must(&shop.database, &[&pay[..], &["--currency", "RUB"]].concat());
    page.open(&shop.link("transaction"));
    assert_eq!(page.count("svg"), 0, "what is paid shows no way to pay");
    page.open(&shop.link_in("card", "en"));
    must_say_paid(&page);
    shop.must_be_paid();
    shop.must_be_sound(&page);
}

#[test]
fn on_paper_it_is_a4_with_nothing_to_click() {
    let Some(browser) = browser() else { return };
    let shop = Shop::open();
    let page = browser.page(Options::default());
    for kind in ["transaction", "card"] {
        page.open(&shop.link(kind));
        if kind == "transaction" {
            must_be_a4(&page, &page.pdf());
        }
        page.emulate_print(true);
        let clickable = "[...document.querySelectorAll('button, input, select, nav, form')]";
        let shown =
            page.evaluate(&format!("{clickable}.filter(it => it.checkVisibility()).length"));
        assert_eq!(shown, 0, "what can't be clicked is printed from the link for {kind}");
        assert!(page.text("body").contains(shop.number()));
        page.emulate_print(false);
    }
    shop.must_be_sound(&page);
}

fn must_be_a4(page: &Page<'_>, pdf: &[u8]) {
    let text = String::from_utf8_lossy(pdf);
    assert!(text.starts_with("%PDF-") && pdf.len() > 5_000, "{} bytes", pdf.len());
    // The request itself, and a sheet that explains its figures.
    let boxes: Vec<&str> = text.split("/MediaBox").skip(1).collect();
    assert!((1..=2).contains(&boxes.len()), "{} prints on {} sheets", page.url(), boxes.len());
    for sheet in boxes {
        let numbers = sheet.split([' ', '[', ']', '\n']).filter_map(|it| it.parse::<f64>().ok());
        let points: Vec<u64> = numbers.take(4).map(|it| it.round() as u64).collect();
        assert_eq!(points, [0, 0, 595, 842], "{} isn't printed on A4", page.url());
    }
}
