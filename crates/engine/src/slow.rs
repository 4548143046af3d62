//! Slow facts: tenants and sellers, immutable versions held in memory.
//!
//! A new version becomes active a lease after it was published, so that every node has seen it by
//! then; a copy that is older than half a lease is read again before it is used.

use crate::env::Env;
use crate::failure::Failure;
use abono_domain::ids::TenantId;
use abono_domain::seller::publish::LEASE;
use abono_domain::seller::{Seller, Tenant};
use abono_store::Store;
use abono_store::nouns::{seller, tenant};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What is known of one tenant's versions.
#[derive(Clone, Default)]
struct Known {
    /// On the stopwatch.
    read_at: Option<Duration>,
    /// Newest first.
    versions: Vec<(i64, Timestamp)>,
    /// The versions held, the one that was used last at the end.
    loaded: Vec<Arc<Seller>>,
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

    /// A seller as it was in a version.
    pub(crate) async fn seller_as_of(
        &self,
        store: &Store,
        id: TenantId,
        version: i64,
    ) -> Result<Option<Arc<Seller>>, Failure> {
        let held = |sellers: &mut BTreeMap<TenantId, Known>| {
            sellers.get_mut(&id).and_then(|known| known.held(version))
        };
        if let Some(held) = locked(&self.sellers, held) {
            return Ok(Some(held));
        }
        let found = store.query(seller::as_of(id, version)).await?.map(Arc::new);
        if let Some(seller) = found.clone() {
            locked(&self.sellers, |all| all.entry(id).or_default().keep(seller));
        }
        Ok(found)
    }

    /// The seller that is active now.
    pub(crate) async fn seller(
        &self,
        store: &Store,
        env: &Env,
        id: TenantId,
    ) -> Result<Option<Arc<Seller>>, Failure> {
        let (now, read_at) = (env.machine(), env.elapsed());
        let fresh = |sellers: &mut BTreeMap<TenantId, Known>| {
            sellers.get(&id).filter(|known| known.is_fresh(read_at)).map(|known| known.active(now))
        };
        let active = match locked(&self.sellers, fresh) {
            Some(active) => active,
            None => {
                let versions = store.query(seller::versions(id)).await?;
                locked(&self.sellers, |sellers| {
                    let known = sellers.entry(id).or_default();
                    (known.versions, known.read_at) = (versions, Some(read_at));
                    known.active(now)
                })
            }
        };
        match active {
            Some(version) => self.seller_as_of(store, id, version).await,
            None => Ok(None),
        }
    }
}

/// How many versions of one seller are held: the active one, and those that documents are read by.
const VERSIONS_MAX: usize = 8;

impl Known {
    /// The version, as the one that was used last.
    fn held(&mut self, version: i64) -> Option<Arc<Seller>> {
        let place = self.loaded.iter().position(|seller| seller.version == version)?;
        let seller = self.loaded.remove(place);
        self.loaded.push(seller.clone());
        Some(seller)
    }

    fn keep(&mut self, seller: Arc<Seller>) {
        self.loaded.retain(|held| held.version != seller.version);
        if self.loaded.len() >= VERSIONS_MAX {
            self.loaded.remove(0);
        }
        self.loaded.push(seller);
    }

    fn active(&self, now: Timestamp) -> Option<i64> {
        self.versions.iter().find(|(_, from)| *from <= now).map(|(version, _)| *version)
    }

    fn is_fresh(&self, now: Duration) -> bool {
        self.read_at.is_some_and(|at| now.saturating_sub(at) < LEASE / 2)
    }
}

fn locked<T, R>(mutex: &Mutex<T>, with: impl FnOnce(&mut T) -> R) -> R {
    with(&mut mutex.lock().unwrap_or_else(PoisonError::into_inner))
}
