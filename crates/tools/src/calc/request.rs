//! A request taken apart: which op, the members that all ops have in common, and the rest.

pub(super) mod json;
pub(super) mod wire;

use super::refusal::{Refusal, Refused};
use abono_domain::calendar::{self, CalendarError};
use abono_domain::money::Currency;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::Error;
use serde_json::{Map, Value};
use wire::CurrencyCode;

/// The members of an op's own.
pub(super) type Body = Map<String, Value>;

/// The members that every op has. They are checked also where an op has no use for them.
#[derive(Deserialize)]
pub(super) struct Common {
    zone: Option<String>,
    currency: Option<CurrencyCode>,
    day_count: Option<DayCount>,
    day_of_change: Option<DayOfChange>,
    #[serde(default)]
    pub(super) explain: bool,
}

/// How days are counted.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DayCount {
    #[default]
    Actual,
    Fixed30,
    Second,
}

/// Whose the day of a change is.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DayOfChange {
    #[default]
    New,
    Old,
}

const COMMON: [&str; 5] = ["zone", "currency", "day_count", "day_of_change", "explain"];

impl Common {
    /// The currency; euros where none is named.
    pub(super) fn currency(&self) -> Currency {
        self.currency.as_ref().map_or(Currency::EUR, |code| code.0)
    }

    /// How days are counted.
    pub(super) fn day_count(&self) -> DayCount {
        self.day_count.unwrap_or_default()
    }

    /// Whose the day of a change is.
    pub(super) fn day_of_change(&self) -> DayOfChange {
        self.day_of_change.unwrap_or_default()
    }

    /// The zone; UTC where none is named.
    pub(super) fn zone(&self) -> Result<TimeZone, CalendarError> {
        self.zone.as_deref().map_or(Ok(TimeZone::UTC), calendar::zone)
    }
}

/// The op's name, the common members and the op's own.
pub(super) fn read(line: &str) -> Result<(String, Common, Body), Refused> {
    let invalid = |message| Refusal::Invalid(serde_json::Error::custom(message));
    let Value::Object(mut members) = json::parse(line)? else {
        return Err(invalid("a request is an object").into());
    };
    let op = match members.shift_remove("op") {
        Some(Value::String(op)) => op,
        Some(_) => return Err(invalid("an op is named by text").at("op")),
        None => return Err(invalid("missing field `op`").at("op")),
    };
    let common = COMMON.iter().filter_map(|name| members.shift_remove_entry(*name)).collect();
    Ok((op, json::read(common)?, members))
}
