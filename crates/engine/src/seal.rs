//! The sealer: gives committed journal entries their dense position and a hash that chains each to
//! everything before it. Outside the write path: it reads what is committed.

use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::ids::TenantId;
use abono_store::nouns::journal::{self, Actor, Entry, Sealed};
use abono_store::nouns::root;
use abono_store::{Batch, Bound, ReadBatch, Verdict};
use sha2::{Digest, Sha256};

/// What the first entry is chained to.
pub(crate) const GENESIS: [u8; 32] = [0; 32];

impl Engine {
    /// Seals up to `limit` entries of a tenant; says how many. Another node that does the same at
    /// once makes this one start over, and nothing is sealed twice.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn seal(&self, tenant: TenantId, limit: i64) -> Result<usize, Failure> {
        let mut batch = ReadBatch::default();
        let root = batch.add(root::of_journal(tenant));
        let waiting = batch.add(journal::unsealed(tenant, limit));
        let mut results = self.store.read(batch).await?;
        let root = results.take(root)?;
        let (last, waiting) = results.take(waiting)?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let (mut position, mut hash) = last.unwrap_or((0, GENESIS.to_vec()));
        let mut rows: Vec<Bound> = Vec::new();
        let count = waiting.len();
        for (slot, entry) in waiting {
            position += 1;
            hash = chain(&hash, &entry);
            let sealed = Sealed { position, hash: hash.clone(), entry };
            rows.extend(journal::seal(tenant, slot, &sealed));
        }
        self.env.fault("seal.before_commit").await;
        let claims = vec![root::guard_journal(tenant, root, self.env.machine())];
        let finish = Box::new(move |_: &[_]| rows.clone());
        let batch = Batch { tenant: tenant.0, journal: None, claims, draws: Vec::new(), finish };
        match self.store.commit(batch).await {
            Verdict::Committed => Ok(count),
            // In doubt or stale: the next step reads what is there and goes on from it.
            Verdict::Stale | Verdict::AlreadyDone | Verdict::Unknown(_) => Ok(0),
            Verdict::Failed(error) => Err(error.into()),
        }
    }
}

/// The hash of an entry and of everything before it: SHA-256 over the hash before and the entry's
/// fields, each as text with a line feed behind it. What is hashed never changes its form.
pub(crate) fn chain(before: &[u8], entry: &Entry) -> Vec<u8> {
    let (actor, actor_id) = match entry.actor {
        Actor::Operator => ("operator", None),
        Actor::Key(id) => ("key", Some(id)),
        Actor::Worker => ("worker", None),
        Actor::Buyer => ("buyer", None),
        Actor::Provider => ("provider", None),
    };
    let text = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let mut hash = Sha256::new();
    hash.update(before);
    for field in [
        entry.command_id.to_string(),
        entry.attempt.to_string(),
        actor.to_owned(),
        text(actor_id),
        entry.command.clone(),
        text(entry.customer.map(|id| id.0)),
        entry.business_at.as_microsecond().to_string(),
        entry.machine_at.as_microsecond().to_string(),
        entry.seller_version.to_string(),
        entry.rules_version.to_string(),
        entry.tzdb.clone(),
    ] {
        hash.update(field);
        hash.update("\n");
    }
    hash.update(&entry.input_hash);
    hash.finalize().to_vec()
}
