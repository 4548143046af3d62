//! Books in memory: what decisions change, without a database, and the facts for the next one.

use abono_domain::customer::Customer;
use abono_domain::decision::{Change, Decision, Outcome};
use abono_domain::document::{
    Document, DocumentKind, DocumentState, DocumentStatus, DocumentView, Line,
};
use abono_domain::ids::{CommandId, DocumentId, GrantId, PriceId};
use abono_domain::ledger::{Account, Balance, Cause, Transfer};
use abono_domain::licence::{
    Cut, DiscountUse, Grant, Holding, Origin, Period, Placement, Subscription, Term, Value,
};
use abono_domain::moment::Moment;
use abono_domain::money::Money;
use abono_domain::payment::Refund;
use abono_domain::seller::Seller;
use abono_testkit::seller;
use jiff::Timestamp;
use std::collections::BTreeMap;
use uuid::Uuid;

pub(crate) struct Books {
    pub(crate) seller: Seller,
    pub(crate) customer: Customer,
    pub(crate) now: Timestamp,
    commands: u128,
    pub(crate) documents: Vec<DocumentView>,
    pub(crate) transfers: Vec<Transfer>,
    balances: BTreeMap<Account, Balance>,
    pub(crate) subscription: Option<Subscription>,
    pub(crate) grants: Vec<Grant>,
    pub(crate) cuts: Vec<Cut>,
    pub(crate) periods: Vec<Period>,
    pub(crate) laying: i64,
    pub(crate) payments: i64,
    pub(crate) refunds: Vec<Refund>,
}

/// What decisions are made on.
pub(crate) struct Facts {
    pub(crate) values: Vec<Value>,
    pub(crate) changes: Vec<DocumentView>,
    pub(crate) uses: Vec<DiscountUse>,
    pub(crate) balances: Vec<Balance>,
}

impl Books {
    pub(crate) fn new(zone: &str, start: Timestamp) -> Self {
        let mut put = seller::customer(abono_domain::ids::CustomerId(seller::id(2, 1)), "first");
        put.proposal.profile.zone = zone.to_owned();
        put.proposal.profile.discounts = vec!["welcome".to_owned(), "loyal".to_owned()];
        put.proposal.profile.default_payer = Some(put.proposal.payers[0].id);
        let mut seller = seller::varied();
        let plans = seller.catalogue.products.iter_mut().flat_map(|product| &mut product.plans);
        for (number, price) in (1..).zip(plans.flat_map(|plan| &mut plan.prices)) {
            price.id = PriceId(seller::id(5, number));
        }
        Self {
            seller,
            customer: put.proposal,
            now: start,
            commands: 0,
            documents: Vec::new(),
            transfers: Vec::new(),
            balances: BTreeMap::new(),
            subscription: None,
            grants: Vec::new(),
            cuts: Vec::new(),
            periods: Vec::new(),
            laying: 1,
            payments: 0,
            refunds: Vec::new(),
        }
    }

    /// A moment of its own, later than all before.
    pub(crate) fn moment(&mut self) -> Moment {
        self.now += jiff::SignedDuration::from_micros(1);
        self.commands += 1;
        let command = CommandId(Uuid::from_u128((self.commands << 80) | (7 << 76) | (2 << 62)));
        Moment { now: self.now, machine: self.now, command }
    }

    pub(crate) fn facts(&self) -> Facts {
        let documents = self.documents.iter();
        let changes = documents.clone().filter(|view| {
            let is_fixed = |line: &Line| matches!(line.licence.term, Term::Until { .. });
            let document = &view.document;
            view.state.status == DocumentStatus::Pending
                && (document.placement != Placement::Behind || document.charges().any(is_fixed))
        });
        let counts = |view: &&DocumentView| {
            matches!(view.state.status, DocumentStatus::Pending | DocumentStatus::Paid)
        };
        let uses = documents.filter(counts).flat_map(|view| {
            let taken = view.document.lines.iter().flat_map(|line| &line.discounts);
            taken.map(|it| DiscountUse { code: it.code.clone(), document: view.document.id })
        });
        Facts {
            values: self.values(),
            changes: changes.cloned().collect(),
            uses: uses.collect(),
            balances: self.balances.values().cloned().collect(),
        }
    }

    fn values(&self) -> Vec<Value> {
        let of = |grant: &Grant| {
            let Origin::Paid(id) = grant.origin else { return None };
            let view = self.view(id);
            let line = view.document.charges().next()?;
            Some(Value {
                grant: grant.id,
                legal_entity: view.document.series.legal_entity,
                payer: view.document.payer.clone(),
                charged_from: view.document.charged_from(&line.licence),
                licence: line.licence.clone(),
                quantity: line.quantity,
                document: id,
                discount: Money::zero(line.total.currency),
                price: line.price,
                paid: line.total.minus(view.state.refunded).expect("in range"),
                tax: line.tax,
            })
        };
        self.grants.iter().filter_map(of).collect()
    }

