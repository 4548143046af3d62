//! What was added to subscriptions, as it stands.

use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::ids::{CustomerId, SubscriptionId};
use abono_domain::product_group::Group;
use abono_domain::seller::Tenant;
use abono_domain::subscription::{Agreement, State, Status};
use abono_domain::termination::TerminationView;
use abono_store::ReadBatch;
use abono_store::nouns::subscription::{self, product_group, termination};

/// What was added to a subscription, and how it ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// What was added, oldest first.
    pub groups: Vec<Group>,
    /// Every termination of it, oldest request first.
    pub terminations: Vec<TerminationView>,
}

impl Engine {
    /// What was added to a subscription of a customer.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn product_groups(
        &self,
        tenant: &Tenant,
        customer: CustomerId,
        subscription: SubscriptionId,
    ) -> Result<Added, Failure> {
        let books = tenant.id;
        let mut batch = ReadBatch::default();
        let groups = batch.add(product_group::of_subscription(books, customer, subscription));
        let ends = batch.add(termination::of_subscription(books, customer, subscription));
        let mut results = self.store.read(batch).await?;
        Ok(Added { groups: results.take(groups)?, terminations: results.take(ends)? })
    }

    /// The subscription of a customer that products are added to: the oldest one that runs.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn running_subscription(
        &self,
        tenant: &Tenant,
        customer: CustomerId,
    ) -> Result<Option<(Agreement, State)>, Failure> {
        let found = self.store.query(subscription::of_customer(tenant.id, customer)).await?;
        Ok(found.into_iter().find(|(_, state)| state.status == Status::Active))
    }

    /// Whose a product group is, and on which subscription; `None` where there is none.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn parent_of_group(
        &self,
        tenant: &Tenant,
        group: SubscriptionId,
    ) -> Result<Option<(CustomerId, SubscriptionId)>, Failure> {
        Ok(self.store.query(product_group::parent(tenant.id, group)).await?)
    }
}
