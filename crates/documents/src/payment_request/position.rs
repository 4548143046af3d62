//! The positions of a request, each with how its amount came about.

use super::means::Fact;
use super::{PaymentRequest, tax};
use crate::locale::Locale;
use abono_domain::document::{Line, LineCredit, LinePart};
use abono_domain::money::{Money, MoneyError};
use abono_domain::proration::{DayCount, Share};

/// A row of the table of positions.
#[derive(Debug)]
pub(super) struct Position {
    pub(super) number: i64,
    pub(super) name: String,
    pub(super) quantity: String,
    pub(super) price: String,
    pub(super) amount: String,
    pub(super) because: Vec<Fact>,
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
                locale.words().table.pieces
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
    let whole = line.unit_price.times(line.quantity)?;
    let is_average = line.part.is_none() && whole != line.subtotal;
    let average = if is_average { format!(", {}", words.average) } else { String::new() };
    let quantity = locale.number(&line.quantity.to_string());
    let price = format!("{quantity}\u{a0}× {}{average}", locale.money(line.unit_price));
    let mut facts = vec![Fact::new(words.whole_period, price)];
    facts.extend(line.part.map(|it| Fact::new(words.part, part(it, locale))));
    if !is_plain {
        facts.push(Fact::new(words.subtotal, locale.money(line.subtotal)));
    }
    for taken in &line.discounts {
        let label = format!("{} {}", words.discount, discount_name(&taken.code, request));
        let off = Money::zero(taken.amount.currency).minus(taken.amount)?;
        facts.push(Fact::new(label, locale.money(off)));
    }
    let name = tax::name(line.tax, locale);
    if line.tax_added.minor == 0 {
        facts.push(Fact::new(words.tax_inside, name));
    } else {
        let label = format!("{} {name}", words.tax_added);
        facts.push(Fact::new(label, locale.money(line.tax_added)));
    }
    Ok(facts)
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
    facts.push(Fact::new(words.tax_inside, tax::name(line.tax, locale)));
    facts
}

/// The name of a discount, as customers know it.
fn discount_name(code: &str, request: &PaymentRequest<'_>) -> String {
    let seller = request.seller;
    let language = abono_domain::language::Language::parse(request.locale.as_str());
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
