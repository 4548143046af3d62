//! Where an order would be laid, and for which part of a period it is charged.

use super::{Order, QuoteRefusal};
use crate::calendar::start_of_day;
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
    let last = holding.periods.last().filter(|last| last.ends_at > now);
    if let (true, ChangeMode::CoTerm, Some(last)) = (changes, plan.terms.change, last)
        && let Some(months) = paid_months(holding, now)
    {
        return co_term(order, plan, (last, months), now);
    }
    let placement = if changes { Placement::Instead } else { Placement::Behind };
    match plan.terms.billing {
        Billing::Anniversary => Ok(Lay { placement, term: Term::Months(order.months), part: None }),
        Billing::Calendar => {
            let behind = last.filter(|_| placement == Placement::Behind);
            on_the_calendar(order, plan, (placement, behind), holding, now)
        }
    }
}

/// The length of the periods that were paid for up to the end; `None` where some of it was given or
/// is tried, which has no price to go on with, or where they differ.
fn paid_months(holding: Holding<'_>, now: Timestamp) -> Option<i64> {
    let ahead = holding.periods.iter().filter(|period| period.ends_at > now);
    let mut lengths = ahead.map(|period| {
        let value = holding.values.iter().find(|value| value.grant == period.grant)?;
        value.licence.term.months()
    });
    let first = lengths.next()??;
    lengths.all(|months| months == Some(first)).then_some(first)
}

/// Up to the end of what runs, at the price of its own period: another one would be cheaper, or
/// without what was committed to.
fn co_term(
    order: &Order,
    plan: &Plan,
    (last, months): (&Period, i64),
    now: Timestamp,
) -> Result<Lay, QuoteRefusal> {
    if order.months != months {
        return Err(QuoteRefusal::OtherPeriod(months));
    }
    let ends_at = last.ends_at;
    let part = up_to_the_end(last, months, plan.terms.credit.day_count, now)?;
    let term = Term::Until { months, ends_at, follows: Some(ends_at) };
    Ok(Lay { placement: Placement::Within, term, part: Some(part) })
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

/// Up to the end of the calendar's period in which it starts: behind what runs in the zone of
/// that, so that its boundaries stay where they were when the customer moves.
fn on_the_calendar(
    order: &Order,
    plan: &Plan,
    (placement, behind): (Placement, Option<&Period>),
    holding: Holding<'_>,
    now: Timestamp,
) -> Result<Lay, QuoteRefusal> {
    let zone = match behind {
        Some(last) => last.anchor.zone.clone(),
        None => holding.customer.zone()?,
    };
    let starts_at = behind.map_or(now, |last| last.ends_at);
    let period = calendar_period(zone.to_datetime(starts_at).date(), order.months)?;
    let ends_at = start_of_day(period.full.to, &zone)?;
    let follows = behind.map(|last| last.ends_at);
    let term = Term::Until { months: order.months, ends_at, follows };
    if !period.is_stub() {
        return Ok(Lay { placement, term, part: None });
    }
    let day_count = plan.terms.credit.day_count;
    let whole = Stretch::dates(period.full.from, period.full.to);
    let part = Stretch { from: Point::Instant(starts_at), to: whole.to };
    let share = Measure::new(day_count, &zone, whole)?.share(part)?;
    let part = LinePart { from: period.part.from, to: period.part.to, share, day_count };
    Ok(Lay { placement, term, part: Some(part) })
}
