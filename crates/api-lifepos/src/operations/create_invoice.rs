//! A request for payment, once per `Idempotency-Key`.

use super::{invoice, refuse_unlisted};
use crate::Api;
use crate::dispatch::Asked;
use crate::error::Refused;
use crate::order;
use abono_domain::document::request_payment::RequestPayment;
use abono_engine::Command;
use abono_http::reply::Reply;
use axum::body::Body;

pub(crate) async fn create_invoice(api: &Api, asked: &Asked, body: Body) -> Result<Reply, Refused> {
    let org = asked.org()?;
    let (headers, limits) = (&asked.parts.headers, api.settings.body);
    let order = order::read(headers, body, limits, asked.product()?).await?;
    let key = invoice::key(asked, "create-invoice", &canonical(&order))?;
    refuse_unlisted(api, asked, &order.order).await?;
    invoice::execute(api, asked, key, &Command::RequestPayment(org, order), 201).await
}

/// The same for every spelling of the same input.
fn canonical(command: &RequestPayment) -> String {
    let order = &command.order;
    let payer = command.payer.map_or_else(|| "default".to_owned(), |payer| payer.to_string());
    format!(
        "product={}\nplan={}\nquantity={}\nmonths={}\npayer={payer}",
        order.product, order.plan, order.quantity, order.months,
    )
}
