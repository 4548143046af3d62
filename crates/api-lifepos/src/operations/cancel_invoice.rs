//! Voids a payment request, once per `Idempotency-Key`. A body is not read.

use super::invoice;
use crate::Api;
use crate::dispatch::Asked;
use crate::error::Refused;
use abono_domain::document::cancel::CancelRequest;
use abono_engine::Command;
use abono_http::reply::Reply;

pub(crate) async fn cancel_invoice(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    let (org, document) = (asked.org()?, asked.invoice()?);
    let key = invoice::key(asked, "cancel", &format!("invoice={document}"))?;
    let command = Command::CancelRequest(org, CancelRequest { document });
    invoice::execute(api, asked, key, &command, 200).await
}
