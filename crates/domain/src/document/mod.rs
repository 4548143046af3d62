//! Documents: what is sent to a payer. Issued once and never changed; what happens to one is kept
//! beside it, as its state and the steps that led there.

pub mod cancel;
mod content;
pub mod credit_note;
pub mod expire;
pub mod explain;
pub(crate) mod issue;
mod line;
mod refusal;
pub mod request_payment;
mod step;
pub(crate) mod void;

pub use line::{Line, LineCredit, LineDiscount, LineLicence, LinePart, lines};
pub use refusal::DocumentRefusal;

use crate::calendar::{self, CalendarError};
use crate::customer::Payer;
use crate::ids::{CustomerId, DocumentId, LegalEntityId, PayerId, RefundId, SubscriptionId};
use crate::ledger::Account;
use crate::licence::{self, Holding, Placement, Term};
use crate::money::{Money, MoneyError};
use crate::planted;
use crate::proration::ProrationError;
use crate::seller::LegalEntity;
use crate::tax::{CustomerKind, TaxSubtotal};
use crate::words::words;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DocumentKind {
    /// Asks for money (счёт): posts nothing until it is paid, may expire.
    PaymentRequest,
    /// Says what is taken back of another document: what went back of it, or what a change left
    /// over to the customer's credit. What it takes back is above zero.
    CreditNote,
    /// Bills a cycle of a subscription, and what changes charged and credited in the one before:
    /// posted when it is issued, due on a day.
    Invoice,
    /// Says what a change inside a cycle charges and credits: posts nothing, and the next invoice
    /// carries its lines. Its total is below zero where it credits more than it charges.
    OrderConfirmation,
}

words!(DocumentKind {
    PaymentRequest => "payment_request",
    CreditNote => "credit_note",
    Invoice => "invoice",
    OrderConfirmation => "order_confirmation",
});

/// Which numbers are counted together: gapless per company, series and year.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Series {
    /// Of which company.
    pub legal_entity: LegalEntityId,
    /// The series, by the kind of its documents.
    pub series: String,
    /// The year, or "" where numbers run on for ever.
    pub year: String,
}

/// A number of a series, given by the commit itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The running number, from 1.
    pub number: i64,
    /// The date of issue: the decision's, but never before that of an earlier number.
    pub on: Date,
}

/// A document as it was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its identity.
    pub id: DocumentId,
    /// Who buys.
    pub customer: CustomerId,
    /// What it is.
    pub kind: DocumentKind,
    /// Who issues it, and in which series.
    pub series: Series,
    /// What stands before the running number.
    pub prefix: String,
    /// The running number and the date of issue; placeholders until it is written.
    pub issued: Issued,
    /// The subscription that an invoice or an order confirmation is about.
    pub subscription: Option<SubscriptionId>,
    /// The last day on which a request can be paid; `None` where nothing is asked for.
    pub valid_until: Option<Date>,
    /// The day on which an invoice is to be paid at the latest; it can be paid later, too.
    pub due_on: Option<Date>,
    /// The document that a credit note belongs to.
    pub follows: Option<DocumentId>,
    /// The refund that a credit note says.
    pub refund: Option<RefundId>,
    /// What is to be paid, tax included: the sum of its lines.
    pub total: Money,
    /// Who pays, as it was then.
    pub payer: PayerSnapshot,
    /// Where the licence that it gives is laid.
    pub placement: Placement,
    /// What is sold, and then what is credited.
    pub lines: Vec<Line>,
    /// The tax inside, per category and rate.
    pub taxes: Vec<TaxSubtotal>,
    /// The revision of the customer's profile (language, zone, currency) that it was made with.
    pub profile_revision: i64,
    /// When it was made, in business time.
    pub created_at: Timestamp,
    /// The seller's version that it was priced with.
    pub seller_version: i64,
    /// The version of the rules that priced it.
    pub rules_version: i64,
}

/// The payer as printed on a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayerSnapshot {
    /// Who.
    pub id: PayerId,
    /// In which revision.
    pub revision: i64,
    /// Full name.
    pub name: String,
    /// Tax number.
    pub tax_id: String,
    /// Number of the tax registration.
    pub tax_registration: Option<String>,
    /// Its country (ISO 3166-1 alpha-2).
    pub country: String,
    /// Who it is, as far as the tax depends on it.
    pub kind: CustomerKind,
}

