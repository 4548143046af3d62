//! Books in memory of one subscription and what is added to it: what decisions change, and the
//! facts for the next one.

use crate::seller::Setup;
use abono_domain::change::{ChangeState, ChangeView, PlanChange};
use abono_domain::customer::Customer;
use abono_domain::decision::{Change, Decision, Job, Outcome};
use abono_domain::document::{
    Document, DocumentKind, DocumentState, DocumentStatus, DocumentView, Line,
};
use abono_domain::ids::{ChangeId, CommandId, DocumentId, JobId, SubscriptionId, TerminationId};
use abono_domain::ledger::{Account, Balance, Cause, Transfer};
use abono_domain::licence::{DiscountUse, Grant, Holding, Origin, Period, Subscription, Value};
use abono_domain::moment::Moment;
use abono_domain::money::Money;
use abono_domain::product_group::{Group, GroupState, ProductGroup};
use abono_domain::risk::RiskDecision;
use abono_domain::seller::Seller;
use abono_domain::subscription::{Agreement, Commitment, Facts, State};
use abono_domain::termination::{Termination, TerminationState, TerminationView};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A change, where it stands, and what was decided about its risk.
type Asked = (PlanChange, Option<ChangeState>, Option<RiskDecision>);

pub(crate) struct Books {
    pub(crate) seller: Seller,
    pub(crate) customer: Customer,
    pub(crate) now: Timestamp,
    commands: u128,
    pub(crate) agreement: Option<Agreement>,
    pub(crate) state: Option<State>,
    pub(crate) documents: Vec<DocumentView>,
    pub(crate) carried: BTreeMap<DocumentId, DocumentId>,
    pub(crate) transfers: Vec<Transfer>,
    balances: BTreeMap<Account, Balance>,
    pub(crate) grants: Vec<Grant>,
    layings: BTreeMap<SubscriptionId, i64>,
    pub(crate) periods: Vec<Period>,
    commitments: Vec<(SubscriptionId, Commitment)>,
    changes: Vec<Asked>,
    pub(crate) groups: Vec<(ProductGroup, Option<GroupState>)>,
    pub(crate) terminations: Vec<TerminationView>,
    waiting: Option<Termination>,
    pub(crate) jobs: BTreeMap<JobId, Job>,
}

/// What decisions are made on.
pub(crate) struct Known {
    values: Vec<Value>,
    periods: Vec<Period>,
    changes: Vec<ChangeView>,
    commitments: Vec<Commitment>,
    pub(crate) groups: Vec<Group>,
    confirmations: Vec<Document>,
    open: Vec<DocumentView>,
    uses: Vec<DiscountUse>,
    pub(crate) balances: Vec<Balance>,
}

impl Books {
    pub(crate) fn new(setup: &Setup) -> Self {
        Self {
            seller: setup.seller(),
            customer: setup.customer(),
            now: Timestamp::from_second(setup.start).expect("an instant"),
            commands: 0,
            agreement: None,
            state: None,
            documents: Vec::new(),
            carried: BTreeMap::new(),
            transfers: Vec::new(),
            balances: BTreeMap::new(),
            grants: Vec::new(),
            layings: BTreeMap::new(),
            periods: Vec::new(),
            commitments: Vec::new(),
            changes: Vec::new(),
            groups: Vec::new(),
            terminations: Vec::new(),
            waiting: None,
            jobs: BTreeMap::new(),
        }
    }

    /// A moment of its own, later than all before.
    pub(crate) fn moment(&mut self) -> Moment {
        self.now += SignedDuration::from_micros(1);
        self.commands += 1;
        let command = CommandId(Uuid::from_u128((self.commands << 80) | (7 << 76) | (2 << 62)));
        Moment { now: self.now, machine: self.now, command }
    }

    pub(crate) fn agreement(&self) -> &Agreement {
        self.agreement.as_ref().expect("a subscription")
    }

    pub(crate) fn state(&self) -> &State {
        self.state.as_ref().expect("a subscription")
    }

    /// What is known, with nothing of it where there is no subscription yet.
    pub(crate) fn known(&self) -> Known {
        let own = self.agreement.as_ref().map(|it| it.subscription.id);
        let is_open = |view: &&DocumentView| {
            view.document.kind == DocumentKind::Invoice
                && view.state.status == DocumentStatus::Pending
        };
        let periods = self.periods.iter().filter(|it| Some(it.subscription) == own);
        let bound = self.commitments.iter().filter(|(of, _)| Some(*of) == own);
        Known {
            values: own.map(|own| self.values(own)).unwrap_or_default(),
            periods: periods.cloned().collect(),
            changes: self.changes(),
            commitments: bound.map(|(_, bound)| bound.clone()).collect(),
            groups: self.groups(),
            confirmations: self.confirmations().cloned().collect(),
            open: self.documents.iter().filter(is_open).cloned().collect(),
            uses: self.uses(),
            balances: self.balances.values().cloned().collect(),
        }
    }

