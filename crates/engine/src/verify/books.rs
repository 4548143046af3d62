//! Everything of one customer, read in one snapshot.

use super::told::Told;
use crate::engine::Engine;
use crate::failure::Failure;
use abono_domain::change::ChangeStep;
use abono_domain::customer::{Customer, Profile};
use abono_domain::delivery::DeliveryView;
use abono_domain::document::{DocumentKind, DocumentStatus, DocumentView, Step};
use abono_domain::ids::{
    AllocationId, ChangeId, CommandId, CustomerId, DocumentId, PaymentId, ProductId,
    SubscriptionId, TransferId,
};
use abono_domain::ledger::{Balance, Transfer};
use abono_domain::licence::{
    Cut, DiscountUse, Grant, Holding, Origin, Period, Subscription, Value, after_cuts, fold,
};
use abono_domain::money::Money;
use abono_domain::payment::{Payment, Refund};
use abono_domain::product_group::{GroupState, ProductGroup};
use abono_domain::risk::Verdict;
use abono_domain::seller::Tenant;
use abono_domain::subscription::{Agreement, BilledCycle, State, Status};
use abono_domain::termination::TerminationView;
use abono_store::ReadBatch;
use abono_store::nouns::payment::Used;
use abono_store::nouns::subscription::change::{self, Logged};
use abono_store::nouns::subscription::{product_group, termination};
use abono_store::nouns::{customer, delivery, document, ledger, licence, payment, subscription};
use jiff::Timestamp;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What one customer has that lives in cycles.
pub(super) struct Recurring {
    pub(super) agreements: Vec<(Agreement, State)>,
    pub(super) steps: Vec<(SubscriptionId, i64, Status)>,
    pub(super) cycles: Vec<(SubscriptionId, BilledCycle)>,
    pub(super) carried: Vec<(DocumentId, DocumentId)>,
    pub(super) changes: Vec<Logged>,
    pub(super) change_steps: Vec<ChangeStep>,
    pub(super) verdicts: BTreeMap<ChangeId, Verdict>,
    pub(super) groups: Vec<(ProductGroup, GroupState)>,
    pub(super) terminations: Vec<TerminationView>,
}

impl Recurring {
    /// What is agreed about a subscription.
    pub(super) fn agreement(&self, id: SubscriptionId) -> Option<&(Agreement, State)> {
        self.agreements.iter().find(|(agreement, _)| agreement.subscription.id == id)
    }

    /// The change that an order confirmation is of.
    pub(super) fn confirmed(&self, id: DocumentId) -> Option<&Logged> {
        self.changes.iter().find(|(_, state, _)| state.confirmation == Some(id))
    }

    /// What was added to a subscription.
    pub(super) fn group(&self, id: SubscriptionId) -> Option<&(ProductGroup, GroupState)> {
        self.groups.iter().find(|(group, _)| group.subscription.id == id)
    }

    /// The termination that a document credits.
    pub(super) fn terminated_by(&self, id: DocumentId) -> Option<&TerminationView> {
        self.terminations.iter().find(|view| view.state.document == Some(id))
    }

    /// The cycle that an invoice bills.
    pub(super) fn billed_by(&self, id: DocumentId) -> Option<&BilledCycle> {
        self.cycles.iter().map(|(_, cycle)| cycle).find(|cycle| cycle.invoice == id)
    }
}

/// One customer's books.
pub(super) struct Books {
    pub(super) tenant: Tenant,
    pub(super) customer: Option<Customer>,
    pub(super) profiles: Vec<Profile>,
    pub(super) documents: Vec<DocumentView>,
    pub(super) hashes: BTreeMap<DocumentId, Vec<u8>>,
    pub(super) steps: Vec<Step>,
    pub(super) payments: Vec<Payment>,
    pub(super) allocations: Vec<Used>,
    pub(super) transfers: Vec<Transfer>,
    pub(super) balances: Vec<Balance>,
    pub(super) subscriptions: Vec<Subscription>,
    pub(super) grants: Vec<(Grant, CommandId)>,
    pub(super) periods: Vec<Period>,
    pub(super) refunds: Vec<Refund>,
    pub(super) told: Told,
    pub(super) cuts: Vec<Cut>,
    pub(super) recurring: Recurring,
    /// In their order.
    pub(super) deliveries: Vec<DeliveryView>,
    /// How many there are, with a state or without.
    pub(super) deliveries_queued: i64,
}

