//! The lines of a document: what is sold, what is credited, and how each amount came about.

use crate::catalogue::CreditTerms;
use crate::ids::{GrantId, PlanId, PriceId, ProductId};
use crate::language::Language;
use crate::licence::{Term, Unused};
use crate::money::{Money, MoneyError};
use crate::proration::{DayCount, Share};
use crate::quote::{Credit, Quote};
use crate::seller::Seller;
use crate::tax::LineTax;
use jiff::civil::Date;

/// A position of a document. Its subtotal less its discounts, with the tax that is added, is its
/// total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place, from 1.
    pub position: i64,
    /// What is printed.
    pub name: String,
    /// How many.
    pub quantity: i64,
    /// The price of one for a whole period; on average, where not all cost the same.
    pub unit_price: Money,
    /// Which price of the catalogue that is; `None` on a credit.
    pub price: Option<PriceId>,
    /// The part of a period that it charges or credits; all of one where nothing is said.
    pub part: Option<LinePart>,
    /// The amount before discounts; without tax, where that is added.
    pub subtotal: Money,
    /// What is taken off, in order (EN 16931, BG-27).
    pub discounts: Vec<LineDiscount>,
    /// How it is taxed; a credit as what it credits.
    pub tax: LineTax,
    /// The tax that is added; nothing where it is inside.
    pub tax_added: Money,
    /// What is to be paid for it, tax included; below zero on a credit.
    pub total: Money,
    /// The licence that it gives when it is paid, or that it credits.
    pub licence: LineLicence,
    /// What it credits; `None` where it charges.
    pub credit: Option<LineCredit>,
}

/// A part of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinePart {
    /// Its first day.
    pub from: Date,
    /// The first day that no longer belongs.
    pub to: Date,
    /// How many of the period's days, or seconds; more than all, where it spans several periods.
    pub share: Share,
    /// How they are counted.
    pub day_count: DayCount,
}

/// What a discount takes off a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineDiscount {
    /// Which, by its code.
    pub code: String,
    /// How much; above zero.
    pub amount: Money,
}

/// What a line credits of a running licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineCredit {
    /// Which grant.
    pub grant: GrantId,
    /// What was paid for all of it and didn't go back, tax included.
    pub paid: Money,
    /// What was paid for the part that is left: the line credits that, or less where the charge
    /// is less.
    pub value: Money,
    /// It has no note of its own, since the next invoice nets it.
    pub internal: bool,
}

/// The licence that a line gives when it is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineLicence {
    /// The product.
    pub product: ProductId,
    /// The plan.
    pub plan: PlanId,
    /// For how long.
    pub term: Term,
    /// What a later change takes back of what is paid for it.
    pub credit: CreditTerms,
}

/// The lines of a quote: the charge, then each credit as a position of its own with a negative sum.
/// They are named in `language`.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn lines(quote: &Quote, seller: &Seller, language: &Language) -> Result<Vec<Line>, MoneyError> {
    let mut lines = vec![charge_line(quote, seller)];
    for (credit, position) in quote.credits.iter().zip(2..) {
        lines.push(credit_line(credit, position)?);
    }
    for line in &mut lines {
        line.name = line.title(seller, language);
    }
    Ok(lines)
}

fn charge_line(quote: &Quote, seller: &Seller) -> Line {
    let (order, charge) = (&quote.order, &quote.charge);
    let plan = seller.catalogue.product(order.product).and_then(|it| it.plan(order.plan));
    Line {
        position: 1,
        name: String::new(),
        quantity: order.quantity,
        unit_price: charge.unit_price,
        price: Some(charge.price.id),
        part: quote.lay.part,
        subtotal: charge.subtotal,
        discounts: charge.discounts.clone(),
        tax: charge.tax,
        tax_added: charge.tax_added,
        total: charge.total,
        licence: LineLicence {
            product: order.product,
            plan: order.plan,
            term: quote.lay.term,
            credit: plan.map(|plan| plan.terms.credit).unwrap_or_default(),
        },
        credit: None,
    }
}

