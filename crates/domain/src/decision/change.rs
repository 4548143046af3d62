//! The closed list of what can be written.

use crate::access::AccessKey;
use crate::catalogue::{Bundle, Discount, Plan, Product, TerminationReason};
use crate::change::{ChangeState, ChangeStep, PlanChange};
use crate::checkout::refund::{ProviderRefundState, ProviderRefundView};
use crate::checkout::{CheckoutState, CheckoutView, Notice, Returned, Undone};
use crate::customer::{Customer, Payer, Profile};
use crate::delivery::{Delivery, DeliveryState};
use crate::document::{Document, DocumentKind, DocumentState, Step};
use crate::ids::{
    ChangeId, CheckoutId, ClockId, DeliveryId, DocumentId, EventId, JobId, KeyId, NoticeId,
    ProviderRefundId, SubscriptionId, TerminationId,
};
use crate::ledger::{Balance, Transfer};
use crate::licence::{Cut, Grant, Period, Subscription};
use crate::money::Money;
use crate::payment::{Allocation, Payment, Refund};
use crate::product_group::{GroupKind, GroupState, ProductGroup};
use crate::risk::{RiskDecision, RiskPolicy};
use crate::seller::{LegalEntity, Settings, Tenant};
use crate::subscription::{Agreement, BilledCycle, Commitment, State, StatusStep};
use crate::termination::{Termination, TerminationState};
use jiff::Timestamp;

/// One thing to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A tenant's books are opened.
    TenantOpened(Tenant),
    /// A new version of a seller.
    SellerPublished(Box<Publication>),
    /// A clock that is moved by hand stands at a new time; made where it isn't there.
    ClockSet(ClockId, Timestamp),
    /// An access token is made.
    KeyCreated(AccessKey),
    /// An access token is no longer accepted.
    KeyRevoked(KeyId, Timestamp),
    /// A customer, without profile and payers.
    CustomerCreated(Customer),
    /// A customer's data, as they are from now on.
    ProfileRevised(Profile),
    /// A payer's data, as they are from now on.
    PayerRevised(Payer),
    /// A document, without its state.
    DocumentIssued(Box<Document>),
    /// The first state of a document.
    DocumentStateOpened {
        /// Of which.
        document: DocumentId,
        /// What that is.
        kind: DocumentKind,
        /// Its total.
        total: Money,
        /// The state.
        state: DocumentState,
    },
    /// A later state of a document.
    DocumentStateSet(DocumentId, DocumentState),
    /// A step of a document's status.
    Stepped(Step),
    /// Money came in.
    PaymentReceived(Payment),
    /// Money was set aside.
    Allocated(Allocation),
    /// A ledger fact.
    Transferred(Transfer),
    /// A balance, before and after.
    BalanceSet {
        /// What it was.
        before: Money,
        /// What it is.
        balance: Balance,
    },
    /// An agreement begins.
    SubscriptionStarted(Subscription),
    /// What is agreed about a subscription that lives in cycles.
    Agreed(Box<Agreement>),
    /// The first state of such a subscription.
    SubscriptionOpened(SubscriptionId, State),
    /// A later state of one.
    SubscriptionSet(SubscriptionId, State),
    /// A step of its status.
    SubscriptionStepped(SubscriptionId, StatusStep),
    /// A cycle of it was billed.
    CycleBilled(SubscriptionId, BilledCycle),
    /// It is bound.
    Committed(SubscriptionId, Commitment),
    /// An invoice carries what an order confirmation says.
    Carried {
        /// What is carried.
        confirmation: DocumentId,
        /// By what.
        invoice: DocumentId,
    },
    /// A product is added to a subscription.
    GroupAdded(ProductGroup),
    /// The first state of a product group.
    GroupOpened(SubscriptionId, GroupKind, GroupState),
    /// A later state of one.
    GroupSet(SubscriptionId, GroupState),
    /// The end of a product group is asked for, or brought about.
    TerminationRequested(Box<Termination>),
    /// The first state of a termination.
    TerminationOpened(TerminationId, TerminationState),
    /// A later state of one.
    TerminationSet(TerminationId, TerminationState),
    /// A change of a subscription is asked for.
    ChangeRequested(PlanChange),
    /// The first state of a change.
    ChangeOpened(ChangeId, ChangeState),
    /// A later state of a change.
    ChangeSet(ChangeId, ChangeState),
    /// A step of a change's status.
    ChangeStepped(ChangeStep),
    /// Something is decided about the risk of a change.
    RiskDecided(Box<RiskDecision>),
    /// Something is to travel to the billing system behind; with its first state.
    DeliveryQueued(Box<Delivery>, Box<DeliveryState>),
    /// A later state of a delivery.
    DeliverySet(DeliveryId, DeliveryState),
    /// A piece of licence is given.
    Granted(Grant),
    /// The periods of an agreement are laid anew: this laying counts from now on.
    Relaid(SubscriptionId, i64),
    /// A grant is laid in its place.
    PeriodLaid(Period),
    /// A grant is reduced, or drops out.
    GrantCut(Cut),
    /// Money went back.
    Refunded(Refund),
    /// A buyer begins to pay at a provider; with the first state of that.
    CheckoutStarted(Box<CheckoutView>),
    /// A later state of an attempt to pay.
    CheckoutSet(CheckoutId, CheckoutState),
    /// A provider told something.
    NoticeHeard(Box<Notice>),
    /// Money that a provider took back is booked.
    MoneyReturned(Returned),
    /// Money that a provider gave again is booked.
    MoneyGivenAgain(Undone),
    /// Money is to go back through the provider by which it came; with the first state of that.
    RefundAsked(Box<ProviderRefundView>),
    /// A later state of that.
    RefundSet(ProviderRefundId, ProviderRefundState),
    /// Something to tell others.
    Happened(Event),
    /// Work falls due later.
    JobScheduled(Job),
    /// Due work is done.
    JobDone(JobId),
}

