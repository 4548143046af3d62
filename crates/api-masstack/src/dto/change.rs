//! What is said about a change that isn't simply made.

use serde::Serialize;

/// What the contract calls a ChangeSubscriptionProductResponse.
#[derive(Serialize)]
pub(crate) struct ChangeDto {
    pub(crate) risk_decision: RiskWord,
}

/// What was decided about the risk of a change.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum RiskWord {
    /// Somebody has to look at it.
    Review,
    /// Nothing will happen.
    Rejected,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_said_in_the_contracts_word() {
        for (risk_decision, word) in
            [(RiskWord::Review, "REVIEW"), (RiskWord::Rejected, "REJECTED")]
        {
            let said = serde_json::to_string(&ChangeDto { risk_decision }).expect("JSON");
            assert_eq!(said, format!(r#"{{"risk_decision":"{word}"}}"#));
        }
    }
}
