//! The seller: what a tenant has set, as one immutable version (its settings, the companies that
//! issue its documents, its catalogue).

mod difference;
pub mod publish;
mod refusal;

pub(crate) use difference::compare;
pub use difference::{Difference, differences};
pub use refusal::SellerRefusal;

use crate::catalogue::Catalogue;
use crate::document::DocumentKind;
use crate::ids::{ClockId, LegalEntityId, TenantId};
use crate::language::Language;
use crate::money::Currency;
use crate::reference::LegalIdentity;
use crate::risk::RiskPolicy;
use crate::tax::{TaxRegime, TaxRounding};

/// One seller's books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    /// Its identity.
    pub id: TenantId,
    /// Its name in addresses and commands: lower-case letters, digits and hyphens.
    pub slug: String,
    /// The clock of its business time.
    pub clock: ClockId,
}

/// One version of what a tenant has set. Nodes hold it in memory; decisions pin its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seller {
    /// Whose it is.
    pub tenant: TenantId,
    /// Its number, from 1.
    pub version: i64,
    /// General settings.
    pub settings: Settings,
    /// The companies that issue documents; the first issues unless something else is said.
    pub legal_entities: Vec<LegalEntity>,
    /// What is sold.
    pub catalogue: Catalogue,
    /// What changes are measured by.
    pub risk: RiskPolicy,
}

/// General settings of a seller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Its display name.
    pub name: String,
    /// The language that names and messages fall back to.
    pub language: Language,
    /// The currency of customers that name none.
    pub currency: Currency,
    /// The IANA zone of customers that name none.
    pub zone: String,
    /// For how many banking days of its issuer's country a payment request is valid.
    pub payment_request_days: i64,
    /// How many days after its issue an invoice is due.
    pub invoice_due_days: i64,
    /// Where the tax of a document is rounded.
    pub tax_rounding: TaxRounding,
    /// Whether what is added to a subscription goes on to an outside billing system.
    pub external_billing: bool,
}

/// A seller company that issues documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalEntity {
    /// Its identity.
    pub id: LegalEntityId,
    /// Its code, unique in the seller.
    pub code: String,
    /// Who it is in law.
    pub identity: LegalIdentity,
    /// The IANA zone in which its documents are dated.
    pub zone: String,
    /// How it is taxed.
    pub tax_regime: TaxRegime,
    /// What stands before the running number of its payment requests.
    pub payment_request_prefix: String,
    /// What stands before the running number of its credit notes.
    pub credit_note_prefix: String,
    /// What stands before the running number of its invoices.
    pub invoice_prefix: String,
    /// What stands before the running number of its order confirmations.
    pub order_confirmation_prefix: String,
    /// Where it is paid; the first is printed.
    pub bank_accounts: Vec<BankAccount>,
}

impl LegalEntity {
    /// What stands before the running numbers of its documents, by their kind.
    pub fn prefixes(&self) -> impl Iterator<Item = &str> {
        DocumentKind::ALL.iter().map(|kind| self.prefix(*kind))
    }

    /// What stands before the running number of its documents of a kind.
    pub fn prefix(&self, kind: DocumentKind) -> &str {
        match kind {
            DocumentKind::PaymentRequest => &self.payment_request_prefix,
            DocumentKind::CreditNote => &self.credit_note_prefix,
            DocumentKind::Invoice => &self.invoice_prefix,
            DocumentKind::OrderConfirmation => &self.order_confirmation_prefix,
        }
    }
}

/// A bank account of a seller (BG-17).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankAccount {
    /// The bank's name.
    pub bank_name: String,
    /// The bank's code: the BIK in Russia (BT-86).
    pub bank_code: String,
    /// The account number (BT-84).
    pub account: String,
    /// The bank's correspondent account, where the country has one.
    pub correspondent_account: Option<String>,
}

impl Seller {
    /// The company that issues documents.
    pub fn issuer(&self) -> Option<&LegalEntity> {
        self.legal_entities.first()
    }

    /// The company of an id.
    pub fn legal_entity(&self, id: LegalEntityId) -> Option<&LegalEntity> {
        self.legal_entities.iter().find(|entity| entity.id == id)
    }
}
