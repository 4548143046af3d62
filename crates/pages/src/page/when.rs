//! An instant as the customer's clock on the wall shows it.

use super::PageError;
use abono_documents::locale::Locale;
use abono_domain::customer::Customer;
use jiff::Timestamp;

/// An instant, for machines and as read.
#[derive(Clone, Debug)]
pub(super) struct When {
    pub(super) iso: String,
    pub(super) text: String,
    /// The IANA name of the zone.
    pub(super) zone: String,
}

impl When {
    /// # Errors
    /// [`PageError::Zone`].
    pub(super) fn of(
        at: Timestamp,
        customer: &Customer,
        locale: Locale,
    ) -> Result<Self, PageError> {
        let local = customer.zone()?.to_datetime(at);
        let zone = customer.profile.zone.clone();
        // HTML knows no more than milliseconds.
        let iso = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Ok(Self { iso, text: locale.date_time(local), zone })
    }
}
