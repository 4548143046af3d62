//! A period cut into parts whose amounts add up to the whole.

use super::{Measure, Point, ProrationError, Share, Stretch};
use crate::exact::Exact;
use crate::money::{Money, MoneyError};

/// A part of a period, and what it is of the amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Portion {
    /// From where to where.
    pub part: Stretch,
    /// How much of the period that is.
    pub share: Share,
    /// How much of the amount.
    pub amount: Money,
}

/// Cuts a period at `cuts`, which come in order, and splits `amount` over its parts.
///
/// By cumulative rounding: a part gets the rounded amount up to its end, less the rounded amount
/// up to its begin. So the parts add up to `amount`, none is off by more than one minor unit, and
/// a part is known when its day comes: it doesn't change with the cuts that come later. The
/// largest remainder has the first two of these, but needs to know all parts.
///
/// # Errors
/// [`ProrationError::AtOutside`], [`ProrationError::CutsOutOfOrder`], an amount out of range.
pub fn split(
    amount: Money,
    measure: &Measure,
    cuts: &[Point],
) -> Result<Vec<Portion>, ProrationError> {
    let whole = measure.period();
    let mut parts = Vec::with_capacity(cuts.len().saturating_add(1));
    let (mut from, mut given) = (whole.from, Money::zero(amount.currency));
    for to in cuts.iter().copied().chain([whole.to]) {
        let ends = measure.position(to)?;
        let part = Stretch { from, to };
        let share = match measure.share(part) {
            Err(ProrationError::PartOutside(..)) => Err(ProrationError::CutsOutOfOrder(to)),
            other => other,
        }?;
        let reached = up_to(amount, ends, measure.of())?;
        parts.push(Portion { part, share, amount: reached.minus(given)? });
        (from, given) = (to, reached);
    }
    Ok(parts)
}

fn up_to(amount: Money, position: i64, of: i64) -> Result<Money, MoneyError> {
    let exact = Exact::of(amount).times(Exact::ratio(position.into(), of.into())?)?;
    exact.rounded(amount.currency)
}