    fn changes(&self) -> Vec<ChangeView> {
        let view = |(change, state, risk): &Asked| ChangeView {
            change: change.clone(),
            state: state.clone().expect("a state"),
            reason: None,
            risk: risk.clone().expect("a decision about its risk"),
        };
        self.changes.iter().map(view).collect()
    }

    /// Order confirmations that nothing carries yet.
    fn confirmations(&self) -> impl Iterator<Item = &Document> {
        let all = self.documents.iter().map(|view| &view.document);
        all.filter(|document| {
            document.kind == DocumentKind::OrderConfirmation
                && !self.carried.contains_key(&document.id)
        })
    }

    fn uses(&self) -> Vec<DiscountUse> {
        let invoices = self.documents.iter().map(|view| &view.document);
        let invoices = invoices.filter(|document| document.kind == DocumentKind::Invoice);
        let counted = invoices.chain(self.confirmations());
        let of = |document: &Document| {
            let taken: Vec<_> = document.lines.iter().flat_map(|line| &line.discounts).collect();
            let one = |code: &String| DiscountUse { code: code.clone(), document: document.id };
            taken.into_iter().map(|it| one(&it.code)).collect::<Vec<_>>()
        };
        counted.flat_map(of).collect()
    }

    /// All that was added, with what it gave and cost.
    pub(crate) fn groups(&self) -> Vec<Group> {
        let gathered = |(group, state): &(ProductGroup, Option<GroupState>)| {
            let id = group.subscription.id;
            let bound = self.commitments.iter().filter(|(of, _)| *of == id);
            let periods = self.periods.iter().filter(|it| it.subscription == id);
            Group {
                group: group.clone(),
                state: state.clone().expect("a state"),
                periods: periods.cloned().collect(),
                values: self.values(id),
                commitments: bound.map(|(_, bound)| bound.clone()).collect(),
            }
        };
        self.groups.iter().map(gathered).collect()
    }

