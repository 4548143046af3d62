//! What is to go back through payment providers, and where that stands.

use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::checkout::refund::ProviderRefundView;
use abono_domain::ids::CustomerId;
use abono_domain::seller::Tenant;
use abono_store::nouns::checkout::refund;
pub use abono_store::nouns::checkout::refund::Place as RefundPlace;

impl Engine {
    /// What was asked to go back to a customer through providers, oldest first.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn provider_refunds_of(
        &self,
        tenant: &Tenant,
        customer: CustomerId,
    ) -> Result<Vec<ProviderRefundView>, Failure> {
        Ok(self.store.query(refund::of_customer(tenant.id, customer)).await?)
    }

    /// Up to `limit` of all that was asked to go back through providers, oldest first, after a
    /// place.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn provider_refunds(
        &self,
        tenant: &Tenant,
        after: RefundPlace,
        limit: i64,
    ) -> Result<Vec<ProviderRefundView>, Failure> {
        Ok(self.store.query(refund::page(tenant.id, after, limit)).await?)
    }
}
