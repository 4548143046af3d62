//! What is said instead of a page, without a word about our inside.

use super::PageError;
use super::frame::Frame;
use crate::words::{self, Trouble};
use abono_documents::locale::Locale;
use askama::Template;

/// Why there is no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// The link is none of ours, or leads to nothing.
    UnknownLink,
    /// The address has no such method.
    Method,
    /// The form can't be read.
    Form,
    /// Asked too often.
    TooOften,
    /// Something failed.
    Trouble,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "wrong.html")]
pub(crate) struct WrongPage {
    frame: Frame,
    wrong: &'static Trouble,
}

impl WrongPage {
    /// The page in a language.
    ///
    /// # Errors
    /// [`PageError`].
    pub(crate) fn html(wrong: Wrong, locale: Locale) -> Result<String, PageError> {
        let words = &words::of(locale).wrong;
        let wrong = match wrong {
            Wrong::UnknownLink => &words.unknown_link,
            Wrong::Method => &words.method,
            Wrong::Form => &words.form,
            Wrong::TooOften => &words.too_often,
            Wrong::Trouble => &words.trouble,
        };
        let frame = Frame::alone(locale, wrong.title.to_owned(), "");
        Ok(Self { frame, wrong }.render()?)
    }
}
