//! The organisation's payment requests, newest first, page by page.

use crate::Api;
use crate::dispatch::Asked;
use crate::dto::{self, InvoiceDto, Titles};
use crate::error::Refused;
use crate::paging::Paging;
use crate::parameters::Parameters;
use abono_domain::document::DocumentView;
use abono_domain::ids::DocumentId;
use abono_domain::seller::Seller;
use abono_engine::views::{Filter, PageRequest};
use abono_http::cursor::Cursor;
use abono_http::reply::Reply;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const TYPE: &str = "InvoiceList";

pub(crate) async fn list_invoices(
    api: &Api,
    asked: &Asked,
    parameters: &Parameters,
) -> Result<Reply, Refused> {
    let (org, filter) = (asked.org()?, filter(parameters)?);
    let Filter { created, updated } = &filter;
    parameters.only("order_by", "created_at_desc")?;
    let paging = Paging::read(parameters, format!("invoices {org} {created:?} {updated:?}"))?;
    let after = paging.after.map(place).transpose()?;
    let request = PageRequest { filter, after, limit: paging.limit, count: paging.count };
    let tenant = &asked.access.tenant;
    let page = api.engine.payment_requests(tenant, org, request).await?;
    // An organisation that isn't there has no requests either.
    if page.items.is_empty() && api.engine.customer(tenant, org).await?.is_none() {
        return Err(Refused::not_found());
    }
    if !paging.alive {
        return Ok(dto::reply(200, &paging.empty::<()>(TYPE)));
    }
    let sellers = sellers(api, asked, &page.items).await?;
    let titles = |view: &DocumentView| Titles {
        language: &asked.language,
        seller: sellers.get(&view.document.seller_version).map(Arc::as_ref),
    };
    let next = page.next.map(|(at, id)| Cursor { key: at.as_microsecond(), id: id.0 });
    let links = api.links(asked);
    let item = |view| InvoiceDto::new(view, titles(view), links.of(view));
    let items = page.items.iter().map(item).collect();
    Ok(dto::reply(200, &paging.page_of(items, next, page.total, TYPE)))
}

/// How many versions of the seller one page is named by; what is older stands as printed.
const VERSIONS_MAX: usize = 8;

/// The seller in the versions that the invoices were made with, the newest first.
async fn sellers(
    api: &Api,
    asked: &Asked,
    views: &[DocumentView],
) -> Result<BTreeMap<i64, Arc<Seller>>, Refused> {
    let versions: BTreeSet<i64> = views.iter().map(|view| view.document.seller_version).collect();
    let mut sellers = BTreeMap::new();
    for version in versions.into_iter().rev().take(VERSIONS_MAX) {
        let seller = api.engine.seller_as_of(asked.access.tenant.id, version).await?;
        sellers.extend(seller.map(|seller| (version, seller)));
    }
    Ok(sellers)
}

fn filter(parameters: &Parameters) -> Result<Filter, Refused> {
    let span = |from: &str, to: &str| -> Result<(Timestamp, Timestamp), Refused> {
        let from = parameters.instant(from)?.unwrap_or(Timestamp::MIN);
        let to = parameters.instant(to)?.map_or(Timestamp::MAX, whole_millisecond);
        Ok((from, to))
    };
    let created = span("created_from", "created_to")?;
    Ok(Filter { created, updated: span("updated_from", "updated_to")? })
}

/// Instants on the wire are cut to milliseconds, so an end means the whole of its millisecond:
/// whoever asks with the instant of an invoice finds that invoice.
fn whole_millisecond(to: Timestamp) -> Timestamp {
    let start = Timestamp::from_millisecond(to.as_millisecond()).unwrap_or(to);
    start.checked_add(SignedDuration::from_micros(999)).unwrap_or(to).max(to)
}

fn place(cursor: Cursor) -> Result<(Timestamp, DocumentId), Refused> {
    let at = Timestamp::from_microsecond(cursor.key);
    let at = at.map_err(|_| Refused::invalid("page_token: not a token of this list"))?;
    Ok((at, DocumentId(cursor.id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_means_the_whole_millisecond() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let end = whole_millisecond(at("2026-01-31T10:00:00.123Z"));
        assert_eq!(end, at("2026-01-31T10:00:00.123999Z"));
        assert_eq!(whole_millisecond(Timestamp::MAX), Timestamp::MAX);
    }
}
