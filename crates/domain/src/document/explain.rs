//! Why a document comes to what it comes to: a tree in which each figure follows from those below.

use super::{Document, DocumentKind, Line, LineDiscount, LinePart};
use crate::catalogue::Price;
use crate::discount::Discount as Off;
use crate::exact::Exact;
use crate::ids::GrantId;
use crate::money::{Money, MoneyError};
use crate::pricing::{Part, PriceRefusal, Priced};
use crate::proration::DayCount;
use crate::seller::Seller;
use crate::tax::{LineTax, TaxCategory, TaxRounding, TaxSubtotal};
use std::collections::BTreeMap;

/// A figure, and what it follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    /// What it is.
    pub what: String,
    /// What it comes to.
    pub is: String,
    /// How it follows from those below; empty where it says all itself.
    pub rule: String,
    /// What it follows from.
    pub of: Vec<Because>,
}

impl Because {
    fn new(what: impl Into<String>, is: impl ToString, rule: impl Into<String>) -> Self {
        Self { what: what.into(), is: is.to_string(), rule: rule.into(), of: Vec::new() }
    }

    fn of(self, of: Vec<Self>) -> Self {
        Self { of, ..self }
    }
}

impl Document {
    /// Its derivation. `seller` is the version that it was made with, `numbers` are those of the
    /// documents that gave what it credits, `carried` the order confirmations whose lines an
    /// invoice carries, each with the version that it was made with.
    ///
    /// # Errors
    /// [`PriceRefusal`], for a figure out of range.
    pub fn because(
        &self,
        seller: &Seller,
        numbers: &BTreeMap<GrantId, String>,
        carried: &[(&Self, &Seller)],
    ) -> Result<Because, PriceRefusal> {
        let mut steps = Vec::new();
        for line in &self.lines {
            let (of, sold_by) =
                carried.iter().copied().find(|(it, _)| it.has(line)).unwrap_or((self, seller));
            let by = if of.id == self.id { String::new() } else { format!(", by {}", of.number()) };
            let what = format!("position {}, {}{by}", line.position, line.name);
            steps.push(match line.credit {
                None => charge(what, line, of, sold_by)?,
                Some(_) => credit(what, line, numbers)?,
            });
        }
        let rounding = seller.settings.tax_rounding;
        for tax in &self.taxes {
            steps.push(subtotal(tax, self, rounding)?);
        }
        let what = format!("document {}", self.number());
        let rule = "the sum of its positions; the tax is inside";
        Ok(Because::new(what, self.total, rule).of(steps))
    }
}

impl Document {
    /// Whether a line stands in it, at whatever place.
    fn has(&self, line: &Line) -> bool {
        let same = |own: &Line| Line { position: line.position, ..own.clone() } == *line;
        self.lines.iter().any(same)
    }
}

fn charge(
    what: String,
    line: &Line,
    document: &Document,
    seller: &Seller,
) -> Result<Because, PriceRefusal> {
    let plan = seller.catalogue.product(line.licence.product);
    let plan = plan.and_then(|product| product.plan(line.licence.plan));
    let price = plan.and_then(|plan| plan.prices.iter().find(|it| Some(it.id) == line.price));
    let mut steps = Vec::new();
    if let Some(price) = price {
        steps.push(reckoned(line, price, document)?);
    }
    let mut left = line.subtotal;
    for taken in &line.discounts {
        steps.push(discount(taken, left, seller));
        left = left.minus(taken.amount)?;
    }
    let rate = taxed(line.tax);
    if line.tax_added.minor > 0 {
        let rule = format!("{rate} of {left}, rounded once and added");
        steps.push(Because::new("tax", line.tax_added, rule));
    }
    let category = category(line.tax.category);
    let rule = format!("{category}, as of {}", supplied_on(line, document));
    steps.push(Because::new("tax rate", rate, rule));
    let rule = "the price, less the discounts, with the tax that is added";
    Ok(Because::new(what, line.total, rule).of(steps))
}

