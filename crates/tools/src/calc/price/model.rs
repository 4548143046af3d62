//! How models of pricing are written in a request: an object whose `kind` says what else it has.

use crate::calc::refusal::{Refusal, Refused};
use crate::calc::request::Body;
use crate::calc::request::json;
use crate::calc::request::wire::Decimal;
use abono_domain::exact::Exact;
use abono_domain::pricing::{self, Flat, Graduated, Model, PerUnit, Volume};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error, Visitor};
use serde_json::Value;
use std::fmt;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Amount {
    amount: Decimal,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tiers {
    tiers: Vec<Tier>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tier {
    up_to: Option<Decimal>,
    unit: Option<Decimal>,
    flat: Option<Decimal>,
    flat_at_zero: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Package {
    size: Decimal,
    amount: Decimal,
    free: Option<Decimal>,
    partial: Option<Partial>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Partial {
    Up,
    Down,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Percentage {
    rate: Decimal,
    fixed: Option<Decimal>,
    free_units: Option<Decimal>,
    free_events: Option<Count>,
    min: Option<Decimal>,
    max: Option<Decimal>,
    events: Vec<Decimal>,
}

/// A whole number from 0 on, as a number or as text: it is both a count and a quantity.
struct Count(u64);

const KINDS: &str = "flat, per_unit, graduated, volume, package or percentage";

/// The model that the members of `model` describe.
pub(super) fn read(mut model: Body) -> Result<Model, Refused> {
    let invalid = |message: String| Refusal::Invalid(serde_json::Error::custom(message)).at("kind");
    let kind = match model.shift_remove("kind") {
        Some(Value::String(kind)) => kind,
        Some(_) | None => return Err(invalid(format!("a model has a kind: {KINDS}"))),
    };
    Ok(match kind.as_str() {
        "flat" => Model::Flat(Flat { amount: members::<Amount>(model)?.amount.0 }),
        "per_unit" => Model::PerUnit(PerUnit { amount: members::<Amount>(model)?.amount.0 }),
        "graduated" => Model::Graduated(Graduated { tiers: members::<Tiers>(model)?.read() }),
        "volume" => Model::Volume(Volume { tiers: members::<Tiers>(model)?.read() }),
        "package" => Model::Package(members::<Package>(model)?.read()),
        "percentage" => Model::Percentage(members::<Percentage>(model)?.read()),
        other => return Err(invalid(format!("`{other}` is not a kind: {KINDS}"))),
    })
}

fn members<T: DeserializeOwned>(model: Body) -> Result<T, Refused> {
    json::read(model)
}

fn exact(decimal: Option<Decimal>) -> Option<Exact> {
    decimal.map(|Decimal(figure)| figure)
}

impl Tiers {
    fn read(self) -> Vec<pricing::Tier> {
        let tier = |tier: Tier| pricing::Tier {
            up_to: exact(tier.up_to),
            unit: exact(tier.unit),
            flat: exact(tier.flat),
            flat_at_zero: tier.flat_at_zero.unwrap_or(false),
        };
        self.tiers.into_iter().map(tier).collect()
    }
}

impl Package {
    fn read(self) -> pricing::Package {
        pricing::Package {
            size: self.size.0,
            amount: self.amount.0,
            free: exact(self.free).unwrap_or(Exact::ZERO),
            partial: match self.partial {
                Some(Partial::Up) | None => pricing::Partial::Up,
                Some(Partial::Down) => pricing::Partial::Down,
            },
        }
    }
}

impl Percentage {
    fn read(self) -> pricing::Percentage {
        pricing::Percentage {
            rate: self.rate.0,
            fixed: exact(self.fixed).unwrap_or(Exact::ZERO),
            free_units: exact(self.free_units),
            free_events: self.free_events.map(|Count(count)| count),
            min: exact(self.min),
            max: exact(self.max),
            events: self.events.into_iter().map(|Decimal(amount)| amount).collect(),
        }
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(CountVisitor).map(Self)
    }
}

struct CountVisitor;

impl Visitor<'_> for CountVisitor {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number from 0 on")
    }

    fn visit_u64<E: Error>(self, count: u64) -> Result<u64, E> {
        Ok(count)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<u64, E> {
        let whole = Exact::parse(text).filter(|figure| figure.denominator() == 1);
        let count = whole.and_then(|figure| u64::try_from(figure.numerator()).ok());
        count.ok_or_else(|| E::custom(format_args!("`{text}` is not a whole number from 0 on")))
    }
}
