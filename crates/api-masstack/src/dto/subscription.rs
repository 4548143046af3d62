//! A subscription: whether it runs, since when, and what it is reached by.

use super::{Day, IdValue, Instant};
use abono_domain::subscription::{Origin, Status};
use abono_engine::Actor;
use abono_engine::views::{StatusRecord, SubscriptionView};
use abono_http::path;
use serde::Serialize;

/// What is shown only to somebody who asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SubscriptionExtra {
    /// How it came about.
    Origin,
    /// When it was sold.
    SellDate,
    /// The steps of its status.
    HistoricalStatus,
}

/// What the contract calls a Subscription.
#[derive(Serialize)]
pub(crate) struct SubscriptionDto<'a> {
    id: i64,
    subscription_status: IdValue<'static>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sell_date: Option<Day>,
    activated_date: Day,
    /// The first day on which it isn't any more, also where that is to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<Day>,
    subscription_type: IdValue<'static>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<IdValue<'static>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    historical_status: Option<Vec<StatusDto>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identification_nr: Option<Digits<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    imsi: Option<Digits<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iccid: Option<Digits<'a>>,
}

/// One step of a subscription's status.
#[derive(Serialize)]
struct StatusDto {
    subscription_status: IdValue<'static>,
    date: Instant,
    modified_by: String,
}

/// The number of a line. The contract writes it as an integer; one that is none, because of its
/// length or a zero before it, is a text.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Digits<'a> {
    Integer(i64),
    Text(&'a str),
}

/// The one kind that there is: nothing here is topped up in advance.
const POSTPAID: IdValue<'static> = IdValue { id: 2, value: "POST-PAGO" };

impl<'a> SubscriptionDto<'a> {
    pub(crate) fn new(view: &'a SubscriptionView, extras: &[SubscriptionExtra]) -> Self {
        let SubscriptionView { agreement, state, steps, .. } = view;
        let wants = |extra| extras.contains(&extra);
        let steps = || steps.iter().map(StatusDto::new).collect();
        Self {
            id: agreement.subscription.number,
            subscription_status: status(state.status),
            sell_date: wants(SubscriptionExtra::SellDate).then_some(Day(agreement.sold_on)),
            activated_date: Day(agreement.started_on),
            end_date: state.ends_on.map(Day),
            subscription_type: POSTPAID,
            origin: wants(SubscriptionExtra::Origin).then_some(origin(agreement.origin)),
            historical_status: wants(SubscriptionExtra::HistoricalStatus).then(steps),
            identification_nr: digits(agreement.line.msisdn.as_ref()),
            imsi: digits(agreement.line.imsi.as_ref()),
            iccid: digits(agreement.line.iccid.as_ref()),
        }
    }
}

impl StatusDto {
    fn new(record: &StatusRecord) -> Self {
        let modified_by = match record.actor {
            Actor::Operator => "operator".to_owned(),
            Actor::Key(id) => id.to_string(),
            Actor::Worker | Actor::Buyer | Actor::Provider => "system".to_owned(),
        };
        let subscription_status = status(record.step.to);
        Self { subscription_status, date: Instant(record.step.at), modified_by }
    }
}

const fn status(status: Status) -> IdValue<'static> {
    match status {
        Status::Active => IdValue { id: 1, value: "INSTALADO" },
        Status::Ended => IdValue { id: 2, value: "BAJA" },
    }
}

const fn origin(origin: Origin) -> IdValue<'static> {
    match origin {
        Origin::New => IdValue { id: 1, value: "NUEVA" },
        Origin::Ported => IdValue { id: 2, value: "PORTABILIDAD" },
        Origin::Migrated => IdValue { id: 3, value: "MIGRACION" },
    }
}

fn digits(text: Option<&String>) -> Option<Digits<'_>> {
    text.map(|text| path::int64(text).map_or(Digits::Text(text), Digits::Integer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_number_of_its_own() {
        let words = [Status::Active, Status::Ended].map(|it| (status(it).id, status(it).value));
        assert_eq!(words, [(1, "INSTALADO"), (2, "BAJA")]);
        let origins = [Origin::New, Origin::Ported, Origin::Migrated];
        let words = origins.map(|it| (origin(it).id, origin(it).value));
        assert_eq!(words, [(1, "NUEVA"), (2, "PORTABILIDAD"), (3, "MIGRACION")]);
    }

    #[test]
    fn the_number_of_a_line_is_an_integer_where_it_can_be() {
        let read = |text: &str| serde_json::to_string(&digits(Some(&text.to_owned()))).expect("it");
        assert_eq!(read("34600112233"), "34600112233");
        assert_eq!(read("8934011411551283000"), "8934011411551283000");
        assert_eq!(read("89340114115512830001"), r#""89340114115512830001""#);
        assert_eq!(read("0034600112233"), r#""0034600112233""#);
        assert_eq!(digits(None), None);
    }
}
