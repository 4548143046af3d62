//! What each page of a link shows.

use crate::look::{check, forms, inside, texts};
use crate::shop::{Shop, standing};
use abono_documents::locale::Locale;
use abono_domain::document::DocumentStatus;
use abono_engine::checkout::{PayPage, PayStanding};
use abono_pages::page::{Notice, Visit, html};

const NO_BREAK: char = '\u{a0}';

/// Every way in which a link's document can stand.
async fn all(shop: &Shop) -> Vec<PayPage> {
    let payable = shop.page().await;
    let declined = Some("the card was declined".to_owned());
    shop.pay().await;
    let paid = shop.page().await;
    assert_eq!(paid.standing, PayStanding::Paid);
    assert_eq!(paid.printed.view.state.status, DocumentStatus::Paid);
    vec![
        standing(&payable, PayStanding::Payable { declined }),
        standing(
            &payable,
            PayStanding::Unknown { trouble: Some("a secret".to_owned()), is_open: true },
        ),
        standing(&payable, PayStanding::Unknown { trouble: None, is_open: false }),
        standing(&paid, PayStanding::Refunded),
        standing(&payable, PayStanding::Canceled),
        payable,
        paid,
    ]
}

#[tokio::test]
async fn every_page_is_small_closed_and_in_its_language() {
    let shop = Shop::open().await;
    for page in all(&shop).await {
        let pages = Locale::ALL.map(|locale| (locale, shop.html(&page, locale)));
        for (locale, html) in &pages {
            check(html, locale.as_str());
            assert!(!html.contains("a secret"), "what troubles us is nobody's business");
            let others = html.matches("<a href=\"?lang=").count();
            assert_eq!((others, html.matches("aria-current").count()), (3, 1));
        }
        let [(_, english), others @ ..] = &pages;
        let english = texts(english);
        for (locale, html) in others {
            // What is left in common are names and numbers.
            let same: Vec<_> = texts(html).intersection(&english).cloned().collect();
            for text in same {
                let is_data = ["Касса", "ООО", "Москва", "Europe/Moscow", "СЧ-1", "77", "10277"];
                let is_number = text.parse::<u64>().is_ok();
                let line = page.printed.view.document.lines[0].name == text;
                let named = is_data.iter().any(|it| text.contains(it));
                let taxes = ["INN", "KPP", "OGRN", "Total"].contains(&text.as_str());
                assert!(is_number || line || named || taxes, "{text:?} in {locale:?}");
            }
        }
    }
}

