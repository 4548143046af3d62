//! The printed payment request: an A4 page that says what is asked for, why, and how it is paid.

mod because;
mod content;
mod fact;
mod means;
mod page;
mod position;
mod purpose;
mod reference;
mod sums;
mod tax;

pub use content::{Content, Party};
pub use fact::Fact;
pub use position::Position;
pub use reference::{ocr, rf};
pub use tax::TaxRow;

use crate::locale::Locale;
use abono_domain::customer::Payer;
use abono_domain::document::{Document, DocumentKind, DocumentState};
use abono_domain::ids::GrantId;
use abono_domain::money::{Money, MoneyError};
use abono_domain::pricing::PriceRefusal;
use abono_domain::seller::{LegalEntity, Seller};
use askama::Template;
use std::collections::BTreeMap;

/// The one style sheet of a page, as it stands in its `<style>`: a policy may name its hash.
pub const STYLE: &str = include_str!("../../templates/payment_request.css");

/// What a payment request is printed from.
#[derive(Clone, Copy, Debug)]
pub struct PaymentRequest<'a> {
    /// What was issued.
    pub document: &'a Document,
    /// What became of it.
    pub state: &'a DocumentState,
    /// The version of the seller that it was made with.
    pub seller: &'a Seller,
    /// The company that issued it.
    pub issuer: &'a LegalEntity,
    /// Who pays: its address is printed where this is the revision that the document names.
    pub payer: Option<&'a Payer>,
    /// What the customer has with the company, in the currency of the document: it is used first.
    pub credit: Money,
    /// The numbers of the documents that gave what is credited.
    pub numbers: &'a BTreeMap<GrantId, String>,
    /// The language.
    pub locale: Locale,
}

/// Why it can't be printed.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// It asks for no payment in advance.
    #[error("a document of the kind `{}` is no payment request", .0.as_str())]
    NotARequest(DocumentKind),
    /// A figure is out of range, or the credit is in another currency.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A price doesn't derive.
    #[error(transparent)]
    Price(#[from] PriceRefusal),
    /// The page could not be put together.
    #[error("the page could not be put together: {0}")]
    Page(#[from] askama::Error),
}

/// The page in HTML and UTF-8: whole by itself, without scripts, with one style sheet inside.
///
/// # Errors
/// [`PrintError`].
pub fn html(request: &PaymentRequest<'_>) -> Result<String, PrintError> {
    let kind = request.document.kind;
    if kind != DocumentKind::PaymentRequest {
        return Err(PrintError::NotARequest(kind));
    }
    Ok(page::Page::of(request)?.render()?)
}
