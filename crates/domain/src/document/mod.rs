//! Documents: what is sent to a payer. Issued once and never changed; what happens to one is kept
//! beside it, as its state and the steps that led there.

pub mod cancel;
mod content;
pub mod expire;
mod refusal;
pub mod request_payment;
mod step;
pub(crate) mod void;

pub use refusal::DocumentRefusal;

use crate::calendar::{self, CalendarError};
use crate::ids::{CustomerId, DocumentId, GrantId, LegalEntityId, PayerId, PlanId, ProductId};
use crate::language::Language;
use crate::ledger::Account;
use crate::licence::{Placement, Unused};
use crate::money::{Money, MoneyError};
use crate::seller::{LegalEntity, Seller};
use crate::tax::{self, TaxRate, TaxSubtotal};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DocumentKind {
    /// Asks for money (счёт): posts nothing until it is paid, may expire.
    PaymentRequest,
}

impl DocumentKind {
    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PaymentRequest => "payment_request",
        }
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Self> {
        (word == Self::PaymentRequest.as_str()).then_some(Self::PaymentRequest)
    }
}

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
    /// The last day on which it can be paid.
    pub valid_until: Date,
    /// What is to be paid, tax included: the sum of its lines.
    pub total: Money,
    /// Who pays, as it was then.
    pub payer: PayerSnapshot,
    /// Where the licence that it gives is laid.
    pub placement: Placement,
    /// What is sold, and then what is credited.
    pub lines: Vec<Line>,
    /// The tax inside, per rate.
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
}

/// A position of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place, from 1.
    pub position: i64,
    /// What is printed.
    pub name: String,
    /// How many.
    pub quantity: i64,
    /// The price of one, tax included.
    pub unit_price: Money,
    /// Unit price times quantity.
    pub total: Money,
    /// The licence that it gives when it is paid, or that it credits.
    pub licence: LineLicence,
    /// The tax rate; of a credit, that of what it credits.
    pub rate: Option<TaxRate>,
    /// What it credits; `None` where it charges.
    pub credit: Option<LineCredit>,
}

/// What a line credits of a running licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineCredit {
    /// Which grant.
    pub grant: GrantId,
    /// The first day that is left of it.
    pub from: Date,
    /// The first day that is not its own any more.
    pub to: Date,
    /// How many days are left.
    pub days: i64,
    /// How many days it has in all.
    pub of_days: i64,
    /// What was paid for the days that are left: the line credits that, or less where the charge
    /// is less.
    pub value: Money,
}

/// The licence that a line gives when it is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineLicence {
    /// The product.
    pub product: ProductId,
    /// The plan.
    pub plan: PlanId,
    /// For how many months.
    pub months: i64,
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
}

impl DocumentStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Paid, Self::Canceled, Self::Refunded];

    /// The word in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Canceled => "canceled",
            Self::Refunded => "refunded",
        }
    }

    /// The status of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

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
    /// the zone of the company that issued it.
    ///
    /// # Errors
    /// [`CalendarError`].
    pub fn ends_at(&self, issuer: &LegalEntity) -> Result<Timestamp, CalendarError> {
        let out_of_range = |_| CalendarError::OutOfRange;
        let next = self.valid_until.tomorrow().map_err(out_of_range)?;
        let midnight = next.to_zoned(calendar::zone(&issuer.zone)?).map_err(out_of_range)?;
        Ok(midnight.timestamp())
    }

    /// The number as printed.
    pub fn number(&self) -> String {
        format!("{}{}", self.prefix, self.issued.number)
    }
}

impl LineLicence {
    /// What is printed for it: the names of product and plan in a language.
    pub fn name(&self, seller: &Seller, language: &Language) -> String {
        let fallback = &seller.settings.language;
        let product = seller.catalogue.product(self.product);
        let plan = product.and_then(|product| product.plan(self.plan));
        let names = [product.map(|product| &product.names), plan.map(|plan| &plan.names)];
        let words = names.into_iter().flatten().filter_map(|n| n.in_language(language, fallback));
        words.collect::<Vec<&str>>().join(", ")
    }
}

impl Line {
    /// What is printed for it in a language.
    pub fn title(&self, seller: &Seller, language: &Language) -> String {
        let name = self.licence.name(seller, language);
        match &self.credit {
            None => name,
            Some(credit) => credit.title(&name, language),
        }
    }
}

impl LineCredit {
    /// What a line says of the unused part of a grant.
    pub fn of(unused: &Unused) -> Self {
        Self {
            grant: unused.of.grant,
            from: unused.from,
            to: unused.to,
            days: unused.share.days,
            of_days: unused.share.of,
            value: unused.value,
        }
    }

    fn title(&self, name: &str, language: &Language) -> String {
        let Self { days, of_days, .. } = self;
        match language.as_str() {
            "ru" => format!("Зачёт неиспользованного: {name} ({days} из {of_days} дн.)"),
            "es" => format!("Abono de lo no utilizado: {name} ({days} de {of_days} días)"),
            "sv" => format!("Kreditering av outnyttjat: {name} ({days} av {of_days} dagar)"),
            _ => format!("Credit for what is unused: {name} ({days} of {of_days} days)"),
        }
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

    /// Revenue and tax of all that it charges: the taxes of the document, without its credits.
    fn postings(&self) -> Result<Vec<(Account, Money)>, MoneyError> {
        let mut postings = Vec::new();
        let mut post = |tax: &TaxSubtotal, sign: i64| {
            postings.push((Account::DeferredRevenue, tax.base.times(sign)?));
            if let Some(rate) = tax.rate {
                postings.push((Account::TaxPayable(rate), tax.tax.times(sign)?));
            }
            Ok::<_, MoneyError>(())
        };
        for tax in &self.taxes {
            post(tax, 1)?;
        }
        // The credits stand in the document's taxes with a minus: without them.
        for (line, _) in self.credits() {
            post(&tax::split_inclusive(line.total, line.rate)?, -1)?;
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
    /// What is still to be paid.
    pub fn outstanding(&self) -> Money {
        let rest = self.document.total.minor.saturating_sub(self.state.paid.minor);
        Money::new(rest, self.document.total.currency)
    }
}
