//! What is sent and answered, in the other side's words: JSON.

use abono_domain::proration::Behaviour;
use abono_engine::billing::{Message, Order};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// The longest answer that is kept, in bytes.
const BODY_KEPT: usize = 16 * 1024;

/// The longest that the other side's words about an error are, in characters.
const SAID_MAX: usize = 300;

/// The longest id that is kept.
const ID_MAX: usize = 100;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Usage<'a> {
    company_id: Uuid,
    article_number: &'a str,
    quantity: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Termination<'a> {
    company_id: Uuid,
    id: &'a str,
    invoice_line_texts: &'a [String],
    termination_reason_comment: &'a str,
    behaviour: &'static str,
    credit_kind: &'static str,
    /// An extension of our own server: others leave a member alone that they don't know.
    ends_at: String,
}

/// The path and body of a message; `None` where its id can't stand in a path.
pub(super) fn request(message: &Message) -> Option<(String, Vec<u8>)> {
    let company_id = message.customer;
    match &message.order {
        Order::Add { article_number, quantity } => {
            let usage = Usage { company_id, article_number, quantity: *quantity };
            Some(("/voss/usage".to_owned(), serde_json::to_vec(&usage).ok()?))
        }
        Order::Terminate { external_id, behaviour, internal, comment, texts, ended_at } => {
            let id = Some(external_id).filter(|id| is_id(id))?;
            let termination = Termination {
                company_id,
                id,
                invoice_line_texts: texts,
                termination_reason_comment: comment,
                behaviour: spelled(*behaviour),
                credit_kind: if *internal { "Internal" } else { "Normal" },
                ends_at: ended_at.to_string(),
            };
            let path = format!("/voss/usage/{id}/termination");
            Some((path, serde_json::to_vec(&termination).ok()?))
        }
    }
}

/// How much comes back, as the contract spells it; `Prorate` is an extension of our own server.
const fn spelled(behaviour: Behaviour) -> &'static str {
    match behaviour {
        Behaviour::Prorate => "Prorate",
        Behaviour::Full => "Full",
        Behaviour::None => "None",
    }
}

/// Whether this can be an id of theirs: one that means itself in a path.
fn is_id(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !text.is_empty() && text.len() <= ID_MAX && text.bytes().all(is_plain)
}

/// The id and the text of an answer to a message that went well. An addition must have got an id:
/// without it, it could never be terminated. `None` where the answer can't be read.
pub(super) fn done(order: &Order, body: &[u8]) -> Option<(Option<String>, String)> {
    let value: Value = serde_json::from_slice(body).ok()?;
    value.as_object()?;
    let id = member(&value, "id").and_then(Value::as_str).filter(|id| is_id(id));
    if id.is_none() && matches!(order, Order::Add { .. }) {
        return None;
    }
    let mut text = String::from_utf8_lossy(body).into_owned();
    text.truncate(text.floor_char_boundary(BODY_KEPT));
    Some((id.map(str::to_owned), text))
}

/// What an answer says about an error, in its own words, on one line: `: CODE: MESSAGE`.
pub(super) fn said(body: &[u8]) -> String {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let status = member(&value, "ResponseStatus").unwrap_or(&Value::Null);
    let parts = ["ErrorCode", "Message"].map(|name| member(status, name).and_then(Value::as_str));
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    let text: String = parts.flat_map(|part| [": ", part]).collect();
    text.chars().filter(|char| !char.is_control()).take(SAID_MAX).collect()
}

