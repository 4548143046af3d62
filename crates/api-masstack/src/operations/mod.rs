//! What can be done: one operation, one file.

mod change_product;
mod read_products;
mod read_subscription;

pub(crate) use change_product::change_product;
pub(crate) use read_products::read_products;
pub(crate) use read_subscription::read_subscription;

use crate::Api;
use crate::dispatch::Asked;
use crate::error::{Code, Refused};
use abono_engine::views::SubscriptionView;

/// The subscription in the path.
async fn subscription(api: &Api, asked: &Asked) -> Result<SubscriptionView, Refused> {
    let view = api.engine.subscription(&asked.access.tenant, asked.subscription).await?;
    view.ok_or(Refused::new(Code::UnknownSubscription))
}
