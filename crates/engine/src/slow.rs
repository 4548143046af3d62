//! Slow facts: tenants and sellers, immutable versions held in memory.
//!
//! A new version becomes active a lease after it was published, so that every node has seen it by
//! then; a copy that is older than half a lease is read again before it is used.

use crate::failure::Failure;
use abono_domain::ids::TenantId;
use abono_domain::seller::publish::LEASE;
use abono_domain::seller::{Seller, Tenant};
use abono_store::Store;
use abono_store::nouns::{seller, tenant};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What is known of one tenant's versions.
#[derive(Clone, Default)]
struct Known {
    read_at: Option<Timestamp>,
    /// Newest first.
    versions: Vec<(i64, Timestamp)>,
    loaded: BTreeMap<i64, Arc<Seller>>,
}

/// The memory.
#[derive(Default)]
pub(crate) struct SlowFacts {
    tenants: Mutex<BTreeMap<TenantId, Tenant>>,
    sellers: Mutex<BTreeMap<TenantId, Known>>,
}

impl SlowFacts {
    /// A tenant; once opened it never changes.
    pub(crate) async fn tenant(
        &self,
        store: &Store,
        id: TenantId,
    ) -> Result<Option<Tenant>, Failure> {
        if let Some(known) = locked(&self.tenants, |tenants| tenants.get(&id).cloned()) {
            return Ok(Some(known));
        }
        let found = store.query(tenant::by_id(id)).await?;
        if let Some(found) = &found {
            locked(&self.tenants, |tenants| tenants.insert(id, found.clone()));
        }
        Ok(found)
    }

    /// The seller that is active at the machine time `now`.
    pub(crate) async fn seller(
        &self,
        store: &Store,
        id: TenantId,
        now: Timestamp,
    ) -> Result<Option<Arc<Seller>>, Failure> {
        let mut known =
            locked(&self.sellers, |sellers| sellers.get(&id).cloned()).unwrap_or_default();
        if !known.is_fresh(now) {
            known.versions = store.query(seller::versions(id)).await?;
            known.read_at = Some(now);
        }
        let active =
            known.versions.iter().find(|(_, from)| *from <= now).map(|(version, _)| *version);
        let Some(version) = active else { return Ok(None) };
        let seller = match known.loaded.get(&version) {
            Some(seller) => seller.clone(),
            None => match store.query(seller::as_of(id, version)).await? {
                Some(seller) => Arc::new(seller),
                None => return Ok(None),
            },
        };
        known.loaded.retain(|older, _| *older >= version);
        known.loaded.insert(version, seller.clone());
        locked(&self.sellers, |sellers| sellers.insert(id, known));
        Ok(Some(seller))
    }
}

impl Known {
    fn is_fresh(&self, now: Timestamp) -> bool {
        self.read_at
            .is_some_and(|at| now.duration_since(at) < (LEASE / 2).try_into().unwrap_or_default())
    }
}

fn locked<T, R>(mutex: &Mutex<T>, with: impl FnOnce(&mut T) -> R) -> R {
    with(&mut mutex.lock().unwrap_or_else(PoisonError::into_inner))
}
