//! The page after which there is none: what happened, and what the buyer has now.

use super::frame::Frame;
use super::when::When;
use super::{PageError, Visit, language, printed};
use crate::words::{self, Trouble, Words};
use abono_documents::payment_request::Content;
use abono_domain::ids::PlanId;
use abono_domain::seller::Seller;
use abono_engine::checkout::{LicenceNow, PayStanding};
use askama::Template;

/// What the buyer has.
#[derive(Debug)]
struct Licence {
    /// Product and plan, each with its label; none where the seller's version doesn't know them.
    names: Vec<(&'static str, String)>,
    quantity: String,
    until: When,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "last.html")]
pub(super) struct Page<'a> {
    frame: Frame,
    words: &'static Words,
    token: &'a str,
    title: String,
    end: &'static Trouble,
    is_good: bool,
    total: String,
    licence: Option<Licence>,
}

impl<'a> Page<'a> {
    /// # Errors
    /// [`PageError`].
    pub(super) fn of(visit: &Visit<'a>) -> Result<Self, PageError> {
        let Visit { page, token, locale, .. } = *visit;
        let words = words::of(locale);
        let Content { title, .. } = Content::of(&printed(&page.printed, locale)?)?;
        let end = end(&page.standing, words);
        let head = format!("{}: {title}", end.title);
        let licence = page.licence.as_ref().map(|it| Licence::of(it, visit)).transpose()?;
        Ok(Self {
            frame: Frame::new(locale, head, &page.printed.seller.settings.name),
            words,
            token,
            title,
            end,
            is_good: page.standing == PayStanding::Paid,
            total: locale.money(page.printed.view.document.total),
            licence,
        })
    }
}

/// What is said of how it ended.
const fn end(standing: &PayStanding, words: &'static Words) -> &'static Trouble {
    match standing {
        PayStanding::Paid => &words.last.paid,
        PayStanding::Refunded => &words.last.refunded,
        PayStanding::Canceled | PayStanding::Payable { .. } | PayStanding::Unknown { .. } => {
            &words.last.canceled
        }
    }
}

impl Licence {
    fn of(licence: &LicenceNow, visit: &Visit<'_>) -> Result<Self, PageError> {
        let printed = &visit.page.printed;
        Ok(Self {
            names: names(&printed.seller, licence.plan, visit),
            quantity: licence.quantity.to_string(),
            until: When::of(licence.ends_at, &printed.customer, visit.locale)?,
        })
    }
}

fn names(seller: &Seller, plan: PlanId, visit: &Visit<'_>) -> Vec<(&'static str, String)> {
    let words = &words::of(visit.locale).licence;
    let (wanted, fallback) = (language(visit.locale), &seller.settings.language);
    let mut products = seller.catalogue.products.iter();
    let found = products.find_map(|product| Some((product, product.plan(plan)?)));
    let Some((product, plan)) = found else { return Vec::new() };
    let of = [(words.product, &product.names), (words.plan, &plan.names)];
    let named = of.into_iter().filter_map(|(label, names)| {
        Some((label, names.in_language(&wanted, fallback)?.to_owned()))
    });
    named.collect()
}
