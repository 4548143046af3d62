//! The invoice of a cycle: what the cycle costs, and what changes charged and credited in the one
//! before. Issued, posted and covered by the customer's credit in one decision.

use super::{Facts, SubscriptionRefusal};
use crate::calendar::CalendarError;
use crate::decision::{Change, Draft, EventKind};
use crate::document::credit_note::{self, Positions, sums};
use crate::document::issue::{self, New};
use crate::document::{Document, DocumentKind, DocumentView, Line, PayerSnapshot, lines};
use crate::ids::{DocumentId, LegalEntityId};
use crate::ledger::{Account, Cause, Purse};
use crate::licence::Placement;
use crate::money::{Currency, Money, MoneyError};
use crate::payment::settle::{self, SettleError};
use crate::quote::Quote;
use crate::tax::{TaxSubtotal, subtotals};
use jiff::ToSpan;

/// What an invoice carries of order confirmations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The lines of the invoice: its own, then what is charged, then what is credited.
    pub lines: Vec<Line>,
    /// What is credited beyond what is charged: it goes to the customer's credit.
    pub left_over: Positions,
}

/// The lines of an invoice that has `own` lines and carries `confirmations`, oldest first: their
/// charges, and their credits up to all that is charged.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn carry(own: Vec<Line>, confirmations: &[Document]) -> Result<Carried, MoneyError> {
    let mut lines = own;
    lines.extend(confirmations.iter().flat_map(Document::charges).cloned());
    let mut left_over = Positions { lines: Vec::new(), taxes: Vec::new() };
    let said = confirmations.iter().flat_map(|it| &it.lines);
    let Some(currency) = lines.iter().chain(said).map(|line| line.total.currency).next() else {
        return Ok(Carried { lines, left_over });
    };
    let zero = Money::zero(currency);
    let mut open = Money::sum(currency, lines.iter().map(|line| line.total))?;
    for (line, _) in confirmations.iter().flat_map(Document::credits) {
        let credited = zero.minus(line.total)?;
        let printed = credited.at_most(open);
        open = open.minus(printed)?;
        if printed.minor > 0 {
            lines.push(line.reduced_to(zero.minus(printed)?));
        }
        let rest = credited.minus(printed)?;
        if rest.minor > 0 {
            let of = line.tax;
            let tax = of.split(credited)?.tax.minus(of.split(printed)?.tax)?;
            left_over.lines.push(line.reduced_to(rest));
            left_over.taxes.push(TaxSubtotal { of, base: rest.minus(tax)?, tax });
        }
    }
    left_over.taxes = sums(left_over.taxes)?;
    for (position, line) in (1..).zip(&mut lines) {
        line.position = position;
    }
    for (position, line) in (1..).zip(&mut left_over.lines) {
        line.position = position;
    }
    Ok(Carried { lines, left_over })
}

impl Line {
    /// The same credit with another amount.
    fn reduced_to(&self, amount: Money) -> Self {
        Self { unit_price: amount, subtotal: amount, total: amount, ..self.clone() }
    }
}

/// Issues an invoice of `own` lines and of what is still to be billed; none where there is nothing
/// to charge, and what is credited then has a note. Gives its id.
pub(crate) fn invoice(
    draft: &mut Draft,
    facts: &Facts<'_>,
    own: Vec<Line>,
) -> Result<Option<DocumentId>, SubscriptionRefusal> {
    let Carried { lines, left_over } = carry(own, facts.confirmations)?;
    if lines.is_empty() {
        note(draft, facts, left_over)?;
        return Ok(None);
    }
    let view = write(draft, facts, (DocumentKind::Invoice, Placement::Behind), lines)?;
    let document = view.document.clone();
    for confirmation in facts.confirmations {
        draft.push(Change::Carried { confirmation: confirmation.id, invoice: document.id });
    }
    let (entity, currency) = (document.series.legal_entity, document.total.currency);
    let mut purse = Purse::open(document.customer, entity, currency, facts.balances);
    post(draft, &document, &left_over, &mut purse)?;
    let customer = facts.customer();
    let said = (&document.payer, left_over);
    credit_note::issue(draft, ((&document).into(), None), said, facts.seller, customer)
        .map_err(settle_error)?;
    pay_open(draft, facts, (entity, currency), &mut purse)?;
    settle::pay_invoice(draft, &mut view.clone(), &mut purse, None)?;
    draft.close(purse);
    Ok(Some(document.id))
}

