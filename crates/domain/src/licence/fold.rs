//! The fold: where grants are laid, one after the other.

use super::{Grant, Origin, Period, Placement, Term};
use crate::calendar::{Anchor, CalendarError, Every};
use crate::ids::PlanId;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::num::NonZeroU32;

/// Where something is laid in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where its months are counted from.
    pub anchor: Anchor,
    /// How many months after the anchor it ends.
    pub months_to: i64,
    /// Its first instant.
    pub starts_at: Timestamp,
    /// The first instant after it.
    pub ends_at: Timestamp,
}

/// Where a term that is given at an instant is laid, on top of `periods`.
///
/// # Errors
/// [`CalendarError`], for a date out of range, or a term that is over before it begins.
pub fn place(
    periods: &[Period],
    placement: Placement,
    term: Term,
    at: Timestamp,
    zone: &TimeZone,
) -> Result<Place, CalendarError> {
    let running = periods.last().filter(|period| period.ends_at > at);
    let behind = running.filter(|_| placement == Placement::Behind);
    let starts_at = behind.map_or(at, |last| last.ends_at);
    // What follows stays on the wall on which it began, also when the customer moves.
    let zone = behind.map_or(zone, |last| &last.anchor.zone);
    let from_now = || Anchor::new(starts_at, zone.clone());
    let (anchor, months_to) = match term {
        Term::Months(months) => match behind {
            Some(last) => (last.anchor.clone(), add(last.months_to, months)?),
            None => (from_now(), months),
        },
        // What keeps the end keeps the anchor, so that the 31st returns.
        Term::Until { ends_at, .. } => match running.filter(|last| last.ends_at == ends_at) {
            Some(last) => (last.anchor.clone(), last.months_to),
            None => (Anchor::new(ends_at, zone.clone()), 0),
        },
        Term::Days(days) => {
            let days = u32::try_from(days).ok().and_then(NonZeroU32::new);
            let every = Every::Days(days.ok_or(CalendarError::OutOfRange)?);
            (Anchor::new(every.after(&from_now(), 1)?, zone.clone()), 0)
        }
    };
    let ends_at = anchor.boundary(months_to)?;
    if ends_at <= starts_at {
        return Err(CalendarError::Over);
    }
    Ok(Place { anchor, months_to, starts_at, ends_at })
}

/// The periods of an agreement with one more grant laid, and their laying: the one after `laying`
/// where periods that were laid are moved.
///
/// # Errors
/// As [`place`].
pub fn laid(
    laying: i64,
    periods: &[Period],
    grant: &Grant,
) -> Result<(i64, Vec<Period>), CalendarError> {
    let runs = periods.last().is_some_and(|last| last.ends_at > grant.given_at);
    let (laying, mut all) = match grant.placement {
        Placement::Instead | Placement::Within if runs => {
            (add(laying, 1)?, cut(periods, grant.given_at))
        }
        Placement::Instead | Placement::Within | Placement::Behind => (laying, periods.to_vec()),
    };
    let zone = crate::calendar::zone(&grant.zone)?;
    let place = place(periods, grant.placement, grant.term, grant.given_at, &zone)?;
    all.push(lay(all.last(), place, grant)?);
    for period in &mut all {
        period.laying = laying;
    }
    Ok((laying, all))
}

/// The periods up to an instant.
fn cut(periods: &[Period], at: Timestamp) -> Vec<Period> {
    let before = periods.iter().filter(|period| period.starts_at < at);
    before.map(|period| Period { ends_at: period.ends_at.min(at), ..period.clone() }).collect()
}

/// One more period behind `last`, the newest one; in a run of its own where that doesn't run at the
/// instant at which the grant is given.
fn lay(last: Option<&Period>, place: Place, grant: &Grant) -> Result<Period, CalendarError> {
    let (run, seq) = match last {
        Some(last) if last.ends_at > grant.given_at => (last.run, add(last.seq, 1)?),
        Some(last) => (add(last.run, 1)?, 1),
        None => (1, 1),
    };
    Ok(Period {
        subscription: grant.subscription,
        laying: 0,
        run,
        seq,
        anchor: place.anchor,
        months_to: place.months_to,
        starts_at: place.starts_at,
        ends_at: place.ends_at,
        plan: grant.plan,
        quantity: grant.quantity,
        grant: grant.id,
        paid: matches!(grant.origin, Origin::Paid(_) | Origin::Billed { .. }),
    })
}

/// The periods of a list of grants, in the order in which they were given, as the laying `laying`.
///
/// # Errors
/// As [`laid`].
pub fn fold(laying: i64, grants: &[Grant]) -> Result<Vec<Period>, CalendarError> {
    let lay = |periods: Vec<Period>, grant| laid(laying, &periods, grant).map(|(_, all)| all);
    let periods = grants.iter().try_fold(Vec::new(), lay)?;
    Ok(periods.into_iter().map(|period| Period { laying, ..period }).collect())
}

/// What runs at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    /// The plan.
    pub plan: PlanId,
    /// The quantity.
    pub quantity: i64,
    /// When this plan and quantity end.
    pub expires_at: Timestamp,
}

/// The licence at `now`: the period that runs, prolonged by those of the same plan and quantity
/// that follow it without a gap. `periods` are of one agreement, oldest first.
pub fn licence_at(periods: &[Period], now: Timestamp) -> Option<Licence> {
    let mut ahead = periods.iter().filter(|period| period.ends_at > now);
    let running = ahead.next().filter(|period| period.starts_at <= now)?;
    let same = |period: &&Period| {
        (period.run, period.plan, period.quantity) == (running.run, running.plan, running.quantity)
    };
    let last = ahead.take_while(same).last().unwrap_or(running);
    Some(Licence { plan: running.plan, quantity: running.quantity, expires_at: last.ends_at })
}

