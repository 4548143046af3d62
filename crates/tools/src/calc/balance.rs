//! The op `balance`: prepaid balances applied to documents that are due.

use super::discount::{amounts, decimals};
use super::refusal::{Refusal, Refused, money_code};
use super::request::json;
use super::request::wire::{Amount, Day};
use super::request::{Body, Common};
use abono_domain::calendar::start_of_day;
use abono_domain::money::Money;
use abono_domain::payment::{Applied, BalanceRefusal, PRIORITY_DEFAULT, Prepaid, apply_balances};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    documents: Vec<Amount>,
    balances: Vec<Balance>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Balance {
    amount: Amount,
    priority: Option<i64>,
    expires: Option<Day>,
}

pub(super) fn answer(common: &Common, body: Body) -> Result<Value, Refused> {
    let Request { documents, balances } = json::read(body)?;
    let documents = amounts("documents", &documents, common)?;
    let balances: Vec<Prepaid> = balances
        .iter()
        .enumerate()
        .map(|(position, balance)| {
            let path = format!("balances[{position}]");
            balance.read(common).map_err(|refused| refused.under(&path))
        })
        .collect::<Result<_, _>>()?;
    let applied = apply_balances(&documents, &balances, common.currency())?;
    let rows: Vec<_> = applied.applied.iter().map(|row| decimals(row)).collect();
    let mut answer = json!({
        "applied": rows,
        "due": decimals(&applied.due),
        "left": decimals(&applied.left),
    });
    if common.explain {
        answer["because"] = because(&documents, &balances, &applied);
    }
    Ok(answer)
}

impl Balance {
    fn read(&self, common: &Common) -> Result<Prepaid, Refused> {
        let zone = common.zone()?;
        let expires = match &self.expires {
            None => None,
            Some(Day::Instant(at)) => Some(*at),
            Some(Day::Date(date)) => Some(start_of_day(*date, &zone)?),
        };
        Ok(Prepaid {
            amount: self.amount.read(common).map_err(|error| Refusal::Money(error).at("amount"))?,
            priority: self.priority.unwrap_or(PRIORITY_DEFAULT),
            expires,
        })
    }
}

/// In which order the balances were used, and what each paid of which document.
fn because(documents: &[Money], balances: &[Prepaid], applied: &Applied) -> Value {
    let step = |balance: usize| {
        let prepaid = balances.get(balance)?;
        let paid: Vec<_> = applied
            .applied
            .iter()
            .enumerate()
            .filter_map(|(document, row)| {
                let part = row.get(balance).filter(|part| part.minor > 0)?;
                Some(json!({"document": number(document), "amount": part.decimal()}))
            })
            .collect();
        Some(json!({
            "balance": number(balance),
            "priority": prepaid.priority,
            "expires": prepaid.expires.map(|at| at.to_string()),
            "amount": prepaid.amount.decimal(),
            "paid": paid,
            "left": applied.left.get(balance)?.decimal(),
        }))
    };
    let steps: Vec<Value> = applied.order.iter().filter_map(|balance| step(*balance)).collect();
    json!({
        "rule": "lower priority first, then sooner expiry, then as given; \
            each to the oldest document first",
        "documents": decimals(documents),
        "steps": steps,
    })
}

/// A position as people count.
const fn number(position: usize) -> usize {
    position.saturating_add(1)
}

pub(super) fn code(refusal: &BalanceRefusal) -> &'static str {
    match refusal {
        BalanceRefusal::NegativeDocument(_) | BalanceRefusal::NegativeBalance(_) => "negative",
        BalanceRefusal::TooManyDocuments(_) | BalanceRefusal::TooManyBalances(_) => "list_too_long",
        BalanceRefusal::Money(error) => money_code(error),
    }
}

impl From<BalanceRefusal> for Refused {
    fn from(refusal: BalanceRefusal) -> Self {
        let path = match &refusal {
            BalanceRefusal::NegativeDocument(number) => {
                format!("documents[{}]", number.saturating_sub(1))
            }
            BalanceRefusal::NegativeBalance(number) => {
                format!("balances[{}].amount", number.saturating_sub(1))
            }
            BalanceRefusal::TooManyDocuments(_) => "documents".to_owned(),
            BalanceRefusal::TooManyBalances(_) => "balances".to_owned(),
            BalanceRefusal::Money(_) => String::new(),
        };
        Refusal::Balance(refusal).at(path)
    }
}

#[cfg(test)]
mod tests {
    use crate::calc::{answer, refused};

    fn error(documents: &str, balances: &str) -> String {
        let members = format!(r#""documents":[{documents}],"balances":[{balances}]"#);
        refused(&answer(&format!(r#"{{"op":"balance","zone":"Europe/Madrid",{members}}}"#)))
    }

    #[test]
    fn a_refusal_names_the_member_it_is_about() {
        assert_eq!(error("", ""), "no error at no error");
        assert_eq!(error(r#""1","-1""#, ""), "negative at documents[1]");
        assert_eq!(error("", r#"{"amount":"-1"}"#), "negative at balances[0].amount");
        assert_eq!(error("", r#"{"amount":"0.001"}"#), "invalid_request at balances[0].amount");
        let expires = r#"{"amount":"1","expires":"tomorrow"}"#;
        assert_eq!(error("", expires), "invalid_request at balances[0].expires");
        assert_eq!(
            error("", r#"{"amount":"1","left":"1"}"#),
            "invalid_request at balances[0].left"
        );
        assert_eq!(error(&[r#""1""#; 1_001].join(","), ""), "list_too_long at documents");
        let many = [r#"{"amount":"1"}"#; 1_001].join(",");
        assert_eq!(error("", &many), "list_too_long at balances");
    }

    #[test]
    fn a_date_expires_when_it_begins_in_the_zone() {
        let answer = answer(concat!(
            r#"{"op":"balance","zone":"Europe/Madrid","documents":["1"],"balances":["#,
            r#"{"amount":"1","expires":"2026-06-01T00:00:00Z"},"#,
            r#"{"amount":"1","expires":"2026-06-01"}]}"#
        ));
        assert_eq!(
            answer,
            r#"{"applied":[["0.00","1.00"]],"due":["0.00"],"left":["1.00","0.00"]}"#
        );
    }
}
