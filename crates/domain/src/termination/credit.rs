//! What comes back of a product group that is terminated, at the price and the tax at which it was
//! charged.

use super::{CreditKind, CreditOptions, Termination};
use crate::document::{Line, LineCredit};
use crate::language::Language;
use crate::licence::{self, Holding, Period, Unused, Value};
use crate::money::{Currency, Money, MoneyError};
use crate::product_group::{BalanceChange, Charged, Group, GroupKind, ProductGroup};
use crate::proration::{Behaviour, ProrationError};
use crate::seller::Seller;
use jiff::Timestamp;

/// What comes back of `periods` and `values` by a termination, oldest first: of the cycle that it
/// falls into, as its options say; of those that were billed behind its end, all.
///
/// # Errors
/// [`ProrationError`], for a figure or a date out of range.
pub fn credited(
    termination: &Termination,
    holding: Holding<'_>,
) -> Result<Vec<Unused>, ProrationError> {
    let at = termination.scheduled_at;
    let CreditOptions { behaviour, anchor, .. } = termination.credit;
    let (before, behind): (Vec<&Period>, Vec<&Period>) =
        holding.periods.iter().partition(|period| period.starts_at < at);
    let mut all = Vec::new();
    if let Some(last) = before.last() {
        let from = match behaviour {
            // Of nothing, it is the same wherever it begins.
            Behaviour::None | Behaviour::Full => last.starts_at,
            Behaviour::Prorate => anchor.unwrap_or(at).clamp(last.starts_at, last.ends_at),
        };
        all.extend(back(last, holding, behaviour, from)?);
    }
    for period in behind {
        all.extend(back(period, holding, Behaviour::Full, period.starts_at)?);
    }
    all.retain(|unused| unused.value.minor > 0);
    Ok(all)
}

/// What comes back of one period from an instant on.
fn back(
    period: &Period,
    holding: Holding<'_>,
    behaviour: Behaviour,
    from: Timestamp,
) -> Result<Vec<Unused>, ProrationError> {
    let own = |value: &&Value| value.grant == period.grant;
    let mut values: Vec<Value> = holding.values.iter().filter(own).cloned().collect();
    for value in &mut values {
        value.licence.credit.behaviour = behaviour;
    }
    let periods = [period.clone()];
    licence::unused(Holding { periods: &periods, values: &values, ..holding }, from)
}

/// The lines that credit it: above zero on a note of its own, below where the next invoice nets
/// them.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn lines(
    termination: &Termination,
    unused: &[Unused],
    spoken: (&Seller, &Language),
) -> Result<Vec<Line>, MoneyError> {
    let line = |(position, unused)| line(termination, (position, unused), spoken);
    (1..).zip(unused).map(line).collect()
}

fn line(
    termination: &Termination,
    (position, unused): (i64, &Unused),
    (seller, language): (&Seller, &Language),
) -> Result<Line, MoneyError> {
    let is_internal = termination.credit.kind == CreditKind::Internal;
    let zero = Money::zero(unused.value.currency);
    let amount = if is_internal { zero.minus(unused.value)? } else { unused.value };
    let mut line = Line::crediting(position, unused, amount);
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
    unused: &[Unused],
    currency: Currency,
) -> Result<BalanceChange, MoneyError> {
    let mut all = BalanceChange::nothing(currency);
    for unused in unused {
        let zero = Money::zero(unused.value.currency);
        let charged = Charged {
            discount: zero,
            is_tax_inside: true,
            total: zero.minus(unused.value)?,
            tax: unused.of.tax,
        };
        all = all.and(BalanceChange::of(group, &charged)?)?;
    }
    Ok(all)
}

impl Group {
    /// Whether it can be terminated by itself.
    pub(super) fn is_optional(&self) -> bool {
        self.group.kind == GroupKind::Optional
    }
}