    pub(crate) fn holding<'a>(&'a self, facts: &'a Facts) -> Holding<'a> {
        Holding {
            customer: &self.customer,
            subscription: self.subscription.as_ref(),
            laying: self.laying,
            periods: &self.periods,
            values: &facts.values,
            changes: &facts.changes,
            discounts_used: &facts.uses,
        }
    }

    pub(crate) fn view(&self, id: DocumentId) -> &DocumentView {
        self.documents.iter().find(|view| view.document.id == id).expect("a document")
    }

    /// The grants that paid changes credit.
    pub(crate) fn credited(&self) -> Vec<GrantId> {
        let paid = self.documents_of(DocumentKind::PaymentRequest, DocumentStatus::Paid);
        paid.flat_map(|view| view.document.credits().map(|(_, credit)| credit.grant)).collect()
    }

    /// What was posted for a document when it was paid, and by its refunds, oldest first.
    pub(crate) fn posted(&self, document: DocumentId) -> Vec<Transfer> {
        let is_own = |transfer: &&Transfer| match transfer.cause {
            Cause::Settlement(id) | Cause::Crediting(id) => id == document,
            Cause::Refund(id) => {
                self.refunds.iter().any(|it| it.id == id && it.document == document)
            }
            Cause::Payment(_)
            | Cause::Allocation(_)
            | Cause::Invoicing(_)
            | Cause::Release(_)
            | Cause::Notice(_) => false,
        };
        self.transfers.iter().filter(is_own).cloned().collect()
    }

    /// Carries out what was decided, after the sums are checked as the engine does.
    pub(crate) fn carry_out(&mut self, decision: Decision) -> Outcome {
        decision.check().expect("sums that agree");
        for change in decision.changes {
            self.apply(change);
        }
        self.periods.retain(|period| period.laying == self.laying);
        decision.outcome
    }

    fn apply(&mut self, change: Change) {
        match change {
            Change::DocumentIssued(document) => self.issue(*document),
            Change::DocumentStateOpened { document, state, .. }
            | Change::DocumentStateSet(document, state) => {
                let mut own = self.documents.iter_mut().filter(|it| it.document.id == document);
                own.next().expect("a document").state = state;
            }
            Change::PaymentReceived(payment) => self.payments += payment.amount.minor,
            Change::Refunded(refund) => self.refunds.push(refund),
            Change::Transferred(transfer) => self.transfers.push(transfer),
            Change::BalanceSet { balance, .. } => {
                self.balances.insert(balance.account, balance);
            }
            Change::SubscriptionStarted(started) => self.subscription = Some(started),
            Change::Granted(grant) => self.grants.push(grant),
            Change::Relaid(_, laying) => self.laying = laying,
            Change::PeriodLaid(period) => self.periods.push(period),
            Change::GrantCut(cut) => self.cuts.push(cut),
            // What the laws don't ask for.
            Change::Agreed(_)
            | Change::SubscriptionOpened(..)
            | Change::SubscriptionSet(..)
            | Change::SubscriptionStepped(..)
            | Change::CycleBilled(..)
            | Change::Committed(..)
            | Change::Carried { .. }
            | Change::GroupAdded(_)
            | Change::GroupOpened(..)
            | Change::GroupSet(..)
            | Change::TerminationRequested(_)
            | Change::TerminationOpened(..)
            | Change::TerminationSet(..)
            | Change::ChangeRequested(_)
            | Change::ChangeOpened(..)
            | Change::ChangeSet(..)
            | Change::ChangeStepped(_)
            | Change::RiskDecided(_)
            | Change::DeliveryQueued(..)
            | Change::DeliverySet(..)
            | Change::CheckoutStarted(_)
            | Change::CheckoutSet(..)
            | Change::NoticeHeard(_)
            | Change::MoneyReturned(_)
            | Change::MoneyGivenAgain(_)
            | Change::RefundAsked(_)
            | Change::RefundSet(..)
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
            | Change::Happened(_)
            | Change::JobScheduled(_)
            | Change::JobDone(_) => {}
        }
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

    /// What stands on an account: what came to it less what went from it.
    pub(crate) fn balance(&self, account: Account) -> i64 {
        let moved = self.transfers.iter().map(|transfer| {
            let minor = transfer.amount.minor;
            let came = if transfer.credit == account { minor } else { 0 };
            came - if transfer.debit == account { minor } else { 0 }
        });
        moved.sum()
    }

    /// The documents of a kind and a status.
    pub(crate) fn documents_of(
        &self,
        kind: DocumentKind,
        status: DocumentStatus,
    ) -> impl Iterator<Item = &DocumentView> {
        let is_one =
            move |view: &&DocumentView| view.document.kind == kind && view.state.status == status;
        self.documents.iter().filter(is_one)
    }
}
