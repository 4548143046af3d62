//! What comes back of a product group that is terminated: of the cycle that runs then, at the
//! price and the tax at which it was charged.

use super::{CreditKind, Termination};
use crate::document::{Line, LineCredit};
use crate::language::Language;
use crate::licence::{self, Holding, Unused, Value};
use crate::money::{Money, MoneyError};
use crate::product_group::{BalanceChange, Charged, Group, GroupKind, ProductGroup};
use crate::proration::{Behaviour, ProrationError};
use crate::seller::Seller;

/// What comes back of `periods` and `values` by a termination; `None` where nothing does.
///
/// # Errors
/// [`ProrationError`], for a figure or a date out of range.
pub fn credited(
    termination: &Termination,
    holding: Holding<'_>,
) -> Result<Option<Unused>, ProrationError> {
    let at = termination.scheduled_at;
    let Some(last) = holding.periods.iter().rev().find(|period| period.starts_at < at) else {
        return Ok(None);
    };
    let from = match termination.credit.behaviour {
        Behaviour::None => return Ok(None),
        Behaviour::Full => last.starts_at,
        Behaviour::Prorate => {
            termination.credit.anchor.unwrap_or(at).clamp(last.starts_at, last.ends_at)
        }
    };
    let own = |value: &&Value| value.grant == last.grant;
    let mut values: Vec<Value> = holding.values.iter().filter(own).cloned().collect();
    for value in &mut values {
        value.licence.credit.behaviour = termination.credit.behaviour;
    }
    let periods = [last.clone()];
    let holding = Holding { periods: &periods, values: &values, ..holding };
    let unused = licence::unused(holding, from)?;
    Ok(unused.into_iter().next().filter(|unused| unused.value.minor > 0))
}

/// The line that credits it: above zero on a note of its own, below where the next invoice nets it.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn line(
    termination: &Termination,
    unused: &Unused,
    (seller, language): (&Seller, &Language),
) -> Result<Line, MoneyError> {
    let is_internal = termination.credit.kind == CreditKind::Internal;
    let zero = Money::zero(unused.value.currency);
    let amount = if is_internal { zero.minus(unused.value)? } else { unused.value };
    let mut line = Line::crediting(1, unused, amount);
    line.credit = line.credit.map(|credit| LineCredit { internal: is_internal, ..credit });
    let mut words = vec![line.title(seller, language)];
    words.extend(termination.texts.iter().cloned());
    line.name = words.join("; ");
    Ok(line)
}

/// What a termination changes for the customer: the same, however the credit is said.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub(super) fn change(
    group: &ProductGroup,
    unused: Option<&Unused>,
    nothing: BalanceChange,
) -> Result<BalanceChange, MoneyError> {
    let Some(unused) = unused else { return Ok(nothing) };
    let zero = Money::zero(unused.value.currency);
    let total = zero.minus(unused.value)?;
    let charged = Charged { discount: zero, tax_added: zero, total, tax: unused.of.tax };
    BalanceChange::of(group, &charged)
}

impl Group {
    /// Whether it can be terminated by itself.
    pub(super) fn is_optional(&self) -> bool {
        self.group.kind == GroupKind::Optional
    }
}
