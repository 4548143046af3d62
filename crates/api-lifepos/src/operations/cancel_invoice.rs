//! Voids a payment request, once per `Idempotency-Key`. What the body says doesn't matter.

use crate::Api;
use crate::dispatch::Asked;
use crate::error::Refused;
use crate::keyed;
use abono_domain::document::cancel::CancelRequest;
use abono_engine::Command;
use abono_http::reply::Reply;

pub(crate) async fn cancel_invoice(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    let (org, document) = (asked.org()?, asked.invoice()?);
    asked.body()?;
    let key = keyed::key(asked, "cancel", &format!("invoice={document}"))?;
    let tenant = &asked.access.tenant;
    let view = api.engine.payment_request(tenant, org, document).await?;
    let version = view.ok_or(Refused::not_found())?.document.seller_version;
    let seller = api.engine.seller_as_of(tenant.id, version).await?;
    let command = Command::CancelRequest(org, CancelRequest { document });
    keyed::execute(api, asked, key, &command, seller, 200).await
}
