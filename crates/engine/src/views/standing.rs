//! What a customer has: agreements, the periods of their licences, balances.

use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::ids::CustomerId;
use abono_domain::ledger::Balance;
use abono_domain::licence::{Period, Subscription};
use abono_domain::seller::Tenant;
use abono_store::ReadBatch;
use abono_store::nouns::{ledger, licence};

/// What a customer has, all of one snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its agreements, oldest first.
    pub subscriptions: Vec<Subscription>,
    /// The periods of their licences, by agreement, oldest first.
    pub periods: Vec<Period>,
    /// What stands on its accounts.
    pub balances: Vec<Balance>,
}

impl Engine {
    /// What a customer has.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn standing(&self, tenant: &Tenant, id: CustomerId) -> Result<Standing, Failure> {
        let mut batch = ReadBatch::default();
        let subscriptions = batch.add(licence::subscriptions(tenant.id, id));
        let periods = batch.add(licence::periods(tenant.id, id));
        let balances = batch.add(ledger::balances(tenant.id, id));
        let mut results = self.store.read(batch).await?;
        Ok(Standing {
            subscriptions: results.take(subscriptions)?,
            periods: results.take(periods)?,
            balances: results.take(balances)?,
        })
    }
}
