//! The op `price`: what a quantity costs by a model, line by line.

mod because;
mod model;

use super::refusal::{Refusal, Refused, money_code};
use super::request::json;
use super::request::wire::Decimal;
use super::request::{Body, Common};
use abono_domain::exact::Exact;
use abono_domain::pricing::{Line, Member, Model, Part, PriceRefusal, Pricing};
use serde::Deserialize;
use serde::de::Error;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    quantity: Option<Decimal>,
    model: Body,
    minimum: Option<Decimal>,
}

pub(super) fn answer(common: &Common, body: Body) -> Result<Value, Refused> {
    let Request { quantity, model, minimum } = json::read(body)?;
    let model = model::read(model).map_err(|refused| refused.under("model"))?;
    let quantity = of(&model, quantity)?;
    let pricing = Pricing { model, minimum: minimum.map(|Decimal(minimum)| minimum) };
    let priced = pricing.price(quantity, common.currency())?;
    let mut answer = json!({
        "amount": priced.amount.decimal(),
        "exact": priced.exact.to_string(),
        "lines": priced.lines.iter().map(line).collect::<Vec<_>>(),
    });
    if common.explain {
        answer["because"] = because::because(&pricing, quantity, &priced)?;
    }
    Ok(answer)
}

/// The quantity, which only models that don't depend on it can do without.
fn of(model: &Model, quantity: Option<Decimal>) -> Result<Exact, Refused> {
    match (model, quantity) {
        (_, Some(Decimal(quantity))) => Ok(quantity),
        (Model::Flat(_) | Model::Percentage(_), None) => Ok(Exact::ONE),
        (Model::PerUnit(_) | Model::Graduated(_) | Model::Volume(_) | Model::Package(_), None) => {
            let missing = serde_json::Error::custom("missing field `quantity`");
            Err(Refusal::Invalid(missing).at("quantity"))
        }
    }
}

fn line(line: &Line) -> Value {
    let mut members = part(line.part);
    members.insert("quantity".to_owned(), line.quantity.to_string().into());
    members.insert("price".to_owned(), line.price.to_string().into());
    members.insert("exact".to_owned(), line.exact.to_string().into());
    members.insert("amount".to_owned(), line.amount.decimal().into());
    members.into()
}

/// The members that say which part of a price it is about.
fn part(part: Part) -> Map<String, Value> {
    let (name, number) = match part {
        Part::Flat => ("flat", None),
        Part::Units => ("units", None),
        Part::Tier(number) => ("tier", Some(number)),
        Part::TierFlat(number) => ("tier_flat", Some(number)),
        Part::Packages => ("packages", None),
        Part::Event(number) => ("event", Some(number)),
        Part::Minimum => ("minimum", None),
    };
    let mut members = Map::new();
    members.insert("part".to_owned(), name.into());
    members.extend(number.map(|number| ("n".to_owned(), number.into())));
    members
}

pub(super) fn code(refusal: &PriceRefusal) -> &'static str {
    match refusal {
        PriceRefusal::Negative(_) => "negative",
        PriceRefusal::NoTiers
        | PriceRefusal::TiersNotAscending(_)
        | PriceRefusal::OpenTierBeforeLast(_)
        | PriceRefusal::LastTierNotOpen => "invalid_tiers",
        PriceRefusal::EmptyPackage => "invalid_package",
        PriceRefusal::MinAboveMax => "invalid_bounds",
        PriceRefusal::Money(error) => money_code(error),
    }
}

impl From<PriceRefusal> for Refused {
    fn from(refusal: PriceRefusal) -> Self {
        let path = match &refusal {
            PriceRefusal::Negative(member) => path(*member),
            PriceRefusal::NoTiers | PriceRefusal::LastTierNotOpen => "model.tiers".to_owned(),
            PriceRefusal::TiersNotAscending(tier) | PriceRefusal::OpenTierBeforeLast(tier) => {
                format!("{}.up_to", element("model.tiers", *tier))
            }
            PriceRefusal::EmptyPackage => "model.size".to_owned(),
            PriceRefusal::MinAboveMax => "model.min".to_owned(),
            PriceRefusal::Money(_) => String::new(),
        };
        Refusal::Price(refusal).at(path)
    }
}

fn path(member: Member) -> String {
    match member {
        Member::Quantity => "quantity".to_owned(),
        Member::Amount => "model.amount".to_owned(),
        Member::Unit(tier) => format!("{}.unit", element("model.tiers", tier)),
        Member::TierFlat(tier) => format!("{}.flat", element("model.tiers", tier)),
        Member::Size => "model.size".to_owned(),
        Member::Free => "model.free".to_owned(),
        Member::Rate => "model.rate".to_owned(),
        Member::Fixed => "model.fixed".to_owned(),
        Member::FreeUnits => "model.free_units".to_owned(),
        Member::Min => "model.min".to_owned(),
        Member::Max => "model.max".to_owned(),
        Member::Event(event) => element("model.events", event),
        Member::Minimum => "minimum".to_owned(),
    }
}

