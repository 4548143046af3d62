//! A tenant's customers: one, the one of a code, or a page of them.

use crate::engine::Engine;
use crate::failure::Failure;
use crate::keys::Access;
use abono_domain::customer::Customer;
use abono_domain::ids::CustomerId;
use abono_domain::seller::Tenant;
use abono_store::ReadBatch;
use abono_store::nouns::customer;
pub use abono_store::nouns::customer::Head as CustomerHead;

/// A page of customers, by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerPage {
    /// Who is on it.
    pub items: Vec<CustomerHead>,
    /// The number after which the next page starts; `None` on the last.
    pub next: Option<i64>,
    /// How many there are in all, where that was asked.
    pub total: Option<i64>,
}

impl Engine {
    /// The customers that a token covers, those after a number.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn customers(
        &self,
        access: &Access,
        after: i64,
        limit: i64,
        count: bool,
    ) -> Result<CustomerPage, Failure> {
        let (tenant, key) = (access.tenant.id, &access.key);
        let among = (!key.customers.is_empty()).then_some(key.id);
        let mut batch = ReadBatch::default();
        let heads = batch.add(customer::heads(tenant, among, after, limit.saturating_add(1)));
        let all = (count && among.is_none()).then(|| batch.add(customer::count(tenant)));
        let mut results = self.store.read(batch).await?;
        let mut items = results.take(heads)?;
        let covered = i64::try_from(key.customers.len()).unwrap_or(i64::MAX);
        let all = all.map(|slot| results.take(slot)).transpose()?.unwrap_or(covered);
        let limit = usize::try_from(limit).unwrap_or(0);
        let is_last = items.len() <= limit;
        items.truncate(limit);
        let next = if is_last { None } else { items.last().map(|last| last.number) };
        Ok(CustomerPage { items, next, total: count.then_some(all) })
    }

    /// A customer; `None` where there is no such customer.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn customer(
        &self,
        tenant: &Tenant,
        id: CustomerId,
    ) -> Result<Option<Customer>, Failure> {
        Ok(self.store.query(customer::by_id(tenant.id, id)).await?)
    }

    /// The customer of a code.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn customer_by_code(
        &self,
        tenant: &Tenant,
        code: &str,
    ) -> Result<Option<CustomerId>, Failure> {
        Ok(self.store.query(customer::by_code(tenant.id, code)).await?)
    }
}
