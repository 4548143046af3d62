//! The journal: every entry is sealed or waits for it, and the chain of hashes holds.

use super::Scope;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::seal::{GENESIS, chain};
use abono_domain::seller::Tenant;
use abono_store::ReadBatch;
use abono_store::nouns::journal;

/// How many waiting entries are counted at most.
const WAITING_MAX: i64 = i64::MAX;

impl Engine {
    pub(super) async fn verify_journal(
        &self,
        tenant: &Tenant,
        scope: &mut Scope<'_>,
    ) -> Result<(), Failure> {
        let mut batch = ReadBatch::default();
        let count = batch.add(journal::count(tenant.id));
        let waiting = batch.add(journal::unsealed(tenant.id, WAITING_MAX));
        let mut results = self.store.read(batch).await?;
        let count = results.take(count)?;
        let (last, waiting) = results.take(waiting)?;
        let sealed = last.map_or(0, |(position, _)| position);
        let waiting = i64::try_from(waiting.len()).unwrap_or(i64::MAX);
        let place = || "journal".to_owned();
        let problem = format!("{count} entries, {sealed} sealed, {waiting} waiting for their seal");
        scope.require(sealed.saturating_add(waiting) == count, place, &problem);
        self.verify_chain(tenant, scope, sealed).await
    }

    async fn verify_chain(
        &self,
        tenant: &Tenant,
        scope: &mut Scope<'_>,
        last: i64,
    ) -> Result<(), Failure> {
        let (mut position, mut hash) = (0, GENESIS.to_vec());
        while position < last {
            let page = self.store.query(journal::sealed(tenant.id, position)).await?;
            if page.is_empty() {
                scope.require(false, || format!("journal after {position}"), "entries are missing");
                return Ok(());
            }
            for sealed in page {
                let place = || format!("journal at {}", sealed.position);
                scope.require(sealed.position == position + 1, place, "positions have a gap");
                let right = chain(&hash, &sealed.entry) == sealed.hash;
                scope.require(right, place, "the entry was changed after it was sealed");
                (position, hash) = (sealed.position, sealed.hash);
            }
        }
        Ok(())
    }
}
