//! A price, and the model by which it prices more than one unit.

use super::FileError;
use super::read::{amount, choice, currency, exact, maybe_date, read, word};
use crate::apply::file;
use abono_domain::catalogue::{Price, PricePoint};
use abono_domain::exact::Exact;
use abono_domain::ids::PriceId;
use abono_domain::money::{Currency, Money};
use abono_domain::pricing::{
    Flat, Graduated, Model, Package, Partial, PerUnit, Pricing, Tier, Volume,
};
use abono_domain::seller::Settings;
use abono_domain::tax::Prices;
use uuid::Uuid;

pub(super) fn price(
    plan: &str,
    price: &file::Price,
    settings: &Settings,
) -> Result<Price, FileError> {
    let at = format!("{plan} price of {} months", price.months);
    let currency = match &price.currency {
        Some(code) => currency(&at, code)?,
        None => settings.currency,
    };
    let of_unit =
        |text: &Option<String>| text.as_deref().map(|text| amount(&at, text, currency)).transpose();
    let (list, paid) = (of_unit(&price.list)?, of_unit(&price.final_price)?);
    let model = model(&at, price)?;
    let alone = match &model {
        Some(model) => one_unit(&at, model, currency)?,
        None => {
            let said = paid.or(list);
            read(&at, "", "a price: it has a list price or a model", |_| said)?
        }
    };
    let minimum = maybe_exact(&at, &price.minimum)?;
    let per_unit = || Model::PerUnit(PerUnit { amount: Exact::of(alone) });
    let model = match (model, minimum) {
        (None, None) => None,
        (model, minimum) => Some(Pricing { model: model.unwrap_or_else(per_unit), minimum }),
    };
    let alone = match &model {
        // The least that is charged may be more than one unit costs.
        Some(pricing) => of_one(&at, pricing, currency)?,
        None => alone,
    };
    Ok(Price {
        id: PriceId(Uuid::nil()),
        point: PricePoint {
            currency,
            months: price.months,
            from_quantity: price.from_quantity,
            valid_from: maybe_date(&at, price.valid_from.as_ref())?,
        },
        // The least that is charged may be more than the list price of one.
        list: list.filter(|list| paid.is_some() || list.minor >= alone.minor).unwrap_or(alone),
        final_price: paid.unwrap_or(alone),
        model,
        tax: choice!(&format!("{at} tax"), &price.tax, Prices)?,
        valid_until: maybe_date(&at, price.valid_until.as_ref())?,
        reaches_existing: maybe_date(&at, price.reaches_existing.as_ref())?,
    })
}

fn one_unit(at: &str, model: &Model, currency: Currency) -> Result<Money, FileError> {
    of_one(at, &Pricing { model: model.clone(), minimum: None }, currency)
}

fn of_one(at: &str, pricing: &Pricing, currency: Currency) -> Result<Money, FileError> {
    let priced = pricing.price(Exact::ONE, currency);
    let wrong = |error| FileError::Value {
        at: at.to_owned(),
        value: pricing.to_string(),
        expected: format!("a model that can price: {error}"),
    };
    priced.map(|priced| priced.amount).map_err(wrong)
}

/// The models, each with the members that it has.
const MODELS: [(&str, &[&str]); 5] = [
    ("flat", &["amount"]),
    ("per_unit", &["amount"]),
    ("graduated", &["tiers"]),
    ("volume", &["tiers"]),
    ("package", &["amount", "size", "free", "partial"]),
];

/// The model that a price names; a member that it doesn't have is refused.
fn model(at: &str, price: &file::Price) -> Result<Option<Model>, FileError> {
    let kind = price.model.as_deref();
    let known = MODELS.iter().find(|(name, _)| Some(*name) == kind).map(|(_, members)| *members);
    let said = [
        ("amount", price.amount.is_some()),
        ("tiers", price.tiers.is_some()),
        ("size", price.size.is_some()),
        ("free", price.free.is_some()),
        ("partial", price.partial.is_some()),
    ];
    let Some(kind) = kind else { return foreign(at, said, &[], "a price without a model") };
    let Some(members) = known else {
        let names: Vec<&str> = MODELS.iter().map(|(name, _)| *name).collect();
        let expected = format!("one of {}", names.join(", "));
        return read(&format!("{at} model"), kind, &expected, |_| None);
    };
    foreign(at, said, members, &format!("the model {kind}"))?;
    let amount = || needed(at, "amount", &price.amount);
    let model = match kind {
        "flat" => Model::Flat(Flat { amount: amount()? }),
        "per_unit" => Model::PerUnit(PerUnit { amount: amount()? }),
        "graduated" => Model::Graduated(Graduated { tiers: tiers(at, price)? }),
        "volume" => Model::Volume(Volume { tiers: tiers(at, price)? }),
        _ => Model::Package(Package {
            size: needed(at, "size", &price.size)?,
            amount: amount()?,
            free: maybe_exact(at, &price.free)?.unwrap_or(Exact::ZERO),
            partial: match &price.partial {
                Some(partial) => word!(&format!("{at} partial"), partial, Partial)?,
                None => Partial::Up,
            },
        }),
    };
    Ok(Some(model))
}

/// Refuses a member that is said and doesn't belong.
fn foreign(
    at: &str,
    said: [(&str, bool); 5],
    members: &[&str],
    of: &str,
) -> Result<Option<Model>, FileError> {
    let is_foreign = |(member, is_said): &(&str, bool)| *is_said && !members.contains(member);
    match said.into_iter().find(is_foreign) {
        Some((member, _)) => read(at, member, &format!("a member of {of}"), |_| None),
        None => Ok(None),
    }
}

/// A figure that the model can't do without.
fn needed(at: &str, member: &str, text: &Option<String>) -> Result<Exact, FileError> {
    match text {
        Some(text) => exact(&format!("{at} {member}"), text),
        None => read(at, member, "said, and the model needs it", |_| None),
    }
}

fn tiers(at: &str, price: &file::Price) -> Result<Vec<Tier>, FileError> {
    let at = format!("{at} tiers");
    let tier = |tier: &file::Tier| {
        Ok(Tier {
            up_to: maybe_exact(&at, &tier.up_to)?,
            unit: maybe_exact(&at, &tier.unit)?,
            flat: maybe_exact(&at, &tier.flat)?,
            flat_at_zero: tier.flat_at_zero,
        })
    };
    price.tiers.iter().flatten().map(tier).collect()
}

fn maybe_exact(at: &str, text: &Option<String>) -> Result<Option<Exact>, FileError> {
    text.as_deref().map(|text| exact(at, text)).transpose()
}
