//! What stands on a request in every form that it is shown in: every text as it is read.

use super::because::Tree;
use super::fact::Fact;
use super::position::Position;
use super::sums::Sums;
use super::tax::TaxRow;
use super::{PaymentRequest, PrintError};
use crate::locale::Words;
use abono_domain::customer::Payer;
use abono_domain::document::explain::Because;
use abono_domain::document::{DocumentKind, DocumentStatus};
use abono_domain::money::Money;
use abono_domain::tax::CustomerKind;
use std::fmt::Display;

/// Seller or payer, as printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Which of the two.
    pub label: &'static str,
    /// Its name.
    pub name: String,
    /// Its numbers and its address.
    pub facts: Vec<Fact>,
}

/// What stands on a request, in its language.
#[derive(Clone, Debug)]
pub struct Content {
    /// What it is, with its number.
    pub title: String,
    /// What is to be said of a request that isn't to be paid.
    pub status: Option<&'static str>,
    /// Seller and payer.
    pub parties: [Party; 2],
    /// What is sold, and then what is credited.
    pub positions: Vec<Position>,
    /// The tax of each rate.
    pub taxes: Vec<TaxRow>,
    /// The total with the tax inside, and what is already there.
    pub sums: Vec<Fact>,
    /// What is to be paid now.
    pub due: Fact,
    /// The same as an amount.
    pub amount_due: Money,
    /// What the derivation is called.
    pub derivation_title: &'static str,
    because: Because,
}

impl Content {
    /// What stands on a request.
    ///
    /// # Errors
    /// [`PrintError`].
    pub fn of(request: &PaymentRequest<'_>) -> Result<Self, PrintError> {
        let kind = request.document.kind;
        if kind != DocumentKind::PaymentRequest {
            return Err(PrintError::NotARequest(kind));
        }
        Self::with(request, &Sums::of(request)?)
    }

    /// # Errors
    /// [`PrintError`].
    pub(super) fn with(request: &PaymentRequest<'_>, sums: &Sums) -> Result<Self, PrintError> {
        let (document, locale) = (request.document, request.locale);
        let words = locale.words();
        let positions = document.lines.iter().map(|line| Position::of(line, request));
        let taxes = document.taxes.iter().map(|tax| TaxRow::of(tax, locale));
        Ok(Self {
            title: format!("{} {} {}", words.title, words.number, document.number()),
            status: status(request, sums.due.minor > 0),
            parties: [seller(request), payer(request)],
            positions: positions.collect::<Result<_, _>>()?,
            taxes: taxes.collect::<Result<_, _>>()?,
            sums: listed(request, sums)?,
            due: Fact::new(words.sums.due, locale.money(sums.due)),
            amount_due: sums.due,
            derivation_title: words.because.title,
            because: document.because(request.seller, request.numbers, &[])?,
        })
    }

    /// The derivation as HTML, in English: a figure, with a list of those that it follows from.
    pub fn derivation(&self) -> impl Display + '_ {
        Tree::new(&self.because)
    }
}

/// What is to be said of a request that isn't to be paid.
fn status(request: &PaymentRequest<'_>, is_asked: bool) -> Option<&'static str> {
    let words = &request.locale.words().status;
    match request.state.status {
        DocumentStatus::Pending | DocumentStatus::Issued if is_asked => None,
        DocumentStatus::Pending | DocumentStatus::Issued => Some(words.covered),
        DocumentStatus::Paid => Some(words.paid),
        DocumentStatus::Canceled => Some(words.canceled),
        DocumentStatus::Refunded => Some(words.refunded),
    }
}

/// The total with the tax inside, and what is already there.
fn listed(request: &PaymentRequest<'_>, sums: &Sums) -> Result<Vec<Fact>, PrintError> {
    let (locale, words) = (request.locale, &request.locale.words().sums);
    let mut facts = vec![Fact::new(words.total, locale.money(sums.total))];
    for tax in &request.document.taxes {
        let name = super::tax::name(tax.of, locale);
        facts.push(if super::tax::is_charged(tax.of) {
            Fact::new(format!("{} {name}", words.including), locale.money(tax.tax))
        } else {
            Fact::new(name, "\u{2013}")
        });
    }
    for (label, amount) in [(words.paid, sums.paid), (words.balance, sums.balance)] {
        if amount.minor != 0 {
            let less = sums.total.minus(amount)?.minus(sums.total)?;
            facts.push(Fact::new(label, locale.money(less)));
        }
    }
    Ok(facts)
}

fn seller(request: &PaymentRequest<'_>) -> Party {
    let (words, identity) = (request.locale.words(), &request.issuer.identity);
    let is_vat = identity.country != "RU" && identity.check_vat_number().is_ok();
    let mut facts = numbers(
        words,
        (&identity.country, is_vat),
        &identity.tax_id,
        identity.tax_registration.as_deref(),
        identity.registration_number.as_deref(),
    );
    facts.push(Fact::new(words.address, identity.address.as_str()));
    Party { label: words.seller, name: identity.name.clone(), facts }
}

/// The payer as the document names it; its address is only in its own revision.
fn payer(request: &PaymentRequest<'_>) -> Party {
    let (words, payer) = (request.locale.words(), &request.document.payer);
    let tax_registration = payer.tax_registration.as_deref();
    let same = |it: &&Payer| it.id == payer.id && it.revision == payer.revision;
    let country = (payer.country.as_str(), payer.kind == CustomerKind::VatRegistered);
    let identity = request.payer.filter(same).map(|it| &it.identity);
    let registration = identity.and_then(|it| it.registration_number.as_deref());
    let mut facts = numbers(words, country, &payer.tax_id, tax_registration, registration);
    facts.extend(identity.map(|it| Fact::new(words.address, it.address.as_str())));
    Party { label: words.payer, name: payer.name.clone(), facts }
}

/// The numbers of a company or person, as its country calls them; the tax number may be known to be
/// one for VAT.
fn numbers(
    words: &Words,
    (country, is_vat): (&str, bool),
    tax_id: &str,
    tax_registration: Option<&str>,
    registration_number: Option<&str>,
) -> Vec<Fact> {
    let [tax, registration, register] = match country {
        "RU" => [words.inn, words.kpp, words.ogrn],
        _ if is_vat => [words.vat_number, words.tax_number, words.register_number],
        _ => [words.tax_number, words.tax_number, words.register_number],
    };
    let numbers = [
        (tax, Some(tax_id).filter(|it| !it.is_empty())),
        (registration, tax_registration),
        (register, registration_number),
    ];
    let said = numbers.into_iter().filter_map(|(label, it)| Some(Fact::new(label, it?)));
    said.collect()
}
