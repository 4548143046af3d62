//! What goes back when a subscription ends within a period that was billed.

use super::{
    Credited, DayOfChange, Measure, Point, ProrationError, Share, not_below_zero, not_negative,
};
use crate::exact::Exact;
use crate::money::{Money, MoneyError};
use crate::words::words;

/// What is credited on a termination.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Behaviour {
    /// The unused days of the period.
    #[default]
    Prorate,
    /// All that was billed.
    Full,
    /// Nothing.
    None,
}

words!(Behaviour { Prorate => "prorate", Full => "full", None => "none" });

/// The end of a subscription within a period that was billed.
#[derive(Clone, Copy, Debug)]
pub struct Termination<'a> {
    /// What was billed for the whole of `period`, before discounts and without tax.
    pub amount: Money,
    /// The part of a discount that was taken off it, without tax.
    pub discount_given: Money,
    /// What earlier credits took off the same bill, without tax.
    pub credited_before: Money,
    /// The period that was billed.
    pub period: &'a Measure,
    /// When the subscription ends: within the period, or with it.
    pub at: Point,
    /// Whether the day of it is billed.
    pub day_of_change: DayOfChange,
    /// What is credited.
    pub behaviour: Behaviour,
    /// The rate of the bill's own tax, in percent; 0 where none was charged.
    pub tax_rate: Exact,
    /// What was paid of the document, where money may go back.
    pub paid: Option<Paid>,
}

/// The document on which the period was billed, as it was issued, and what came in on it:
/// both before earlier credits and refunds of this line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// What it was to be paid with, tax included.
    pub document_total: Money,
    /// What was paid of it.
    pub document_paid: Money,
}

/// What a termination gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminated {
    /// The first point that is no longer billed.
    pub cut: Point,
    /// The credit, without tax, and its limit.
    pub credited: Credited,
    /// The tax of the credit.
    pub tax: Money,
    /// Credit and tax.
    pub total: Money,
    /// Where the total goes, where it was asked what was paid.
    pub refund: Option<Refund>,
}

/// Where the total of a credit goes; the two add up to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refund {
    /// What was really paid and goes back.
    pub refundable: Money,
    /// What only lowers the balance that is still due on the document.
    pub to_balance: Money,
}

const PERCENT: Exact = Exact::whole(100);

/// The credit of a termination.
///
/// The tax is the rounded tax of all credits of the bill so far, less that of the earlier ones: so
/// the taxes of all credits of a bill add up to the tax of the bill, to the cent. The first credit
/// of a bill has the plain rounded tax.
///
/// A credit first lowers what is still due on the document; only what exceeds that was really paid
/// and goes back. Over many credits no more goes back than was paid.
///
/// # Errors
/// [`ProrationError::AtOutside`] where the end isn't within the period,
/// [`ProrationError::Negative`], two currencies, an amount out of range.
pub fn terminate(end: &Termination<'_>) -> Result<Terminated, ProrationError> {
    let amount = not_negative(end.amount, "the amount billed")?;
    let discount = not_negative(end.discount_given, "the discount")?;
    let before = not_negative(end.credited_before, "what was credited before")?;
    if end.tax_rate.is_negative() {
        return Err(ProrationError::Negative("the tax rate"));
    }
    let billed = not_below_zero(amount.minus(discount)?);
    let cut = end.period.cut(end.at, end.day_of_change)?;
    let share = match end.behaviour {
        Behaviour::Prorate => end.period.all_billed().left(cut)?,
        Behaviour::Full => end.period.whole(),
        Behaviour::None => Share { days: 0, ..end.period.whole() },
    };
    let line = share.line(Exact::of(billed), billed.currency)?;
    let credited = Credited::new(line, billed, before)?;
    let after = before.plus(credited.credit)?;
    let (gross_before, gross_after) =
        (with_tax(before, end.tax_rate)?, with_tax(after, end.tax_rate)?);
    let total = gross_after.minus(gross_before)?;
    let refund = end.paid.map(|paid| paid.refund(gross_before, gross_after)).transpose()?;
    Ok(Terminated { cut, credited, tax: total.minus(credited.credit)?, total, refund })
}

/// A net amount and its tax, which is rounded once.
fn with_tax(net: Money, rate: Exact) -> Result<Money, MoneyError> {
    net.plus(Exact::of(net).times(rate)?.over(PERCENT)?.rounded(net.currency)?)
}

impl Paid {
    /// Where a credit goes that brings all credits from `before` to `after`, tax included.
    fn refund(self, before: Money, after: Money) -> Result<Refund, ProrationError> {
        let total = not_negative(self.document_total, "the document's total")?;
        let paid = not_negative(self.document_paid, "what was paid")?;
        let due = not_below_zero(total.minus(paid)?);
        let went_back = |credited: Money| -> Result<Money, MoneyError> {
            Ok(not_below_zero(credited.minus(due)?).at_most(paid))
        };
        let refundable = went_back(after)?.minus(went_back(before)?)?;
        let to_balance = after.minus(before)?.minus(refundable)?;
        Ok(Refund { refundable, to_balance })
    }
}
