//! The engine: one concrete type.

use crate::env::Env;
use crate::failure::Failure;
use crate::keys::KeyCache;
use crate::slow::SlowFacts;
use crate::turnstile::Turnstile;
use abono_domain::ids::{ClockId, TenantId};
use abono_domain::seller::{Seller, Tenant};
use abono_store::Store;
use abono_store::nouns::{clock, tenant};
use jiff::Timestamp;
use std::sync::Arc;

/// The books and everything that may be done with them.
pub struct Engine {
    pub(crate) env: Env,
    pub(crate) store: Store,
    pub(crate) slow: SlowFacts,
    pub(crate) keys: KeyCache,
    pub(crate) turnstile: Turnstile,
}

impl Engine {
    /// An engine over a store.
    pub fn new(env: Env, store: Store) -> Self {
        let (slow, keys) = (SlowFacts::default(), KeyCache::default());
        Self { env, store, slow, keys, turnstile: Turnstile::default() }
    }

    /// The outer world that it meets.
    pub const fn env(&self) -> &Env {
        &self.env
    }

    /// The store that it stands on, for tests and proofs.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The tenant of a slug.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn tenant_by_slug(&self, slug: &str) -> Result<Option<Tenant>, Failure> {
        Ok(self.store.query(tenant::by_slug(slug)).await?)
    }

    /// Every tenant, by id.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn tenants(&self) -> Result<Vec<Tenant>, Failure> {
        let mut all: Vec<Tenant> = Vec::new();
        loop {
            let after = all.last().map_or(TenantId(uuid::Uuid::nil()), |last| last.id);
            let mut page = self.store.query(tenant::list(after)).await?;
            if page.is_empty() {
                return Ok(all);
            }
            all.append(&mut page);
        }
    }

    /// Whether the store answers: one row is asked for that isn't there.
    pub async fn is_ready(&self) -> bool {
        self.store.query(tenant::list(TenantId(uuid::Uuid::max()))).await.is_ok()
    }

    /// The seller of a tenant that is active now.
    ///
    /// # Errors
    /// [`Failure::NothingPublished`] or [`Failure::Store`].
    pub async fn seller(&self, tenant: TenantId) -> Result<Arc<Seller>, Failure> {
        let found = self.slow.seller(&self.store, &self.env, tenant).await?;
        found.ok_or(Failure::NothingPublished)
    }

    /// The seller of a tenant as it was in a version; `None` where there is no such version.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn seller_as_of(
        &self,
        tenant: TenantId,
        version: i64,
    ) -> Result<Option<Arc<Seller>>, Failure> {
        self.slow.seller_as_of(&self.store, tenant, version).await
    }

    /// The business time of a tenant.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn business_time(&self, tenant: &Tenant) -> Result<Timestamp, Failure> {
        let stands_at = match tenant.clock {
            ClockId::REAL => None,
            manual => self.store.query(clock::stands_at(manual)).await?,
        };
        Ok(stands_at.unwrap_or_else(|| self.env.machine()))
    }
}
