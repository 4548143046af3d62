//! The page on which a buyer pays: what it is for, what it comes to and why, and one button.

use super::frame::Frame;
use super::when::When;
use super::{Notice, PAGE_MAX, PageError, Visit, printed};
use crate::words::{self, Trouble, Words, fill};
use abono_documents::payment_request::{Content, Position};
use askama::Template;

/// How much is explained. Less of it where a page would grow too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    /// The first positions, and how many more there are.
    Short,
    /// All positions.
    Positions,
    /// Each position with how its amount came about.
    Explained,
    /// The derivation besides.
    Derived,
}

/// Positions of a short page.
const FIRST: usize = 20;

impl Detail {
    const MOST_FIRST: [Self; 4] = [Self::Derived, Self::Explained, Self::Positions, Self::Short];

    fn explains(self) -> bool {
        self >= Self::Explained
    }

    fn derives(self) -> bool {
        self >= Self::Derived
    }

    const fn positions(self) -> usize {
        match self {
            Self::Short => FIRST,
            Self::Positions | Self::Explained | Self::Derived => usize::MAX,
        }
    }
}

/// What went wrong before.
#[derive(Debug)]
struct Alert<'a> {
    trouble: &'static Trouble,
    /// The provider's own words.
    why: Option<&'a str>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "payable.html")]
struct Page<'a> {
    frame: Frame,
    words: &'static Words,
    token: &'a str,
    content: Content,
    alert: Option<Alert<'a>>,
    before: When,
    /// What the button says.
    button: String,
    /// Whether something is left to be paid, beside what the balance covers.
    is_due: bool,
    detail: Detail,
}

/// The page of a request that can be paid. `declined` says why the last attempt came to nothing.
///
/// # Errors
/// [`PageError`].
pub(super) fn html(visit: &Visit<'_>, declined: Option<&str>) -> Result<String, PageError> {
    let mut page = Page::of(visit, declined)?;
    let mut html = String::new();
    for detail in Detail::MOST_FIRST {
        page.detail = detail;
        html = page.render()?;
        if html.len() < PAGE_MAX {
            break;
        }
    }
    Ok(html)
}

impl<'a> Page<'a> {
    fn of(visit: &Visit<'a>, declined: Option<&'a str>) -> Result<Self, PageError> {
        let Visit { page, token, locale, notice } = *visit;
        let words = words::of(locale);
        let content = Content::of(&printed(&page.printed, locale)?)?;
        let alert = alert(words, notice, declined);
        let state = alert.as_ref().map_or(words.pay.state, |it| it.trouble.title);
        let title = format!("{state}: {}", content.title);
        let is_due = content.amount_due.minor > 0;
        Ok(Self {
            frame: Frame::new(locale, title, &page.printed.seller.settings.name),
            words,
            token,
            alert,
            before: When::of(page.ends_at, &page.printed.customer, locale)?,
            button: match is_due {
                true => fill(words.pay.button, &content.due.value),
                false => words.pay.from_balance.to_owned(),
            },
            is_due,
            content,
            detail: Detail::Derived,
        })
    }

    fn positions(&self) -> impl Iterator<Item = &Position> {
        self.content.positions.iter().take(self.detail.positions())
    }

    /// That there are more positions than are shown.
    fn more(&self) -> Option<String> {
        let more = self.content.positions.len().saturating_sub(self.detail.positions());
        (more > 0).then(|| fill(self.words.pay.more, &more.to_string()))
    }
}

/// What is said of the last attempt: of the one just now before one that was declined.
fn alert<'a>(
    words: &'static Words,
    notice: Option<Notice>,
    declined: Option<&'a str>,
) -> Option<Alert<'a>> {
    let just_now = |trouble| Some(Alert { trouble, why: None });
    match notice {
        Some(Notice::Refused) => just_now(&words.pay.refused),
        Some(Notice::NoCards) => just_now(&words.pay.no_cards),
        None => {
            let said = |why: &&str| !why.trim().is_empty();
            declined.map(|why| Alert { trouble: &words.pay.declined, why: Some(why).filter(said) })
        }
    }
}