fn credit_line(credit: &Credit, position: i64) -> Result<Line, MoneyError> {
    let amount = Money::zero(credit.amount.currency).minus(credit.amount)?;
    Ok(Line::crediting(position, &credit.unused, amount))
}

impl Line {
    /// A line that credits `amount` of what is unused of a grant: below zero where it stands beside
    /// a charge. Its name is still to be said.
    pub(crate) fn crediting(position: i64, unused: &Unused, amount: Money) -> Self {
        Self {
            position,
            name: String::new(),
            quantity: 1,
            unit_price: amount,
            price: None,
            part: Some(LinePart::of(unused)),
            subtotal: amount,
            discounts: Vec::new(),
            tax: unused.of.tax,
            tax_added: Money::zero(amount.currency),
            total: amount,
            licence: unused.of.licence.clone(),
            credit: Some(LineCredit {
                grant: unused.of.grant,
                paid: unused.of.paid,
                value: unused.value,
                internal: false,
            }),
        }
    }

    /// What is printed for it in a language.
    pub fn title(&self, seller: &Seller, language: &Language) -> String {
        let name = self.licence.name(seller, language);
        let part = self.part.map(|part| part.title(language));
        match (&self.credit, part) {
            (None, None) => name,
            (None, Some(part)) => format!("{name} ({part})"),
            (Some(_), part) => {
                let credit = match language.as_str() {
                    "ru" => "Зачёт неиспользованного",
                    "es" => "Abono de lo no utilizado",
                    "sv" => "Kreditering av outnyttjat",
                    _ => "Credit for what is unused",
                };
                format!("{credit}: {name} ({})", part.unwrap_or_default())
            }
        }
    }
}

impl LinePart {
    /// The unused part of a grant.
    pub fn of(unused: &Unused) -> Self {
        let Unused { from, to, share, .. } = *unused;
        Self { from, to, share, day_count: unused.of.licence.credit.day_count }
    }

    /// How many whole periods it has, and the part of one beside them.
    pub fn periods(&self) -> (i64, Share) {
        let Share { days, of } = self.share;
        let whole = if days > of { days.checked_div(of).unwrap_or(0) } else { 0 };
        // What is divided fits.
        (whole, Share { days: days.saturating_sub(whole.saturating_mul(of)), of })
    }

    fn title(&self, language: &Language) -> String {
        let (whole, Share { days, of }) = self.periods();
        let is_seconds = self.day_count == DayCount::Second;
        let (one, many, and, word, unit) = match language.as_str() {
            "ru" => ("полн. пер.", "полн. пер.", "и", "из", if is_seconds { "с" } else { "дн." }),
            "es" => ("periodo", "periodos", "y", "de", if is_seconds { "s" } else { "días" }),
            "sv" => ("period", "perioder", "och", "av", if is_seconds { "s" } else { "dagar" }),
            _ => ("period", "periods", "and", "of", if is_seconds { "seconds" } else { "days" }),
        };
        let periods = if whole == 1 { one } else { many };
        match (whole, days) {
            (0, _) => format!("{days} {word} {of} {unit}"),
            (_, 0) => format!("{whole} {periods}"),
            (..) => format!("{whole} {periods} {and} {days} {word} {of} {unit}"),
        }
    }
}

impl LineLicence {
    /// What is printed for it: the names of product and plan in a language.
    pub fn name(&self, seller: &Seller, language: &Language) -> String {
        let fallback = &seller.settings.language;
        let product = seller.catalogue.product(self.product);
        let plan = product.and_then(|product| product.plan(self.plan));
        let names = [product.map(|product| &product.names), plan.map(|plan| &plan.names)];
        let words = names.into_iter().flatten().filter_map(|n| n.in_language(language, fallback));
        words.collect::<Vec<&str>>().join(", ")
    }
}