/// What is billed in cycles may be issued later than the first day that it charges.
fn supplied_on(line: &Line, document: &Document) -> String {
    match (document.kind, line.part) {
        (DocumentKind::PaymentRequest | DocumentKind::CreditNote, _) => {
            format!("{}, the day of the supply", document.issued.on)
        }
        (DocumentKind::Invoice | DocumentKind::OrderConfirmation, Some(part)) => {
            format!("{}, the day of the supply", part.from)
        }
        (DocumentKind::Invoice | DocumentKind::OrderConfirmation, None) => {
            "the first day of the cycle".to_owned()
        }
    }
}

/// The subtotal: the price of the period for the quantity, the part of it, and the rounding.
fn reckoned(line: &Line, price: &Price, document: &Document) -> Result<Because, PriceRefusal> {
    let priced = price.of(line.quantity)?;
    let mut steps = vec![period_price(line, price, &priced, document)];
    let exact = match &line.part {
        None => priced.exact,
        Some(part) => {
            steps.push(self::part(part));
            priced.exact.times(fraction(part)?)?
        }
    };
    steps.push(residue(line.subtotal, exact)?);
    let rule = match line.part {
        None => "the price of the period, rounded once, half away from zero",
        Some(_) => "the price of the period times the part, rounded once, half away from zero",
    };
    Ok(Because::new("price", line.subtotal, rule).of(steps))
}

fn period_price(line: &Line, price: &Price, priced: &Priced, document: &Document) -> Because {
    let point = &price.point;
    let from = point.valid_from.map_or(String::new(), |day| format!(", valid from {day}"));
    let list = match price.list == price.final_price {
        true => String::new(),
        false => format!(", list price of one {}", price.list),
    };
    let rule = format!(
        "{} for {} and {}, {}, tax {}{list}{from}, catalogue version {}",
        price.pricing(),
        counted(point.months, "month"),
        counted(line.quantity, "unit"),
        point.currency,
        price.tax.as_str(),
        document.seller_version
    );
    let steps = priced.lines.iter().map(|line| {
        let rule = format!("{} x {}", line.quantity, line.price);
        Because::new(part_name(line.part), line.exact, rule)
    });
    Because::new("price of the period", priced.exact, rule).of(steps.collect())
}

