//! The page: every text as it is printed, in the order in which it stands.

use super::because::Tree;
use super::means::{Fact, Payment};
use super::position::Position;
use super::sums::Sums;
use super::tax::TaxRow;
use super::{PaymentRequest, PrintError, STYLE};
use crate::locale::Words;
use crate::roubles;
use abono_domain::customer::Payer;
use abono_domain::document::DocumentStatus;
use abono_domain::document::explain::Because;
use abono_domain::money::Money;
use abono_domain::tax::CustomerKind;
use askama::Template;
use jiff::civil::Date;

/// Seller or payer.
#[derive(Debug)]
struct Party {
    label: &'static str,
    name: String,
    facts: Vec<Fact>,
}

/// A day, for machines and as printed.
#[derive(Debug)]
struct Day {
    iso: String,
    text: String,
}

/// What the template prints.
#[derive(Debug, Template)]
#[template(path = "payment_request.html")]
pub(super) struct Page {
    lang: &'static str,
    words: &'static Words,
    style: &'static str,
    number: String,
    issued: Day,
    valid_until: Option<Day>,
    status: Option<&'static str>,
    parties: [Party; 2],
    positions: Vec<Position>,
    taxes: Vec<TaxRow>,
    sums: Vec<Fact>,
    due: String,
    in_words: Option<String>,
    count: String,
    signed: Vec<&'static str>,
    payment: Option<Payment>,
    because: Because,
}

impl Page {
    /// # Errors
    /// [`PrintError`].
    pub(super) fn of(request: &PaymentRequest<'_>) -> Result<Self, PrintError> {
        let (document, locale) = (request.document, request.locale);
        let sums = Sums::of(request)?;
        let day = |date: Date| Day { iso: date.to_string(), text: locale.date(date) };
        let positions = document.lines.iter().map(|line| Position::of(line, request));
        let taxes = document.taxes.iter().map(|tax| TaxRow::of(tax, locale));
        let is_asked = sums.due.minor > 0;
        let payment = is_asked.then(|| Payment::of(request, &sums)).transpose()?;
        let in_words = if is_asked { sums.due } else { sums.total };
        let because = document.because(request.seller, request.numbers, &[])?;
        Ok(Self {
            lang: locale.as_str(),
            words: locale.words(),
            style: STYLE,
            number: document.number(),
            issued: day(document.issued.on),
            valid_until: document.valid_until.map(day),
            status: status(request, is_asked),
            parties: [seller(request), payer(request)],
            positions: positions.collect::<Result<_, _>>()?,
            taxes: taxes.collect::<Result<_, _>>()?,
            sums: listed(request, &sums)?,
            due: locale.money(sums.due),
            in_words: roubles::in_words(in_words),
            count: count(request, sums.total),
            signed: signed(request),
            payment,
            because,
        })
    }

    /// The derivation, as a list in a list.
    fn tree(&self) -> Tree<'_> {
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

/// How many positions there are, and what they come to.
fn count(request: &PaymentRequest<'_>, total: Money) -> String {
    let [count, sum] = request.locale.words().sums.count;
    let (lines, total) = (request.document.lines.len(), request.locale.money(total));
    format!("{count} {lines}, {sum} {total}")
}

/// Who signs on paper: in Russia the company's director and accountant, or the sole trader, who
/// has no KPP.
fn signed(request: &PaymentRequest<'_>) -> Vec<&'static str> {
    let words = &request.locale.words().signed;
    let identity = &request.issuer.identity;
    match (identity.country.as_str(), &identity.tax_registration) {
        ("RU", Some(_)) => vec![words.director, words.accountant],
        ("RU", None) => vec![words.entrepreneur],
        _ => Vec::new(),
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
