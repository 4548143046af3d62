//! The checks can fail: each finds what was planted for it.

use crate::site::{self, Answer};
use crate::{axe, browser};
use abono_testkit::browser::Options;
use std::net::TcpListener;

const HTML: &str = "content-type: text/html; charset=utf-8\r\n";
const STRICT: &str = "content-type: text/html; charset=utf-8\r\n\
    content-security-policy: default-src 'none'; style-src 'nonce-a'; form-action 'self'\r\n";

fn answer(request: &str) -> Answer {
    match request {
        "GET /" => ("200 OK", HTML, FORM),
        "POST /pay" => ("303 See Other", "location: /paid\r\n", ""),
        "GET /paid" => ("200 OK", HTML, "<title>Paid</title><h1>Paid</h1>"),
        "GET /strict" => ("200 OK", STRICT, "<style>p { color: red }</style><p>Red?</p>"),
        "GET /script" => ("200 OK", HTML, "<p>Off</p><script>document.body.append('on')</script>"),
        "GET /throws" => ("200 OK", HTML, "<script>throw new Error('planted')</script>"),
        "GET /poor" => ("200 OK", HTML, POOR),
        "GET /wide" => ("200 OK", HTML, WIDE),
        "GET /signs" => ("200 OK", HTML, "<canvas width=64 height=64></canvas>"),
        _ => ("404 Not Found", HTML, "<h1>Nothing</h1>"),
    }
}

const FORM: &str = "<!doctype html><html lang=en><title>Pay</title><main><h1>Pay</h1>\
    <p><a href='/paid'>Elsewhere</a></p><form method=post action='/pay'>\
    <button>Pay</button></form><div style='position: relative'><button id=under>Under</button>\
    <div style='position: absolute; inset: 0; background: white'></div></div></main></html>";
const POOR: &str = "<!doctype html><title>Poor</title><main><h1>Poor</h1><input>\
    <p style='color: #bbb; background: white'>Pale</p></main>";
const WIDE: &str = "<!doctype html><meta name=viewport content='width=device-width'>\
    <div style='width: 900px'>Wide</div>";

#[test]
fn a_form_is_sent_by_the_mouse_and_by_the_keyboard_with_scripts_and_without() {
    let Some(browser) = browser() else { return };
    let address = site::serve(answer);
    for options in [Options::default(), Options::without_javascript()] {
        let page = browser.page(options);
        page.open(&address);
        assert_eq!(
            (page.text("h1"), page.attribute("html", "lang")),
            ("Pay".into(), Some("en".into()))
        );
        page.loads(|| page.click("form button"));
        assert_eq!((page.url(), page.text("h1")), (format!("{address}/paid"), "Paid".into()));
        page.open(&address);
        page.tab_to("form button");
        page.loads(|| page.press("Enter"));
        page.wait_for_url("/paid");
        assert_eq!(page.console(), [""; 0]);
        assert!(page.requests().contains(&format!("{address}/pay")), "{:?}", page.requests());
    }
}

#[test]
fn scripts_run_only_where_they_should() {
    let Some(browser) = browser() else { return };
    let address = site::serve(answer) + "/script";
    for (options, expected) in [(Options::default(), "on"), (Options::without_javascript(), "Off")]
    {
        let page = browser.page(options);
        page.open(&address);
        assert_eq!(page.text("body").lines().last(), Some(expected));
    }
}

#[test]
fn what_a_page_does_wrong_is_noticed() {
    let Some(browser) = browser() else { return };
    let address = site::serve(answer);
    for (path, expected) in
        [("/strict", "Content Security Policy"), ("/throws", "planted"), ("/nothing", "404")]
    {
        let page = browser.page(Options::default());
        page.open(&format!("{address}{path}"));
        let said = page.console();
        assert!(said.len() == 1 && said[0].contains(expected), "{path}: {said:?}");
    }
}

#[test]
fn what_keeps_people_out_is_found() {
    let Some(browser) = browser() else { return };
    let page = browser.page(Options::default());
    page.open(&(site::serve(answer) + "/poor"));
    let found = page.axe(axe());
    for rule in ["color-contrast: ", "label: ", "html-has-lang: "] {
        let broken = found.iter().any(|it| it.is_serious() && it.text.starts_with(rule));
        assert!(broken, "{rule} isn't in {found:?}");
    }
}

#[test]
fn an_element_that_cannot_be_hit_is_not_clicked() {
    let Some(browser) = browser() else { return };
    let address = site::serve(answer);
    for (css, expected) in [("#under", "is hidden or covered"), ("#none", "is missing")] {
        let address = address.clone();
        let clicked = std::thread::spawn(move || {
            let page = browser.page(Options::default());
            page.open(&address);
            page.click(css);
        });
        let why = clicked.join().expect_err("there is nothing to click");
        let why = why.downcast_ref::<String>().expect("a text");
        assert!(why.contains(expected), "{why}");
    }
}

#[test]
fn what_nobody_answers_is_told() {
    let Some(browser) = browser() else { return };
    let free = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port");
    let opened = std::thread::spawn(move || {
        let page = browser.page(Options::default());
        page.open(&site::serve(answer));
        page.loads(|| drop(page.evaluate(&format!("location = 'http://{free}/'; null"))));
    });
    let why = opened.join().expect_err("nobody answers there");
    let why = why.downcast_ref::<String>().expect("a text");
    assert!(why.contains("ERR_CONNECTION_REFUSED"), "{why}");
}

#[test]
fn a_page_that_is_too_wide_for_a_telephone_shows() {
    let Some(browser) = browser() else { return };
    let page = browser.page(Options::telephone());
    page.open(&(site::serve(answer) + "/wide"));
    assert!(crate::scrolls_sideways(&page));
}

#[test]
fn the_signs_of_the_four_languages_have_a_font() {
    let Some(browser) = browser() else { return };
    let page = browser.page(Options::default());
    page.open(&(site::serve(answer) + "/signs"));
    // A sign without a font looks like one that can't have any.
    let missing = page.evaluate(
        "(() => {
            const canvas = document.querySelector('canvas'), pen = canvas.getContext('2d');
            pen.font = '32px sans-serif';
            const draw = sign => {
                pen.clearRect(0, 0, 64, 64);
                pen.fillText(sign, 8, 40);
                return canvas.toDataURL();
            };
            const none = draw('\\u{10fffd}');
            return [...'ЖщёыъЭ№₽€åäöÅÄÖñáÑ¿kr\\u{10fffd}'].filter(it => draw(it) === none).join('');
        })()",
    );
    assert_eq!(missing, "\u{10fffd}");
}
