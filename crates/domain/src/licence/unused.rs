//! What is left of a licence's value: what was paid for the days that are still to come.

use super::{Holding, Period, Term, Value};
use crate::catalogue::CreditTerms;
use crate::exact::Exact;
use crate::money::Money;
use crate::proration::{Behaviour, Measure, Point, ProrationError, Share, Stretch};
use jiff::Timestamp;
use jiff::civil::Date;

/// The unused part of one grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    /// Of which grant, and what was paid for all of it.
    pub of: Value,
    /// The first day that is left, on the customer's wall.
    pub from: Date,
    /// The first day that is not the grant's any more.
    pub to: Date,
    /// Which share of it comes back: its own days, or seconds, that are left, as the terms say
    /// under which it was sold.
    pub share: Share,
    /// What was paid for them, rounded once.
    pub value: Money,
}

/// The unused part of each grant that was paid for, at an instant. Where days are counted, local
/// dates count, and the day itself is unused.
///
/// # Errors
/// [`ProrationError`], for a figure or a date out of range.
pub fn unused(holding: Holding<'_>, now: Timestamp) -> Result<Vec<Unused>, ProrationError> {
    let ahead = holding.periods.iter().filter(|period| period.ends_at > now);
    let valued = ahead.filter_map(|period| {
        let value = holding.values.iter().find(|value| value.grant == period.grant)?;
        Some((period, value))
    });
    let mut all = Vec::new();
    for (period, value) in valued {
        match left(period, value, now) {
            Ok(unused) => all.push(unused),
            // Hours of one day count no day, and cost nothing.
            Err(ProrationError::EmptyPeriod(..)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

fn left(period: &Period, value: &Value, now: Timestamp) -> Result<Unused, ProrationError> {
    let zone = &period.anchor.zone;
    let CreditTerms { behaviour, day_count } = value.licence.credit;
    let day = |at: Timestamp| zone.to_datetime(at).date();
    let from = now.max(period.starts_at);
    let to = Point::Instant(period.ends_at);
    // What was charged for days before it was paid is a part of what was paid.
    let starts_at = match value.licence.term {
        Term::Until { .. } => period.starts_at.min(value.charged_from),
        Term::Months(_) | Term::Days(_) => period.starts_at,
    };
    let whole = Stretch { from: Point::Instant(starts_at), to };
    let measure = Measure::new(day_count, zone, whole)?;
    let share = match behaviour {
        Behaviour::Prorate => measure.share(Stretch { from: Point::Instant(from), to })?,
        Behaviour::Full => measure.whole(),
        Behaviour::None => Share { days: 0, ..measure.whole() },
    };
    let mut line = share.line(Exact::of(value.paid), value.paid.currency)?;
    if crate::planted::is("rounded-per-day") {
        let a_day = value.paid.minor.checked_div(share.of).unwrap_or(0);
        line.amount.minor = a_day.saturating_mul(share.days);
    }
    let (from, to) = (day(from), day(period.ends_at));
    Ok(Unused { of: value.clone(), from, to, share, value: line.amount })
}
