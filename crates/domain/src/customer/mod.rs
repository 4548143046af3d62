//! Who buys, and who pays for them.

pub mod put;
mod refusal;

pub use refusal::CustomerRefusal;

use crate::calendar::{self, CalendarError};
use crate::ids::{CustomerId, PayerId};
use crate::language::Language;
use crate::money::Currency;
use crate::reference::LegalIdentity;
use crate::tax::CustomerKind;
use jiff::tz::TimeZone;

/// A customer as it is now: its identity, the newest revision of its data, its payers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// Its identity.
    pub id: CustomerId,
    /// Its number in the tenant; given when it is written.
    pub number: i64,
    /// The seller's own code for it, unique in the tenant.
    pub code: String,
    /// What may change.
    pub profile: Profile,
    /// Who may pay for it, each in its newest revision.
    pub payers: Vec<Payer>,
}

/// The part of a customer that may change; each change is a new revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The revision's number, from 1.
    pub revision: i64,
    /// Its display name.
    pub name: String,
    /// The language of its documents.
    pub language: Language,
    /// The IANA zone in which its periods are counted.
    pub zone: String,
    /// The currency in which it buys.
    pub currency: Currency,
    /// Who pays where a request names nobody.
    pub default_payer: Option<PayerId>,
    /// The discounts that it is given, by their codes, in the order in which they are taken off.
    pub discounts: Vec<String>,
}

/// A legal entity or person that pays for a customer, in one revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payer {
    /// Its identity.
    pub id: PayerId,
    /// The revision's number, from 1.
    pub revision: i64,
    /// The seller's own code for it, unique in the customer.
    pub code: String,
    /// Who it is in law.
    pub identity: LegalIdentity,
    /// Who it is, as far as the tax depends on it.
    pub kind: CustomerKind,
}

impl Customer {
    /// The payer that a request names, or the default one.
    pub fn payer(&self, named: Option<PayerId>) -> Option<&Payer> {
        let wanted = named.or(self.profile.default_payer)?;
        self.payers.iter().find(|payer| payer.id == wanted)
    }

    /// The zone in which its periods are counted.
    ///
    /// # Errors
    /// [`CalendarError::UnknownZone`], which `put` refuses, so only for a damaged row.
    pub fn zone(&self) -> Result<TimeZone, CalendarError> {
        calendar::zone(&self.profile.zone)
    }
}
