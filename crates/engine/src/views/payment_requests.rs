//! A customer's payment requests: one, a page of them, or whose one is.

use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::document::{DocumentKind, DocumentView};
use abono_domain::ids::{CustomerId, DocumentId};
use abono_domain::seller::Tenant;
use abono_store::ReadBatch;
use abono_store::nouns::document;
pub use abono_store::nouns::document::Filter;
use jiff::Timestamp;
use uuid::Uuid;

/// Which page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// What is listed.
    pub filter: Filter,
    /// Only what comes after this one in the list; `None` from the start.
    pub after: Option<(Timestamp, DocumentId)>,
    /// How many at most.
    pub limit: i64,
    /// Whether all that the filter finds are counted.
    pub count: bool,
}

/// A page, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What is on it.
    pub items: Vec<DocumentView>,
    /// Where the next page starts; `None` on the last.
    pub next: Option<(Timestamp, DocumentId)>,
    /// How many the filter finds in all, where that was asked.
    pub total: Option<i64>,
}

const NEWEST: (Timestamp, DocumentId) = (Timestamp::MAX, DocumentId(Uuid::max()));

impl Engine {
    /// A page of a customer's payment requests, newest first.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn payment_requests(
        &self,
        tenant: &Tenant,
        customer: CustomerId,
        page: PageRequest,
    ) -> Result<Page, Failure> {
        let mut batch = ReadBatch::default();
        let (filter, after) = (&page.filter, page.after.unwrap_or(NEWEST));
        let more = page.limit.saturating_add(1);
        let heads = batch.add(document::newest(tenant.id, customer, filter, after, more));
        let count = page.count.then(|| batch.add(document::count(tenant.id, customer, filter)));
        let mut results = self.store.read(batch).await?;
        let mut heads = results.take(heads)?;
        let total = count.map(|slot| results.take(slot)).transpose()?;
        let limit = usize::try_from(page.limit).unwrap_or(0);
        let is_last = heads.len() <= limit;
        heads.truncate(limit);
        let place = |view: &DocumentView| (view.document.created_at, view.document.id);
        let next = if is_last { None } else { heads.last().map(place) };
        let items = self.store.query(document::complete(tenant.id, customer, heads)).await?;
        Ok(Page { items, next, total })
    }

    /// The documents of a kind that an id or a number as printed names: one, unless a company took
    /// over the prefix of another.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn find_documents(
        &self,
        tenant: &Tenant,
        kind: DocumentKind,
        name: &str,
    ) -> Result<Vec<(CustomerId, DocumentId)>, Failure> {
        if let Ok(id) = Uuid::try_parse(name) {
            let id = DocumentId(id);
            let owner = self.store.query(document::owner(tenant.id, kind, id)).await?;
            return Ok(owner.map(|owner| (owner, id)).into_iter().collect());
        }
        let digits = name.bytes().rev().take_while(u8::is_ascii_digit).count();
        let (prefix, number) = name.split_at(name.len() - digits);
        let Ok(number) = number.parse::<i64>() else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        for entity in &self.seller(tenant.id).await?.legal_entities {
            let query = document::by_number(tenant.id, entity.id, kind, number);
            let found = self.store.query(query).await?.into_iter();
            all.extend(found.filter(|(_, _, p)| p == prefix).map(|(c, id, _)| (c, id)));
        }
        Ok(all)
    }

    /// One payment request of a customer.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn payment_request(
        &self,
        tenant: &Tenant,
        customer: CustomerId,
        id: DocumentId,
    ) -> Result<Option<DocumentView>, Failure> {
        Ok(self.store.query(document::request(tenant.id, customer, id)).await?)
    }
}
