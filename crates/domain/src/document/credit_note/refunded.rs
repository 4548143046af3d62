//! What goes back of a document: a part at the tax of what was sold, or all that is left, as the
//! document itself less the parts that went back before.

use super::{Positions, sums};
use crate::document::{Document, Line};
use crate::language::Language;
use crate::money::{Money, MoneyError};
use crate::tax::TaxSubtotal;

/// The positions of the note on a refund of `amount`, which is all that is left where `is_all` says
/// so; `earlier` are the parts that went back before.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn positions(
    document: &Document,
    earlier: &[Money],
    (amount, is_all): (Money, bool),
    language: &Language,
) -> Result<Positions, MoneyError> {
    // A document that is paid has sold something.
    let charge = document.charges().next().ok_or(MoneyError::OutOfRange)?;
    if !is_all {
        let lines = vec![back(1, charge, amount, language)];
        return Ok(Positions { lines, taxes: vec![charge.tax.split(amount)?] });
    }
    let zero = Money::zero(amount.currency);
    let mut lines: Vec<Line> =
        document.lines.iter().map(|it| back(it.position, it, it.total, language)).collect();
    let mut taxes = document.taxes.clone();
    for (position, part) in (1..).skip(lines.len()).zip(earlier) {
        lines.push(back(position, charge, zero.minus(*part)?, language));
        let TaxSubtotal { of, base, tax } = charge.tax.split(*part)?;
        taxes.push(TaxSubtotal { of, base: zero.minus(base)?, tax: zero.minus(tax)? });
    }
    Ok(Positions { lines, taxes: sums(taxes)? })
}

/// An amount of a line that goes back; with a minus, what went back of it before.
fn back(position: i64, line: &Line, amount: Money, language: &Language) -> Line {
    let word = match language.as_str() {
        "ru" => "Возврат",
        "es" => "Devolución",
        "sv" => "Återbetalning",
        _ => "Refund",
    };
    Line {
        position,
        name: format!("{word}: {}", line.name),
        quantity: 1,
        unit_price: amount,
        price: None,
        part: None,
        subtotal: amount,
        discounts: Vec::new(),
        tax: line.tax,
        tax_added: Money::zero(amount.currency),
        total: amount,
        licence: line.licence.clone(),
        credit: None,
    }
}