/// The path of an element that is numbered from 1.
fn element(list: &str, number: u64) -> String {
    format!("{list}[{}]", number.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use crate::calc::{answer, refused};
    use proptest::prelude::*;

    fn error(members: &str) -> String {
        refused(&answer(&format!(r#"{{"op":"price",{members}}}"#)))
    }

    fn model(members: &str) -> String {
        error(&format!(r#""quantity":"1","model":{{{members}}}"#))
    }

    fn tiers(list: &str) -> String {
        let graduated = model(&format!(r#""kind":"graduated","tiers":[{list}]"#));
        let volume = model(&format!(r#""kind":"volume","tiers":[{list}]"#));
        assert_eq!(graduated, volume);
        graduated
    }

    #[test]
    fn a_refusal_names_the_member_it_is_about() {
        assert_eq!(error(r#""quantity":"1""#), "invalid_request at ");
        assert_eq!(model(r#""amount":"1""#), "invalid_request at model.kind");
        assert_eq!(model(r#""kind":1"#), "invalid_request at model.kind");
        assert_eq!(model(r#""kind":"tiered""#), "invalid_request at model.kind");
        assert_eq!(model(r#""kind":"flat""#), "invalid_request at model");
        assert_eq!(model(r#""kind":"flat","amount":1"#), "invalid_request at model.amount");
        assert_eq!(model(r#""kind":"flat","amount":"-1""#), "negative at model.amount");
        let unknown = r#""kind":"flat","amount":"1","unit":"1""#;
        assert_eq!(model(unknown), "invalid_request at model.unit");
        let per_unit =
            |rest: &str| error(&format!(r#""model":{{"kind":"per_unit","amount":"1"}}{rest}"#));
        assert_eq!(per_unit(""), "invalid_request at quantity");
        assert_eq!(per_unit(r#","quantity":"-1""#), "negative at quantity");
        assert_eq!(per_unit(r#","quantity":1"#), "invalid_request at quantity");
        assert_eq!(per_unit(r#","quantity":"1","minimum":"-1""#), "negative at minimum");
        let most = r#","quantity":"999999999999999999""#;
        assert_eq!(per_unit(most), "amount_out_of_range at ");
    }

    #[test]
    fn tiers_that_leave_a_quantity_without_one_price_are_refused() {
        assert_eq!(tiers(""), "invalid_tiers at model.tiers");
        assert_eq!(tiers(r#"{"up_to":"1"}"#), "invalid_tiers at model.tiers");
        assert_eq!(tiers(r#"{"up_to":"0"},{}"#), "invalid_tiers at model.tiers[0].up_to");
        assert_eq!(tiers(r#"{},{"up_to":null}"#), "invalid_tiers at model.tiers[0].up_to");
        assert_eq!(tiers(r#"{"up_to":1},{}"#), "invalid_request at model.tiers[0].up_to");
        assert_eq!(tiers(r#"{"up_to":"1"},{"unit":"-1"}"#), "negative at model.tiers[1].unit");
        assert_eq!(tiers(r#"{"up_to":"1"},{"flat":"-1"}"#), "negative at model.tiers[1].flat");
    }

    #[test]
    fn packages_and_percentages_are_bounded() {
        let package = |rest: &str| model(&format!(r#""kind":"package","amount":"1",{rest}"#));
        assert_eq!(package(r#""size":"0""#), "invalid_package at model.size");
        assert_eq!(package(r#""size":"-1""#), "negative at model.size");
        assert_eq!(package(r#""size":"1","free":"-1""#), "negative at model.free");
        assert_eq!(package(r#""size":"1","partial":"half""#), "invalid_request at model.partial");
        let percentage =
            |rest: &str| error(&format!(r#""model":{{"kind":"percentage","rate":"1",{rest}}}"#));
        assert_eq!(percentage(r#""events":["1","-1"]"#), "negative at model.events[1]");
        assert_eq!(percentage(r#""events":[],"fixed":"-1""#), "negative at model.fixed");
        let bounds = r#""events":[],"min":"2","max":"1""#;
        assert_eq!(percentage(bounds), "invalid_bounds at model.min");
        for events in [r#"3"#, r#""3""#] {
            let free = format!(r#""events":[],"free_events":{events}"#);
            assert_eq!(percentage(&free), "no error at no error");
        }
        for events in ["-1", r#""-1""#, r#""0.5""#, "true"] {
            let free = format!(r#""events":[],"free_events":{events}"#);
            assert_eq!(percentage(&free), "invalid_request at model.free_events");
        }
    }

    proptest! {
        #[test]
        fn no_figure_makes_it_panic(
            kind in "flat|per_unit|graduated|volume|package|percentage",
            a in "-?[0-9]{1,18}(\\.[0-9]{1,18})?", b in "[0-9]{1,18}(\\.[0-9]{1,18})?",
            c in "[0-9]{1,18}(\\.[0-9]{1,18})?", free in any::<u64>(),
        ) {
            let model = match kind.as_str() {
                "flat" | "per_unit" => format!(r#""amount":"{a}""#),
                "graduated" | "volume" => {
                    let last = format!(r#"{{"unit":"{c}","flat":"{a}"}}"#);
                    format!(r#""tiers":[{{"up_to":"{a}","unit":"{b}"}},{last}]"#)
                }
                "package" => format!(r#""size":"{a}","amount":"{b}","free":"{c}""#),
                _ => {
                    let free = format!(r#""free_units":"{c}","free_events":{free}"#);
                    format!(r#""rate":"{a}","fixed":"{b}",{free},"events":["{b}","{c}","{a}"]"#)
                }
            };
            let members = format!(r#""quantity":"{c}","minimum":"{b}","explain":true"#);
            let line = format!(r#"{{"op":"price",{members},"model":{{"kind":"{kind}",{model}}}}}"#);
            let answer = answer(&line);
            prop_assert!(!answer.contains("invalid_request"), "{}", answer);
        }
    }
}
