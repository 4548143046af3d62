//! The ledger: transfers between accounts, and the balances of a customer's accounts.
//!
//! A posting is a transfer: one amount, from one account to another. So the whole always sums to
//! zero, by construction. Balances are kept for a customer's own accounts only; those of cash,
//! revenue and tax are sums over transfers.

mod purse;

pub use purse::Purse;

use crate::ids::{
    CustomerId, DocumentId, LegalEntityId, NoticeId, PaymentId, RefundId, TransferId,
};
use crate::money::{Currency, Money};
use crate::tax::TaxRate;
use jiff::Timestamp;

/// A kind of account; with legal entity, currency and (for a customer's own) customer, an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// Money in the bank.
    CashBank,
    /// Money at a payment provider: an asset until it is paid out to the bank.
    CashProvider,
    /// What a customer has paid and may still use: a liability.
    CustomerCredit,
    /// What a customer has paid towards requests that are not paid in full yet: a liability.
    CustomerAllocated,
    /// What a customer owes for invoices: an asset.
    Receivable,
    /// What a customer owes because a payment was taken back after it was used: an asset.
    ReturnedPayment,
    /// What is paid for and not yet delivered: a liability.
    DeferredRevenue,
    /// Value that was used up between the request for a change and its payment, and credited all
    /// the same: an expense.
    Goodwill,
    /// Tax owed, by rate.
    TaxPayable(TaxRate),
}

impl Account {
    /// The word in the store.
    pub fn word(self) -> String {
        match self {
            Self::CashBank => "cash_bank".to_owned(),
            Self::CashProvider => "cash_provider".to_owned(),
            Self::CustomerCredit => "customer_credit".to_owned(),
            Self::CustomerAllocated => "customer_allocated".to_owned(),
            Self::Receivable => "receivable".to_owned(),
            Self::ReturnedPayment => "returned_payment".to_owned(),
            Self::DeferredRevenue => "deferred_revenue".to_owned(),
            Self::Goodwill => "goodwill".to_owned(),
            Self::TaxPayable(TaxRate(rate)) => format!("tax_payable:{rate}"),
        }
    }

    /// The account of a word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "cash_bank" => Some(Self::CashBank),
            "cash_provider" => Some(Self::CashProvider),
            "customer_credit" => Some(Self::CustomerCredit),
            "customer_allocated" => Some(Self::CustomerAllocated),
            "receivable" => Some(Self::Receivable),
            "returned_payment" => Some(Self::ReturnedPayment),
            "deferred_revenue" => Some(Self::DeferredRevenue),
            "goodwill" => Some(Self::Goodwill),
            other => {
                let rate = other.strip_prefix("tax_payable:")?.parse().ok()?;
                Some(Self::TaxPayable(TaxRate(rate)))
            }
        }
    }

    /// Whether a balance is kept for it, because it is a customer's own.
    pub const fn has_balance(self) -> bool {
        match self {
            Self::CustomerCredit
            | Self::CustomerAllocated
            | Self::Receivable
            | Self::ReturnedPayment => true,
            Self::CashBank
            | Self::CashProvider
            | Self::DeferredRevenue
            | Self::Goodwill
            | Self::TaxPayable(_) => false,
        }
    }

    /// Whether a debit adds to it: what is owed to us, and what we own.
    pub const fn is_asset(self) -> bool {
        match self {
            Self::CashBank | Self::CashProvider | Self::Receivable | Self::ReturnedPayment => true,
            Self::CustomerCredit
            | Self::CustomerAllocated
            | Self::DeferredRevenue
            | Self::Goodwill
            | Self::TaxPayable(_) => false,
        }
    }
}

/// Why money moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Money came in.
    Payment(PaymentId),
    /// Money was set aside for a document, from a payment or from the customer's credit.
    Allocation(DocumentId),
    /// An invoice was issued.
    Invoicing(DocumentId),
    /// A document was paid in full.
    Settlement(DocumentId),
    /// Money set aside went back to the customer's credit.
    Release(DocumentId),
    /// What was unused of a licence was credited, by the document that changed it.
    Crediting(DocumentId),
    /// Money went back, and what it had been posted to with it.
    Refund(RefundId),
    /// A payment provider told that it took money back, or gave it again.
    Notice(NoticeId),
}

impl Cause {
    /// The word in the store, and the id beside it.
    pub const fn parts(self) -> (&'static str, uuid::Uuid) {
        match self {
            Self::Payment(id) => ("payment", id.0),
            Self::Allocation(id) => ("allocation", id.0),
            Self::Invoicing(id) => ("invoicing", id.0),
            Self::Settlement(id) => ("settlement", id.0),
            Self::Release(id) => ("release", id.0),
            Self::Crediting(id) => ("crediting", id.0),
            Self::Refund(id) => ("refund", id.0),
            Self::Notice(id) => ("notice", id.0),
        }
    }

    /// The cause of a word and an id.
    pub fn from_parts(word: &str, id: uuid::Uuid) -> Option<Self> {
        match word {
            "payment" => Some(Self::Payment(PaymentId(id))),
            "allocation" => Some(Self::Allocation(DocumentId(id))),
            "invoicing" => Some(Self::Invoicing(DocumentId(id))),
            "settlement" => Some(Self::Settlement(DocumentId(id))),
            "release" => Some(Self::Release(DocumentId(id))),
            "crediting" => Some(Self::Crediting(DocumentId(id))),
            "refund" => Some(Self::Refund(RefundId(id))),
            "notice" => Some(Self::Notice(NoticeId(id))),
            _ => None,
        }
    }
}

/// One ledger fact: `amount` out of `debit`'s other side into `credit`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Its identity.
    pub id: TransferId,
    /// In whose books.
    pub legal_entity: LegalEntityId,
    /// With which customer.
    pub customer: CustomerId,
    /// The account debited.
    pub debit: Account,
    /// The account credited; never the one debited.
    pub credit: Account,
    /// How much, always more than zero.
    pub amount: Money,
    /// Why.
    pub cause: Cause,
    /// When, in business time.
    pub at: Timestamp,
}

/// The balance of one of a customer's accounts: credits minus debits, of an asset debits minus
/// credits; never below zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// In whose books.
    pub legal_entity: LegalEntityId,
    /// Which account.
    pub account: Account,
    /// How much.
    pub amount: Money,
}

/// How much of `currency` stands on `account` of `legal_entity`.
pub fn balance_of(
    balances: &[Balance],
    legal_entity: LegalEntityId,
    account: Account,
    currency: Currency,
) -> Money {
    balances
        .iter()
        .find(|b| {
            b.legal_entity == legal_entity && b.account == account && b.amount.currency == currency
        })
        .map_or(Money::zero(currency), |b| b.amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_reads_back() {
        let all = [
            Account::CashBank,
            Account::CashProvider,
            Account::CustomerCredit,
            Account::CustomerAllocated,
            Account::Receivable,
            Account::ReturnedPayment,
            Account::DeferredRevenue,
            Account::Goodwill,
            Account::TaxPayable(TaxRate::percent(22)),
        ];
        for account in all {
            assert_eq!(Account::parse(&account.word()), Some(account));
        }
        assert_eq!(Account::parse("petty_cash"), None);
    }
}
