//! Who may pay for an organisation: the values of `who_pays`.

use crate::Api;
use crate::dispatch::Asked;
use crate::dto::{self, LegalEntityDto};
use crate::error::Refused;
use crate::paging::Paging;
use crate::parameters::Parameters;
use abono_domain::customer::Payer;
use abono_http::cursor::Cursor;
use abono_http::reply::Reply;

const TYPE: &str = "LegalEntityList";

pub(crate) async fn list_legal_entities(
    api: &Api,
    asked: &Asked,
    parameters: &Parameters,
) -> Result<Reply, Refused> {
    let org = asked.org()?;
    parameters.none("order_by")?;
    let paging = Paging::read(parameters, format!("legal entities {org}"))?;
    let customer = api.engine.customer(&asked.access.tenant, org).await?;
    let customer = customer.ok_or(Refused::not_found())?;
    if !paging.alive {
        return Ok(dto::reply(200, &paging.empty::<()>(TYPE)));
    }
    // There are few, so a page is cut from all of them; the cursor is the last one of a page.
    let mut payers: Vec<&Payer> = customer.payers.iter().collect();
    payers.sort_by_key(|payer| payer.id);
    let total = i64::try_from(payers.len()).unwrap_or(i64::MAX);
    payers.retain(|payer| paging.after.is_none_or(|last| payer.id.0 > last.id));
    let limit = usize::try_from(paging.limit).unwrap_or(usize::MAX);
    let is_last = payers.len() <= limit;
    payers.truncate(limit);
    let place = |last: &&Payer| Cursor { key: 0, id: last.id.0 };
    let next = if is_last { None } else { payers.last().map(place) };
    let items = payers.into_iter().map(LegalEntityDto::new).collect();
    Ok(dto::reply(200, &paging.page_of(items, next, paging.count.then_some(total), TYPE)))
}
