//! Credit notes: documents that say what is taken back of others, with the tax in it. Each follows
//! the document that it belongs to, and has a number of its own series.

pub mod left_over;
pub mod refunded;

use super::issue::{New, make};
use super::{Document, DocumentKind, Line, PayerSnapshot};
use crate::calendar::CalendarError;
use crate::customer::Customer;
use crate::decision::{Draft, EventKind};
use crate::ids::{DocumentId, LegalEntityId, RefundId, SubscriptionId};
use crate::ledger::Account;
use crate::licence::Placement;
use crate::money::{Currency, Money, MoneyError};
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
    /// What it takes back of revenue and tax, each above zero.
    pub fn postings(&self) -> Vec<(Account, Money)> {
        let of = |tax: &TaxSubtotal| {
            let rate = tax.of.rate.map(|rate| (Account::TaxPayable(rate), tax.tax));
            [Some((Account::DeferredRevenue, tax.base)), rate]
        };
        self.taxes.iter().flat_map(of).flatten().collect()
    }

    /// Whether it takes nothing back, no tax of any rate either.
    pub fn is_empty(&self) -> bool {
        self.taxes.iter().all(|tax| tax.base.minor == 0 && tax.tax.minor == 0)
    }
}

/// What a note belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Follows {
    /// The document.
    pub(crate) document: DocumentId,
    /// The subscription that that is about.
    pub(crate) subscription: Option<SubscriptionId>,
    /// Who issued it.
    pub(crate) legal_entity: LegalEntityId,
    /// Its currency.
    pub(crate) currency: Currency,
}

impl From<&Document> for Follows {
    fn from(document: &Document) -> Self {
        Self {
            document: document.id,
            subscription: document.subscription,
            legal_entity: document.series.legal_entity,
            currency: document.total.currency,
        }
    }
}

/// Issues a note on `follows`, by a refund of it or by itself, where it says anything; to whoever
/// paid for what it takes back. Gives its id.
pub(crate) fn issue(
    draft: &mut Draft,
    (follows, refund): (Follows, Option<RefundId>),
    (payer, positions): (&PayerSnapshot, Positions),
    seller: &Seller,
    customer: &Customer,
) -> Result<Option<DocumentId>, SettleError> {
    if positions.is_empty() {
        return Ok(None);
    }
    // The company of a document stays in the seller: it can't be left out of a version.
    let issuer = seller.legal_entity(follows.legal_entity);
    let currency = follows.currency;
    let new = New {
        kind: DocumentKind::CreditNote,
        seller,
        issuer: issuer.ok_or(CalendarError::OutOfRange)?,
        customer,
        payer: payer.clone(),
        subscription: follows.subscription,
        valid_until: None,
        due_on: None,
        follows: Some(follows.document),
        refund,
        placement: Placement::Behind,
        total: Money::sum(currency, positions.lines.iter().map(|line| line.total))?,
        lines: positions.lines,
        taxes: positions.taxes,
    };
    let view = make(draft, new)?;
    let id = view.document.id;
    draft.open(view, EventKind::CreditNoteIssued);
    Ok(Some(id))
}

/// One subtotal for each category and rate.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn sums(taxes: impl IntoIterator<Item = TaxSubtotal>) -> Result<Vec<TaxSubtotal>, MoneyError> {
    let mut sums: BTreeMap<LineTax, TaxSubtotal> = BTreeMap::new();
    for TaxSubtotal { of, base, tax } in taxes {
        let zero = Money::zero(base.currency);
        let sum = sums.entry(of).or_insert(TaxSubtotal { of, base: zero, tax: zero });
        (sum.base, sum.tax) = (sum.base.plus(base)?, sum.tax.plus(tax)?);
    }
    Ok(sums.into_values().collect())
}
