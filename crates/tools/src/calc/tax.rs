//! The op `tax`: the tax of a document's lines, by rate, inside their amounts or on top of them.

use super::refusal::{Refusal, Refused};
use super::request::json;
use super::request::wire::{Amount, Decimal};
use super::request::{Body, Common};
use abono_domain::exact::Exact;
use abono_domain::money::{Money, MoneyError};
use abono_domain::tax::{Prices, TaxLine, TaxOfRate, TaxRounding, Taxes, tax_of_document};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    lines: Vec<Line>,
    inclusive: Option<bool>,
    round: Option<Round>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    amount: Amount,
    rate: Decimal,
    discount: Option<Amount>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Round {
    Document,
    Line,
}

pub(super) fn answer(common: &Common, body: Body) -> Result<Value, Refused> {
    let request: Request = json::read(body)?;
    let prices =
        if request.inclusive == Some(true) { Prices::Inclusive } else { Prices::Exclusive };
    let rounding = match request.round {
        Some(Round::Line) => TaxRounding::Line,
        Some(Round::Document) | None => TaxRounding::Document,
    };
    let lines = request.lines.iter().enumerate().map(|(number, line)| line.read(number, common));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    let taxes = tax_of_document(common.currency(), &lines, prices, rounding)?;
    let mut answer = json!({"taxes": taxes.rates.iter().map(of_rate).collect::<Vec<_>>()});
    if let Some(lines) = &taxes.lines {
        answer["lines"] = lines.iter().map(|tax| tax.decimal()).collect();
    }
    answer["net"] = taxes.net.decimal().into();
    answer["tax"] = taxes.tax.decimal().into();
    answer["total"] = taxes.total.decimal().into();
    if common.explain {
        answer["because"] = because(&taxes, prices, rounding)?;
    }
    Ok(answer)
}

impl Line {
    fn read(&self, number: usize, common: &Common) -> Result<TaxLine, Refused> {
        let read = |amount: &Amount, member: &str| {
            let at = |error| Refusal::Money(error).at(format!("lines[{number}].{member}"));
            amount.read(common).map_err(at)
        };
        let discount = self.discount.as_ref().map(|discount| read(discount, "discount"));
        Ok(TaxLine {
            amount: read(&self.amount, "amount")?,
            discount: discount.unwrap_or(Ok(Money::zero(common.currency())))?,
            percent: self.rate.0,
        })
    }
}

fn of_rate(rate: &TaxOfRate) -> Value {
    json!({
        "rate": rate.percent.to_string(),
        "base": rate.base.decimal(),
        "tax": rate.tax.decimal(),
    })
}

/// The tax of each rate before it was rounded, and what rounding added.
fn because(taxes: &Taxes, prices: Prices, rounding: TaxRounding) -> Result<Value, MoneyError> {
    let of_rate = |rate: &TaxOfRate| {
        let taxable = match prices {
            Prices::Exclusive => rate.base,
            Prices::Inclusive => rate.base.plus(rate.tax)?,
        };
        let exact: Exact = rate.exact;
        Ok(json!({
            "rate": rate.percent.to_string(),
            "taxable": taxable.decimal(),
            "exact": exact.to_string(),
            "residue": rate.residue()?.to_string(),
        }))
    };
    let rule = match prices {
        Prices::Exclusive => "tax is taxable x rate / 100, and total is net + tax",
        Prices::Inclusive => "tax is taxable x rate / (100 + rate), and net is total - tax",
    };
    let rounded = match rounding {
        TaxRounding::Document => "once for each rate",
        TaxRounding::Line => "once for each line",
    };
    let rates: Result<Vec<_>, MoneyError> = taxes.rates.iter().map(of_rate).collect();
    Ok(json!({"rule": rule, "rounded": rounded, "taxes": rates?}))
}

#[cfg(test)]
mod tests {
    use crate::calc::answer;

    fn asked(members: &str) -> String {
        answer(&format!(r#"{{"op":"tax",{members}}}"#))
    }

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        assert_eq!(
            asked(r#""currency":"JPY","lines":[{"amount":"105","rate":"10"}]"#),
            concat!(
                r#"{"taxes":[{"rate":"10","base":"105","tax":"11"}],"#,
                r#""net":"105","tax":"11","total":"116"}"#
            )
        );
        assert_eq!(
            asked(r#""lines":[]"#),
            r#"{"taxes":[],"net":"0.00","tax":"0.00","total":"0.00"}"#
        );
    }

    #[test]
    fn an_error_names_the_line_it_is_about() {
        for (line, code, path) in [
            (r#"{"amount":"1.005","rate":"10"}"#, "invalid_request", "lines[0].amount"),
            (r#"{"amount":"1","rate":10}"#, "invalid_request", "lines[0].rate"),
            (r#"{"amount":"1","rate":"101"}"#, "invalid_rate", "lines[0].rate"),
            (r#"{"amount":"1","rate":"-1"}"#, "invalid_rate", "lines[0].rate"),
            (
                r#"{"amount":"1","rate":"1","discount":"-1"}"#,
                "invalid_discount",
                "lines[0].discount",
            ),
            (r#"{"amount":"1"}"#, "invalid_request", "lines[0]"),
        ] {
            let answer = asked(&format!(r#""lines":[{line}]"#));
            let expected = format!(r#"{{"error":{{"code":"{code}","#);
            assert!(answer.starts_with(&expected), "{answer}");
            assert!(answer.ends_with(&format!(r#""path":"{path}"}}}}"#)), "{answer}");
        }
    }
}
