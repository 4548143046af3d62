//! Money that came in, and what it was used for.

mod apply_balances;
pub mod record;
pub mod refund;
mod refusal;
pub mod settle;

pub use apply_balances::{
    Applied, BalanceRefusal, LIST_MAX, PRIORITY_DEFAULT, Prepaid, apply_balances,
};
pub use refusal::PaymentRefusal;

use crate::document::DocumentView;
use crate::ids::{AllocationId, CustomerId, DocumentId, LegalEntityId, PaymentId, RefundId};
use crate::ledger::Account;
use crate::money::Money;
use crate::words::words;
use jiff::Timestamp;

/// Money that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Its identity.
    pub id: PaymentId,
    /// From which customer.
    pub customer: CustomerId,
    /// To which company.
    pub legal_entity: LegalEntityId,
    /// How it came.
    pub source: PaymentSource,
    /// Its name at the source; with it, unique in the tenant, so that it counts once.
    pub reference: String,
    /// How much, more than zero.
    pub amount: Money,
    /// When, in business time.
    pub received_at: Timestamp,
    /// How much of it made good what the customer owed for money that was taken back.
    pub recouped: Money,
}

/// Money that went back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// Its identity.
    pub id: RefundId,
    /// Of which document.
    pub document: DocumentId,
    /// How much; nothing where nothing was due.
    pub amount: Money,
    /// Where it went.
    pub to: RefundTo,
    /// Its name at the bank; with it, unique in the tenant.
    pub reference: String,
    /// Why, for those who read the books later.
    pub reason: String,
    /// When, in business time.
    pub at: Timestamp,
}

/// How money came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PaymentSource {
    /// A bank transfer, seen by an operator.
    BankTransfer,
    /// A checkout at a payment provider.
    Checkout,
}

words!(PaymentSource {
    BankTransfer => "bank_transfer",
    Checkout => "checkout",
});

impl PaymentSource {
    /// The account that the money is on when it has come.
    pub const fn cash(self) -> Account {
        match self {
            Self::BankTransfer => Account::CashBank,
            Self::Checkout => Account::CashProvider,
        }
    }
}

/// Where money goes that is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RefundTo {
    /// From the seller's bank to the payer.
    Bank,
    /// To the customer's credit: from there a payment provider takes it back.
    Credit,
}

words!(RefundTo {
    Bank => "bank",
    Credit => "credit",
});

impl RefundTo {
    /// The account that the money goes to.
    pub const fn account(self) -> Account {
        match self {
            Self::Bank => Account::CashBank,
            Self::Credit => Account::CustomerCredit,
        }
    }
}

/// What money was used for: a part of a payment, or of the customer's credit, set aside for a
/// document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// Its identity.
    pub id: AllocationId,
    /// From which payment; `None` where it was the customer's credit alone.
    pub payment: Option<PaymentId>,
    /// For which document.
    pub document: DocumentId,
    /// How much, more than zero.
    pub amount: Money,
    /// When.
    pub at: Timestamp,
}

/// What a payment did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentView {
    /// The payment.
    pub payment: Payment,
    /// How much was set aside for the document.
    pub allocated: Money,
    /// The customer's credit afterwards, in the payment's currency.
    pub credit: Money,
    /// The document, as it stands now.
    pub document: DocumentView,
}