impl PayerSnapshot {
    /// A payer as it is now.
    pub fn of(payer: &Payer) -> Self {
        Self {
            id: payer.id,
            revision: payer.revision,
            name: payer.identity.name.clone(),
            tax_id: payer.identity.tax_id.clone(),
            tax_registration: payer.identity.tax_registration.clone(),
            country: payer.identity.country.clone(),
            kind: payer.kind,
        }
    }
}

/// Where a document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DocumentStatus {
    /// Waits for money.
    Pending,
    /// Paid in full.
    Paid,
    /// Voided or expired.
    Canceled,
    /// The whole payment went back.
    Refunded,
    /// It asks for nothing.
    Issued,
}

words!(DocumentStatus {
    Pending => "pending",
    Paid => "paid",
    Canceled => "canceled",
    Refunded => "refunded",
    Issued => "issued",
});

/// The state of a document: the one part that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentState {
    /// Where it stands.
    pub status: DocumentStatus,
    /// How much of its total is paid.
    pub paid: Money,
    /// How much of that went back.
    pub refunded: Money,
    /// How many steps led here; the first is its issue.
    pub steps: i64,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A document and its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentView {
    /// What was issued.
    pub document: Document,
    /// What became of it.
    pub state: DocumentState,
}

/// One step of a document's status; `from` is `None` for its issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Of which document.
    pub document: DocumentId,
    /// What that is.
    pub kind: DocumentKind,
    /// Its place, from 1.
    pub seq: i64,
    /// Where it stood.
    pub from: Option<DocumentStatus>,
    /// Where it stands now.
    pub to: DocumentStatus,
    /// When.
    pub at: Timestamp,
}

impl Document {
    /// The first instant at which it can't be paid any more: the midnight after its last day, in
    /// the zone of the company that issued it. What asks for nothing was never to be paid.
    ///
    /// # Errors
    /// [`CalendarError`].
    pub fn ends_at(&self, issuer: &LegalEntity) -> Result<Timestamp, CalendarError> {
        let out_of_range = |_| CalendarError::OutOfRange;
        let Some(last) = self.valid_until else { return Ok(self.created_at) };
        let next = if planted::is("last-day-excluded") { Ok(last) } else { last.tomorrow() };
        let next = next.map_err(out_of_range)?;
        let midnight = next.to_zoned(calendar::zone(&issuer.zone)?).map_err(out_of_range)?;
        Ok(midnight.timestamp())
    }

    /// Whether it can still be settled: it would give what was asked for, and what it takes back
    /// of the licence is in the books of the same company, in the same currency.
    ///
    /// # Errors
    /// [`ProrationError`], for a figure or a date out of range.
    pub fn still_fits(&self, holding: Holding<'_>, now: Timestamp) -> Result<bool, ProrationError> {
        let mut terms = self.charges().map(|line| line.licence.term);
        if !terms.all(|term| term.still_fits(self.placement, holding.periods, now)) {
            return Ok(false);
        }
        if !self.keeps_the_calendar(holding)? {
            return Ok(false);
        }
        if self.placement == Placement::Behind {
            return Ok(true);
        }
        let own = (self.series.legal_entity, self.total.currency);
        let taken = licence::unused(holding, now)?;
        let mut taken = taken.iter().filter(|unused| unused.value.minor > 0);
        Ok(taken.all(|unused| (unused.of.legal_entity, unused.value.currency) == own))
    }

    /// Whether a part of the calendar still ends with a day of the customer, who may have moved.
    fn keeps_the_calendar(&self, holding: Holding<'_>) -> Result<bool, CalendarError> {
        let zone = holding.customer.zone()?;
        let mut ends =
            self.charges().filter_map(|line| match (line.licence.term, self.placement) {
                (Term::Until { ends_at, follows: None, .. }, Placement::Behind)
                | (Term::Until { ends_at, .. }, Placement::Instead) => Some(ends_at),
                _ => None,
            });
        ends.try_fold(true, |keeps, ends_at| {
            let day = zone.to_datetime(ends_at).date();
            Ok(keeps && calendar::start_of_day(day, &zone)? == ends_at)
        })
    }

