//! Makes a document: its head from the seller, the customer and the moment, its state by its kind.

use super::request_payment::RULES_VERSION;
use super::{
    Document, DocumentKind, DocumentState, DocumentStatus, DocumentView, Issued, Line,
    PayerSnapshot, Series,
};
use crate::calendar::{self, CalendarError};
use crate::customer::Customer;
use crate::decision::Draft;
use crate::ids::{DocumentId, RefundId, SubscriptionId};
use crate::licence::Placement;
use crate::money::Money;
use crate::seller::{LegalEntity, Seller};
use crate::tax::TaxSubtotal;
use jiff::civil::Date;

/// What a document says, beside what follows from the moment.
#[derive(Debug)]
pub(crate) struct New<'a> {
    pub(crate) kind: DocumentKind,
    pub(crate) seller: &'a Seller,
    pub(crate) issuer: &'a LegalEntity,
    pub(crate) customer: &'a Customer,
    pub(crate) payer: PayerSnapshot,
    pub(crate) subscription: Option<SubscriptionId>,
    pub(crate) valid_until: Option<Date>,
    pub(crate) due_on: Option<Date>,
    pub(crate) follows: Option<DocumentId>,
    pub(crate) refund: Option<RefundId>,
    pub(crate) placement: Placement,
    pub(crate) lines: Vec<Line>,
    pub(crate) taxes: Vec<TaxSubtotal>,
    pub(crate) total: Money,
}

/// The day of a moment on the wall of a company.
///
/// # Errors
/// [`CalendarError::UnknownZone`], only for a damaged row.
pub(crate) fn today(draft: &Draft, issuer: &LegalEntity) -> Result<Date, CalendarError> {
    Ok(calendar::zone(&issuer.zone)?.to_datetime(draft.moment.now).date())
}

/// The document and its first state; not written yet.
///
/// # Errors
/// As [`today`].
pub(crate) fn make(draft: &mut Draft, new: New<'_>) -> Result<DocumentView, CalendarError> {
    let New { kind, seller, issuer, customer, total, .. } = new;
    let today = today(draft, issuer)?;
    let legal_entity = issuer.id;
    let document = Document {
        id: DocumentId(draft.ids.fresh()),
        customer: customer.id,
        kind,
        series: Series { legal_entity, series: kind.as_str().to_owned(), year: String::new() },
        prefix: issuer.prefix(kind).to_owned(),
        issued: Issued { number: 0, on: today },
        subscription: new.subscription,
        valid_until: new.valid_until,
        due_on: new.due_on,
        follows: new.follows,
        refund: new.refund,
        total,
        payer: new.payer,
        placement: new.placement,
        lines: new.lines,
        taxes: new.taxes,
        profile_revision: customer.profile.revision,
        created_at: draft.moment.now,
        seller_version: seller.version,
        rules_version: RULES_VERSION,
    };
    let zero = Money::zero(total.currency);
    let status = match kind {
        DocumentKind::PaymentRequest | DocumentKind::Invoice => DocumentStatus::Pending,
        DocumentKind::CreditNote | DocumentKind::OrderConfirmation => DocumentStatus::Issued,
    };
    let updated_at = draft.moment.now;
    let state = DocumentState { status, paid: zero, refunded: zero, steps: 1, updated_at };
    Ok(DocumentView { document, state })
}