/// A member in any letter case.
fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let members = value.as_object()?;
    members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add() -> Order {
        Order::Add { article_number: "SMS".to_owned(), quantity: 1 }
    }

    fn terminate(external_id: &str) -> Order {
        Order::Terminate {
            external_id: external_id.to_owned(),
            behaviour: Behaviour::Full,
            internal: false,
            comment: "moved away".to_owned(),
            texts: vec!["SMS, ended".to_owned()],
            ended_at: "2026-02-01T09:30:00.000001Z".parse().expect("an instant"),
        }
    }

    fn sent(order: Order) -> Option<(String, String)> {
        let message = Message { key: Uuid::nil(), customer: Uuid::max(), order };
        let (path, body) = request(&message)?;
        Some((path, String::from_utf8(body).expect("UTF-8")))
    }

    const COMPANY: &str = r#""CompanyId":"ffffffff-ffff-ffff-ffff-ffffffffffff""#;

    #[test]
    fn an_addition_names_company_article_and_quantity() {
        let body = format!(r#"{{{COMPANY},"ArticleNumber":"SMS","Quantity":1}}"#);
        assert_eq!(sent(add()), Some(("/voss/usage".to_owned(), body)));
    }

    #[test]
    fn a_termination_names_what_ends_why_and_how_it_is_credited() {
        let body = format!(
            "{{{COMPANY},\"Id\":\"a-1\",\"InvoiceLineTexts\":[\"SMS, ended\"],\
             \"TerminationReasonComment\":\"moved away\",\"Behaviour\":\"Full\",\
             \"CreditKind\":\"Normal\",\"EndsAt\":\"2026-02-01T09:30:00.000001Z\"}}"
        );
        assert_eq!(sent(terminate("a-1")), Some(("/voss/usage/a-1/termination".to_owned(), body)));
        let other = Order::Terminate {
            external_id: "a-1".to_owned(),
            behaviour: Behaviour::None,
            internal: true,
            comment: String::new(),
            texts: Vec::new(),
            ended_at: "2026-02-01T09:30:00.000001Z".parse().expect("an instant"),
        };
        let (_, body) = sent(other).expect("a request");
        assert!(body.contains(r#""Behaviour":"None","CreditKind":"Internal","#), "{body}");
    }

    #[test]
    fn an_id_that_would_lead_elsewhere_is_not_sent() {
        for wrong in ["", ".", "..", "a/b", "a?b", "a%2fb", "a b", "a\r\nb", "é", &"a".repeat(101)]
        {
            assert_eq!(sent(terminate(wrong)), None, "{wrong:?}");
        }
    }

    #[test]
    fn an_answer_is_kept_with_its_id_in_any_letter_case() {
        for body in [r#"{"id":"a-1"}"#, r#"{"name":"SMS","Id":"a-1","products":[]}"#] {
            let kept = Some((Some("a-1".to_owned()), body.to_owned()));
            assert_eq!(done(&add(), body.as_bytes()), kept);
        }
        let kept = Some((None, r#"{"reason":{}}"#.to_owned()));
        assert_eq!(done(&terminate("a-1"), br#"{"reason":{}}"#), kept);
    }

    #[test]
    fn a_long_answer_is_cut_between_two_characters() {
        let body = format!(r#"{{"id":"a","name":"{}"}}"#, "я".repeat(10_000));
        let (_, kept) = done(&add(), body.as_bytes()).expect("an answer");
        assert!(kept.len() <= BODY_KEPT && kept.len() >= BODY_KEPT - 1 && body.starts_with(&kept));
    }

    #[test]
    fn an_addition_without_a_usable_id_and_what_is_no_object_cant_be_read() {
        for wrong in ["{}", r#"{"id":null}"#, r#"{"id":1}"#, r#"{"id":".."}"#, r#"{"id":""}"#] {
            assert_eq!(done(&add(), wrong.as_bytes()), None, "{wrong}");
        }
        for wrong in ["", "<html>", "[]", "null", "\"a\"", "{\"id\":\"a\"", "{} {}"] {
            assert_eq!(done(&add(), wrong.as_bytes()), None, "{wrong}");
            assert_eq!(done(&terminate("a"), wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn what_it_says_about_an_error_fits_on_a_line() {
        let body = r#"{"responseStatus":{"errorCode":"NotFound","message":"no\r\n\u0000SMS"}}"#;
        assert_eq!(said(body.as_bytes()), ": NotFound: noSMS");
        assert_eq!(said(br#"{"ResponseStatus":{"Message":"no"}}"#), ": no");
        for silent in ["", "<html>", "{}", r#"{"ResponseStatus":[]}"#] {
            assert_eq!(said(silent.as_bytes()), "", "{silent}");
        }
        let long = format!(r#"{{"ResponseStatus":{{"Message":"{}"}}}}"#, "a".repeat(1_000));
        assert_eq!(said(long.as_bytes()).len(), SAID_MAX);
    }
}
