//! The organisation's payment requests, newest first, page by page.

use crate::Api;
use crate::dispatch::Asked;
use crate::dto::{self, InvoiceListDto, InvoicePage};
use crate::error::Refused;
use crate::parameters::Parameters;
use abono_domain::ids::{CustomerId, DocumentId};
use abono_engine::views::{Filter, PageRequest};
use abono_http::cursor::Cursor;
use abono_http::reply::Reply;
use jiff::{SignedDuration, Timestamp};

const ITEMS_DEFAULT: i64 = 50;
const ITEMS_MAX: i64 = 1_000;

pub(crate) async fn list_invoices(
    api: &Api,
    asked: &Asked,
    parameters: &Parameters,
) -> Result<Reply, Refused> {
    let list = List { org: asked.org, filter: filter(parameters)? };
    let limit = parameters.count("items_per_page", ITEMS_MAX)?.unwrap_or(ITEMS_DEFAULT);
    let count = parameters.flag("include_items_total")?;
    let place = parameters.text("page_token")?.map(|token| list.place(token)).transpose()?;
    let (number, after) = place.map_or((1, None), |(number, after)| (number, Some(after)));

    let request = PageRequest { filter: list.filter, after, limit, count };
    let tenant = &asked.access.tenant;
    let page = api.engine.payment_requests(tenant, asked.org, request).await?;
    // An organisation that isn't there has no requests either.
    if page.items.is_empty() && api.engine.customer(tenant, asked.org).await?.is_none() {
        return Err(Refused::not_found());
    }
    let next = page.next.map(|place| list.token(number.saturating_add(1), place));
    let page = InvoicePage { items: &page.items, next, number, limit, total: page.total };
    Ok(dto::reply(200, &InvoiceListDto::new(page)))
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

/// One list; a token of another one is not read.
struct List {
    org: CustomerId,
    filter: Filter,
}

type Place = (Timestamp, DocumentId);

impl List {
    fn name(&self, page: i64) -> String {
        let Filter { created, updated } = &self.filter;
        format!("invoices {} {created:?} {updated:?} page {page}", self.org)
    }

    /// The token of the page `number`, which begins after `place`.
    fn token(&self, number: i64, (at, id): Place) -> String {
        let cursor = Cursor { key: at.as_microsecond(), id: id.0 };
        format!("{number}.{}", cursor.encode(&self.name(number)))
    }

    fn place(&self, token: &str) -> Result<(i64, Place), Refused> {
        let read = || {
            let (number, cursor) = token.split_once('.')?;
            let number = abono_http::path::int64(number)?;
            let Cursor { key, id } = Cursor::decode(&self.name(number), cursor)?;
            Some((number, (Timestamp::from_microsecond(key).ok()?, DocumentId(id))))
        };
        read().ok_or_else(|| Refused::invalid("page_token: not a token of this list"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_token_is_of_one_list_and_one_page() {
        let list = |org| List { org: CustomerId(Uuid::from_u128(org)), filter: Filter::ALL };
        let place = (Timestamp::UNIX_EPOCH, DocumentId(Uuid::from_u128(7)));
        let token = list(1).token(2, place);
        assert_eq!(list(1).place(&token), Ok((2, place)));
        assert!(list(2).place(&token).is_err());
        assert!(list(1).place(&token.replace("2.", "3.")).is_err());
        for other in ["", ".", "2.", "2", &token[2..]] {
            assert!(list(1).place(other).is_err(), "{other}");
        }
    }

    #[test]
    fn an_end_means_the_whole_millisecond() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let end = whole_millisecond(at("2026-01-31T10:00:00.123Z"));
        assert_eq!(end, at("2026-01-31T10:00:00.123999Z"));
        assert_eq!(whole_millisecond(Timestamp::MAX), Timestamp::MAX);
    }
}
