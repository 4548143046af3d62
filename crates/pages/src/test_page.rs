//! What is done on the test provider's page: see the checkout, say how it goes.

use crate::asked::{self, Form};
use crate::dispatch::{NoPage, Pages, trouble};
use crate::page::TestPage;
use crate::policy::see_other;
use crate::sandbox::{Sent, Test, TestProvider, read};
use abono_documents::locale::Locale;
use abono_http::path;
use abono_http::reply::Reply;
use axum::body::Body;
use http::request::Parts;
use uuid::Uuid;

pub(crate) fn show(pages: &Pages, key: &str, parts: &Parts) -> Result<Reply, NoPage> {
    let (_, _, test) = find(pages, key)?;
    let own = || Locale::of(&test.checkout.language);
    let locale = asked::in_query(parts).unwrap_or_else(own);
    Ok(pages.policy.page(200, TestPage::html(&test, locale)?))
}

pub(crate) async fn choose(
    pages: &Pages,
    key: &str,
    parts: &Parts,
    body: Body,
) -> Result<Reply, NoPage> {
    let form = Form::of(parts, body).await;
    let (key, provider, test) = find(pages, key)?;
    let Sent { choice, manners } = form.as_ref().and_then(read).ok_or(NoPage::Form)?;
    if let Some(manners) = manners {
        provider.behave(manners);
    }
    provider.choose(key, choice);
    see_other(&test.checkout.back).ok_or_else(|| trouble(&"no address to go back to"))
}

/// A checkout, as one request more of it.
fn find<'p>(pages: &'p Pages, key: &str) -> Result<(Uuid, &'p dyn TestProvider, Test), NoPage> {
    let provider = pages.settings.test_provider.as_deref().ok_or(NoPage::UnknownLink)?;
    let key = path::uuid(key).ok_or(NoPage::UnknownLink)?;
    let test = provider.shown(key).ok_or(NoPage::UnknownLink)?;
    pages.count(key)?;
    Ok((key, provider, test))
}
