//! The page: the content with how it is paid and signed, in the order in which it is printed.

use super::content::Content;
use super::means::Payment;
use super::sums::Sums;
use super::{PaymentRequest, PrintError, STYLE};
use crate::locale::Words;
use crate::roubles;
use abono_domain::money::Money;
use askama::Template;
use jiff::civil::Date;

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
    content: Content,
    issued: Day,
    valid_until: Option<Day>,
    in_words: Option<String>,
    count: String,
    signed: Vec<&'static str>,
    payment: Option<Payment>,
}

impl Page {
    /// # Errors
    /// [`PrintError`].
    pub(super) fn of(request: &PaymentRequest<'_>) -> Result<Self, PrintError> {
        let (document, locale) = (request.document, request.locale);
        let sums = Sums::of(request)?;
        let day = |date: Date| Day { iso: date.to_string(), text: locale.date(date) };
        let is_asked = sums.due.minor > 0;
        let payment = is_asked.then(|| Payment::of(request, &sums)).transpose()?;
        let in_words = if is_asked { sums.due } else { sums.total };
        Ok(Self {
            lang: locale.as_str(),
            words: locale.words(),
            style: STYLE,
            content: Content::with(request, &sums)?,
            issued: day(document.issued.on),
            valid_until: document.valid_until.map(day),
            in_words: roubles::in_words(in_words),
            count: count(request, sums.total),
            signed: signed(request),
            payment,
        })
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
