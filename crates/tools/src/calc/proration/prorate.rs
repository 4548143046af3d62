//! The op `prorate`: what a part of a period costs.

use super::{Range, day_count_word, derived, range};
use crate::calc::refusal::{Refusal, Refused};
use crate::calc::request::json;
use crate::calc::request::wire::Amount;
use crate::calc::request::{Body, Common};
use abono_domain::exact::Exact;
use abono_domain::proration::{Line, Stretch};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    amount: Amount,
    period: Range,
    part: Range,
}

pub(in crate::calc) fn answer(common: &Common, body: Body) -> Result<Value, Refused> {
    let request: Request = json::read(body)?;
    // An amount may be negative here: a line of a bill may be one that takes off.
    let amount = request.amount.read(common);
    let amount = amount.map_err(|error| Refusal::Money(error).at("amount"))?;
    let measure = request.period.measure(common, "period")?;
    let part = request.part.stretch();
    let share = measure.share(part).map_err(|error| Refusal::Proration(error).at("part"))?;
    let line = share.line(Exact::of(amount), amount.currency)?;
    let mut answer = json!({"amount": line.amount.decimal(), "fraction": line.share.to_string()});
    if common.explain {
        answer["because"] = because(&line, measure.period(), part, common)?;
    }
    Ok(answer)
}

fn because(line: &Line, period: Stretch, part: Stretch, common: &Common) -> Result<Value, Refused> {
    Ok(json!({
        "rule": "amount times the part's share of the whole period, rounded once",
        "day_count": day_count_word(common),
        "part": range(part, common)?,
        "line": derived(line, period, common)?,
    }))
}

#[cfg(test)]
mod tests {
    use crate::calc::{answer, refused};

    const JANUARY: &str = r#""period":{"from":"2026-01-01","to":"2026-02-01"}"#;

    fn asked(members: &str) -> String {
        answer(&format!(r#"{{"op":"prorate",{members}}}"#))
    }

    fn error(members: &str) -> String {
        refused(&asked(members))
    }

    #[test]
    fn instants_stand_for_their_local_dates_or_for_themselves() {
        let part = r#""part":{"from":"2026-01-17T21:30:00Z","to":"2026-02-01"}"#;
        let amount = r#""amount":"31.00","zone":"Europe/Moscow""#;
        assert_eq!(
            asked(&format!("{amount},{JANUARY},{part}")),
            r#"{"amount":"14.00","fraction":"14/31"}"#
        );
        assert_eq!(
            asked(&format!(r#"{amount},"day_count":"second",{JANUARY},{part}"#)),
            r#"{"amount":"13.98","fraction":"1207800/2678400"}"#
        );
    }

    #[test]
    fn an_amount_that_takes_off_is_shared_too() {
        let part = r#""part":{"from":"2026-01-18","to":"2026-02-01"}"#;
        assert_eq!(
            asked(&format!(r#""amount":"-100.00",{JANUARY},{part}"#)),
            r#"{"amount":"-45.16","fraction":"14/31"}"#
        );
    }

    #[test]
    fn an_error_names_the_member_it_is_about() {
        let part = |from: &str, to: &str| format!(r#""part":{{"from":"{from}","to":"{to}"}}"#);
        let inside = part("2026-01-02", "2026-01-03");
        let with = |part: &str| error(&format!(r#""amount":"1.00",{JANUARY},{part}"#));
        assert_eq!(with(&part("2025-12-31", "2026-01-03")), "outside_period at part");
        assert_eq!(with(&part("2026-01-31", "2026-02-02")), "outside_period at part");
        assert_eq!(with(&part("2026-01-03", "2026-01-02")), "outside_period at part");
        assert_eq!(with(r#""part":{"from":"2026-01-03"}"#), "invalid_request at part");
        assert_eq!(with(&format!(r#"{inside},"zone":"Moscow""#)), "unknown_zone at zone");
        let empty = r#""period":{"from":"2026-01-01","to":"2026-01-01"}"#;
        assert_eq!(error(&format!(r#""amount":"1",{empty},{inside}"#)), "empty_period at period");
        let of = |amount: &str| error(&format!(r#""amount":"{amount}",{JANUARY},{inside}"#));
        assert_eq!(of("1.001"), "invalid_request at amount");
        assert_eq!(of("92233720368547758.08"), "amount_out_of_range at amount");
    }
}
