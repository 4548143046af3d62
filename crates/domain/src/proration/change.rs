//! A change in the middle of a period: what the old state gives back, and what the new one costs.

use super::{
    Billed, DayOfChange, Line, Measure, Point, ProrationError, State, not_below_zero, not_negative,
};
use crate::money::{Money, MoneyError};

/// A change of price, quantity, discount or interval.
///
/// The old state was billed for `paid`, at its own price after discounts; what is left of that
/// from the change on is credited. The new state is charged from the change on to the end of its
/// own whole period. Each is one fraction of a price, rounded once.
///
/// - `old` is the price of the whole period of `paid`: of the period in which the change falls
///   where `paid` is a part of it (the state began in its middle), else of what was paid (a year
///   ahead).
/// - `new` is the price of the whole of `new_period`. Where that begins with the change, as after
///   a change of interval, it is charged as a whole; where it is the running period, in part.
/// - The credit is never more than what was billed for `paid`, less what was credited of it
///   before. So a day that was billed once is never credited for more than was billed.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The period in which the change falls.
    pub period: &'a Measure,
    /// When it takes place: within the period, or at its end.
    pub at: Point,
    /// To whom the day of it belongs.
    pub day_of_change: DayOfChange,
    /// What was billed.
    pub old: State,
    /// For which part of the period, or for which period of its own.
    pub paid: &'a Billed,
    /// What will be billed.
    pub new: State,
    /// The whole period of the new state; the change lies within it.
    pub new_period: &'a Measure,
    /// What earlier credits took off the same bill, without tax. Its currency is that of all.
    pub credited_before: Money,
}

/// What a change gives back and costs: two lines, and their sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Where the new state begins.
    pub cut: Point,
    /// The credit for the old state.
    pub credited: Credited,
    /// The charge for the new state.
    pub charge: Line,
    /// The charge less the credit.
    pub net: Money,
}

/// A credit and its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credited {
    /// What is left of the price that was paid; before the limit.
    pub line: Line,
    /// What was billed.
    pub billed: Money,
    /// What was billed, less earlier credits: the limit.
    pub cap: Money,
    /// The credit, 0 or more: the line's amount, at most the limit.
    pub credit: Money,
}

impl Credited {
    /// The credit of `line` where `billed` was billed and `before` of it credited. Earlier credits
    /// of more than was billed leave nothing.
    pub(super) fn new(line: Line, billed: Money, before: Money) -> Result<Self, MoneyError> {
        let cap = not_below_zero(billed.minus(before)?);
        Ok(Self { line, billed, cap, credit: line.amount.at_most(cap) })
    }
}

/// The lines of a change.
///
/// # Errors
/// [`ProrationError::AtOutside`] where the change isn't within the period,
/// [`ProrationError::NewPeriodElsewhere`], [`ProrationError::Negative`], an amount out of range.
pub fn change(change: &Change<'_>) -> Result<Changed, ProrationError> {
    let before = not_negative(change.credited_before, "what was credited before")?;
    let currency = before.currency;
    let cut = change.period.cut(change.at, change.day_of_change)?;
    let old = change.old.net()?;
    let billed = change.paid.share()?.line(old, currency)?.amount;
    let left = change.paid.left(cut)?.line(old, currency)?;
    let credited = Credited::new(left, billed, before)?;
    if let Err(ProrationError::AtOutside(at, from, to)) = change.new_period.position(cut) {
        return Err(ProrationError::NewPeriodElsewhere(at, from, to));
    }
    let ahead = change.new_period.all_billed().left(cut)?;
    let charge = ahead.line(change.new.net()?, currency)?;
    let net = charge.amount.minus(credited.credit)?;
    Ok(Changed { cut, credited, charge, net })
}
