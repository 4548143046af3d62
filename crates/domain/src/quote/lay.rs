//! Where an order would be laid, and for which part of a period it is charged.

use super::{Order, QuoteRefusal};
use crate::catalogue::{Billing, ChangeMode, Plan};
use crate::document::LinePart;
use crate::licence::{Holding, Period, Placement, Term, calendar_period};
use crate::proration::{DayCount, Measure, Point, ProrationError, Share, Stretch};
use jiff::Timestamp;

/// Where an order would be laid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lay {
    /// Behind what runs, or in its place.
    pub placement: Placement,
    /// For how long.
    pub term: Term,
    /// The part of a period that is charged; all of one where nothing is said.
    pub part: Option<LinePart>,
}

/// Another plan or quantity than what runs changes the licence; whether that keeps its end, and
/// where periods lie, the plan says that is bought.
pub(super) fn lay(
    order: &Order,
    plan: &Plan,
    holding: Holding<'_>,
    now: Timestamp,
) -> Result<Lay, QuoteRefusal> {
    let runs = |period: &&Period| period.starts_at <= now && now < period.ends_at;
    let running = holding.periods.iter().find(runs);
    let changes = running.is_some_and(|it| (it.plan, it.quantity) != (order.plan, order.quantity));
    let placement = if changes { Placement::Instead } else { Placement::Behind };
    let day_count = plan.terms.credit.day_count;
    let last = holding.periods.last().filter(|last| last.ends_at > now);
    match (plan.terms.change, last) {
        (ChangeMode::CoTerm, Some(last)) if changes => {
            let term = Term::Until { months: order.months, ends_at: last.ends_at };
            let part = Some(up_to_the_end(last, order.months, day_count, now)?);
            Ok(Lay { placement: Placement::Within, term, part })
        }
        (ChangeMode::CoTerm | ChangeMode::NewPeriod, last) => match plan.terms.billing {
            Billing::Anniversary => {
                Ok(Lay { placement, term: Term::Months(order.months), part: None })
            }
            Billing::Calendar => {
                let starts_at = last.filter(|_| !changes).map_or(now, |last| last.ends_at);
                let part = calendar_part(order.months, holding, day_count, starts_at)?;
                Ok(Lay { placement, term: Term::Calendar(order.months), part })
            }
        },
    }
}

/// What is left of the running term, in periods of so many months that are counted back from its
/// end: whole ones, and a part of one.
fn up_to_the_end(
    last: &Period,
    months: i64,
    day_count: DayCount,
    now: Timestamp,
) -> Result<LinePart, ProrationError> {
    let zone = &last.anchor.zone;
    let day = |at: Timestamp| zone.to_datetime(at).date();
    let (mut whole, mut to) = (0_i64, last.ends_at);
    let mut months_to = last.months_to;
    loop {
        // Out of range is far below: it is refused as a date.
        months_to = months_to.saturating_sub(months);
        let from = last.anchor.boundary(months_to)?;
        if from <= now {
            let period = Stretch { from: Point::Instant(from), to: Point::Instant(to) };
            let measure = Measure::new(day_count, zone, period)?;
            let share = measure.share(Stretch { from: Point::Instant(now), ..period })?;
            return Ok(LinePart {
                from: day(now),
                to: day(last.ends_at),
                share: Share {
                    days: whole.saturating_mul(share.of).saturating_add(share.days),
                    of: share.of,
                },
                day_count,
            });
        }
        whole = whole.saturating_add(1);
        to = from;
    }
}

/// The part of the calendar's period from the day of `starts_at` on; `None` where it is all of it.
fn calendar_part(
    months: i64,
    holding: Holding<'_>,
    day_count: DayCount,
    starts_at: Timestamp,
) -> Result<Option<LinePart>, QuoteRefusal> {
    let zone = holding.customer.zone()?;
    let period = calendar_period(zone.to_datetime(starts_at).date(), months)?;
    if !period.is_stub() {
        return Ok(None);
    }
    let whole = Stretch::dates(period.full.from, period.full.to);
    let part = Stretch { from: Point::Instant(starts_at), to: whole.to };
    let share = Measure::new(day_count, &zone, whole)?.share(part)?;
    Ok(Some(LinePart { from: period.part.from, to: period.part.to, share, day_count }))
}