/// Issues a note on what was credited and no invoice will carry: it is the customer's credit, and
/// pays what is open.
fn note(
    draft: &mut Draft,
    facts: &Facts<'_>,
    left_over: Positions,
) -> Result<(), SubscriptionRefusal> {
    let Some(first) = facts.confirmations.first() else { return Ok(()) };
    let (entity, currency) = (first.series.legal_entity, first.total.currency);
    let (postings, said) = (left_over.postings(), (&first.payer, left_over));
    let (follows, customer) = ((first.into(), None), facts.customer());
    let note = credit_note::issue(draft, follows, said, facts.seller, customer);
    let Some(note) = note.map_err(settle_error)? else { return Ok(()) };
    for confirmation in facts.confirmations {
        draft.push(Change::Carried { confirmation: confirmation.id, invoice: note });
    }
    let mut purse = Purse::open(customer.id, entity, currency, facts.balances);
    for (from, amount) in postings {
        let cause = Cause::Crediting(note);
        purse.transfer(from, Account::CustomerCredit, amount, cause, draft.hand())?;
    }
    pay_open(draft, facts, (entity, currency), &mut purse)?;
    draft.close(purse);
    Ok(())
}

/// Pays what is open in the books of a company, in a currency, as far as the customer's credit
/// reaches.
pub(crate) fn pay_open(
    draft: &mut Draft,
    facts: &Facts<'_>,
    books: (LegalEntityId, Currency),
    purse: &mut Purse,
) -> Result<(), MoneyError> {
    let of = |it: &DocumentView| (it.document.series.legal_entity, it.document.total.currency);
    for older in facts.open_invoices.iter().filter(|it| of(it) == books) {
        settle::pay_invoice(draft, &mut older.clone(), purse, None)?;
    }
    Ok(())
}

/// Writes a document about the subscription, to whoever pays for it.
fn write(
    draft: &mut Draft,
    facts: &Facts<'_>,
    (kind, placement): (DocumentKind, Placement),
    lines: Vec<Line>,
) -> Result<DocumentView, SubscriptionRefusal> {
    let (issuer, customer) = (facts.parties()?.issuer, facts.customer());
    let payer = customer.payer(None).ok_or(SubscriptionRefusal::NoPayer)?;
    let settings = &facts.seller.settings;
    let (event, due_in) = match kind {
        DocumentKind::Invoice => (EventKind::InvoiceIssued, Some(settings.invoice_due_days)),
        DocumentKind::OrderConfirmation
        | DocumentKind::PaymentRequest
        | DocumentKind::CreditNote => (EventKind::OrderConfirmed, None),
    };
    let today = issue::today(draft, issuer)?;
    let due_on = due_in.map(|days| today.checked_add(days.days())).transpose();
    let taxed = lines.iter().map(|line| (line.tax, line.total));
    let new = New {
        kind,
        seller: facts.seller,
        issuer,
        customer,
        payer: PayerSnapshot::of(payer),
        subscription: Some(facts.agreement.subscription.id),
        valid_until: None,
        due_on: due_on.map_err(|_| CalendarError::OutOfRange)?,
        follows: None,
        refund: None,
        placement,
        total: Money::sum(customer.profile.currency, lines.iter().map(|line| line.total))?,
        taxes: subtotals(taxed, settings.tax_rounding)?,
        lines,
    };
    let view = issue::make(draft, new)?;
    draft.open(view.clone(), event);
    Ok(view)
}

/// What it charges is owed, and belongs to revenue and tax; what is credited beyond that is the
/// customer's credit.
fn post(
    draft: &mut Draft,
    document: &Document,
    left_over: &Positions,
    purse: &mut Purse,
) -> Result<(), MoneyError> {
    for (from, to, amount) in document.invoicing()? {
        purse.transfer(from, to, amount, Cause::Invoicing(document.id), draft.hand())?;
    }
    for (from, amount) in left_over.postings() {
        let cause = Cause::Crediting(document.id);
        purse.transfer(from, Account::CustomerCredit, amount, cause, draft.hand())?;
    }
    Ok(())
}

/// Issues what a change inside a cycle charges and credits.
pub(crate) fn confirm(
    draft: &mut Draft,
    facts: &Facts<'_>,
    quote: &Quote,
) -> Result<DocumentId, SubscriptionRefusal> {
    let lines = lines(quote, facts.seller, &facts.customer().profile.language)?;
    let kind = (DocumentKind::OrderConfirmation, Placement::Within);
    Ok(write(draft, facts, kind, lines)?.document.id)
}

/// Issues what a termination credits, for the next invoice to net.
pub(crate) fn confirm_credit(
    draft: &mut Draft,
    facts: &Facts<'_>,
    lines: Vec<Line>,
) -> Result<DocumentId, SubscriptionRefusal> {
    let kind = (DocumentKind::OrderConfirmation, Placement::Within);
    Ok(write(draft, facts, kind, lines)?.document.id)
}

