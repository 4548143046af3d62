//! Why a document comes to what it comes to.

use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::document::explain::Because;
use abono_domain::document::{DocumentKind, DocumentView};
use abono_domain::ids::{CustomerId, DocumentId};
use abono_domain::seller::Tenant;
use abono_store::nouns::{document, licence};
use abono_store::{ReadBatch, StoreError};

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
        let because = document.because(&seller, &self.store.query(numbers).await?);
        Ok(Some(because.map_err(|_| StoreError::Inconsistent("document"))?))
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
