//! One subscription.

use super::subscription;
use crate::Api;
use crate::dispatch::Asked;
use crate::dto::{self, SubscriptionDto, SubscriptionExtra};
use crate::error::Refused;
use crate::query;
use abono_http::reply::Reply;

const EXTRAS: [(&str, SubscriptionExtra); 3] = [
    ("origin", SubscriptionExtra::Origin),
    ("selldate", SubscriptionExtra::SellDate),
    ("historical_status", SubscriptionExtra::HistoricalStatus),
];

pub(crate) async fn read_subscription(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    let extras = query::included(&asked.parts.uri, &EXTRAS)?;
    let view = subscription(api, asked).await?;
    Ok(dto::reply(200, &SubscriptionDto::new(&view, &extras)))
}