/// A note can fail by a figure or a date only.
fn settle_error(error: SettleError) -> SubscriptionRefusal {
    match error {
        SettleError::Money(error) => error.into(),
        SettleError::Calendar(error) => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::CreditTerms;
    use crate::document::{Issued, LineCredit, LineLicence, Series};
    use crate::ids::{CustomerId, GrantId, PayerId, PlanId, ProductId};
    use crate::licence::Term;
    use crate::tax::{CustomerKind, LineTax, TaxCategory, TaxRate};
    use jiff::Timestamp;
    use jiff::civil::Date;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn line(minor: i64, percent: i64) -> Line {
        let amount = eur(minor);
        let (grant, internal) = (GrantId(Uuid::nil()), false);
        let credit = LineCredit { grant, paid: amount, value: amount, internal };
        Line {
            position: 1,
            name: String::new(),
            quantity: 1,
            unit_price: amount,
            price: None,
            part: None,
            subtotal: amount,
            discounts: Vec::new(),
            tax: LineTax { category: TaxCategory::Standard, rate: Some(TaxRate::percent(percent)) },
            tax_added: eur(0),
            total: amount,
            licence: LineLicence {
                product: ProductId(Uuid::nil()),
                plan: PlanId(Uuid::nil()),
                term: Term::Months(1),
                credit: CreditTerms::default(),
            },
            credit: (minor < 0).then_some(credit),
        }
    }

    fn confirmation((charge, credits): (i64, Vec<(i64, i64)>)) -> Document {
        let mut lines = vec![line(charge, 21)];
        lines.extend(credits.into_iter().map(|(minor, percent)| line(-minor, percent)));
        Document {
            id: DocumentId(Uuid::nil()),
            customer: CustomerId(Uuid::nil()),
            kind: DocumentKind::OrderConfirmation,
            series: Series {
                legal_entity: LegalEntityId(Uuid::nil()),
                series: String::new(),
                year: String::new(),
            },
            prefix: String::new(),
            issued: Issued { number: 1, on: Date::MIN },
            subscription: None,
            valid_until: None,
            due_on: None,
            follows: None,
            refund: None,
            total: Money::sum(Currency::EUR, lines.iter().map(|it| it.total)).expect("in range"),
            payer: PayerSnapshot {
                id: PayerId(Uuid::nil()),
                revision: 1,
                name: String::new(),
                tax_id: String::new(),
                tax_registration: None,
                country: "ES".to_owned(),
                kind: CustomerKind::Consumer,
            },
            placement: Placement::Within,
            lines,
            taxes: Vec::new(),
            profile_revision: 1,
            created_at: Timestamp::UNIX_EPOCH,
            seller_version: 1,
            rules_version: 1,
        }
    }

    fn sum<'a>(lines: impl Iterator<Item = &'a Line>) -> i64 {
        lines.map(|line| line.total.minor).sum()
    }

    fn tax<'a>(lines: impl Iterator<Item = &'a Line>) -> i64 {
        lines.map(|line| line.tax.split(line.total).expect("in range").tax.minor).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// What confirmations say is on the invoice or in the note: no cent and no tax is lost or
        /// made, credits never take an invoice below zero, and none is held back that would fit.
        #[test]
        fn what_is_carried_and_what_is_left_over_is_all_that_was_said(
            own in prop::option::of(0_i64..5_000),
            said in vec((0_i64..3_000, vec((1_i64..6_000, 4_i64..22), 0..3)), 0..5),
        ) {
            let confirmations: Vec<Document> = said.into_iter().map(confirmation).collect();
            let own: Vec<Line> = own.into_iter().map(|minor| line(minor, 21)).collect();
            let all = || own.iter().chain(confirmations.iter().flat_map(|it| &it.lines));
            let carried = carry(own.clone(), &confirmations).expect("in range");
            let (lines, notes) = (&carried.lines, &carried.left_over.lines);
            prop_assert_eq!(sum(lines.iter()) - sum(notes.iter()), sum(all()));
            let noted: i64 = carried.left_over.taxes.iter().map(|it| it.tax.minor).sum();
            prop_assert_eq!(tax(lines.iter()) - noted, tax(all()));
            prop_assert!(sum(lines.iter()) >= 0);
            prop_assert!(sum(lines.iter()) == 0 || notes.is_empty());
            prop_assert!(notes.iter().all(|line| line.total.minor > 0));
            for (position, line) in (1..).zip(lines) {
                prop_assert_eq!(line.position, position);
            }
        }
    }
}