/// Since when a customer has had a plan without a gap, where it has it at `now`, or had it right up
/// to then. `periods` are of one agreement, oldest first.
pub fn held_since(periods: &[Period], plan: PlanId, now: Timestamp) -> Option<Timestamp> {
    let mut newest_first = periods.iter().rev().skip_while(|period| period.starts_at > now);
    let running = newest_first.next().filter(|it| it.ends_at >= now && it.plan == plan)?;
    let mut since = running.starts_at;
    for before in newest_first.take_while(|period| period.plan == plan) {
        if before.ends_at != since {
            break;
        }
        since = before.starts_at;
    }
    Some(since)
}

fn add(months: i64, more: i64) -> Result<i64, CalendarError> {
    months.checked_add(more).ok_or(CalendarError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{GrantId, SubscriptionId};
    use proptest::prelude::*;
    use uuid::Uuid;

    fn grant(plan: u128, months: i64, given_at: &str) -> Grant {
        Grant {
            id: GrantId(Uuid::nil()),
            subscription: SubscriptionId(Uuid::nil()),
            plan: PlanId(Uuid::from_u128(plan)),
            quantity: 1,
            term: Term::Months(months),
            given_at: given_at.parse().expect("instant"),
            zone: "Europe/Moscow".to_owned(),
            placement: Placement::Behind,
            origin: Origin::ByHand("test".to_owned()),
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("instant")
    }

    #[test]
    fn a_renewal_keeps_the_anchor() {
        let periods =
            fold(1, &[grant(1, 1, "2026-01-31T10:00:00Z"), grant(1, 1, "2026-02-20T08:00:00Z")])
                .expect("in range");
        let ends: Vec<_> = periods.iter().map(|p| p.ends_at).collect();
        assert_eq!(ends, [at("2026-02-28T10:00:00Z"), at("2026-03-31T10:00:00Z")]);
        let licence = licence_at(&periods, at("2026-02-21T00:00:00Z")).expect("runs");
        assert_eq!(licence.expires_at, at("2026-03-31T10:00:00Z"));
    }

    #[test]
    fn after_a_lapse_a_new_run_starts_when_it_is_given() {
        let periods =
            fold(1, &[grant(1, 1, "2026-01-31T10:00:00Z"), grant(1, 1, "2026-03-05T12:00:00Z")])
                .expect("in range");
        assert_eq!(periods[1].run, 2);
        assert_eq!(periods[1].ends_at, at("2026-04-05T12:00:00Z"));
        assert_eq!(licence_at(&periods, at("2026-03-01T00:00:00Z")), None);
    }

    #[test]
    fn another_plan_follows_and_does_not_prolong() {
        let periods =
            fold(1, &[grant(1, 1, "2026-01-10T10:00:00Z"), grant(2, 1, "2026-01-15T10:00:00Z")])
                .expect("in range");
        let licence = licence_at(&periods, at("2026-01-20T00:00:00Z")).expect("runs");
        assert_eq!(licence.plan, PlanId(Uuid::from_u128(1)));
        assert_eq!(licence.expires_at, at("2026-02-10T10:00:00Z"));
    }

    #[test]
    fn a_change_cuts_what_runs_and_all_that_follows() {
        let change = Grant { placement: Placement::Instead, ..grant(2, 1, "2026-02-10T09:00:00Z") };
        let grants = [
            grant(1, 1, "2026-01-31T10:00:00Z"),
            grant(1, 1, "2026-02-01T08:00:00Z"),
            change.clone(),
        ];
        let periods = fold(1, &grants).expect("in range");
        let ends: Vec<_> = periods.iter().map(|p| (p.laying, p.run, p.ends_at)).collect();
        assert_eq!(ends, [(1, 1, change.given_at), (1, 2, at("2026-03-10T09:00:00Z"))]);
        let before = fold(1, &grants[..2]).expect("in range");
        assert_eq!(laid(1, &before, &change).map(|(laying, _)| laying), Ok(2));
        // After a lapse it is laid like any other.
        let late = Grant { given_at: at("2026-05-01T09:00:00Z"), ..change };
        let periods = fold(1, &[grants[0].clone(), late]).expect("in range");
        assert_eq!((periods.len(), periods[1].laying, periods[1].run), (2, 1, 2));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn periods_of_a_run_tile_time(
            gaps in prop::collection::vec((0_i64..4_000_000, 1_i64..13, any::<bool>()), 1..20)
        ) {
            let mut now = 1_700_000_000_i64;
            let grants: Vec<Grant> = gaps.iter().map(|(gap, months, instead)| {
                now += gap;
                Grant {
                    placement: if *instead { Placement::Instead } else { Placement::Behind },
                    given_at: Timestamp::from_second(now).expect("in range"),
                    ..grant(1, *months, "2026-01-01T00:00:00Z")
                }
            }).collect();
            let periods = fold(1, &grants).expect("in range");
            for pair in periods.windows(2) {
                if pair[0].run == pair[1].run {
                    prop_assert_eq!(pair[0].ends_at, pair[1].starts_at);
                    prop_assert_eq!(pair[0].seq + 1, pair[1].seq);
                } else {
                    prop_assert!(pair[0].ends_at <= pair[1].starts_at);
                }
            }
            prop_assert!(periods.iter().all(|period| period.starts_at < period.ends_at));
            prop_assert!(periods.iter().all(|period| period.laying == periods[0].laying));
            prop_assert!(!periods.is_empty());
        }
    }
}
