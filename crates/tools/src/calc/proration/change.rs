//! The op `change`: what a change within a period gives back, and what it costs.

use super::{
    Range, amount, day_count_word, day_of_change, day_of_change_word, derived, figure, point,
    range, taken,
};
use crate::calc::refusal::{Refusal, Refused};
use crate::calc::request::json;
use crate::calc::request::wire::{Amount, Day, Decimal};
use crate::calc::request::{Body, Common};
use abono_domain::exact::Exact;
use abono_domain::proration::{self, Billed, Change, Changed, Credited, Measure, ProrationError};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    period: Range,
    at: Day,
    old: Old,
    new: New,
    credited_before: Option<Amount>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Old {
    price: Decimal,
    quantity: Option<Decimal>,
    discount: Option<Discount>,
    paid_period: Option<Range>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    price: Decimal,
    quantity: Option<Decimal>,
    discount: Option<Discount>,
    period: Option<Range>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Discount {
    Percent(Decimal),
    Amount(Decimal),
}

pub(in crate::calc) fn answer(common: &Common, body: Body) -> Result<Value, Refused> {
    let request: Request = json::read(body)?;
    let Request { period, at, old, new, credited_before } = &request;
    let period = period.measure(common, "period")?;
    let paid = match &old.paid_period {
        None => period.all_billed(),
        Some(paid) => period
            .billed(paid.stretch())
            .map_err(|error| Refusal::Proration(error).at("old.paid_period"))?,
    };
    let new_period = match &new.period {
        None => period.clone(),
        Some(own) => own.measure(common, "new.period")?,
    };
    let change = Change {
        period: &period,
        at: point(at),
        day_of_change: day_of_change(common),
        old: state(old.price, old.quantity, old.discount, "old")?,
        paid: &paid,
        new: state(new.price, new.quantity, new.discount, "new")?,
        new_period: &new_period,
        credited_before: amount(credited_before.as_ref(), common, "credited_before")?,
    };
    let changed = proration::change(&change).map_err(refused)?;
    let mut answer = json!({
        "credit": taken(changed.credited.credit)?,
        "charge": changed.charge.amount.decimal(),
        "net": changed.net.decimal(),
    });
    if common.explain {
        answer["because"] = because(&changed, &paid, &new_period, common)?;
    }
    Ok(answer)
}

fn state(
    price: Decimal,
    quantity: Option<Decimal>,
    discount: Option<Discount>,
    path: &str,
) -> Result<proration::State, Refused> {
    let read = |given, member: &str| figure(given, &format!("{path}.{member}"));
    let discount = match discount {
        None => None,
        Some(Discount::Percent(percent)) => {
            Some(proration::Discount::Percent(read(percent, "discount.percent")?))
        }
        Some(Discount::Amount(amount)) => {
            Some(proration::Discount::Amount(read(amount, "discount.amount")?))
        }
    };
    let quantity = quantity.map_or(Ok(Exact::ONE), |quantity| read(quantity, "quantity"))?;
    Ok(proration::State { price: read(price, "price")?, quantity, discount })
}

fn refused(error: ProrationError) -> Refused {
    let path = match error {
        ProrationError::AtOutside(..) => "at",
        ProrationError::NewPeriodElsewhere(..) => "new.period",
        ProrationError::Calendar(_)
        | ProrationError::Money(_)
        | ProrationError::EmptyPeriod(..)
        | ProrationError::PartOutside(..)
        | ProrationError::CutsOutOfOrder(_)
        | ProrationError::Negative(_) => "",
    };
    Refusal::Proration(error).at(path)
}

fn because(
    changed: &Changed,
    paid: &Billed,
    new_period: &Measure,
    common: &Common,
) -> Result<Value, Refused> {
    let Changed { cut, credited, charge, net: _ } = changed;
    let Credited { line, billed, cap, credit } = credited;
    let own = paid.measure().period();
    let new_own = new_period.period();
    let from_cut = proration::Stretch { from: *cut, to: new_own.to };
    Ok(json!({
        "rule": "credit: what is left of what was paid, at the old price after discount, at most \
            what was billed less earlier credits; charge: the rest of the new state's period",
        "day_count": day_count_word(common),
        "day_of_change": day_of_change_word(common),
        "new_state": range(from_cut, common)?,
        "credit": {
            "line": derived(line, own, common)?,
            "paid": paid.share()?.to_string(),
            "billed": billed.decimal(),
            "cap": cap.decimal(),
            "is_capped": credit != &line.amount,
        },
        "charge": {"line": derived(charge, new_own, common)?},
    }))
}

#[cfg(test)]
mod tests {
    use crate::calc::{answer, refused};

    fn asked(members: &str) -> String {
        let period = r#""period":{"from":"2026-04-01","to":"2026-05-01"}"#;
        answer(&format!(r#"{{"op":"change",{period},{members}}}"#))
    }

    fn error(members: &str) -> String {
        refused(&asked(members))
    }

    #[test]
    fn the_day_of_the_change_belongs_to_the_new_state_unless_it_is_said() {
        let states = r#""at":"2026-04-21","old":{"price":"90"},"new":{"price":"120"}"#;
        assert_eq!(asked(states), r#"{"credit":"-30.00","charge":"40.00","net":"10.00"}"#);
        assert_eq!(
            asked(&format!(r#"{states},"day_of_change":"old""#)),
            r#"{"credit":"-27.00","charge":"36.00","net":"9.00"}"#
        );
    }

    #[test]
    fn a_credit_is_at_most_what_was_billed_less_earlier_credits() {
        let states = r#""at":"2026-04-21","old":{"price":"90"},"new":{"price":"0"}"#;
        let before = |amount: &str| asked(&format!(r#"{states},"credited_before":"{amount}""#));
        assert_eq!(before("60.00"), r#"{"credit":"-30.00","charge":"0.00","net":"-30.00"}"#);
        assert_eq!(before("75.00"), r#"{"credit":"-15.00","charge":"0.00","net":"-15.00"}"#);
        assert_eq!(before("99.00"), r#"{"credit":"0.00","charge":"0.00","net":"0.00"}"#);
    }

    #[test]
    fn an_error_names_the_member_it_is_about() {
        let with = |at: &str, old: &str, new: &str| {
            error(&format!(r#""at":"{at}","old":{{"price":{old}}},"new":{{"price":{new}}}"#))
        };
        let (at, nine) = ("2026-04-21", r#""9""#);
        assert_eq!(with(at, nine, nine), "no error at no error");
        assert_eq!(with("2026-05-02", nine, nine), "outside_period at at");
        assert_eq!(with("2026-03-31", nine, nine), "outside_period at at");
        assert_eq!(with(at, r#""-9""#, nine), "negative at old.price");
        assert_eq!(with(at, nine, r#""9","quantity":"-1""#), "negative at new.quantity");
        let off = r#""9","discount":{"percent":"-1"}"#;
        assert_eq!(with(at, off, nine), "negative at old.discount.percent");
        let both = r#""9","discount":{"percent":"1","amount":"1"}"#;
        assert_eq!(with(at, both, nine), "invalid_request at old.discount");
        let paid = r#""9","paid_period":{"from":"2026-06-01","to":"2026-06-01"}"#;
        assert_eq!(with(at, paid, nine), "empty_period at old.paid_period");
        let may = r#""9","period":{"from":"2026-05-01","to":"2026-06-01"}"#;
        assert_eq!(with(at, nine, may), "outside_period at new.period");
        assert_eq!(with(at, may, nine), "invalid_request at old.period");
    }
}
