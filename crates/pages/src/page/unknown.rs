//! The page while nobody knows whether a payment went through.

use super::frame::Frame;
use super::{PageError, Visit, printed};
use crate::words::{self, Words};
use abono_documents::payment_request::Content;
use askama::Template;

/// The page.
#[derive(Debug, Template)]
#[template(path = "unknown.html")]
pub(super) struct Page<'a> {
    frame: Frame,
    words: &'static Words,
    token: &'a str,
    title: String,
    total: String,
    /// Whether the provider is known to have taken the attempt on, so that it can be asked how it
    /// stands. Else only paying again finds out: under the same key it is the same attempt.
    is_open: bool,
}

impl<'a> Page<'a> {
    /// # Errors
    /// [`PageError`].
    pub(super) fn of(visit: &Visit<'a>, is_open: bool) -> Result<Self, PageError> {
        let Visit { page, token, locale, .. } = *visit;
        let words = words::of(locale);
        let Content { title, .. } = Content::of(&printed(&page.printed, locale)?)?;
        let head = format!("{}: {title}", words.unknown.state);
        let frame = Frame::new(locale, head, &page.printed.seller.settings.name);
        let total = locale.money(page.printed.view.document.total);
        Ok(Self { frame, words, token, title, total, is_open })
    }
}
