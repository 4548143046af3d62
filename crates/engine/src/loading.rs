//! Loading: the facts of one decision, read in one snapshot with the root that guards them.
//!
//! Rows of an aggregate can be added only to the loading of that aggregate, with the ids that it
//! hands in; a decision is made only from what was loaded; and only a decision made here can be
//! committed. So a read without a guard does not compile.

use crate::engine::Engine;
use crate::execute::{Call, Reply, Stop};
use crate::failure::Failure;
use abono_domain::decision::Decision;
use abono_domain::ids::{ClockId, CommandId, CustomerId, TenantId};
use abono_domain::moment::Moment;
use abono_domain::planted;
use abono_domain::seller::{Seller, Tenant};
use abono_store::nouns::root::Version;
use abono_store::nouns::{clock, idempotency, root};
use abono_store::{Claim, Immutable, OfCustomer, OfTenant, Query, ReadBatch, Results, Slot};
use jiff::{SignedDuration, Timestamp};
use std::marker::PhantomData;
use std::sync::Arc;

/// What every load of one attempt shares.
pub(crate) struct Attempt<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) call: &'a Call,
    pub(crate) command: CommandId,
    /// `None` while the tenant isn't there yet.
    pub(crate) tenant: Option<Tenant>,
}

/// Reads for one decision, about one aggregate.
pub(crate) struct Loading<'a, O> {
    attempt: &'a Attempt<'a>,
    customer: CustomerId,
    batch: ReadBatch,
    root: Slot<Option<Version>>,
    clock: Option<Slot<Option<Timestamp>>>,
    key: Option<Slot<Option<idempotency::Used>>>,
    owner: PhantomData<O>,
}

/// What was read: the facts, and with them the guard.
pub(crate) struct Loaded<'a, O> {
    attempt: &'a Attempt<'a>,
    customer: CustomerId,
    results: Results,
    root: Option<Version>,
    business: Timestamp,
    owner: PhantomData<O>,
}

/// A decision that may be committed.
pub(crate) struct Planned {
    pub(crate) decision: Decision,
    pub(crate) guard: Claim,
    pub(crate) moment: Moment,
    pub(crate) clock: ClockId,
    pub(crate) customer: CustomerId,
    pub(crate) seller_version: i64,
}

impl<'a> Attempt<'a> {
    /// The seller that is active now.
    pub(crate) async fn seller(&self) -> Result<Arc<Seller>, Failure> {
        let engine = self.engine;
        let found = engine.slow.seller(&engine.store, &engine.env, self.call.tenant).await?;
        found.ok_or(Failure::NothingPublished)
    }

    /// Loads facts about a customer.
    pub(crate) fn of_customer(&'a self, id: CustomerId) -> Loading<'a, OfCustomer> {
        self.loading(id, root::of_customer(self.call.tenant, id))
    }

    /// Loads facts about the tenant.
    pub(crate) fn of_tenant(&'a self) -> Loading<'a, OfTenant> {
        self.loading(CustomerId(uuid::Uuid::nil()), root::of_tenant(self.call.tenant))
    }

    fn loading<O>(
        &'a self,
        customer: CustomerId,
        root: Query<Option<Version>, O>,
    ) -> Loading<'a, O> {
        let mut batch = ReadBatch::default();
        let root = batch.add(root);
        let clock = self.clock();
        let clock = (clock != ClockId::REAL).then(|| batch.add(clock::stands_at(clock)));
        let tenant = self.call.tenant;
        let key = self.call.key.as_ref().map(|key| batch.add(idempotency::by_key(tenant, key)));
        Loading { attempt: self, customer, batch, root, clock, key, owner: PhantomData }
    }

    fn clock(&self) -> ClockId {
        self.tenant.as_ref().map_or(ClockId::REAL, |tenant| tenant.clock)
    }
}

impl Loading<'_, OfCustomer> {
    /// Adds rows of this customer.
    pub(crate) fn add<T>(
        &mut self,
        query: impl FnOnce(TenantId, CustomerId) -> Query<T, OfCustomer>,
    ) -> Slot<T> {
        self.batch.add(query(self.attempt.call.tenant, self.customer))
    }
}

impl Loading<'_, OfTenant> {
    /// Adds rows of this tenant.
    pub(crate) fn add<T>(&mut self, query: impl FnOnce(TenantId) -> Query<T, OfTenant>) -> Slot<T> {
        self.batch.add(query(self.attempt.call.tenant))
    }
}

