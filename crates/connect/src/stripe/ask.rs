//! What Stripe is asked, as forms.

use super::amount;
use crate::outgoing::Form;
use abono_domain::language::Language;
use abono_domain::money::Money;
use abono_engine::payments::Checkout;
use uuid::Uuid;

/// The longest name of a line, in characters.
const NAME_MAX: usize = 250;

/// The longest id of Stripe's.
const ID_MAX: usize = 255;

/// The languages that Stripe's page speaks, of those with a code of two letters.
const SPOKEN: &[&str] = &[
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "ja", "ko",
    "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi",
    "zh",
];

/// A Checkout Session of exactly one line; `None` where Stripe can't charge exactly that.
pub(super) fn session(checkout: &Checkout) -> Option<Form> {
    let figure = charged(checkout.amount)?;
    let key = checkout.key.to_string();
    let name: String = checkout.description.chars().take(NAME_MAX).collect();
    let price = "line_items[0][price_data]";
    let form = Form::default()
        .with("mode", "payment")
        // The buyer pays in the currency that is asked for, and no other.
        .with("adaptive_pricing[enabled]", "false")
        .with("client_reference_id", &key)
        .with("metadata[attempt]", &key)
        .with("payment_intent_data[metadata][attempt]", &key)
        .with("line_items[0][quantity]", "1")
        .with(&format!("{price}[currency]"), &currency(checkout.amount))
        .with(&format!("{price}[unit_amount]"), &figure.to_string())
        .with(&format!("{price}[product_data][name]"), &name)
        .with("success_url", &checkout.back)
        .with("cancel_url", &checkout.back)
        .with("locale", locale(&checkout.language));
    Some(form)
}

/// A refund of so much; `None` where Stripe can't give back exactly that.
pub(super) fn refund(payment: &str, amount: Money, key: Uuid) -> Option<Form> {
    let figure = charged(amount)?;
    let form = Form::default()
        .with("payment_intent", payment)
        .with("amount", &figure.to_string())
        .with("metadata[refund]", &key.to_string());
    Some(form)
}

/// Where a session is asked for; `None` where its id would lead elsewhere.
pub(super) fn path_of(session: &str) -> Option<String> {
    let query = Form::default().with("expand[]", "payment_intent");
    is_id(session).then(|| format!("/v1/checkout/sessions/{session}?{}", query.as_str()))
}

/// Whether a text can be an id of Stripe's.
pub(super) fn is_id(text: &str) -> bool {
    let is_in_order = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    !text.is_empty() && text.len() <= ID_MAX && text.bytes().all(is_in_order)
}

fn charged(amount: Money) -> Option<i64> {
    amount::to_stripe(amount).filter(|figure| *figure > 0)
}

fn currency(amount: Money) -> String {
    amount.currency.code().to_ascii_lowercase()
}

/// The buyer's language, or whatever the browser asks for.
fn locale(language: &Language) -> &str {
    match language.as_str() {
        // Norwegian of either kind.
        "no" | "nn" => "nb",
        code if SPOKEN.contains(&code) => code,
        _ => "auto",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use abono_domain::money::Currency;

    #[test]
    fn a_session_has_one_line_and_tells_whose_it_is() {
        let checkout = Checkout {
            key: Uuid::from_u128(7),
            amount: Money::new(99_000, Currency::RUB),
            description: "Тариф".to_owned(),
            language: Language::parse("ru").expect("a language"),
            back: "https://pay.example/a?b=c".to_owned(),
        };
        let form = session(&checkout).expect("a form");
        let key = "00000000-0000-0000-0000-000000000007";
        let line = "line_items%5B0%5D";
        assert_eq!(
            form.as_str(),
            format!(
                "mode=payment&adaptive_pricing%5Benabled%5D=false&\
                 client_reference_id={key}&metadata%5Battempt%5D={key}&\
                 payment_intent_data%5Bmetadata%5D%5Battempt%5D={key}&{line}%5Bquantity%5D=1&\
                 {line}%5Bprice_data%5D%5Bcurrency%5D=rub&\
                 {line}%5Bprice_data%5D%5Bunit_amount%5D=99000&\
                 {line}%5Bprice_data%5D%5Bproduct_data%5D%5Bname%5D=\
                 %D0%A2%D0%B0%D1%80%D0%B8%D1%84&\
                 success_url=https%3A%2F%2Fpay.example%2Fa%3Fb%3Dc&\
                 cancel_url=https%3A%2F%2Fpay.example%2Fa%3Fb%3Dc&locale=ru"
            )
        );
    }

    #[test]
    fn nothing_and_less_than_nothing_are_neither_charged_nor_given_back() {
        for minor in [0, -1, i64::MIN] {
            assert_eq!(refund("pi_1", Money::new(minor, Currency::EUR), Uuid::max()), None);
        }
    }

    #[test]
    fn an_id_that_would_change_the_path_is_none() {
        assert!(path_of("cs_test_a1").is_some());
        for wrong in ["", "..", "a/b", "a?b", "a#b", "a b", "é", &"a".repeat(256)] {
            assert_eq!(path_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_language_that_stripe_doesnt_speak_is_left_to_the_browser() {
        let locale = |tag| locale(&Language::parse(tag).expect("a language")).to_owned();
        assert_eq!(["sv", "en", "nn", "eu"].map(locale), ["sv", "en", "nb", "auto"]);
    }
}
