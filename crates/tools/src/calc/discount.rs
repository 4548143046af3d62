//! The op `discount`: percentages and amounts off lines, one after another.

use super::refusal::{Refusal, Refused, money_code};
use super::request::json;
use super::request::wire::{Amount, Decimal};
use super::request::{Body, Common};
use abono_domain::discount::{self, Discount, DiscountRefusal, Discounted, LIST_MAX, Step};
use abono_domain::money::Money;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    lines: Vec<Amount>,
    discounts: Vec<Off>,
    #[serde(default)]
    on: On,
}

/// What is taken off: an object of one member.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Off {
    Percent(Decimal),
    Amount(Amount),
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum On {
    #[default]
    Document,
    Line,
}

pub(super) fn answer(common: &Common, body: Body) -> Result<Value, Refused> {
    let Request { lines, discounts, on } = json::read(body)?;
    for (list, len) in [("lines", lines.len()), ("discounts", discounts.len())] {
        if len > LIST_MAX {
            return Err(Refusal::Discount(DiscountRefusal::TooMany(len)).at(list));
        }
    }
    let lines = amounts("lines", &lines, common)?;
    let discounts: Vec<Discount> = discounts
        .iter()
        .enumerate()
        .map(|(position, off)| off.read(position, common))
        .collect::<Result<_, _>>()?;
    let domain_on = match on {
        On::Document => discount::On::Document,
        On::Line => discount::On::Line,
    };
    let discounted = discount::discount(&lines, &discounts, domain_on, common.currency())?;
    let mut answer = json!({
        "discounts": decimals(&discounted.discounts),
        "lines": decimals(&discounted.lines),
        "total": discounted.total.decimal(),
    });
    if common.explain {
        answer["because"] = because(&discounts, on, &discounted);
    }
    Ok(answer)
}

/// The amounts of a list, each with at most the currency's decimals.
pub(super) fn amounts(
    list: &str,
    amounts: &[Amount],
    common: &Common,
) -> Result<Vec<Money>, Refused> {
    let read = |(position, amount): (usize, &Amount)| {
        let wrong = |error| Refusal::Money(error).at(format!("{list}[{position}]"));
        amount.read(common).map_err(wrong)
    };
    amounts.iter().enumerate().map(read).collect()
}

/// Amounts as they are written in answers.
pub(super) fn decimals(amounts: &[Money]) -> Vec<String> {
    amounts.iter().map(|amount| amount.decimal()).collect()
}

impl Off {
    fn read(&self, position: usize, common: &Common) -> Result<Discount, Refused> {
        match self {
            Self::Percent(Decimal(percent)) => Ok(Discount::Percent(*percent)),
            Self::Amount(amount) => {
                let path = || format!("discounts[{position}].amount");
                let wrong = |error| Refusal::Money(error).at(path());
                amount.read(common).map(Discount::Amount).map_err(wrong)
            }
        }
    }
}

/// What each discount was reckoned on, what it takes and from where.
fn because(discounts: &[Discount], on: On, discounted: &Discounted) -> Value {
    let rule = match on {
        On::Document => {
            "each discount is reckoned on what the one before left of the lines above zero, \
             rounded once, and split over them by largest remainder"
        }
        On::Line => {
            "each discount is reckoned on what the one before left of each line above zero, \
             and rounded on each"
        }
    };
    let step = |(discount, step): (&Discount, &Step)| {
        let (name, figure) = match discount {
            Discount::Percent(percent) => ("percent", percent.to_string()),
            Discount::Amount(amount) => ("amount", amount.decimal()),
        };
        json!({
            name: figure,
            "base": step.base.decimal(),
            "off": step.amount.decimal(),
            "lines": decimals(&step.parts),
        })
    };
    let steps: Vec<_> = discounts.iter().zip(&discounted.steps).map(step).collect();
    json!({"rule": rule, "steps": steps})
}

pub(super) fn code(refusal: &DiscountRefusal) -> &'static str {
    match refusal {
        DiscountRefusal::Percent(_) => "invalid_percent",
        DiscountRefusal::Negative(_) => "negative",
        DiscountRefusal::TooMany(_) => "list_too_long",
        DiscountRefusal::Money(error) => money_code(error),
    }
}

impl From<DiscountRefusal> for Refused {
    fn from(refusal: DiscountRefusal) -> Self {
        let element = |number: usize| format!("discounts[{}]", number.saturating_sub(1));
        let path = match &refusal {
            DiscountRefusal::Percent(number) => format!("{}.percent", element(*number)),
            DiscountRefusal::Negative(number) => format!("{}.amount", element(*number)),
            DiscountRefusal::TooMany(_) | DiscountRefusal::Money(_) => String::new(),
        };
        Refusal::Discount(refusal).at(path)
    }
}

#[cfg(test)]
mod tests {
    use crate::calc::{answer, refused};

    fn error(members: &str) -> String {
        refused(&answer(&format!(r#"{{"op":"discount",{members}}}"#)))
    }

    #[test]
    fn a_refusal_names_the_member_it_is_about() {
        let discounts = |list: &str| error(&format!(r#""lines":["1"],"discounts":[{list}]"#));
        let percent = |figure: &str| discounts(&format!(r#"{{"percent":"{figure}"}}"#));
        assert_eq!(percent("100"), "no error at no error");
        assert_eq!(percent("100.1"), "invalid_percent at discounts[0].percent");
        assert_eq!(percent("-1"), "invalid_percent at discounts[0].percent");
        assert_eq!(discounts(r#"{"amount":"-1"}"#), "negative at discounts[0].amount");
        assert_eq!(discounts(r#"{"amount":"0.001"}"#), "invalid_request at discounts[0].amount");
        let both = r#"{"percent":"1","amount":"1"}"#;
        assert_eq!(discounts(both), "invalid_request at discounts[0]");
        let lines = |list: &str| error(&format!(r#""lines":[{list}],"discounts":[]"#));
        assert_eq!(lines(r#""1","1.234""#), "invalid_request at lines[1]");
        assert_eq!(lines(""), "no error at no error");
        let long = [r#""1""#; 1_001].join(",");
        assert_eq!(lines(&long), "list_too_long at lines");
        let most = r#""92233720368547758.07","0.01""#;
        assert_eq!(lines(most), "amount_out_of_range at ");
        let on = r#""lines":[],"discounts":[],"on":"page""#;
        assert_eq!(error(on), "invalid_request at on");
    }
}
