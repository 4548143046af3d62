//! The pages themselves: what the engine says of a link in, HTML out. Nothing is looked up here.

mod frame;
mod last;
mod payable;
mod sandbox;
mod unknown;
mod when;
mod wrong;

pub use frame::STYLE;
pub(crate) use sandbox::TestPage;
pub(crate) use wrong::{Wrong, WrongPage};

use abono_documents::locale::Locale;
use abono_documents::payment_request::{PaymentRequest, PrintError};
use abono_domain::calendar::CalendarError;
use abono_domain::language::Language;
use abono_engine::checkout::{PayPage, PayStanding};
use abono_engine::views::Printed;
use askama::Template;

/// No page is longer, in bytes: what explains is left out before, and stands on the printed
/// request.
pub const PAGE_MAX: usize = 50_000;

/// What a link shows, and to whom.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// What the engine says of it.
    pub page: &'a PayPage,
    /// The link's token.
    pub token: &'a str,
    /// In which language.
    pub locale: Locale,
    /// What came of wanting to pay just now, where it was nothing.
    pub notice: Option<Notice>,
}

/// Why a buyer who wanted to pay is still here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The provider refused to start it.
    Refused,
    /// Nobody takes cards here.
    NoCards,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The company that issued the request is not in its seller's version.
    #[error("the company that issued the request is not in its seller's version")]
    NoIssuer,
    /// The customer's zone is none.
    #[error(transparent)]
    Zone(#[from] CalendarError),
    /// What stands on the request can't be said.
    #[error(transparent)]
    Print(#[from] PrintError),
    /// The page could not be put together.
    #[error("the page could not be put together: {0}")]
    Page(#[from] askama::Error),
}

/// The page of a link.
///
/// # Errors
/// [`PageError`].
pub fn html(visit: &Visit<'_>) -> Result<String, PageError> {
    match &visit.page.standing {
        PayStanding::Payable { declined } => payable::html(visit, declined.as_deref()),
        PayStanding::Unknown { is_open, .. } => Ok(unknown::Page::of(visit, *is_open)?.render()?),
        PayStanding::Paid | PayStanding::Refunded | PayStanding::Canceled => {
            Ok(last::Page::of(visit)?.render()?)
        }
    }
}

/// What a request is printed from, in a language.
///
/// # Errors
/// [`PageError::NoIssuer`].
pub fn printed(printed: &Printed, locale: Locale) -> Result<PaymentRequest<'_>, PageError> {
    let Printed { view, seller, customer, credit, numbers } = printed;
    let document = &view.document;
    let issuer = seller.legal_entity(document.series.legal_entity);
    Ok(PaymentRequest {
        document,
        state: &view.state,
        seller,
        issuer: issuer.ok_or(PageError::NoIssuer)?,
        payer: customer.payers.iter().find(|payer| payer.id == document.payer.id),
        credit: *credit,
        numbers,
        locale,
    })
}

/// A name in the language of a page, else in the seller's.
pub(crate) fn language(locale: Locale) -> Language {
    Language::parse(locale.as_str()).unwrap_or(Language::ENGLISH)
}
