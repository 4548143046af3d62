//! What is asked and answered, in JSON. Amounts are decimals as text, so that nobody rounds them.

use abono_domain::risk::{Inputs, Verdict};
use abono_engine::risk::Question;
use serde::{Deserialize, Serialize};

/// The longest reason that is kept.
const REASON_MAX: usize = 500;

#[derive(Serialize)]
pub(super) struct Asked<'a> {
    tenant: &'a str,
    customer: String,
    currency: String,
    price_before: String,
    price_after: String,
    overdue: String,
    credit: String,
    tenure_days: i64,
    commitment_days: i64,
    requests: i64,
    verdict_of_rules: &'static str,
}

impl<'a> Asked<'a> {
    pub(super) fn new(question: &'a Question) -> Self {
        let Inputs { price_before, price_after, overdue, credit, .. } = &question.inputs;
        Self {
            tenant: &question.tenant,
            customer: question.customer.to_string(),
            currency: price_after.currency.to_string(),
            price_before: price_before.decimal(),
            price_after: price_after.decimal(),
            overdue: overdue.decimal(),
            credit: credit.decimal(),
            tenure_days: question.inputs.tenure_days,
            commitment_days: question.inputs.commitment_days,
            requests: question.inputs.requests,
            verdict_of_rules: question.verdict.as_str(),
        }
    }
}

#[derive(Deserialize)]
struct Answered {
    verdict: String,
    #[serde(default)]
    reason: String,
}

/// What an answer says; `None` where it can't be read.
pub(super) fn read(body: &[u8]) -> Option<(Verdict, String)> {
    let answered: Answered = serde_json::from_slice(body).ok()?;
    let verdict = Verdict::parse(&answered.verdict)?;
    let reason = answered.reason.trim();
    let reason = if reason.is_empty() { "no reason was given" } else { reason };
    Some((verdict, reason.chars().take(REASON_MAX).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_a_verdict_and_may_have_a_reason() {
        let said = |body: &str| read(body.as_bytes());
        let given = |verdict, reason: &str| Some((verdict, reason.to_owned()));
        assert_eq!(
            said(r#"{"verdict":"review","reason":" on a list "}"#),
            given(Verdict::Review, "on a list")
        );
        let silent = given(Verdict::Accepted, "no reason was given");
        assert_eq!(said(r#"{"verdict":"accepted","score":3}"#), silent);
        let long = format!(r#"{{"verdict":"rejected","reason":"{}"}}"#, "я".repeat(600));
        assert_eq!(said(&long).map(|(_, reason)| reason.chars().count()), Some(REASON_MAX));
        for wrong in ["", "null", "[]", "{}", r#"{"verdict":"maybe"}"#, r#"{"verdict":1}"#] {
            assert_eq!(said(wrong), None, "{wrong}");
        }
    }
}
