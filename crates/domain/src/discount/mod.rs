//! Discounts: percentages and amounts off lines, one after another, never below zero.
//!
//! Each discount is reckoned on what the one before left, and rounded once where it is given: per
//! document or per line. One that is given on a document is split over its lines by largest
//! remainder, in proportion to what is left of them. A line below zero gives back what was paid
//! after discounts, so it has no part in any of them.

mod refusal;

pub use refusal::DiscountRefusal;

use crate::exact::Exact;
use crate::money::{Currency, Money, MoneyError};
use crate::words::words;

/// How many lines, and how many discounts, there may be.
pub const LIST_MAX: usize = 1_000;

/// What is taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discount {
    /// A share, in percent, 0 to 100.
    Percent(Exact),
    /// An amount, zero or more. What exceeds the line or the document lapses.
    Amount(Money),
}

/// What a discount is taken off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum On {
    /// The document's total, once.
    #[default]
    Document,
    /// Each line: the percentage of each, the amount from each.
    Line,
}

words!(On { Document => "document", Line => "line" });

/// What discounts leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discounted {
    /// Each discount's own step, in order.
    pub steps: Vec<Step>,
    /// What all of them take off each line; zero or more.
    pub discounts: Vec<Money>,
    /// What is left of each line.
    pub lines: Vec<Money>,
    /// What is left of the document: the sum of the lines.
    pub total: Money,
}

/// What one discount does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is reckoned on: the sum of what the one before left of the lines above zero.
    pub base: Money,
    /// What it takes off each line.
    pub parts: Vec<Money>,
    /// What it takes off in all: the sum of the parts.
    pub amount: Money,
}

/// Takes `discounts` off `lines` of `currency`, in order.
///
/// # Errors
/// [`DiscountRefusal`].
pub fn discount(
    lines: &[Money],
    discounts: &[Discount],
    on: On,
    currency: Currency,
) -> Result<Discounted, DiscountRefusal> {
    if let Some(count) = [lines.len(), discounts.len()].into_iter().find(|len| *len > LIST_MAX) {
        return Err(DiscountRefusal::TooMany(count));
    }
    let mut left = lines.to_vec();
    let mut taken = vec![Money::zero(currency); lines.len()];
    let mut steps = Vec::new();
    for (number, discount) in (1..).zip(discounts) {
        discount.check(number)?;
        let step = discount.step(&left, on, currency)?;
        left = each(&left, &step.parts, Money::minus)?;
        taken = each(&taken, &step.parts, Money::plus)?;
        steps.push(step);
    }
    let total = Money::sum(currency, left.iter().copied())?;
    Ok(Discounted { steps, discounts: taken, lines: left, total })
}

impl Discount {
    /// Whether it can be taken off amounts of `currency`.
    pub fn fits(&self, currency: Currency) -> bool {
        match self {
            Self::Percent(_) => true,
            Self::Amount(amount) => amount.currency == currency,
        }
    }

    fn check(&self, number: usize) -> Result<(), DiscountRefusal> {
        match self {
            Self::Percent(percent) if percent.is_negative() || *percent > Exact::whole(100) => {
                Err(DiscountRefusal::Percent(number))
            }
            Self::Amount(amount) if amount.minor < 0 => Err(DiscountRefusal::Negative(number)),
            Self::Percent(_) | Self::Amount(_) => Ok(()),
        }
    }

    fn step(&self, left: &[Money], on: On, currency: Currency) -> Result<Step, MoneyError> {
        let none = Money::zero(currency);
        let bases: Vec<Money> =
            left.iter().map(|line| if line.minor < 0 { none } else { *line }).collect();
        let base = Money::sum(currency, bases.iter().copied())?;
        let parts = match on {
            On::Document => {
                let weights: Vec<i64> = bases.iter().map(|base| base.minor).collect();
                self.off(base)?.split(&weights)?
            }
            On::Line => bases.iter().map(|base| self.off(*base)).collect::<Result<_, _>>()?,
        };
        let amount = Money::sum(currency, parts.iter().copied())?;
        Ok(Step { base, parts, amount })
    }

    /// What it takes off `base`, which isn't below zero; never more than there is.
    fn off(&self, base: Money) -> Result<Money, MoneyError> {
        match self {
            Self::Percent(percent) => {
                let share = Exact::of(base).times(*percent)?.over(Exact::whole(100))?;
                share.rounded(base.currency)
            }
            Self::Amount(amount) if amount.currency != base.currency => {
                Err(MoneyError::MixedCurrencies(base.currency, amount.currency))
            }
            Self::Amount(amount) => Ok(amount.at_most(base)),
        }
    }
}

/// The amounts of two lists of one length, pair by pair.
fn each(
    ones: &[Money],
    others: &[Money],
    reckon: fn(Money, Money) -> Result<Money, MoneyError>,
) -> Result<Vec<Money>, MoneyError> {
    ones.iter().zip(others).map(|(one, other)| reckon(*one, *other)).collect()
}
