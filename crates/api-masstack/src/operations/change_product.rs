//! Another tariff for a subscription: at once, at its next cycle, or on a day.

use super::subscription;
use crate::Api;
use crate::dispatch::Asked;
use crate::dto::{self, ChangeDto, RiskWord};
use crate::error::{Code, Refused};
use abono_domain::change::request::ChangePlan;
use abono_domain::change::{ChangeStatus, ChangeView};
use abono_http::json::{self, NumberPolicy};
use abono_http::reply::Reply;
use jiff::civil::Date;
use serde::Deserialize;

/// What the contract calls a ChangeSubscriptionProductRequest.
#[derive(Deserialize)]
struct ChangeBody {
    #[serde(rename = "productId")]
    product_id: i64,
    scheduled_date: Option<String>,
}

/// The tariff that is asked for, and from which day on.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    product: i64,
    on: Option<Date>,
}

pub(crate) async fn change_product(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    if !json::is_json(&asked.parts.headers) {
        let expected = "Content-Type: expected application/json, in UTF-8";
        return Err(Refused::new(Code::NotJson).because(expected));
    }
    let wanted = read(asked.body()?)?;
    let view = subscription(api, asked).await?;
    let subscription = &view.agreement.subscription;
    let seller = api.engine.seller(asked.access.tenant.id).await?;
    let product = seller.catalogue.product(subscription.product);
    let plan = product.and_then(|product| product.plan_by_number(wanted.product));
    let plan = plan.ok_or(Refused::new(Code::UnknownProduct))?.id;
    let command = ChangePlan { subscription: subscription.id, plan, on: wanted.on, opinion: None };
    let (call, customer) = (asked.call(), subscription.customer);
    let (change, _) = api.engine.change_plan(&call, customer, command).await?;
    answer(&change)
}

/// Members that the contract doesn't know are left alone, so their numbers may be of any kind.
fn read(bytes: &[u8]) -> Result<Wanted, Refused> {
    let body: ChangeBody =
        json::parse(bytes, NumberPolicy::DecimalsAllowed).map_err(Refused::body)?;
    if body.product_id < 1 {
        return Err(Refused::body("productId: expected an integer from 1 on"));
    }
    let on = body.scheduled_date.map(|text| {
        date(&text).ok_or(Refused::body("scheduled_date: expected a date as 2026-01-31"))
    });
    Ok(Wanted { product: body.product_id, on: on.transpose()? })
}

/// A day of the calendar as `yyyy-mm-dd`, and in no other spelling.
fn date(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.to_string() == text).then_some(date)
}

/// What became of it. The same request again has the same answer, as it is the same change.
fn answer(change: &ChangeView) -> Result<Reply, Refused> {
    let asks = |risk_decision| Ok(dto::reply(202, &ChangeDto { risk_decision }));
    match change.state.status {
        ChangeStatus::Done | ChangeStatus::Scheduled => Ok(Reply::empty(201)),
        ChangeStatus::Review => asks(RiskWord::Review),
        ChangeStatus::Rejected => asks(RiskWord::Rejected),
        ChangeStatus::Failed => {
            let refused = Refused::new(Code::Impossible);
            Err(change.reason.iter().fold(refused, |refused, reason| refused.because(reason)))
        }
        // Neither is where a request ends.
        ChangeStatus::Withdrawn | ChangeStatus::Replaced => Err(Refused::new(Code::Internal)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil;

    fn wrong(body: &str) -> String {
        let refused = read(body.as_bytes()).expect_err(body);
        assert_eq!(refused.code, Code::InvalidBody);
        refused.details.join(" ")
    }

    #[test]
    fn unknown_members_and_nulls_are_left_alone() {
        let on = Some(civil::date(2026, 2, 1));
        for (body, wanted) in [
            (r#"{"productId":7}"#, Wanted { product: 7, on: None }),
            (r#"{"productId":7,"scheduled_date":null}"#, Wanted { product: 7, on: None }),
            (r#"{"productId":7,"scheduled_date":"2026-02-01"}"#, Wanted { product: 7, on }),
            (
                r#"{"x":1.5,"productId":9223372036854775807,"risk_decision":"ACCEPTED"}"#,
                Wanted { product: i64::MAX, on: None },
            ),
        ] {
            assert_eq!(read(body.as_bytes()), Ok(wanted), "{body}");
        }
    }

    #[test]
    fn a_product_is_an_integer_from_one_on() {
        for id in ["0", "-1", "1.0", "1e3", "\"7\"", "null", "true", "[7]", "{}"] {
            let why = wrong(&format!(r#"{{"productId":{id}}}"#));
            assert!(why.starts_with("productId: "), "{id}: {why}");
        }
        assert!(wrong(r#"{"productId":9223372036854775808}"#).starts_with("productId: "));
        assert!(wrong("{}").starts_with("productId: missing"));
        assert!(wrong(r#"{"product_id":7}"#).starts_with("productId: missing"));
        for body in ["", "x", "[]", "null", "7", r#"{"productId":7"#, r#"{"productId":007}"#] {
            assert!(!wrong(body).is_empty(), "{body}");
        }
        assert!(wrong(r#"{"productId":7,"productId":7}"#).starts_with("productId: "));
    }

    #[test]
    fn a_date_is_a_day_of_the_calendar_in_one_spelling() {
        for text in [
            "",
            "2026-02-30",
            "2026-13-01",
            "2026-2-1",
            "20260201",
            "01-02-2026",
            "2026-02-01T00:00:00Z",
            "2026-02-01Z",
            " 2026-02-01",
            "+002026-02-01",
            "10000-01-01",
            "2026-W05-7",
            "tomorrow",
        ] {
            let why = wrong(&format!(r#"{{"productId":7,"scheduled_date":"{text}"}}"#));
            assert!(why.starts_with("scheduled_date: "), "{text}: {why}");
        }
        for value in ["20260201", "true", "{}", "[\"2026-02-01\"]"] {
            let why = wrong(&format!(r#"{{"productId":7,"scheduled_date":{value}}}"#));
            assert!(why.starts_with("scheduled_date"), "{value}: {why}");
        }
        assert_eq!(date("2024-02-29"), Some(civil::date(2024, 2, 29)));
        assert_eq!(date("9999-12-31"), Some(civil::date(9999, 12, 31)));
    }
}