    /// From when on it charges what ends on a fixed day: where it follows what runs, from the end
    /// of that, else from its own moment.
    pub fn charged_from(&self, licence: &LineLicence) -> Timestamp {
        match (licence.term, self.placement) {
            (Term::Until { follows: Some(follows), .. }, Placement::Behind) => follows,
            _ => self.created_at,
        }
    }

    /// The number as printed.
    pub fn number(&self) -> String {
        format!("{}{}", self.prefix, self.issued.number)
    }
}

impl Document {
    /// The lines that charge, each for a licence.
    pub fn charges(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.credit.is_none())
    }

    /// What its lines credit in all, as an amount above zero.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn credited(&self) -> Result<Money, MoneyError> {
        let credits = Money::sum(self.total.currency, self.credits().map(|(line, _)| line.total))?;
        Money::zero(self.total.currency).minus(credits)
    }

    /// What is posted when it is paid: from where, to where and how much, in an order in which what
    /// is set aside for it never falls below zero. In all, its total and its credits go from there
    /// to revenue and tax.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn settlement(&self) -> Result<Vec<(Account, Account, Money)>, MoneyError> {
        let zero = Money::zero(self.total.currency);
        let mut back = Vec::new();
        let mut forth = Vec::new();
        for (account, amount) in self.postings()? {
            match amount.minor {
                0 => {}
                1.. => forth.push((Account::CustomerAllocated, account, amount)),
                _ => back.push((account, Account::CustomerAllocated, zero.minus(amount)?)),
            }
        }
        back.append(&mut forth);
        Ok(back)
    }

    /// What is posted when an invoice is issued: from where, to where and how much, what it charges
    /// first, so that what is owed never falls below what it was. In all, its total is owed.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn invoicing(&self) -> Result<Vec<(Account, Account, Money)>, MoneyError> {
        let mut sums: BTreeMap<Account, Money> = BTreeMap::new();
        for tax in &self.taxes {
            let rate = tax.of.rate.map(|rate| (Account::TaxPayable(rate), tax.tax));
            for (account, amount) in [(Account::DeferredRevenue, tax.base)].into_iter().chain(rate)
            {
                let sum = sums.entry(account).or_insert(Money::zero(amount.currency));
                *sum = sum.plus(amount)?;
            }
        }
        let zero = Money::zero(self.total.currency);
        let (mut forth, mut back) = (Vec::new(), Vec::new());
        for (account, amount) in sums {
            match amount.minor {
                0 => {}
                1.. => forth.push((Account::Receivable, account, amount)),
                _ => back.push((account, Account::Receivable, zero.minus(amount)?)),
            }
        }
        forth.append(&mut back);
        Ok(forth)
    }

    /// Revenue and tax of all that it charges: the taxes of the document, without its credits.
    fn postings(&self) -> Result<Vec<(Account, Money)>, MoneyError> {
        let mut postings = Vec::new();
        let mut post = |tax: &TaxSubtotal, sign: i64| {
            postings.push((Account::DeferredRevenue, tax.base.times(sign)?));
            if let Some(rate) = tax.of.rate {
                postings.push((Account::TaxPayable(rate), tax.tax.times(sign)?));
            }
            Ok::<_, MoneyError>(())
        };
        for tax in &self.taxes {
            post(tax, 1)?;
        }
        // The credits stand in the document's taxes with a minus: without them.
        for (line, _) in self.credits() {
            post(&line.tax.split(line.total)?, -1)?;
        }
        let mut sums: BTreeMap<Account, Money> = BTreeMap::new();
        for (account, amount) in postings {
            let sum = sums.entry(account).or_insert(Money::zero(amount.currency));
            *sum = sum.plus(amount)?;
        }
        Ok(sums.into_iter().collect())
    }

    /// The lines that credit, each with what it credits.
    pub fn credits(&self) -> impl Iterator<Item = (&Line, &LineCredit)> {
        self.lines.iter().filter_map(|line| Some((line, line.credit.as_ref()?)))
    }
}

impl DocumentView {
    /// Whether a refund of it takes anything back: money, or tax of one rate for that of another.
    pub fn takes_back(&self) -> bool {
        self.document.taxes.iter().any(|tax| tax.base.minor != 0 || tax.tax.minor != 0)
    }

    /// What is still to be paid.
    pub fn outstanding(&self) -> Money {
        let rest = self.document.total.minor.saturating_sub(self.state.paid.minor);
        Money::new(rest, self.document.total.currency)
    }
}
