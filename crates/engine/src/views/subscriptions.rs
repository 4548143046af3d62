//! Subscriptions that live in cycles: where one stands, its history, its changes.

use crate::engine::Engine;
use crate::execute::Actor;
use crate::failure::Failure;
use abono_domain::change::{ChangeStatus, ChangeView};
use abono_domain::document::DocumentView;
use abono_domain::ids::{CustomerId, PlanId, SubscriptionId, TransferId};
use abono_domain::ledger::Transfer;
use abono_domain::seller::Tenant;
use abono_domain::subscription::{Agreement, Commitment, State, Status, StatusStep};
use abono_store::ReadBatch;
use abono_store::nouns::document::{self, recurring};
use abono_store::nouns::ledger;
use abono_store::nouns::subscription::{self, change};
use jiff::civil::Date;

/// A subscription, all of one snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionView {
    /// What is agreed.
    pub agreement: Agreement,
    /// Where it stands.
    pub state: State,
    /// The steps of its status, oldest first.
    pub steps: Vec<StatusRecord>,
    /// Its changes, oldest request first.
    pub changes: Vec<ChangeView>,
    /// What it is bound by, oldest first.
    pub commitments: Vec<Commitment>,
}

/// A step of a status, and who took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusRecord {
    /// The step.
    pub step: StatusStep,
    /// Who.
    pub actor: Actor,
}

/// A plan that was in force, half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InForce {
    /// Which plan.
    pub plan: PlanId,
    /// Its first day.
    pub from: Date,
    /// The first day of the next, or after the end; `None` where it is in force.
    pub until: Option<Date>,
}

impl SubscriptionView {
    /// The plans that were in force, newest first; the one that is stands on top.
    pub fn history(&self) -> Vec<InForce> {
        let is_done = |view: &&ChangeView| view.state.status == ChangeStatus::Done;
        let mut done: Vec<&ChangeView> = self.changes.iter().filter(is_done).collect();
        done.sort_by_key(|view| view.turn());
        let (plan, from) = (self.agreement.plan, self.agreement.started_on);
        let mut newest = InForce { plan, from, until: None };
        let mut history = Vec::new();
        for view in done {
            let from = self.agreement.day(view.state.due_at).unwrap_or(view.change.effective_on);
            history.push(InForce { until: Some(from), ..newest });
            newest = InForce { plan: view.change.to, from, until: None };
        }
        let is_over = self.state.status == Status::Ended;
        history.push(InForce { until: self.state.ends_on.filter(|_| is_over), ..newest });
        history.reverse();
        history
    }

    /// What waits for its day, in the order in which it will be done.
    pub fn timeline(&self) -> Vec<&ChangeView> {
        let mut waiting: Vec<&ChangeView> =
            self.changes.iter().filter(|view| view.is_scheduled()).collect();
        waiting.sort_by_key(|view| view.turn());
        waiting
    }

    /// The change that will be done next.
    pub fn next_change(&self) -> Option<&ChangeView> {
        self.timeline().first().copied()
    }
}

impl Engine {
    /// The subscription of a number; `None` where there is none.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn subscription(
        &self,
        tenant: &Tenant,
        number: i64,
    ) -> Result<Option<SubscriptionView>, Failure> {
        let owner = self.store.query(subscription::owner(tenant.id, number)).await?;
        let Some((customer, id)) = owner else { return Ok(None) };
        self.subscription_of(tenant, customer, id).await
    }

    /// A subscription of a customer.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn subscription_of(
        &self,
        tenant: &Tenant,
        customer: CustomerId,
        id: SubscriptionId,
    ) -> Result<Option<SubscriptionView>, Failure> {
        let books = tenant.id;
        let mut batch = ReadBatch::default();
        let found = batch.add(subscription::by_id(books, customer, id));
        let steps = batch.add(subscription::steps(books, customer, id));
        let changes = batch.add(change::of_subscription(books, customer, id));
        let commitments = batch.add(subscription::commitments(books, customer, id));
        let mut results = self.store.read(batch).await?;
        let Some((agreement, state)) = results.take(found)? else { return Ok(None) };
        let record = |(step, actor)| StatusRecord { step, actor };
        Ok(Some(SubscriptionView {
            agreement,
            state,
            steps: results.take(steps)?.into_iter().map(record).collect(),
            changes: results.take(changes)?,
            commitments: results.take(commitments)?,
        }))
    }

    /// The subscriptions of a customer that live in cycles, by number.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn subscriptions_of(
        &self,
        tenant: &Tenant,
        customer: CustomerId,
    ) -> Result<Vec<SubscriptionView>, Failure> {
        let found = self.store.query(subscription::of_customer(tenant.id, customer)).await?;
        let mut all = Vec::new();
        for (agreement, _) in found {
            let id = agreement.subscription.id;
            all.extend(self.subscription_of(tenant, customer, id).await?);
        }
        Ok(all)
    }

    /// The invoices and order confirmations of a customer, oldest first.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn cycle_documents(
        &self,
        tenant: &Tenant,
        customer: CustomerId,
    ) -> Result<Vec<DocumentView>, Failure> {
        let heads = self.store.query(recurring::all(tenant.id, customer)).await?;
        Ok(self.store.query(document::complete(tenant.id, customer, heads)).await?)
    }

    /// Every transfer with a customer, oldest first.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn transfers(
        &self,
        tenant: &Tenant,
        customer: CustomerId,
    ) -> Result<Vec<Transfer>, Failure> {
        let first = TransferId(uuid::Uuid::nil());
        let all = ledger::transfers(tenant.id, customer, first, i64::MAX);
        let mut found = self.store.query(all).await?;
        found.sort_by_key(|transfer| (transfer.at, transfer.id));
        Ok(found)
    }

    /// Up to `limit` subscriptions of a tenant after a number, by number.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn subscriptions(
        &self,
        tenant: &Tenant,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(Agreement, State)>, Failure> {
        Ok(self.store.query(subscription::page(tenant.id, after, limit)).await?)
    }

    /// Up to `limit` changes of a tenant after a number, by number, of one status where that is
    /// said; each with its subscription.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn changes(
        &self,
        tenant: &Tenant,
        status: Option<ChangeStatus>,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(ChangeView, SubscriptionView)>, Failure> {
        let page = self.store.query(change::page(tenant.id, status, after, limit)).await?;
        let mut all = Vec::new();
        for at in page {
            let found = self.subscription_of(tenant, at.customer, at.subscription).await?;
            let Some(subscription) = found else { continue };
            let own = subscription.changes.iter().find(|view| view.change.id == at.change);
            if let Some(view) = own.cloned() {
                all.push((view, subscription));
            }
        }
        Ok(all)
    }

    /// The change of a number, and its subscription.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn change(
        &self,
        tenant: &Tenant,
        number: i64,
    ) -> Result<Option<(ChangeView, SubscriptionView)>, Failure> {
        let found = self.changes(tenant, None, number.saturating_sub(1), 1).await?;
        Ok(found.into_iter().find(|(view, _)| view.change.number == number))
    }
}