    /// The line that charges a grant.
    pub(crate) fn charged<'a>(&'a self, grant: &Grant) -> (&'a Document, &'a Line) {
        let Origin::Billed { document, position } = grant.origin else { panic!("{grant:?}") };
        let document = self.document(document);
        let place = usize::try_from(position - 1).expect("a position");
        (document, &document.lines[place])
    }

    pub(crate) fn values(&self, of: SubscriptionId) -> Vec<Value> {
        let value = |grant: &Grant| {
            let (document, line) = self.charged(grant);
            let currency = line.total.currency;
            let taken = line.discounts.iter().map(|it| it.amount);
            Value {
                grant: grant.id,
                legal_entity: document.series.legal_entity,
                payer: document.payer.clone(),
                charged_from: document.charged_from(&line.licence),
                licence: line.licence.clone(),
                quantity: line.quantity,
                document: document.id,
                discount: Money::sum(currency, taken).expect("in range"),
                price: line.price,
                paid: line.total,
                tax: line.tax,
            }
        };
        self.grants.iter().filter(|grant| grant.subscription == of).map(value).collect()
    }

    pub(crate) fn document(&self, id: DocumentId) -> &Document {
        let found = self.documents.iter().find(|view| view.document.id == id);
        &found.expect("a document").document
    }

    pub(crate) fn holding<'a>(&'a self, known: &'a Known) -> Holding<'a> {
        let own = self.agreement.as_ref().map(|it| &it.subscription);
        Holding {
            customer: &self.customer,
            subscription: own,
            laying: own.and_then(|own| self.layings.get(&own.id).copied()).unwrap_or(1),
            periods: &known.periods,
            values: &known.values,
            changes: &[],
            discounts_used: &known.uses,
        }
    }

    pub(crate) fn facts<'a>(&'a self, known: &'a Known) -> Facts<'a> {
        Facts {
            seller: &self.seller,
            agreement: self.agreement(),
            state: self.state(),
            holding: self.holding(known),
            changes: &known.changes,
            commitments: &known.commitments,
            groups: &known.groups,
            terminations: &self.terminations,
            confirmations: &known.confirmations,
            open_invoices: &known.open,
            balances: &known.balances,
        }
    }

    /// Carries out what was decided, after the sums are checked as the engine does.
    pub(crate) fn carry_out(&mut self, decision: Decision) -> Outcome {
        decision.check().expect("sums that agree");
        for change in decision.changes {
            self.apply(change);
        }
        let layings = &self.layings;
        self.periods.retain(|it| it.laying == *layings.get(&it.subscription).unwrap_or(&1));
        decision.outcome
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::DocumentIssued(document) => self.issue(*document),
            Change::DocumentStateOpened { document, state, .. }
            | Change::DocumentStateSet(document, state) => self.set_document(document, state),
            Change::Transferred(transfer) => self.transfers.push(transfer),
            Change::BalanceSet { balance, .. } => {
                self.balances.insert(balance.account, balance);
            }
            Change::Carried { confirmation, invoice } => {
                assert_eq!(self.carried.insert(confirmation, invoice), None, "carried once");
            }
            Change::Agreed(agreement) => self.agreement = Some(*agreement),
            Change::SubscriptionOpened(_, state) | Change::SubscriptionSet(_, state) => {
                self.state = Some(state);
            }
            Change::Committed(of, bound) => self.commitments.push((of, bound)),
            Change::Granted(grant) => self.grants.push(grant),
            Change::Relaid(of, laying) => {
                self.layings.insert(of, laying);
            }
            Change::PeriodLaid(period) => self.periods.push(period),
            Change::JobScheduled(job) => {
                self.jobs.insert(job.id, job);
            }
            Change::JobDone(job) => assert!(self.jobs.remove(&job).is_some(), "work is done once"),
            Change::GroupAdded(group) => self.groups.push((group, None)),
            Change::GroupOpened(id, _, state) | Change::GroupSet(id, state) => {
                self.set_group(id, state);
            }
            Change::TerminationRequested(asked) => self.waiting = Some(*asked),
            Change::TerminationOpened(_, state) => self.open_termination(state),
            Change::TerminationSet(id, state) => self.set_termination(id, state),
            Change::ChangeRequested(change) => self.changes.push((change, None, None)),
            Change::ChangeOpened(id, state) | Change::ChangeSet(id, state) => {
                self.asked(id).1 = Some(state);
            }
            Change::RiskDecided(risk) => self.decided(*risk),
            // What the laws don't ask for.
            Change::SubscriptionStarted(_)
            | Change::SubscriptionStepped(..)
            | Change::CycleBilled(..)
            | Change::ChangeStepped(_)
            | Change::DeliveryQueued(..)
            | Change::DeliverySet(..)
            | Change::PaymentReceived(_)
            | Change::Refunded(_)
            | Change::CheckoutStarted(_)
            | Change::CheckoutSet(..)
            | Change::NoticeHeard(_)
            | Change::MoneyReturned(_)
            | Change::MoneyGivenAgain(_)
            | Change::RefundAsked(_)
            | Change::RefundSet(..)
            | Change::GrantCut(_)
            | Change::TenantOpened(_)
            | Change::SellerPublished(_)
            | Change::ClockSet(..)
            | Change::KeyCreated(_)
            | Change::KeyRevoked(..)
            | Change::CustomerCreated(_)
            | Change::ProfileRevised(_)
            | Change::PayerRevised(_)
            | Change::Stepped(_)
            | Change::Allocated(_)
            | Change::Happened(_) => {}
        }
    }

    fn open_termination(&mut self, state: TerminationState) {
        let termination = self.waiting.take().expect("it was asked for just before");
        self.terminations.push(TerminationView { termination, state });
    }

    fn issue(&mut self, document: Document) {
        let zero = Money::zero(document.total.currency);
        let state = DocumentState {
            status: DocumentStatus::Pending,
            paid: zero,
            refunded: zero,
            steps: 0,
            updated_at: document.created_at,
        };
        self.documents.push(DocumentView { document, state });
    }

    fn set_document(&mut self, id: DocumentId, state: DocumentState) {
        let mut views = self.documents.iter_mut();
        views.find(|view| view.document.id == id).expect("a document").state = state;
    }

    fn set_group(&mut self, id: SubscriptionId, state: GroupState) {
        let mut own = self.groups.iter_mut();
        own.find(|(it, _)| it.subscription.id == id).expect("a group").1 = Some(state);
    }

    fn set_termination(&mut self, id: TerminationId, state: TerminationState) {
        let mut own = self.terminations.iter_mut();
        own.find(|it| it.termination.id == id).expect("a termination").state = state;
    }

    fn decided(&mut self, risk: RiskDecision) {
        let change = risk.change;
        self.asked(change).2 = Some(risk);
    }

    fn asked(&mut self, id: ChangeId) -> &mut Asked {
        self.changes.iter_mut().find(|(it, ..)| it.id == id).expect("a change")
    }

    /// What a document and its credits moved to revenue.
    pub(crate) fn revenue_of(&self, document: DocumentId) -> i64 {
        let own = self.transfers.iter().filter(|transfer| match transfer.cause {
            Cause::Invoicing(id) | Cause::Crediting(id) => id == document,
            Cause::Settlement(_)
            | Cause::Payment(_)
            | Cause::Allocation(_)
            | Cause::Refund(_)
            | Cause::Notice(_)
            | Cause::Release(_) => false,
        });
        own.map(|transfer| to(transfer, Account::DeferredRevenue)).sum()
    }

    /// What stands on an account: what came to it less what went from it.
    pub(crate) fn balance(&self, account: Account) -> i64 {
        self.transfers.iter().map(|transfer| to(transfer, account)).sum()
    }

    /// The agreement that a grant hangs on, where that was added.
    pub(crate) fn group_of(&self, grant: &Grant) -> Option<&Subscription> {
        let mut groups = self.groups.iter().map(|(group, _)| &group.subscription);
        groups.find(|it| it.id == grant.subscription)
    }
}

/// What a transfer adds to an account.
fn to(transfer: &Transfer, account: Account) -> i64 {
    let minor = transfer.amount.minor;
    let came = if transfer.credit == account { minor } else { 0 };
    came - if transfer.debit == account { minor } else { 0 }
}
