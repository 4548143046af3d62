//! Why a document comes to what it comes to.

use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::document::explain::Because;
use abono_domain::document::{Document, DocumentKind, DocumentView};
use abono_domain::ids::{CustomerId, DocumentId};
use abono_domain::seller::{Seller, Tenant};
use abono_store::nouns::document::{self, recurring};
use abono_store::nouns::licence;
use abono_store::{ReadBatch, StoreError};
use std::sync::Arc;

impl Engine {
    /// The derivation of a customer's document, by the version of the seller that it was made with;
    /// `None` where there is no such document.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn explain(
        &self,
        tenant: &Tenant,
        customer: CustomerId,
        id: DocumentId,
    ) -> Result<Option<Because>, Failure> {
        let Some(document) = self.document(tenant, customer, id).await? else { return Ok(None) };
        let document = document.document;
        let seller = self.seller_as_of(tenant.id, document.seller_version).await?;
        let seller = seller.ok_or(StoreError::Inconsistent("seller_version"))?;
        let numbers = licence::numbers_of_grants(tenant.id, customer);
        let numbers = self.store.query(numbers).await?;
        let carried = self.carried_by(tenant, customer, id).await?;
        let carried: Vec<_> = carried.iter().map(|(of, by)| (of, &**by)).collect();
        let because = document.because(&seller, &numbers, &carried);
        Ok(Some(because.map_err(|_| StoreError::Inconsistent("document"))?))
    }

    /// The order confirmations that an invoice carries, each with the version of the seller that it
    /// was made with.
    async fn carried_by(
        &self,
        tenant: &Tenant,
        customer: CustomerId,
        invoice: DocumentId,
    ) -> Result<Vec<(Document, Arc<Seller>)>, Failure> {
        let carried = self.store.query(recurring::carried(tenant.id, customer)).await?;
        let mut all = Vec::new();
        for (id, _) in carried.into_iter().filter(|(_, by)| *by == invoice) {
            let Some(found) = self.document(tenant, customer, id).await? else { continue };
            let version = found.document.seller_version;
            let seller = self.seller_as_of(tenant.id, version).await?;
            all.extend(seller.map(|seller| (found.document, seller)));
        }
        Ok(all)
    }

    /// A customer's document of any kind.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn document(
        &self,
        tenant: &Tenant,
        customer: CustomerId,
        id: DocumentId,
    ) -> Result<Option<DocumentView>, Failure> {
        for kind in DocumentKind::ALL {
            let query = document::by_id(tenant.id, customer, *kind, id);
            if let Some(found) = self.store.query(query).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The credit notes of a customer, oldest first.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn credit_notes(
        &self,
        tenant: &Tenant,
        customer: CustomerId,
    ) -> Result<Vec<DocumentView>, Failure> {
        let mut batch = ReadBatch::default();
        let heads = batch.add(document::credit_notes(tenant.id, customer));
        let heads = self.store.read(batch).await?.take(heads)?;
        Ok(self.store.query(document::complete(tenant.id, customer, heads)).await?)
    }
}
