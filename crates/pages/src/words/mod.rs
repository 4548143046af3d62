//! What the pages say, in each language. What stands on a request itself is said by `documents`.

mod en;
mod es;
mod ru;
mod sv;

use abono_documents::locale::Locale;

/// The words of a language. A text with `{}` has one place for a value.
#[derive(Debug)]
pub(crate) struct Words {
    /// What the choice of a language is called.
    pub(crate) language: &'static str,
    pub(crate) pay: Pay,
    pub(crate) unknown: Unknown,
    pub(crate) last: Last,
    pub(crate) licence: Licence,
    pub(crate) sandbox: Sandbox,
    pub(crate) wrong: Wrong,
}

/// The page on which a buyer pays.
#[derive(Debug)]
pub(crate) struct Pay {
    /// The state, for the title.
    pub(crate) state: &'static str,
    pub(crate) button: &'static str,
    /// What the button says where the balance covers everything.
    pub(crate) from_balance: &'static str,
    /// Where the button leads.
    pub(crate) leads: &'static str,
    pub(crate) transfer: &'static str,
    pub(crate) before: &'static str,
    pub(crate) bought: &'static str,
    /// How one position came about.
    pub(crate) because: &'static str,
    /// So many positions more.
    pub(crate) more: &'static str,
    pub(crate) sums: &'static str,
    pub(crate) declined: Trouble,
    pub(crate) refused: Trouble,
    pub(crate) no_cards: Trouble,
    /// What stands before the provider's own words.
    pub(crate) why: &'static str,
}

/// Something went wrong: what in a few words, and what it means.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
}

/// The page while nobody knows.
#[derive(Debug)]
pub(crate) struct Unknown {
    pub(crate) state: &'static str,
    pub(crate) text: &'static str,
    pub(crate) again: &'static str,
    pub(crate) button: &'static str,
    /// To the attempt that is under way, at the provider.
    pub(crate) go_on: &'static str,
}

/// The page after which there is none.
#[derive(Debug)]
pub(crate) struct Last {
    pub(crate) paid: Trouble,
    pub(crate) refunded: Trouble,
    pub(crate) canceled: Trouble,
    pub(crate) total: &'static str,
    pub(crate) print: &'static str,
}

/// What the buyer has.
#[derive(Debug)]
pub(crate) struct Licence {
    pub(crate) title: &'static str,
    pub(crate) product: &'static str,
    pub(crate) plan: &'static str,
    pub(crate) quantity: &'static str,
    pub(crate) until: &'static str,
    pub(crate) none: &'static str,
}

/// The test provider's page.
#[derive(Debug)]
pub(crate) struct Sandbox {
    pub(crate) title: &'static str,
    pub(crate) banner: &'static str,
    pub(crate) amount: &'static str,
    pub(crate) what_for: &'static str,
    pub(crate) state: &'static str,
    pub(crate) open: &'static str,
    pub(crate) paid: &'static str,
    pub(crate) declined: &'static str,
    pub(crate) expired: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) approve: &'static str,
    pub(crate) decline: &'static str,
    pub(crate) later: &'static str,
    pub(crate) button: &'static str,
    pub(crate) manners: &'static str,
    pub(crate) twice: &'static str,
    pub(crate) late: &'static str,
    pub(crate) reversed: &'static str,
    pub(crate) lost: &'static str,
    pub(crate) back: &'static str,
}

/// What isn't answered with a page of its own.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) unknown_link: Trouble,
    pub(crate) method: Trouble,
    pub(crate) form: Trouble,
    pub(crate) too_often: Trouble,
    pub(crate) trouble: Trouble,
}

/// The words of a language.
pub(crate) const fn of(locale: Locale) -> &'static Words {
    match locale {
        Locale::English => &en::WORDS,
        Locale::Russian => &ru::WORDS,
        Locale::Spanish => &es::WORDS,
        Locale::Swedish => &sv::WORDS,
    }
}

/// What a language calls itself.
pub(crate) const fn own_name(locale: Locale) -> &'static str {
    match locale {
        Locale::English => "English",
        Locale::Russian => "Русский",
        Locale::Spanish => "Español",
        Locale::Swedish => "Svenska",
    }
}

/// A text with a value in its place.
pub(crate) fn fill(text: &str, value: &str) -> String {
    text.replacen("{}", value, 1)
}
