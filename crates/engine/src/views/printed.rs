//! What a document is printed from.

use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::customer::{Customer, CustomerRefusal};
use abono_domain::document::DocumentView;
use abono_domain::ids::{CustomerId, DocumentId, GrantId};
use abono_domain::ledger::{Account, balance_of};
use abono_domain::money::Money;
use abono_domain::seller::{Seller, Tenant};
use abono_store::nouns::{customer, ledger, licence};
use abono_store::{ReadBatch, StoreError};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A document with what is printed beside it.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The document and what became of it.
    pub view: DocumentView,
    /// The version of the seller that it was made with.
    pub seller: Arc<Seller>,
    /// Who buys, as it is now.
    pub customer: Customer,
    /// What the customer has with the company that issued it, in its currency.
    pub credit: Money,
    /// The numbers of the documents that gave the grants.
    pub numbers: BTreeMap<GrantId, String>,
}

impl Engine {
    /// What a customer's document is printed from; `None` where there is no such document.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn printed(
        &self,
        tenant: &Tenant,
        id: CustomerId,
        document: DocumentId,
    ) -> Result<Option<Printed>, Failure> {
        let Some(view) = self.document(tenant, id, document).await? else { return Ok(None) };
        let seller = self.seller_as_of(tenant.id, view.document.seller_version).await?;
        let seller = seller.ok_or(StoreError::Inconsistent("seller_version"))?;
        let mut batch = ReadBatch::default();
        let buyer = batch.add(customer::by_id(tenant.id, id));
        let balances = batch.add(ledger::balances(tenant.id, id));
        let numbers = batch.add(licence::numbers_of_grants(tenant.id, id));
        let mut results = self.store.read(batch).await?;
        let customer = results.take(buyer)?.ok_or(CustomerRefusal::Unknown)?;
        let (entity, currency) = (view.document.series.legal_entity, view.document.total.currency);
        let balances = results.take(balances)?;
        let credit = balance_of(&balances, entity, Account::CustomerCredit, currency);
        let numbers = results.take(numbers)?;
        Ok(Some(Printed { view, seller, customer, credit, numbers }))
    }
}
