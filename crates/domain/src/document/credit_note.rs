//! Credit notes: documents that say what is taken back of others, with the tax in it. Each follows
//! the document that it belongs to, and has a number of its own series.

pub mod left_over;
pub mod refunded;

use super::request_payment::RULES_VERSION;
use super::{
    Document, DocumentKind, DocumentState, DocumentStatus, DocumentView, Issued, Line,
    PayerSnapshot, Series,
};
use crate::calendar::{self, CalendarError};
use crate::customer::Customer;
use crate::decision::{Draft, EventKind};
use crate::ids::{DocumentId, RefundId};
use crate::licence::Placement;
use crate::money::{Money, MoneyError};
use crate::payment::settle::SettleError;
use crate::seller::Seller;
use crate::tax::{LineTax, TaxSubtotal};
use std::collections::BTreeMap;

/// What a note says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Positions {
    /// Its lines.
    pub lines: Vec<Line>,
    /// The tax in them, per category and rate.
    pub taxes: Vec<TaxSubtotal>,
}

impl Positions {
    /// Whether it takes nothing back, no tax of any rate either.
    pub fn is_empty(&self) -> bool {
        self.taxes.iter().all(|tax| tax.base.minor == 0 && tax.tax.minor == 0)
    }
}

/// Issues a note on `follows`, by a refund of it or by itself, where it says anything; to whoever
/// paid for what it takes back.
pub(crate) fn issue(
    draft: &mut Draft,
    (follows, refund): (&Document, Option<RefundId>),
    (payer, positions): (&PayerSnapshot, Positions),
    seller: &Seller,
    customer: &Customer,
) -> Result<(), SettleError> {
    if positions.is_empty() {
        return Ok(());
    }
    let kind = DocumentKind::CreditNote;
    let legal_entity = follows.series.legal_entity;
    // The company of a document stays in the seller: it can't be left out of a version.
    let issuer = seller.legal_entity(legal_entity).ok_or(CalendarError::OutOfRange)?;
    let today = calendar::zone(&issuer.zone)?.to_datetime(draft.moment.now).date();
    let zero = Money::zero(follows.total.currency);
    let total = Money::sum(zero.currency, positions.lines.iter().map(|line| line.total))?;
    let document = Document {
        id: DocumentId(draft.ids.fresh()),
        customer: customer.id,
        kind,
        series: Series { legal_entity, series: kind.as_str().to_owned(), year: String::new() },
        prefix: issuer.credit_note_prefix.clone(),
        issued: Issued { number: 0, on: today },
        valid_until: None,
        follows: Some(follows.id),
        refund,
        total,
        payer: payer.clone(),
        placement: Placement::Behind,
        taxes: positions.taxes,
        lines: positions.lines,
        profile_revision: customer.profile.revision,
        created_at: draft.moment.now,
        seller_version: seller.version,
        rules_version: RULES_VERSION,
    };
    let state = DocumentState {
        status: DocumentStatus::Issued,
        paid: zero,
        refunded: zero,
        steps: 1,
        updated_at: draft.moment.now,
    };
    draft.open(DocumentView { document, state }, EventKind::CreditNoteIssued);
    Ok(())
}

/// One subtotal for each category and rate.
fn sums(taxes: impl IntoIterator<Item = TaxSubtotal>) -> Result<Vec<TaxSubtotal>, MoneyError> {
    let mut sums: BTreeMap<LineTax, TaxSubtotal> = BTreeMap::new();
    for TaxSubtotal { of, base, tax } in taxes {
        let zero = Money::zero(base.currency);
        let sum = sums.entry(of).or_insert(TaxSubtotal { of, base: zero, tax: zero });
        (sum.base, sum.tax) = (sum.base.plus(base)?, sum.tax.plus(tax)?);
    }
    Ok(sums.into_values().collect())
}