fn counted(count: i64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// A category of tax by its code and in words (UNCL 5305).
fn category(category: TaxCategory) -> String {
    let words = match category {
        TaxCategory::Standard => "taxed",
        TaxCategory::Zero => "taxed at zero",
        TaxCategory::Exempt => "exempt",
        TaxCategory::ReverseCharge => "reverse charge: the customer owes the tax",
        TaxCategory::OutsideScope => "supplied in another country",
        TaxCategory::Export => "export",
        TaxCategory::IntraCommunity => "supply within the European Union",
    };
    format!("category {} ({words})", category.as_str())
}

fn part_name(part: Part) -> String {
    match part {
        Part::Flat => "flat amount".to_owned(),
        Part::Units => "units".to_owned(),
        Part::Tier(number) => format!("units in tier {number}"),
        Part::TierFlat(number) => format!("flat amount of tier {number}"),
        Part::Packages => "packages".to_owned(),
        Part::Event(number) => format!("event {number}"),
        Part::Minimum => "missing up to the minimum".to_owned(),
    }
}

fn part(part: &LinePart) -> Because {
    let counted = match part.day_count {
        DayCount::Actual => "days of the calendar",
        DayCount::Fixed30 => "days, 30 to a month",
        DayCount::Second => "seconds",
    };
    let (whole, rest) = part.periods();
    let periods = if whole > 0 {
        format!("{}, then ", self::counted(whole, "whole period"))
    } else {
        String::new()
    };
    let rule = format!(
        "{periods}{} of {} {counted}, from {} up to and without {}",
        rest.days, rest.of, part.from, part.to
    );
    Because::new("part", format!("{}/{}", part.share.days, part.share.of), rule)
}

fn fraction(part: &LinePart) -> Result<Exact, MoneyError> {
    Exact::ratio(part.share.days.into(), part.share.of.into())
}

fn residue(rounded: Money, exact: Exact) -> Result<Because, MoneyError> {
    let residue = Exact::of(rounded).minus(exact)?;
    Ok(Because::new("rounding", residue, format!("{rounded} is rounded from {exact}")))
}

fn discount(taken: &LineDiscount, base: Money, seller: &Seller) -> Because {
    let off = seller.catalogue.discount(&taken.code);
    let rule = off.map_or(String::new(), |discount| {
        let off = match discount.off {
            Off::Percent(percent) => format!("{percent} % of {base}, rounded once"),
            Off::Amount(amount) => format!("{amount}, at most {base}"),
        };
        let periods =
            discount.periods.map_or(String::new(), |it| format!(", for {}", counted(it, "period")));
        format!("{off}{periods}")
    });
    Because::new(format!("discount {}", taken.code), taken.amount, rule)
}

/// A credit: what was paid, the part of it that is left, and the cap.
fn credit(
    what: String,
    line: &Line,
    numbers: &BTreeMap<GrantId, String>,
) -> Result<Because, MoneyError> {
    let (Some(credit), Some(part)) = (&line.credit, &line.part) else {
        return Ok(Because::new(what, line.total, ""));
    };
    let exact = Exact::of(credit.paid).times(fraction(part)?)?;
    let number = numbers.get(&credit.grant).map_or("what it credits", String::as_str);
    let paid = format!("by {number}, after discounts, less what went back");
    let value = Because::new("unused", credit.value, "what was paid times the part, rounded once")
        .of(vec![
            Because::new("paid", credit.paid, paid),
            self::part(part),
            residue(credit.value, exact)?,
        ]);
    let tax = Because::new("tax rate", taxed(line.tax), "that of what is credited");
    let rule = if line.total.minor < 0 {
        "what is unused, at most what is left of the charge"
    } else if line.total == credit.value {
        "what is unused, all of it"
    } else {
        "what is unused, beyond what the change itself credits"
    };
    Ok(Because::new(what, line.total, rule).of(vec![value, tax]))
}

fn taxed(tax: LineTax) -> String {
    tax.rate.map_or("none".to_owned(), |rate| rate.to_string())
}

/// The tax of a category and rate: of all its lines together, or of each.
fn subtotal(
    tax: &TaxSubtotal,
    document: &Document,
    rounding: TaxRounding,
) -> Result<Because, MoneyError> {
    let gross = tax.base.plus(tax.tax)?;
    let rate = taxed(tax.of);
    let what = format!("tax {rate}, {}", category(tax.of.category));
    let own = document.lines.iter().filter(|line| line.tax == tax.of).map(|line| line.position);
    let own = own.map(|position| position.to_string()).collect::<Vec<_>>().join(", ");
    if document.kind == DocumentKind::CreditNote {
        let rule = format!(
            "inside {gross} of position {own}: for each, the tax of all that was unused, less \
             that of what a change itself credits"
        );
        return Ok(Because::new(what, tax.tax, rule));
    }
    let rule = match rounding {
        TaxRounding::Document => format!("inside {gross} of position {own}, rounded once"),
        TaxRounding::Line => format!("inside {gross} of position {own}, rounded for each"),
    };
    let Some(rate) = tax.of.rate else { return Ok(Because::new(what, tax.tax, rule)) };
    let part = Exact::ratio(rate.0.into(), i128::from(rate.0).saturating_add(10_000))?;
    let exact = Exact::of(gross).times(part)?;
    Ok(Because::new(what, tax.tax, rule).of(vec![residue(tax.tax, exact)?]))
}
