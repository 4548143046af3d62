//! The op `credit`: what goes back when a subscription ends within a period that was billed.

use super::{
    Range, amount, day_count, day_count_word, day_of_change, day_of_change_word, derived, figure,
    point, shown,
};
use crate::calc::refusal::{Refusal, Refused};
use crate::calc::request::json;
use crate::calc::request::wire::{Amount, Day, Decimal};
use crate::calc::request::{Body, Common};
use abono_domain::exact::Exact;
use abono_domain::money::Money;
use abono_domain::proration::{self, Paid, ProrationError, Refund, Terminated, Termination};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    amount: Amount,
    period: Range,
    at: Day,
    #[serde(default)]
    behaviour: Behaviour,
    credited_before: Option<Amount>,
    discount_given: Option<Amount>,
    tax_rate: Option<Decimal>,
    paid: Option<Document>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Behaviour {
    #[default]
    Prorate,
    Full,
    None,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    document_total: Amount,
    document_paid: Amount,
}

pub(in crate::calc) fn answer(common: &Common, body: Body) -> Result<Value, Refused> {
    let request: Request = json::read(body)?;
    let period = request.period.measure(common, "period")?;
    let end = Termination {
        amount: amount(Some(&request.amount), common, "amount")?,
        discount_given: amount(request.discount_given.as_ref(), common, "discount_given")?,
        credited_before: amount(request.credited_before.as_ref(), common, "credited_before")?,
        period: &period,
        at: point(&request.at),
        day_of_change: day_of_change(common),
        behaviour: request.behaviour.into(),
        tax_rate: request.tax_rate.map_or(Ok(Exact::ZERO), |rate| figure(rate, "tax_rate"))?,
        paid: request.paid.as_ref().map(|paid| paid.read(common)).transpose()?,
    };
    let ended = proration::terminate(&end).map_err(refused)?;
    let mut answer = json!({
        "credit": ended.credited.credit.decimal(),
        "tax": ended.tax.decimal(),
        "total": ended.total.decimal(),
    });
    if let Some(Refund { refundable, to_balance }) = ended.refund {
        answer["refundable"] = refundable.decimal().into();
        answer["to_balance"] = to_balance.decimal().into();
    }
    if common.explain {
        answer["because"] = because(&end, &ended, request.behaviour, common)?;
    }
    Ok(answer)
}

impl Document {
    fn read(&self, common: &Common) -> Result<Paid, Refused> {
        let read = |given, path| amount(Some(given), common, path);
        Ok(Paid {
            document_total: read(&self.document_total, "paid.document_total")?,
            document_paid: read(&self.document_paid, "paid.document_paid")?,
        })
    }
}

impl From<Behaviour> for proration::Behaviour {
    fn from(behaviour: Behaviour) -> Self {
        match behaviour {
            Behaviour::Prorate => Self::Prorate,
            Behaviour::Full => Self::Full,
            Behaviour::None => Self::None,
        }
    }
}

impl Behaviour {
    fn rule(self) -> &'static str {
        match self {
            Self::Prorate => {
                "prorate: the unused share of what was billed after discount, \
                    at most what was billed less earlier credits"
            }
            Self::Full => "full: what was billed after discount, less earlier credits",
            Self::None => "none: nothing is credited",
        }
    }
}

fn refused(error: ProrationError) -> Refused {
    let path = match error {
        ProrationError::AtOutside(..) => "at",
        ProrationError::Calendar(_)
        | ProrationError::Money(_)
        | ProrationError::EmptyPeriod(..)
        | ProrationError::PartOutside(..)
        | ProrationError::CutsOutOfOrder(_)
        | ProrationError::NewPeriodElsewhere(..)
        | ProrationError::Negative(_) => "",
    };
    Refusal::Proration(error).at(path)
}

fn because(
    end: &Termination<'_>,
    ended: &Terminated,
    behaviour: Behaviour,
    common: &Common,
) -> Result<Value, Refused> {
    let credited = &ended.credited;
    let period = end.period.period();
    let mut because = json!({
        "rule": behaviour.rule(),
        "day_count": day_count_word(common),
        "day_of_change": day_of_change_word(common),
        "ends": shown(ended.cut, &common.zone()?, day_count(common))?,
        "line": derived(&credited.line, period, common)?,
        "billed": credited.billed.decimal(),
        "cap": credited.cap.decimal(),
        "is_capped": credited.credit != credited.line.amount,
        "tax": {
            "rule": "the tax of all credits of the bill so far less that of the earlier ones",
            "rate": end.tax_rate.to_string(),
        },
    });
    if let Some(Paid { document_total, document_paid }) = end.paid {
        let due = document_total.minus(document_paid)?;
        let due = if due.minor < 0 { Money::zero(due.currency) } else { due };
        because["paid"] = json!({
            "rule": "a credit first lowers what is due; only what exceeds that was paid",
            "due_before_credits": due.decimal(),
        });
    }
    Ok(because)
}

#[cfg(test)]
mod tests {
    use crate::calc::{answer, refused};

    fn asked(members: &str) -> String {
        let period = r#""period":{"from":"2026-01-01","to":"2026-02-01"}"#;
        answer(&format!(r#"{{"op":"credit","amount":"31.00",{period},{members}}}"#))
    }

    fn error(members: &str) -> String {
        refused(&asked(members))
    }

    #[test]
    fn a_day_of_the_end_that_is_billed_is_not_credited() {
        let at = |date: &str, more: &str| asked(&format!(r#""at":"{date}"{more}"#));
        let old = r#","day_of_change":"old""#;
        let credit =
            |amount: &str| format!(r#"{{"credit":"{amount}","tax":"0.00","total":"{amount}"}}"#);
        assert_eq!(at("2026-01-01", ""), credit("31.00"));
        assert_eq!(at("2026-01-01", old), credit("30.00"));
        assert_eq!(at("2026-01-31", ""), credit("1.00"));
        assert_eq!(at("2026-01-31", old), credit("0.00"));
        assert_eq!(at("2026-02-01", ""), credit("0.00"));
        assert_eq!(at("2026-01-20", r#","behaviour":"none""#), credit("0.00"));
        assert_eq!(
            at("2026-01-20", r#","behaviour":"full","discount_given":"1""#),
            credit("30.00")
        );
    }

    #[test]
    fn an_error_names_the_member_it_is_about() {
        let with = |member: &str| error(&format!(r#""at":"2026-01-20",{member}"#));
        assert_eq!(error(r#""at":"2026-02-02""#), "outside_period at at");
        assert_eq!(with(r#""behaviour":"half""#), "invalid_request at behaviour");
        assert_eq!(with(r#""credited_before":"-1""#), "negative at credited_before");
        assert_eq!(with(r#""discount_given":"-1""#), "negative at discount_given");
        assert_eq!(with(r#""tax_rate":"-1""#), "negative at tax_rate");
        assert_eq!(with(r#""tax_rate":22"#), "invalid_request at tax_rate");
        let paid = r#""paid":{"document_total":"1","document_paid":"-1"}"#;
        assert_eq!(with(paid), "negative at paid.document_paid");
        assert_eq!(with(r#""paid":{"document_total":"1"}"#), "invalid_request at paid");
    }
}
