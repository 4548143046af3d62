//! What surrounds every page: its head, who sells, and the other languages.

use crate::words::{self, Words};
use abono_documents::locale::Locale;

/// The one style sheet of the pages, as it stands in their `<style>`: the policy names its hash.
pub const STYLE: &str = include_str!("../../templates/pages.css");

/// A language that a page can be read in.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) lang: &'static str,
    pub(super) name: &'static str,
    pub(super) is_current: bool,
}

/// What surrounds a page.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) lang: &'static str,
    pub(super) style: &'static str,
    pub(super) title: String,
    /// Who sells; empty where that isn't known.
    pub(super) seller: String,
    /// What the choice of a language is called.
    pub(super) language: &'static str,
    /// What can be chosen; empty where the address can't be opened in another one.
    pub(super) languages: Vec<Choice>,
}

impl Frame {
    /// Around a page whose address reads `?lang=`.
    pub(super) fn new(locale: Locale, title: String, seller: &str) -> Self {
        let choice = |it: Locale| Choice {
            lang: it.as_str(),
            name: words::own_name(it),
            is_current: it == locale,
        };
        let languages = Locale::ALL.into_iter().map(choice).collect();
        Self { languages, ..Self::alone(locale, title, seller) }
    }

    /// Around a page that is answered in one language.
    pub(super) fn alone(locale: Locale, title: String, seller: &str) -> Self {
        let Words { language, .. } = words::of(locale);
        Self {
            lang: locale.as_str(),
            style: STYLE,
            title,
            seller: seller.to_owned(),
            language,
            languages: Vec::new(),
        }
    }
}