#[tokio::test]
async fn the_first_form_of_the_pay_page_pays() {
    let shop = Shop::open().await;
    let page = shop.page().await;
    for (locale, button) in [
        (Locale::English, "Pay RUB_990.00 by card"),
        (Locale::Russian, "Оплатить 990,00_руб. картой"),
        (Locale::Spanish, "Pagar 990,00_RUB con tarjeta"),
        (Locale::Swedish, "Betala 990,00_RUB med kort"),
    ] {
        let html = shop.html(&page, locale).replace(NO_BREAK, "_");
        let [form] = forms(&html)[..] else { panic!("one form is expected: {html}") };
        assert!(form.starts_with(&format!("method=\"post\" action=\"/pay/{}\">", shop.token)));
        assert_eq!(form.matches("<button ").count(), 1);
        assert!(form.contains(&format!("<button type=\"submit\">{button}</button>")), "{form}");
        let print = format!("<a href=\"/pay/{}/print?lang={}\">", shop.token, locale.as_str());
        assert!(html.contains(&print) && !html.contains("role=\"alert\""), "{html}");
    }
    let html = shop.html(&page, Locale::English).replace(NO_BREAK, " ");
    assert!(html.contains("<title>To be paid: Payment request No. СЧ-1</title>"), "{html}");
    for part in [
        "datetime=\"2026-02-06T21:00:00Z\">7 February 2026, 00:00</time></strong> (Europe/Moscow)",
        "<h3>Касса, Тариф basic</h3>",
        "<span>1 pc</span> <strong>RUB 990.00</strong>",
        "<dt>price for a whole period</dt><dd>1 × RUB 990.00</dd>",
        "<dt>including VAT 22%</dt><dd>RUB 178.52</dd>",
        "<p>ООО «Касса»</p>",
        "<p>ООО «first»</p>",
        "<summary>How the amounts come about</summary>\n<div lang=\"en\">\n<span",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[tokio::test]
async fn what_was_declined_says_why_and_that_nothing_was_charged() {
    let shop = Shop::open().await;
    let page = shop.page().await;
    let declined = PayStanding::Payable { declined: Some("the <b>card</b>".to_owned()) };
    let html = shop.html(&standing(&page, declined), Locale::English);
    let alert = inside(&html, "<div role=\"alert\"", "</div>");
    assert!(alert.contains("The payment did not go through"), "{alert}");
    assert!(alert.contains("<q lang=\"en\">the &#60;b&#62;card&#60;/b&#62;</q>"), "{alert}");
    assert!(alert.contains("Nothing was charged."), "{alert}");
    assert_eq!(forms(&html).len(), 1, "it can be tried again");
}

#[tokio::test]
async fn who_could_not_pay_just_now_reads_why() {
    let shop = Shop::open().await;
    let (page, token) = (&shop.page().await, shop.token.as_str());
    for (notice, title) in [
        (Notice::Refused, "The payment could not be started"),
        (Notice::NoCards, "Cards are not accepted here at present"),
    ] {
        let locale = Locale::English;
        let visit = Visit { page, token, locale, notice: Some(notice) };
        let html = html(&visit).expect("a page");
        assert!(inside(&html, "<div role=\"alert\"", "</div>").contains(title));
    }
}

#[tokio::test]
async fn the_page_of_what_nobody_knows_asks_again() {
    let shop = Shop::open().await;
    let page = shop.page().await;
    let html = |is_open| {
        let unknown = PayStanding::Unknown { trouble: None, is_open };
        shop.html(&standing(&page, unknown), Locale::English)
    };
    let open = html(true);
    let [ask, pay] = forms(&open)[..] else { panic!("two forms are expected: {open}") };
    assert!(ask.starts_with(&format!("method=\"post\" action=\"/pay/{}/ask\">", shop.token)));
    assert!(ask.contains(">Check again</button>"), "{ask}");
    assert!(pay.starts_with(&format!("method=\"post\" action=\"/pay/{}\">", shop.token)));
    assert!(pay.contains(">Go on to the card payment</button>"), "{pay}");
    let said = inside(&open, "<div role=\"status\"", "</div>");
    assert!(said.contains("It is not known yet whether the payment went through"), "{said}");
    assert!(said.contains("you are not charged twice"), "{said}");
    // What the provider may not have heard of can only be started again.
    assert_eq!(forms(&html(false)), [pay.replace(" class=\"second\"", "")]);
}

#[tokio::test]
async fn the_last_page_has_no_form_and_shows_the_licence() {
    let shop = Shop::open().await;
    shop.pay().await;
    let page = shop.page().await;
    for locale in Locale::ALL {
        assert!(forms(&shop.html(&page, locale)).is_empty());
    }
    let html = shop.html(&page, Locale::English).replace(NO_BREAK, " ");
    for part in [
        "<title>Paid: Payment request No. СЧ-1</title>",
        "<p class=\"amount\">RUB 990.00</p>",
        "<dt>Product</dt><dd>Point of sale</dd>",
        "<dt>Plan</dt><dd>Plan basic</dd>",
        "<dt>Quantity</dt><dd>1</dd>",
        "<dt>Active until</dt><dd><time datetime=\"2026-02-28T10:00:00Z\">28 February 2026, 13:00",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[tokio::test]
async fn what_is_over_asks_for_nothing() {
    let shop = Shop::open().await;
    let page = shop.page().await;
    for (end, said) in [
        (PayStanding::Canceled, "This request is no longer valid. There is nothing to pay."),
        (PayStanding::Refunded, "The payment went back. There is nothing to pay."),
    ] {
        let html = shop.html(&standing(&page, end), Locale::English);
        assert!(forms(&html).is_empty() && html.contains(said), "{html}");
        assert!(html.contains("There is no active licence."), "{html}");
    }
}

#[tokio::test]
async fn names_are_texts_whatever_they_are() {
    let shop = Shop::open().await;
    let mut page = shop.page().await;
    let hostile = "</title><script>alert(1)</script>\" onload='x' & «Ж»";
    page.printed.view.document.payer.name = hostile.to_owned();
    page.printed.view.document.lines[0].name = hostile.to_owned();
    let seller = std::sync::Arc::make_mut(&mut page.printed.seller);
    seller.settings.name = hostile.to_owned();
    seller.legal_entities[0].identity.address = hostile.to_owned();
    for name in seller.catalogue.products.iter_mut().flat_map(|it| it.names.0.values_mut()) {
        *name = hostile.to_owned();
    }
    let licence = abono_engine::checkout::LicenceNow {
        plan: abono_testkit::seller::BASIC,
        quantity: 1,
        ends_at: page.ends_at,
    };
    page.licence = Some(licence);
    let escaped =
        "&#60;/title&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#34; onload=&#39;x&#39;";
    for stands in [
        PayStanding::Payable { declined: Some(hostile.to_owned()) },
        PayStanding::Unknown { trouble: None, is_open: true },
        PayStanding::Paid,
    ] {
        let html = shop.html(&standing(&page, stands), Locale::English);
        check(&html, "en");
        assert!(html.contains(escaped), "{html}");
    }
}

#[tokio::test]
async fn a_request_of_many_positions_explains_less_and_still_fits() {
    let shop = Shop::open().await;
    let mut page = shop.page().await;
    let line = page.printed.view.document.lines[0].clone();
    for (count, is_derived, is_explained, is_whole) in [
        (5, true, true, true),
        (50, false, true, true),
        (150, false, false, true),
        (400, false, false, false),
    ] {
        page.printed.view.document.lines = vec![line.clone(); count];
        let html = shop.html(&page, Locale::Russian);
        check(&html, "ru");
        assert_eq!(html.contains("class=\"derivation\""), is_derived, "{count}");
        assert_eq!(html.contains("Как получилась эта сумма"), is_explained, "{count}");
        let more = html.contains("Ещё позиций в печатной форме счёта: 380.");
        assert_eq!(more, !is_whole, "{count}");
    }
}

#[tokio::test]
async fn what_the_balance_covers_is_paid_from_it_without_a_card() {
    let shop = Shop::open().await;
    let mut page = shop.page().await;
    page.printed.credit = page.printed.view.document.total;
    for (locale, button, leads) in [
        (Locale::English, "Pay from your balance", "provider"),
        (Locale::Russian, "Оплатить с баланса", "картой"),
        (Locale::Spanish, "Pagar con su saldo", "tarjeta"),
        (Locale::Swedish, "Betala med ert saldo", "kort"),
    ] {
        let html = shop.html(&page, locale);
        check(&html, locale.as_str());
        assert_eq!(forms(&html).len(), 1, "{html}");
        assert!(html.contains(button) && !html.contains(leads), "{html}");
    }
    let html = shop.html(&page, Locale::English);
    assert!(html.contains("Your balance covers this request."), "{html}");
}
