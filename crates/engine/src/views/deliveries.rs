//! What travels to the billing system behind: what is due, and where everything stands.

use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::delivery::{DeliveryStatus, DeliveryView};
use abono_domain::ids::{CustomerId, DeliveryId};
use abono_domain::seller::Tenant;
use abono_store::ReadBatch;
use abono_store::nouns::delivery;
pub use abono_store::nouns::delivery::Place;
use jiff::Timestamp;

/// What is to be sent for a tenant now, and when the next one falls due, in machine time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueDeliveries {
    /// What may be sent; what waits for one before it is put aside by trying.
    pub due: Vec<(CustomerId, DeliveryId)>,
    /// When the next one may be sent: now or earlier, while some are due; nothing where nothing is
    /// to be sent.
    pub next_at: Option<Timestamp>,
    /// The machine time at which this was asked.
    pub now: Timestamp,
}

impl Engine {
    /// Up to `limit` deliveries of a tenant that may be sent now.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn due_deliveries(
        &self,
        tenant: &Tenant,
        limit: i64,
    ) -> Result<DueDeliveries, Failure> {
        let now = self.env.machine();
        let mut batch = ReadBatch::default();
        let due = batch.add(delivery::due(tenant.id, now, limit));
        let next = batch.add(delivery::next(tenant.id));
        let mut results = self.store.read(batch).await?;
        Ok(DueDeliveries { due: results.take(due)?, next_at: results.take(next)?, now })
    }

    /// Up to `limit` deliveries of a tenant after a place, oldest first, of one status where that
    /// is said.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn deliveries(
        &self,
        tenant: &Tenant,
        status: Option<DeliveryStatus>,
        after: Place,
        limit: i64,
    ) -> Result<Vec<DeliveryView>, Failure> {
        Ok(self.store.query(delivery::page(tenant.id, status, after, limit)).await?)
    }

    /// The deliveries of a customer, oldest first: the order in which they are sent.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn deliveries_of(
        &self,
        tenant: &Tenant,
        customer: CustomerId,
    ) -> Result<Vec<DeliveryView>, Failure> {
        Ok(self.store.query(delivery::of_customer(tenant.id, customer)).await?)
    }

    /// A delivery of a tenant and where it stands.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn delivery(
        &self,
        tenant: &Tenant,
        id: DeliveryId,
    ) -> Result<Option<DeliveryView>, Failure> {
        let Some(customer) = self.store.query(delivery::owner(tenant.id, id)).await? else {
            return Ok(None);
        };
        Ok(self.store.query(delivery::by_id(tenant.id, customer, id)).await?)
    }
}
