//! The credit note of a change: what it takes back beyond what its own lines credit, because the
//! charge was their cap, or the licence was renewed since. It goes to the customer's credit.

use super::request_payment::RULES_VERSION;
use super::{
    Document, DocumentKind, DocumentState, DocumentStatus, DocumentView, Issued, Line, Series,
};
use crate::calendar::{self, CalendarError};
use crate::customer::Customer;
use crate::decision::{Draft, EventKind};
use crate::ids::DocumentId;
use crate::language::Language;
use crate::licence::{Placement, Unused};
use crate::money::{Money, MoneyError};
use crate::payment::settle::SettleError;
use crate::seller::Seller;
use crate::tax::{LineTax, TaxSubtotal};
use std::collections::BTreeMap;

/// What is left over of one grant: what a change takes back of it beyond what it prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// The unused part of the grant.
    pub unused: Unused,
    /// What is left of that, tax included; above zero.
    pub amount: Money,
    /// The tax in it: the tax of all of it, less that of what is printed, so that the two documents
    /// name to the cent what is posted.
    pub tax: TaxSubtotal,
}

/// What a change, of `unused` at that time, leaves over.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn leftovers(change: &Document, unused: &[Unused]) -> Result<Vec<Leftover>, MoneyError> {
    let mut all = Vec::new();
    for unused in unused {
        let of = unused.of.tax;
        let printed = change.printed(unused)?.at_most(unused.value);
        let amount = unused.value.minus(printed)?;
        if amount.minor > 0 {
            let tax = of.split(unused.value)?.tax.minus(of.split(printed)?.tax)?;
            let tax = TaxSubtotal { of, base: amount.minus(tax)?, tax };
            all.push(Leftover { unused: unused.clone(), amount, tax });
        }
    }
    Ok(all)
}

/// Issues the note, where anything is left over.
pub(crate) fn issue(
    draft: &mut Draft,
    change: &Document,
    leftovers: &[Leftover],
    seller: &Seller,
    customer: &Customer,
) -> Result<(), SettleError> {
    if leftovers.is_empty() {
        return Ok(());
    }
    let id = DocumentId(draft.ids.fresh());
    let note = note(id, draft, change, leftovers, seller, customer)?;
    let zero = Money::zero(note.total.currency);
    let state = DocumentState {
        status: DocumentStatus::Issued,
        paid: zero,
        refunded: zero,
        steps: 1,
        updated_at: draft.moment.now,
    };
    draft.open(DocumentView { document: note, state }, EventKind::CreditNoteIssued);
    Ok(())
}

fn note(
    id: DocumentId,
    draft: &Draft,
    change: &Document,
    leftovers: &[Leftover],
    seller: &Seller,
    customer: &Customer,
) -> Result<Document, SettleError> {
    let kind = DocumentKind::CreditNote;
    let legal_entity = change.series.legal_entity;
    // The company of a document stays in the seller: it can't be left out of a version.
    let issuer = seller.legal_entity(legal_entity).ok_or(CalendarError::OutOfRange)?;
    let today = calendar::zone(&issuer.zone)?.to_datetime(draft.moment.now).date();
    let lines = lines(leftovers, seller, &customer.profile.language);
    let total = Money::sum(change.total.currency, lines.iter().map(|line| line.total))?;
    Ok(Document {
        id,
        customer: customer.id,
        kind,
        series: Series { legal_entity, series: kind.as_str().to_owned(), year: String::new() },
        prefix: issuer.credit_note_prefix.clone(),
        issued: Issued { number: 0, on: today },
        valid_until: None,
        follows: Some(change.id),
        total,
        payer: change.payer.clone(),
        placement: Placement::Behind,
        taxes: taxes(leftovers)?,
        lines,
        profile_revision: customer.profile.revision,
        created_at: draft.moment.now,
        seller_version: seller.version,
        rules_version: RULES_VERSION,
    })
}

/// A line for each grant of which something is left over, named in `language`.
pub fn lines(leftovers: &[Leftover], seller: &Seller, language: &Language) -> Vec<Line> {
    let line = |(position, it): (i64, &Leftover)| {
        let line = Line::crediting(position, &it.unused, it.amount);
        Line { name: line.title(seller, language), ..line }
    };
    (1..).zip(leftovers).map(line).collect()
}

/// What is taxed of it, per category and rate.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn taxes(leftovers: &[Leftover]) -> Result<Vec<TaxSubtotal>, MoneyError> {
    let mut sums: BTreeMap<LineTax, TaxSubtotal> = BTreeMap::new();
    for TaxSubtotal { of, base, tax } in leftovers.iter().map(|it| it.tax) {
        let zero = Money::zero(base.currency);
        let sum = sums.entry(of).or_insert(TaxSubtotal { of, base: zero, tax: zero });
        (sum.base, sum.tax) = (sum.base.plus(base)?, sum.tax.plus(tax)?);
    }
    Ok(sums.into_values().collect())
}

impl Document {
    /// What a change prints as the credit of a grant, above zero.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn printed(&self, unused: &Unused) -> Result<Money, MoneyError> {
        let zero = Money::zero(unused.value.currency);
        let own = self.credits().find(|(_, credit)| credit.grant == unused.of.grant);
        own.map_or(Ok(zero), |(line, _)| zero.minus(line.total))
    }
}
