//! Lets commands on one aggregate through one at a time within this node, in turn: they would only
//! make each other stale. Between nodes the guards decide.

use abono_domain::ids::{CustomerId, TenantId};
use futures_util::lock::{Mutex as Turn, OwnedMutexGuard};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A tenant, or one of its customers.
type Aggregate = (TenantId, Option<CustomerId>);

/// The turnstiles of all aggregates that somebody is at.
#[derive(Default)]
pub(crate) struct Turnstile {
    turns: Mutex<BTreeMap<Aggregate, Arc<Turn<()>>>>,
}

/// A place at a turnstile, and in time the turn; whoever is next comes when it is dropped.
pub(crate) struct Pass<'t> {
    turnstile: &'t Turnstile,
    aggregate: Aggregate,
    turn: Option<OwnedMutexGuard<()>>,
}

impl Turnstile {
    /// Waits for a turn at an aggregate.
    pub(crate) async fn pass(&self, tenant: TenantId, customer: Option<CustomerId>) -> Pass<'_> {
        let aggregate = (tenant, customer);
        let mut pass = Pass { turnstile: self, aggregate, turn: None };
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            turns.entry(aggregate).or_default().clone()
        };
        pass.turn = Some(turn.lock_owned().await);
        pass
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.turn = None;
        let mut turns = self.turnstile.turns.lock().unwrap_or_else(PoisonError::into_inner);
        // One count is the map's: nobody else is there, so the turnstile can be taken away.
        if turns.get(&self.aggregate).is_some_and(|turn| Arc::strong_count(turn) == 1) {
            turns.remove(&self.aggregate);
        }
    }
}