/// What a new version of a seller changes; what it doesn't name stays as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The new version.
    pub version: i64,
    /// The machine time from which every node uses it.
    pub active_from: Timestamp,
    /// The settings, when they change.
    pub settings: Option<Settings>,
    /// The companies that change, each with its place.
    pub legal_entities: Vec<(i64, LegalEntity)>,
    /// The products that change, each with its place, whole with plans and prices.
    pub products: Vec<(i64, Product)>,
    /// The discounts that change, each with its place.
    pub discounts: Vec<(i64, Discount)>,
    /// The bundles that change, each with its place.
    pub bundles: Vec<(i64, Bundle)>,
    /// The termination reasons that change, each with its place.
    pub termination_reasons: Vec<(i64, TerminationReason)>,
    /// What changes are measured by, whole, where that changes.
    pub risk: Option<RiskPolicy>,
}

impl Publication {
    /// How many rows it is written in.
    pub fn rows(&self) -> usize {
        let entities = self.legal_entities.iter().map(|(_, it)| total([1, it.bank_accounts.len()]));
        let discounts = self.discounts.iter().map(|(_, it)| total([1, it.names.0.len()]));
        let products = self
            .products
            .iter()
            .map(|(_, it)| total([1, it.names.0.len(), total(it.plans.iter().map(rows_of_plan))]));
        let bundles = self.bundles.iter().map(|(_, it)| total([1, it.names.0.len()]));
        let reasons = self.termination_reasons.iter();
        let reasons = reasons.map(|(_, it)| total([1, it.names.0.len()]));
        let risk = self.risk.as_ref().map_or(0, |risk| total([1, risk.rules.len()]));
        let head = [1, usize::from(self.settings.is_some()), risk];
        let catalogue = products.chain(discounts).chain(bundles).chain(reasons);
        total(head.into_iter().chain(entities).chain(catalogue))
    }
}

fn rows_of_plan(plan: &Plan) -> usize {
    let prices = plan.prices.iter().map(|price| total([1, price.tiers().len()]));
    let changes = plan.terms.changes_to.as_ref().map_or(0, Vec::len);
    let includes = plan.terms.includes.len();
    total([1, plan.names.0.len(), plan.features.len(), changes, includes, total(prices)])
}

/// What saturates is too many as well.
fn total(rows: impl IntoIterator<Item = usize>) -> usize {
    rows.into_iter().fold(0, usize::saturating_add)
}

