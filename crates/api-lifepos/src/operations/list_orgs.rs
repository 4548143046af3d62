//! The organisations that a token covers, in the order in which they came.

use crate::Api;
use crate::dispatch::Asked;
use crate::dto::{self, OrganizationDto};
use crate::error::Refused;
use crate::paging::Paging;
use crate::parameters::Parameters;
use abono_engine::views::CustomerHead;
use abono_http::cursor::Cursor;
use abono_http::reply::Reply;

const TYPE: &str = "OrganizationList";

pub(crate) async fn list_orgs(
    api: &Api,
    asked: &Asked,
    parameters: &Parameters,
) -> Result<Reply, Refused> {
    parameters.none("order_by")?;
    let paging = Paging::read(parameters, format!("organizations of {}", asked.access.key.id))?;
    if !paging.alive {
        return Ok(dto::reply(200, &paging.empty::<()>(TYPE)));
    }
    let after = paging.after.map_or(0, |cursor| cursor.key);
    let page = api.engine.customers(&asked.access, after, paging.limit, paging.count).await?;
    let place = |last: &CustomerHead| Cursor { key: last.number, id: last.id.0 };
    let next = page.next.and(page.items.last()).map(place);
    let items = page.items.iter().map(OrganizationDto::new).collect();
    Ok(dto::reply(200, &paging.page_of(items, next, page.total, TYPE)))
}
