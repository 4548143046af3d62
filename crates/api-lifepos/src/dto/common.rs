//! Shapes that stand in others: references, money, instants.

use abono_domain::language::{Language, Names};
use abono_domain::money::{Currency, Money};
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use uuid::Uuid;

/// In which language things are named.
#[derive(Clone, Copy)]
pub(crate) struct Naming<'a> {
    pub(crate) wanted: &'a Language,
    pub(crate) fallback: &'a Language,
}

impl Naming<'_> {
    pub(crate) fn of<'n>(&self, names: &'n Names) -> Option<&'n str> {
        names.in_language(self.wanted, self.fallback)
    }
}

/// An id in its one spelling: lower case, with dashes.
#[derive(ToSchema)]
#[schema(value_type = String, format = Uuid)]
pub(crate) struct Guid(pub(crate) Uuid);

impl Serialize for Guid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self.0.as_hyphenated())
    }
}

/// A thing by its id.
#[derive(Serialize, ToSchema)]
#[schema(as = Reference)]
pub(crate) struct ReferenceDto {
    guid: Guid,
    type_of: &'static str,
}

impl ReferenceDto {
    pub(crate) const fn plan(guid: Uuid) -> Self {
        Self { guid: Guid(guid), type_of: "SubscriptionPlan" }
    }
}

/// An amount in minor units.
#[derive(Serialize, ToSchema)]
#[schema(as = Money)]
pub(crate) struct MoneyDto {
    value: i64,
    #[schema(schema_with = currency)]
    currency: &'static str,
    type_of: &'static str,
}

/// The currencies that the contract has a name for.
const LISTED: [&str; 4] = ["RUB", "GBP", "USD", "EUR"];

/// What stands for all others.
const UNLISTED: &str = "Unknown";

fn currency() -> Object {
    let names = LISTED.into_iter().chain([UNLISTED]);
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).build()
}

/// Whether prices in a currency are shown and sold.
pub(crate) fn is_listed(currency: Currency) -> bool {
    LISTED.contains(&currency.code())
}

impl From<Money> for MoneyDto {
    fn from(money: Money) -> Self {
        let known = is_listed(money.currency);
        let currency = if known { money.currency.code() } else { UNLISTED };
        Self { value: money.minor, currency, type_of: "Money" }
    }
}

/// RFC 3339 in UTC with exactly three decimals; what is finer is cut off.
#[derive(ToSchema)]
#[schema(value_type = String, format = DateTime)]
pub(crate) struct Instant(pub(crate) Timestamp);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(shape: &impl Serialize) -> String {
        serde_json::to_string(shape).expect("JSON")
    }

    #[test]
    fn an_instant_has_three_decimals_and_is_cut_not_rounded() {
        for (instant, text) in [
            ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00.000Z"),
            ("2026-01-31T10:00:00.999999Z", "2026-01-31T10:00:00.999Z"),
            ("2026-01-31T13:00:00.1+03:00", "2026-01-31T10:00:00.100Z"),
        ] {
            let instant = Instant(instant.parse().expect("an instant"));
            assert_eq!(json(&instant), format!("\"{text}\""));
        }
    }

    #[test]
    fn money_is_in_minor_units_of_a_currency_that_the_contract_knows() {
        let money = |minor, currency: &str| {
            let currency = currency.parse().expect("a currency");
            json(&MoneyDto::from(Money::new(minor, currency)))
        };
        assert_eq!(money(99_000, "RUB"), r#"{"value":99000,"currency":"RUB","type_of":"Money"}"#);
        assert_eq!(money(-1, "EUR"), r#"{"value":-1,"currency":"EUR","type_of":"Money"}"#);
        assert_eq!(money(1, "SEK"), r#"{"value":1,"currency":"Unknown","type_of":"Money"}"#);
    }
}
