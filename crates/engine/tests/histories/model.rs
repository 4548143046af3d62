//! The plain model of a licence: days counted by hand, no anchor kept in rows, no layings. What was
//! given is laid anew from the start each time.

use crate::books::Books;
use abono_domain::calendar::zone;
use abono_domain::ids::PlanId;
use abono_domain::licence::{Placement, Term};
use jiff::Timestamp;
use jiff::civil::{DateTime, date};
use jiff::tz::TimeZone;

/// From when to when, of which plan, how many.
pub(crate) type Piece = (Timestamp, Timestamp, PlanId, i64);

/// A piece, and where its months are counted from: a local time, the day it is anchored on, and
/// how many months from there it ends.
struct Laid {
    piece: Piece,
    anchor: (DateTime, i64),
}

/// What the customer should have: each grant that is left, laid by hand.
pub(crate) fn pieces(books: &Books) -> Vec<Piece> {
    let mut laid: Vec<Laid> = Vec::new();
    for grant in &books.grants {
        let cut = books.cuts.iter().rfind(|cut| cut.grant == grant.id);
        let quantity = cut.map_or(grant.quantity, |cut| cut.quantity);
        if quantity == 0 {
            continue;
        }
        let term = match (grant.term, cut) {
            (Term::Months(_), Some(cut)) => Term::Months(cut.months),
            (term, _) => term,
        };
        let zone = zone(&grant.zone).expect("a zone");
        let at = grant.given_at;
        let last = laid.last().filter(|last| last.piece.1 > at);
        let before = last.map(|last| (last.piece.1, last.anchor));
        let (start, before) = match (grant.placement, before) {
            (Placement::Behind, Some((ends, anchor))) => (ends, Some((ends, anchor))),
            (Placement::Within, before) => (at, before),
            (Placement::Behind | Placement::Instead, _) => (at, None),
        };
        if grant.placement != Placement::Behind {
            laid.retain(|one| one.piece.0 < at);
            if let Some(last) = laid.last_mut() {
                last.piece.1 = last.piece.1.min(at);
            }
        }
        let anchor = anchor(term, start, before, &zone);
        let end = wall(months_after(anchor.0, anchor.1), &zone);
        laid.push(Laid { piece: (start, end, grant.plan, quantity), anchor });
    }
    laid.into_iter().map(|one| one.piece).collect()
}

/// Where a term ends: an anchor and the months from there.
fn anchor(
    term: Term,
    start: Timestamp,
    before: Option<(Timestamp, (DateTime, i64))>,
    zone: &TimeZone,
) -> (DateTime, i64) {
    let local = zone.to_datetime(start);
    match (term, before) {
        (Term::Months(months), Some((_, (anchor, so_far)))) => (anchor, so_far + months),
        (Term::Months(months), None) => (local, months),
        (Term::Until { ends_at, .. }, Some((ends, anchor))) if ends == ends_at => anchor,
        (Term::Until { ends_at, .. }, _) => (zone.to_datetime(ends_at), 0),
        (Term::Days(days), _) => {
            let mut day = local.date();
            for _ in 0..days {
                day = day.tomorrow().expect("in range");
            }
            (zone.to_datetime(wall(day.to_datetime(local.time()), zone)), 0)
        }
    }
}

/// The same time of day so many months later: on the same day, or the last of a shorter month.
fn months_after(from: DateTime, months: i64) -> DateTime {
    let count = i64::from(from.year()) * 12 + i64::from(from.month()) - 1 + months;
    let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
    let (year, month) = (i16::try_from(year).expect("a year"), i8::try_from(month).expect("12"));
    let day = from.day().min(date(year, month, 1).days_in_month());
    date(year, month, day).to_datetime(from.time())
}

/// When a wall shows a local time: a skipped one is pushed on, of a repeated one the first counts.
fn wall(local: DateTime, zone: &TimeZone) -> Timestamp {
    zone.to_ambiguous_timestamp(local).compatible().expect("in range")
}