impl<'a, O> Loading<'a, O> {
    /// Adds rows that never change, or absence that a claim guards.
    pub(crate) fn add_immutable<T>(
        &mut self,
        query: impl FnOnce(TenantId) -> Query<T, Immutable>,
    ) -> Slot<T> {
        self.batch.add(query(self.attempt.call.tenant))
    }

    /// Reads everything in one snapshot; where nothing will be written, from memory if that is
    /// still so. A known idempotency key ends the attempt here.
    pub(crate) async fn read(self) -> Result<Loaded<'a, O>, Stop> {
        let engine = self.attempt.engine;
        let read = if self.attempt.call.dry_run {
            engine.store.recall(self.batch).await
        } else {
            engine.store.read(self.batch).await
        };
        let mut results = read.map_err(Failure::from)?;
        if let Some(slot) = self.key {
            let used = results.take(slot).map_err(Failure::from)?;
            if let Some(reply) = answered(self.attempt.call, used)? {
                return Err(Stop::Replayed(reply));
            }
        }
        let root = results.take(self.root).map_err(Failure::from)?;
        let clock = match self.clock {
            Some(slot) => results.take(slot).map_err(Failure::from)?,
            None => None,
        };
        let business = clock.unwrap_or_else(|| engine.env.machine());
        let (attempt, customer) = (self.attempt, self.customer);
        Ok(Loaded { attempt, customer, results, root, business, owner: PhantomData })
    }
}

/// What was answered under the key of a call; nothing where it is new.
///
/// # Errors
/// [`Failure::KeyReused`].
pub(crate) fn answered(
    call: &Call,
    used: Option<idempotency::Used>,
) -> Result<Option<Reply>, Failure> {
    match (used, &call.key) {
        (Some(used), Some(key)) if used.input_hash == key.input_hash => Ok(Some(used.reply)),
        (Some(_), _) => Err(Failure::KeyReused),
        (None, _) => Ok(None),
    }
}

impl<O> Loaded<'_, O> {
    /// The answer of one read.
    pub(crate) fn take<T>(&mut self, slot: Slot<T>) -> Result<T, Failure> {
        Ok(self.results.take(slot)?)
    }

    /// The business time of the decision: later than every earlier one about this aggregate.
    pub(crate) fn now(&self) -> Timestamp {
        let step = SignedDuration::from_micros(1);
        let next = |root: Version| root.last_moment.checked_add(step).ok();
        if planted::is("clock-goes-back") {
            return self.business;
        }
        self.root.and_then(next).map_or(self.business, |next| next.max(self.business))
    }
}

impl<O: Guarded> Loaded<'_, O> {
    /// Decides on what was loaded.
    pub(crate) fn decide<E: Into<Failure>>(
        self,
        seller_version: i64,
        decide: impl FnOnce(Moment) -> Result<Decision, E>,
    ) -> Result<Planned, Stop> {
        let machine = self.attempt.engine.env.machine();
        let moment = Moment { now: self.now(), machine, command: self.attempt.command };
        let decision = decide(moment).map_err(|error| Stop::Failed(error.into()))?;
        let guard = O::guard(self.attempt.call.tenant, self.customer, self.root, moment.now);
        let (clock, customer) = (self.attempt.clock(), self.customer);
        Ok(Planned { decision, guard, moment, clock, customer, seller_version })
    }
}

/// An aggregate: how its root is guarded as it was read, or its absence by making it.
pub(crate) trait Guarded {
    /// The claim that is stale as soon as somebody else has written to the aggregate.
    fn guard(
        tenant: TenantId,
        customer: CustomerId,
        root: Option<Version>,
        moment: Timestamp,
    ) -> Claim;
}

impl Guarded for OfCustomer {
    fn guard(
        tenant: TenantId,
        customer: CustomerId,
        root: Option<Version>,
        moment: Timestamp,
    ) -> Claim {
        match root {
            Some(version) => root::guard_customer(tenant, customer, version, moment),
            None => root::open_customer(tenant, customer, moment),
        }
    }
}

impl Guarded for OfTenant {
    fn guard(tenant: TenantId, _: CustomerId, root: Option<Version>, moment: Timestamp) -> Claim {
        match root {
            Some(version) => root::guard_tenant(tenant, version, moment),
            None => root::open_tenant(tenant, moment),
        }
    }
}
