//! A request for payment, once per `Idempotency-Key`.

use super::refuse_unlisted;
use crate::Api;
use crate::dispatch::Asked;
use crate::error::Refused;
use crate::keyed;
use crate::order;
use abono_domain::document::request_payment::RequestPayment;
use abono_engine::Command;
use abono_http::reply::Reply;

pub(crate) async fn create_invoice(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    let org = asked.org()?;
    let order = order::read(asked)?;
    let key = keyed::key(asked, "create-invoice", &canonical(&order))?;
    refuse_unlisted(api, asked, &order.order).await?;
    let seller = api.engine.seller(asked.access.tenant.id).await?;
    let command = Command::RequestPayment(org, order);
    keyed::execute(api, asked, key, &command, Some(seller), 201).await
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