impl Books {
    /// What was paid for each grant, and hadn't gone back before an instant.
    pub(super) fn values_at(&self, at: Timestamp) -> Vec<Value> {
        let of = |(grant, _): &(Grant, CommandId)| {
            let (id, position) = match grant.origin {
                Origin::Paid(id) => (id, 1),
                Origin::Billed { document, position } => (document, position),
                Origin::ByHand(_) | Origin::Trial => return None,
            };
            let document = &self.view(id)?.document;
            let line = document.charges().find(|line| line.position == position)?;
            let back = self.refunds.iter().filter(|r| r.document == id && r.at < at);
            let back = back.fold(0_i64, |sum, refund| sum.saturating_add(refund.amount.minor));
            let taken = line.discounts.iter().map(|it| it.amount.minor);
            let discount = taken.fold(0_i64, i64::saturating_add);
            Some(Value {
                grant: grant.id,
                legal_entity: document.series.legal_entity,
                payer: document.payer.clone(),
                charged_from: document.charged_from(&line.licence),
                licence: line.licence.clone(),
                quantity: line.quantity,
                document: id,
                discount: Money::new(discount, line.total.currency),
                price: line.price,
                paid: Money::new(line.total.minor.saturating_sub(back), line.total.currency),
                tax: line.tax,
            })
        };
        self.grants.iter().filter_map(of).collect()
    }

    /// The grants of an agreement that were given before an instant, as they were then.
    pub(super) fn grants_at(&self, id: SubscriptionId, at: Timestamp) -> Vec<Grant> {
        let given = self.grants.iter().map(|(grant, _)| grant);
        let given = given.filter(|grant| grant.subscription == id && grant.given_at < at);
        let cuts = self.cuts.iter().filter(|cut| cut.at < at);
        let (given, cuts): (Vec<Grant>, Vec<Cut>) =
            (given.cloned().collect(), cuts.cloned().collect());
        after_cuts(&given, &cuts)
    }

    /// What the customer had of a product before an instant; `None` where it has no data.
    pub(super) fn past(&self, product: ProductId, profile: i64, at: Timestamp) -> Option<Past> {
        let is_own = |it: &&Subscription| it.product == product && !it.recurring;
        let subscription = self.subscriptions.iter().find(is_own).cloned();
        self.past_of(subscription, profile, (at, at))
    }

    /// What the customer had of a subscription before the first of two instants, as it was known at
    /// the second.
    pub(super) fn past_of(
        &self,
        subscription: Option<Subscription>,
        profile: i64,
        (at, known_at): (Timestamp, Timestamp),
    ) -> Option<Past> {
        let profile = self.profile(profile)?.clone();
        let customer = Customer { profile, ..self.customer.clone()? };
        let grants = subscription.as_ref().map(|it| self.grants_at(it.id, at));
        let periods = fold(1, &grants.unwrap_or_default()).unwrap_or_default();
        let (values, discounts_used) = (self.values_at(at), self.discounts_used_at(known_at));
        Some(Past { customer, subscription, periods, values, discounts_used })
    }

    /// The discounts on documents that weren't voided or refunded before an instant.
    fn discounts_used_at(&self, at: Timestamp) -> Vec<DiscountUse> {
        let takes = |view: &&DocumentView| {
            view.document.lines.iter().any(|line| !line.discounts.is_empty())
        };
        let taking: Vec<&DocumentView> = self.documents.iter().filter(takes).collect();
        // This is asked for each document of the customer, of whom most have no discount at all.
        if taking.is_empty() {
            return Vec::new();
        }
        let before = self.steps.iter().filter(|step| step.at < at);
        let stood: BTreeMap<DocumentId, DocumentStatus> =
            before.map(|step| (step.document, step.to)).collect();
        // What no invoice carried by then counts by itself.
        let is_open = |view: &DocumentView| {
            let own = self.recurring.carried.iter().find(|(id, _)| *id == view.document.id);
            let by = own.and_then(|(_, invoice)| self.view(*invoice));
            view.document.kind == DocumentKind::OrderConfirmation
                && by.is_none_or(|by| at <= by.document.created_at)
        };
        let counts = |view: &&DocumentView| match stood.get(&view.document.id) {
            Some(DocumentStatus::Pending | DocumentStatus::Paid) => true,
            Some(DocumentStatus::Issued) => is_open(view),
            Some(DocumentStatus::Canceled | DocumentStatus::Refunded) | None => false,
        };
        let used = taking.into_iter().filter(counts).flat_map(|view| {
            let taken = view.document.lines.iter().flat_map(|line| &line.discounts);
            taken.map(|it| DiscountUse { code: it.code.clone(), document: view.document.id })
        });
        used.collect()
    }

    /// The grants that lines of a document charge, by position.
    pub(super) fn billed_in(&self, document: DocumentId) -> Vec<&Grant> {
        let place = |grant: &Grant| match grant.origin {
            Origin::Billed { document: by, position } if by == document => Some(position),
            Origin::Billed { .. } | Origin::Paid(_) | Origin::ByHand(_) | Origin::Trial => None,
        };
        let all = self.grants.iter().map(|(grant, _)| grant);
        let mut own: Vec<&Grant> = all.filter(|grant| place(grant).is_some()).collect();
        own.sort_by_key(|grant| place(grant));
        own
    }

