//! Problem details (RFC 9457): what is said where no contract has an envelope of its own.

use super::Reply;
use serde::Serialize;

#[derive(Serialize)]
struct Details<'a> {
    title: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}

/// An answer that says what went wrong; `title` is the same for each problem of a kind.
pub fn problem(status: u16, title: &str, detail: Option<&str>) -> Reply {
    let body = serde_json::to_vec(&Details { title, status, detail }).unwrap_or_default();
    Reply::new(status, "application/problem+json", body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_has_a_detail_where_there_is_one() {
        let reply = problem(404, "not found", None);
        assert_eq!(reply.body, r#"{"title":"not found","status":404}"#);
        assert_eq!((reply.status, &*reply.content_type), (404, "application/problem+json"));
        let reply = problem(422, "refused", Some("why"));
        assert_eq!(reply.body, r#"{"title":"refused","status":422,"detail":"why"}"#);
    }
}
