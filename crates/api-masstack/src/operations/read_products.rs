//! The tariff of a subscription, and what it may be changed to.

use super::subscription;
use crate::Api;
use crate::dispatch::Asked;
use crate::dto::{self, ProductExtra, SubscriptionProductDto};
use crate::error::{Code, Refused};
use crate::query;
use abono_http::reply::Reply;

const EXTRAS: [(&str, ProductExtra); 2] = [
    ("compatibilities", ProductExtra::Compatibilities),
    ("historical_changes", ProductExtra::HistoricalChanges),
];

pub(crate) async fn read_products(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    let extras = query::included(&asked.parts.uri, &EXTRAS)?;
    let view = subscription(api, asked).await?;
    let seller = api.engine.seller(asked.access.tenant.id).await?;
    let shape = SubscriptionProductDto::new(&view, &seller, &extras);
    let shape = shape.ok_or_else(|| {
        tracing::error!(subscription = asked.subscription, "its plan is not in the catalogue");
        Refused::new(Code::Internal)
    })?;
    Ok(dto::reply(200, &shape))
}
