//! Why a price is what it is: the rule, the figures of each part, and what rounding moved.

use super::part;
use crate::calc::refusal::Refused;
use abono_domain::exact::Exact;
use abono_domain::money::{Money, MoneyError};
use abono_domain::pricing::{
    Bound, EventFee, Line, Model, Package, Part, Partial, Percentage, Priced, Pricing, Tier,
};
use serde_json::{Map, Value, json};

/// The tree of a price.
pub(super) fn because(
    pricing: &Pricing,
    quantity: Exact,
    priced: &Priced,
) -> Result<Value, Refused> {
    let details = details(&pricing.model, quantity)?;
    let steps: Vec<_> = priced
        .lines
        .iter()
        .map(|line| step(pricing, &details, line))
        .collect::<Result<_, MoneyError>>()?;
    Ok(json!({
        "rule": rule(&pricing.model),
        "quantity": asked(&pricing.model, quantity),
        "steps": steps,
        "exact": priced.exact.to_string(),
        "rounded": priced.amount.decimal(),
        "residue": residue(priced.amount, priced.exact)?.to_string(),
    }))
}

/// The quantity, where the price depends on it.
fn asked(model: &Model, quantity: Exact) -> Option<String> {
    match model {
        Model::Flat(_) | Model::Percentage(_) => None,
        Model::PerUnit(_) | Model::Graduated(_) | Model::Volume(_) | Model::Package(_) => {
            Some(quantity.to_string())
        }
    }
}

/// What rounding added; below zero, what it took away.
fn residue(rounded: Money, exact: Exact) -> Result<Exact, MoneyError> {
    Exact::of(rounded).minus(exact)
}

fn rule(model: &Model) -> &'static str {
    match model {
        Model::Flat(_) => "one amount, whatever the quantity",
        Model::PerUnit(_) => "quantity times price",
        Model::Graduated(_) => {
            "each tier prices the units that fall into it, and adds its flat amount once entered"
        }
        Model::Volume(_) => {
            "the tier that the quantity reaches prices all units and adds its flat amount"
        }
        Model::Package(Package { partial: Partial::Up, .. }) => {
            "units that are not free, over the size, rounded up to whole packages, times price"
        }
        Model::Package(Package { partial: Partial::Down, .. }) => {
            "units that are not free, over the size, rounded down to whole packages, times price"
        }
        Model::Percentage(_) => {
            "per event that is not free, rate percent of what is not free and the fixed fee, \
             within the bounds"
        }
    }
}

/// What a model knows about its lines beside their figures: one for each event, or one for all.
fn details(model: &Model, quantity: Exact) -> Result<Vec<Value>, Refused> {
    Ok(match model {
        Model::Flat(_) | Model::PerUnit(_) | Model::Graduated(_) | Model::Volume(_) => Vec::new(),
        Model::Package(package) => vec![packages(package, quantity)?],
        Model::Percentage(percentage) => {
            percentage.fees()?.iter().map(|fee| event(percentage, fee)).collect()
        }
    })
}

fn packages(package: &Package, quantity: Exact) -> Result<Value, MoneyError> {
    Ok(json!({
        "free": package.free.to_string(),
        "billable": package.billable(quantity)?.to_string(),
        "size": package.size.to_string(),
        "packages": package.count(quantity)?.to_string(),
    }))
}

fn event(percentage: &Percentage, fee: &EventFee) -> Value {
    let fixed = if fee.is_free { Exact::ZERO } else { percentage.fixed };
    json!({
        "event": fee.amount.to_string(),
        "free": fee.free.to_string(),
        "share": fee.share.to_string(),
        "fixed": fixed.to_string(),
        "bound": fee.bound.map(|bound| match bound {
            Bound::Min => "min",
            Bound::Max => "max",
        }),
    })
}

fn step(pricing: &Pricing, details: &[Value], line: &Line) -> Result<Value, MoneyError> {
    let mut members = part(line.part);
    let detail = match line.part {
        Part::Flat | Part::Units => Map::new(),
        Part::Tier(number) | Part::TierFlat(number) => bounds(&pricing.model, number),
        Part::Packages => object(details.first()),
        Part::Event(number) => object(position(number).and_then(|n| details.get(n))),
        Part::Minimum => {
            let minimum = pricing.minimum.map(|minimum| minimum.to_string());
            Map::from_iter([("at_least".to_owned(), minimum.into())])
        }
    };
    members.extend(detail);
    members.insert("quantity".to_owned(), line.quantity.to_string().into());
    members.insert("price".to_owned(), line.price.to_string().into());
    members.insert("exact".to_owned(), line.exact.to_string().into());
    members.insert("rounded".to_owned(), line.amount.decimal().into());
    let residue = residue(line.amount, line.exact)?.to_string();
    members.insert("residue".to_owned(), residue.into());
    Ok(members.into())
}

/// From above which quantity a tier runs, and up to which.
fn bounds(model: &Model, number: u64) -> Map<String, Value> {
    let tiers = match model {
        Model::Graduated(graduated) => &graduated.tiers,
        Model::Volume(volume) => &volume.tiers,
        Model::Flat(_) | Model::PerUnit(_) | Model::Package(_) | Model::Percentage(_) => {
            return Map::new();
        }
    };
    let bound = |tier: Option<&Tier>| tier.and_then(|tier| tier.up_to);
    let at = position(number);
    let before = at.and_then(|at| at.checked_sub(1)).and_then(|at| tiers.get(at));
    let up_to = bound(at.and_then(|at| tiers.get(at))).map(|up_to| up_to.to_string());
    let above = bound(before).unwrap_or(Exact::ZERO).to_string();
    Map::from_iter([("above".to_owned(), above.into()), ("up_to".to_owned(), up_to.into())])
}

/// The position of what is numbered from 1.
fn position(number: u64) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}

fn object(value: Option<&Value>) -> Map<String, Value> {
    value.and_then(Value::as_object).cloned().unwrap_or_default()
}
