//! The test provider's page: the buyer says how the payment goes.

use super::PageError;
use super::frame::Frame;
use crate::sandbox::{LATE_MAX, LOST_MAX, State, Test};
use crate::words::{self, Words};
use abono_documents::locale::Locale;
use askama::Template;
use uuid::Uuid;

/// The page.
#[derive(Debug, Template)]
#[template(path = "sandbox.html")]
pub(crate) struct TestPage<'a> {
    frame: Frame,
    words: &'static Words,
    key: Uuid,
    amount: String,
    description: &'a str,
    state: &'static str,
    is_open: bool,
    back: &'a str,
    late_max: u64,
    lost_max: u32,
}

impl<'a> TestPage<'a> {
    /// The page of a checkout.
    ///
    /// # Errors
    /// [`PageError`].
    pub(crate) fn html(test: &'a Test, locale: Locale) -> Result<String, PageError> {
        let words = words::of(locale);
        let Test { checkout, state } = test;
        let state_text = match state {
            State::Open => words.sandbox.open,
            State::Paid => words.sandbox.paid,
            State::Declined => words.sandbox.declined,
            State::Expired => words.sandbox.expired,
        };
        let title = format!("{}: {state_text}", words.sandbox.title);
        let page = Self {
            frame: Frame::new(locale, title, ""),
            words,
            key: checkout.key,
            amount: locale.money(checkout.amount),
            description: &checkout.description,
            state: state_text,
            is_open: *state == State::Open,
            back: &checkout.back,
            late_max: LATE_MAX.as_secs(),
            lost_max: LOST_MAX,
        };
        Ok(page.render()?)
    }
}