/// Something that happened, as told to others. It refers to what it is about; personal data and
/// amounts are read there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its identity.
    pub id: EventId,
    /// What happened.
    pub kind: EventKind,
    /// To what.
    pub subject: uuid::Uuid,
    /// When, in business time.
    pub at: Timestamp,
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    /// A payment request was made.
    PaymentRequestCreated,
    /// It was paid in full.
    PaymentRequestPaid,
    /// It was voided or expired.
    PaymentRequestCanceled,
    /// All of its money, or a part, went back.
    PaymentRefunded,
    /// What a change left over went to the customer's credit.
    CreditNoteIssued,
    /// It was undone with the change.
    CreditNoteCanceled,
    /// Money came in.
    PaymentReceived,
    /// A licence was given or prolonged.
    LicenceGranted,
    /// A subscription that lives in cycles began.
    SubscriptionStarted,
    /// It ended.
    SubscriptionEnded,
    /// A cycle was billed.
    InvoiceIssued,
    /// That was paid in full.
    InvoicePaid,
    /// A cycle couldn't be billed, and is tried again.
    BillingHeld,
    /// What a change inside a cycle charges and credits.
    OrderConfirmed,
    /// A change was asked for.
    ChangeRequested,
    /// It moved on: was scheduled, done, withdrawn, replaced, rejected, or failed.
    ChangeUpdated,
    /// Something was decided about its risk.
    RiskDecided,
    /// A product was added to a subscription.
    ProductAdded,
    /// It ended.
    ProductTerminated,
    /// Its end was asked for, or brought about.
    TerminationRequested,
    /// That moved on: it was carried out, withdrawn or overtaken.
    TerminationUpdated,
}

impl EventKind {
    /// The word in the store and in notifications.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PaymentRequestCreated => "payment_request.created",
            Self::PaymentRequestPaid => "payment_request.paid",
            Self::PaymentRequestCanceled => "payment_request.canceled",
            Self::CreditNoteIssued => "credit_note.issued",
            Self::CreditNoteCanceled => "credit_note.canceled",
            Self::PaymentRefunded => "payment.refunded",
            Self::PaymentReceived => "payment.received",
            Self::LicenceGranted => "licence.granted",
            Self::SubscriptionStarted => "subscription.started",
            Self::SubscriptionEnded => "subscription.ended",
            Self::InvoiceIssued => "invoice.issued",
            Self::InvoicePaid => "invoice.paid",
            Self::BillingHeld => "billing.held",
            Self::OrderConfirmed => "order.confirmed",
            Self::ChangeRequested => "change.requested",
            Self::ChangeUpdated => "change.updated",
            Self::RiskDecided => "risk.decided",
            Self::ProductAdded => "product.added",
            Self::ProductTerminated => "product.terminated",
            Self::TerminationRequested => "termination.requested",
            Self::TerminationUpdated => "termination.updated",
        }
    }
}

/// Work that falls due at a business time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its identity.
    pub id: JobId,
    /// What is to be done.
    pub kind: JobKind,
    /// When.
    pub due_at: Timestamp,
}

/// What can fall due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobKind {
    /// A payment request's last day is over.
    ExpireRequest(DocumentId),
    /// A change's day begins.
    ExecuteChange(ChangeId),
    /// A termination's day begins.
    ExecuteTermination(TerminationId),
    /// A subscription's next cycle begins.
    BillCycle(SubscriptionId),
    /// What a provider told can be booked.
    BookNotice(NoticeId),
}

impl JobKind {
    /// The word in the store, and the id beside it.
    pub const fn parts(self) -> (&'static str, uuid::Uuid) {
        match self {
            Self::ExpireRequest(document) => ("expire_request", document.0),
            Self::ExecuteChange(change) => ("execute_change", change.0),
            Self::ExecuteTermination(termination) => ("execute_termination", termination.0),
            Self::BillCycle(subscription) => ("bill_cycle", subscription.0),
            Self::BookNotice(notice) => ("book_notice", notice.0),
        }
    }

    /// The kind of a word and an id.
    pub fn from_parts(word: &str, subject: uuid::Uuid) -> Option<Self> {
        match word {
            "expire_request" => Some(Self::ExpireRequest(DocumentId(subject))),
            "execute_change" => Some(Self::ExecuteChange(ChangeId(subject))),
            "execute_termination" => Some(Self::ExecuteTermination(TerminationId(subject))),
            "bill_cycle" => Some(Self::BillCycle(SubscriptionId(subject))),
            "book_notice" => Some(Self::BookNotice(NoticeId(subject))),
            _ => None,
        }
    }

    /// Its turn among what falls due at one instant, lower first: a change or a termination is done
    /// before the cycle that it begins with is billed.
    pub const fn turn(self) -> i64 {
        match self {
            Self::ExpireRequest(_) | Self::BookNotice(_) => 0,
            Self::ExecuteChange(_) | Self::ExecuteTermination(_) => 1,
            Self::BillCycle(_) => 2,
        }
    }
}