    /// A document.
    pub(super) fn view(&self, id: DocumentId) -> Option<&DocumentView> {
        self.documents.iter().find(|view| view.document.id == id)
    }

    /// A revision of the customer's profile.
    pub(super) fn profile(&self, revision: i64) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.revision == revision)
    }

    /// When a document was paid in full.
    pub(super) fn paid_at(&self, id: DocumentId) -> Option<Timestamp> {
        let paid = |step: &&Step| step.document == id && step.to == DocumentStatus::Paid;
        self.steps.iter().find(paid).map(|step| step.at)
    }
}

/// What a customer had of a product at a moment of its past.
pub(super) struct Past {
    customer: Customer,
    subscription: Option<Subscription>,
    periods: Vec<Period>,
    values: Vec<Value>,
    discounts_used: Vec<DiscountUse>,
}

impl Past {
    pub(super) fn holding(&self) -> Holding<'_> {
        Holding {
            customer: &self.customer,
            subscription: self.subscription.as_ref(),
            laying: 1,
            periods: &self.periods,
            values: &self.values,
            changes: &[],
            discounts_used: &self.discounts_used,
        }
    }
}

/// More rows than any customer has: the proof needs all of them.
const ALL: i64 = i64::MAX;

impl Books {
    pub(super) async fn read(
        engine: &Engine,
        tenant: &Tenant,
        id: CustomerId,
    ) -> Result<Self, Failure> {
        let (books, nil) = (tenant.id, Uuid::nil());
        let mut batch = ReadBatch::default();
        let buyer = batch.add(customer::by_id(books, id));
        let profiles = batch.add(customer::profiles(books, id));
        let documents = batch.add(document::all(books, id, DocumentId(nil), ALL));
        let hashes = batch.add(document::hashes(books, id));
        let steps = batch.add(document::steps(books, id));
        let payments = batch.add(payment::list(books, id, PaymentId(nil), ALL));
        let allocations = batch.add(payment::allocations(books, id, AllocationId(nil), ALL));
        let transfers = batch.add(ledger::transfers(books, id, TransferId(nil), ALL));
        let balances = batch.add(ledger::balances(books, id));
        let subscriptions = batch.add(licence::subscriptions(books, id));
        let grants = batch.add(licence::grants(books, id));
        let periods = batch.add(licence::periods(books, id));
        let refunds = batch.add(payment::refunds(books, id));
        let told = Told::ask(&mut batch, tenant, id);
        let cuts = batch.add(licence::cuts(books, id));
        let agreements = batch.add(subscription::of_customer(books, id));
        let status_steps = batch.add(subscription::all_steps(books, id));
        let cycles = batch.add(subscription::cycles(books, id));
        let carried = batch.add(document::recurring::carried(books, id));
        let log = batch.add(change::log(books, id));
        let change_steps = batch.add(change::steps(books, id));
        let verdicts = batch.add(change::verdicts(books, id));
        let groups = batch.add(product_group::of_customer(books, id));
        let terminations = batch.add(termination::of_customer(books, id));
        let deliveries = batch.add(delivery::of_customer(books, id));
        let deliveries_queued = batch.add(delivery::count(books, id));
        let mut results = engine.store.read(batch).await?;
        let recurring = Recurring {
            agreements: results.take(agreements)?,
            steps: results.take(status_steps)?,
            cycles: results.take(cycles)?,
            carried: results.take(carried)?,
            changes: results.take(log)?,
            change_steps: results.take(change_steps)?,
            verdicts: results.take(verdicts)?,
            groups: results.take(groups)?,
            terminations: results.take(terminations)?,
        };
        let heads = results.take(documents)?;
        Ok(Self {
            tenant: tenant.clone(),
            customer: results.take(buyer)?,
            profiles: results.take(profiles)?,
            documents: engine.store.query(document::complete(books, id, heads)).await?,
            hashes: results.take(hashes)?,
            steps: results.take(steps)?,
            payments: results.take(payments)?,
            allocations: results.take(allocations)?,
            transfers: results.take(transfers)?,
            balances: results.take(balances)?,
            subscriptions: results.take(subscriptions)?,
            grants: results.take(grants)?,
            periods: results.take(periods)?,
            refunds: results.take(refunds)?,
            told: told.take(&mut results)?,
            cuts: results.take(cuts)?,
            recurring,
            deliveries: results.take(deliveries)?,
            deliveries_queued: results.take(deliveries_queued)?,
        })
    }
}
