//! The positions of a request, each with how its amount came about.

use super::fact::Fact;
use super::{PaymentRequest, tax};
use crate::locale::Locale;
use abono_domain::document::{Line, LineCredit, LinePart};
use abono_domain::language::Language;
use abono_domain::money::{Money, MoneyError};
use abono_domain::proration::{DayCount, Share};
use abono_domain::tax::LineTax;

/// A position as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Its number, from 1.
    pub number: i64,
    /// What is sold or credited.
    pub name: String,
    /// Of how many.
    pub quantity: String,
    /// What one costs.
    pub price: String,
    /// What it comes to, tax included.
    pub amount: String,
    /// How that came about.
    pub because: Vec<Fact>,
}

impl Position {
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub(super) fn of(line: &Line, request: &PaymentRequest<'_>) -> Result<Self, MoneyError> {
        let locale = request.locale;
        let because = match &line.credit {
            None => charge(line, request)?,
            Some(credit) => credited(line, credit, request),
        };
        Ok(Self {
            number: line.position,
            name: line.name.clone(),
            quantity: format!(
                "{}\u{a0}{}",
                locale.number(&line.quantity.to_string()),
                pieces(line.quantity, locale)
            ),
            price: locale.money(line.unit_price),
            amount: locale.money(line.total),
            because,
        })
    }
}

/// The price for a whole period, the part of it, what is taken off and added.
fn charge(line: &Line, request: &PaymentRequest<'_>) -> Result<Vec<Fact>, MoneyError> {
    let (locale, words) = (request.locale, &request.locale.words().because);
    let is_plain = line.part.is_none() && line.discounts.is_empty() && line.tax_added.minor == 0;
    let mut facts = price(line, request);
    facts.extend(line.part.map(|it| Fact::new(words.part, part(it, locale))));
    if !is_plain {
        facts.push(Fact::new(words.subtotal, locale.money(line.subtotal)));
    }
    for taken in &line.discounts {
        let label = format!("{} {}", words.discount, discount_name(&taken.code, request));
        let off = Money::zero(taken.amount.currency).minus(taken.amount)?;
        facts.push(Fact::new(label, locale.money(off)));
    }
    if line.tax_added.minor == 0 {
        facts.push(tax_inside(line.tax, locale));
    } else {
        let label = format!("{} {}", words.tax_added, tax::name(line.tax, locale));
        facts.push(Fact::new(label, locale.money(line.tax_added)));
    }
    Ok(facts)
}

/// What one unit costs for a whole period: as the catalogue has it, where all cost the same, else
/// on average, tax included.
fn price(line: &Line, request: &PaymentRequest<'_>) -> Vec<Fact> {
    let (locale, words) = (request.locale, request.locale.words());
    let plan = request.seller.catalogue.product(line.licence.product);
    let plan = plan.and_then(|product| product.plan(line.licence.plan));
    let price = plan.and_then(|plan| plan.prices.iter().find(|it| Some(it.id) == line.price));
    let quantity = locale.number(&line.quantity.to_string());
    let label = words.because.whole_period;
    let of = |amount: Money| format!("{quantity}\u{a0}× {}", locale.money(amount));
    let Some(price) = price.filter(|it| it.model.is_none()) else {
        let (average, gross) = (words.because.average, words.tax.gross.to_lowercase());
        let is_average = line.quantity != 1 && price.is_some();
        let average = if is_average { format!(", {average}") } else { String::new() };
        let gross = if line.tax_added.minor == 0 { String::new() } else { format!(", {gross}") };
        let price = format!("{}{average}{gross}", of(line.unit_price));
        return vec![Fact::new(label, price)];
    };
    let mut facts = Vec::new();
    if price.list != price.final_price {
        facts.push(Fact::new(words.because.list_price, locale.money(price.list)));
    }
    facts.push(Fact::new(label, of(price.final_price)));
    facts
}

/// The tax that is inside an amount, or why there is none.
fn tax_inside(tax: LineTax, locale: Locale) -> Fact {
    let words = locale.words();
    let label = if tax::is_charged(tax) { words.because.tax_inside } else { words.tax.name };
    Fact::new(label, tax::name(tax, locale))
}

fn pieces(quantity: i64, locale: Locale) -> &'static str {
    let [one, many] = locale.words().table.pieces;
    if quantity == 1 { one } else { many }
}

/// What was paid, what of it is unused, and what of that is credited.
fn credited(line: &Line, credit: &LineCredit, request: &PaymentRequest<'_>) -> Vec<Fact> {
    let (locale, words) = (request.locale, &request.locale.words().because);
    let paid = match request.numbers.get(&credit.grant) {
        Some(number) => format!("{} {number}", words.paid_by),
        None => words.paid.to_owned(),
    };
    let mut facts = vec![Fact::new(paid, locale.money(credit.paid))];
    facts.extend(line.part.map(|it| Fact::new(words.part, part(it, locale))));
    facts.push(Fact::new(words.unused, locale.money(credit.value)));
    facts.push(Fact::new(words.credited, locale.money(line.total)));
    facts.push(tax_inside(line.tax, locale));
    facts
}

/// The name of a discount, as customers know it.
fn discount_name(code: &str, request: &PaymentRequest<'_>) -> String {
    let seller = request.seller;
    let language = Language::parse(request.locale.as_str());
    let fallback = &seller.settings.language;
    let language = language.unwrap_or_else(|| fallback.clone());
    let discount = seller.catalogue.discount(code);
    let name = discount.and_then(|it| it.names.in_language(&language, fallback));
    name.unwrap_or(code).to_owned()
}

/// Which part of which days: `15 of 30 days, 16 November 2026 – 30 November 2026`.
fn part(part: LinePart, locale: Locale) -> String {
    let words = &locale.words().because;
    let (whole, Share { days, of }) = part.periods();
    let [between, unit] = match part.day_count {
        DayCount::Actual | DayCount::Fixed30 => words.of_days,
        DayCount::Second => words.of_seconds,
    };
    let number = |count: i64| locale.number(&count.to_string());
    let mut parts = Vec::new();
    if whole > 0 {
        parts.push(format!("{}\u{a0}{}", number(whole), words.whole));
    }
    if whole == 0 || days > 0 {
        parts.push(format!("{} {between} {}\u{a0}{unit}", number(days), number(of)));
    }
    // The first day that no longer belongs is no day of it.
    let last = part.to.yesterday().unwrap_or(part.to).max(part.from);
    parts.push(format!("{} – {}", locale.date(part.from), locale.date(last)));
    parts.join(", ")
}
