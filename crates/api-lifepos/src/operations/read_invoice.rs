//! One payment request of the organisation.

use crate::Api;
use crate::dispatch::Asked;
use crate::dto::{self, InvoiceDto, Titles};
use crate::error::Refused;
use abono_http::reply::Reply;

pub(crate) async fn read_invoice(api: &Api, asked: &Asked) -> Result<Reply, Refused> {
    let tenant = &asked.access.tenant;
    let view = api.engine.payment_request(tenant, asked.org()?, asked.invoice()?).await?;
    let view = view.ok_or(Refused::not_found())?;
    let seller = api.engine.seller_as_of(tenant.id, view.document.seller_version).await?;
    let titles = Titles { language: &asked.language, seller: seller.as_deref() };
    Ok(dto::reply(200, &InvoiceDto::new(&view, titles, api.links(asked).of(&view))))
}
