//! What is done under a seller's link: see what is to be paid, pay it, see what came of it.

use crate::asked::{self, Form};
use crate::dispatch::{NoPage, Pages, trouble};
use crate::page::{self, Notice, PageError, Visit};
use crate::policy::see_other;
use abono_documents::locale::Locale;
use abono_documents::payment_request::{self, PrintError};
use abono_domain::language::Language;
use abono_engine::checkout::{PayPage, Paying};
use abono_engine::links::PayLink;
use abono_http::reply::Reply;
use axum::body::Body;
use http::request::Parts;

/// No token of ours is longer.
const TOKEN_MAX: usize = 256;

/// A link with what it leads to.
struct Opened<'a> {
    link: PayLink,
    token: &'a str,
    page: PayPage,
    locale: Locale,
}

/// A page that can't be made of what isn't a payment request is a link that leads to none.
impl From<PageError> for NoPage {
    fn from(error: PageError) -> Self {
        match error {
            PageError::Print(PrintError::NotARequest(_)) => Self::UnknownLink,
            PageError::Print(_) | PageError::NoIssuer | PageError::Zone(_) | PageError::Page(_) => {
                trouble(&error)
            }
        }
    }
}

pub(crate) async fn show(pages: &Pages, token: &str, parts: &Parts) -> Result<Reply, NoPage> {
    let link = counted(pages, token)?;
    shown(pages, &open(pages, link, token, asked::in_query(parts)).await?)
}

pub(crate) async fn start(
    pages: &Pages,
    token: &str,
    parts: &Parts,
    body: Body,
) -> Result<Reply, NoPage> {
    let form = Form::of(parts, body).await;
    let link = counted(pages, token)?;
    let form = form.ok_or(NoPage::Form)?;
    let wanted = form.locale().or_else(|| asked::in_query(parts));
    let opened = open(pages, link, token, wanted).await?;
    let own = pages.settings.public_url.trim_end_matches('/');
    let back = |language: &Language| format!("{own}{}", address(token, "/back", language.as_str()));
    let paying = pages.engine.pay(link, &page::language(opened.locale), back).await?;
    match paying {
        Paying::GoTo { url } => see_other(&url).ok_or_else(|| trouble(&"no address to pay at")),
        Paying::Unknown | Paying::NotPayable => on(&opened.address("")),
        Paying::Refused { trouble } => {
            tracing::warn!("the payment provider refused a checkout: {trouble}");
            noticed(pages, opened, Notice::Refused).await
        }
        Paying::NoProvider => noticed(pages, opened, Notice::NoCards).await,
    }
}

pub(crate) async fn back(pages: &Pages, token: &str, parts: &Parts) -> Result<Reply, NoPage> {
    let link = counted(pages, token)?;
    // What isn't answered now is asked again later: the page says how it stands until then.
    if let Err(failure) = pages.engine.ask_provider(link).await {
        tracing::warn!("the payment provider could not be asked: {failure}");
    }
    shown(pages, &open(pages, link, token, asked::in_query(parts)).await?)
}

/// The way back asks the provider, so this only leads there.
pub(crate) async fn ask(
    pages: &Pages,
    token: &str,
    parts: &Parts,
    body: Body,
) -> Result<Reply, NoPage> {
    let form = Form::of(parts, body).await;
    let link = counted(pages, token)?;
    let form = form.ok_or(NoPage::Form)?;
    let wanted = form.locale().or_else(|| asked::in_query(parts));
    let opened = open(pages, link, token, wanted).await?;
    on(&opened.address("/back"))
}

pub(crate) async fn print(pages: &Pages, token: &str, parts: &Parts) -> Result<Reply, NoPage> {
    let link = counted(pages, token)?;
    let opened = open(pages, link, token, asked::in_query(parts)).await?;
    let request = page::printed(&opened.page.printed, opened.locale)?;
    let html = payment_request::html(&request).map_err(PageError::Print)?;
    Ok(pages.policy.print(html))
}

impl Opened<'_> {
    /// An address under the link, in the same language.
    fn address(&self, rest: &str) -> String {
        address(self.token, rest, self.locale.as_str())
    }
}

fn address(token: &str, rest: &str, lang: &str) -> String {
    format!("/pay/{token}{rest}?lang={lang}")
}

/// What a token opens, as one request more of it.
fn counted(pages: &Pages, token: &str) -> Result<PayLink, NoPage> {
    let known = (token.len() <= TOKEN_MAX).then(|| pages.engine.read_pay_token(token));
    let link = known.flatten().ok_or(NoPage::UnknownLink)?;
    pages.count(link.document.0)?;
    Ok(link)
}

/// What a link leads to, in the language that is wanted, else the customer's, else English.
async fn open<'a>(
    pages: &Pages,
    link: PayLink,
    token: &'a str,
    wanted: Option<Locale>,
) -> Result<Opened<'a>, NoPage> {
    let page = pages.engine.pay_page(link).await?.ok_or(NoPage::UnknownLink)?;
    let own = || Locale::of(&page.printed.customer.profile.language);
    let locale = wanted.unwrap_or_else(own);
    Ok(Opened { link, token, page, locale })
}

fn shown(pages: &Pages, opened: &Opened<'_>) -> Result<Reply, NoPage> {
    let Opened { token, page, locale, .. } = opened;
    let visit = Visit { page, token, locale: *locale, notice: None };
    Ok(pages.policy.page(200, page::html(&visit)?))
}

/// The page as it is now, with a word about why the buyer is still there.
async fn noticed(pages: &Pages, before: Opened<'_>, notice: Notice) -> Result<Reply, NoPage> {
    let Opened { link, token, locale, .. } = before;
    let Opened { page, .. } = &open(pages, link, token, Some(locale)).await?;
    let visit = Visit { page, token, locale, notice: Some(notice) };
    Ok(pages.policy.page(503, page::html(&visit)?))
}

fn on(address: &str) -> Result<Reply, NoPage> {
    see_other(address).ok_or_else(|| trouble(&"no address to go on at"))
}
