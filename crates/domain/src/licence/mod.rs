//! What a customer may use now: the fold of what it was granted.
//!
//! Grants are laid end to end. A grant that comes while the licence runs starts where the last
//! one ends, and counts from the same anchor; after a lapse a new run starts at the grant's own
//! instant.

pub mod grant;
mod refusal;

pub use refusal::LicenceRefusal;

use crate::calendar::{Anchor, CalendarError};
use crate::customer::Customer;
use crate::ids::{CustomerId, DocumentId, GrantId, PlanId, ProductId, SubscriptionId};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A customer's agreement on a product; its licence hangs on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its identity.
    pub id: SubscriptionId,
    /// Its number in the tenant; given when it is written.
    pub number: i64,
    /// Whose it is.
    pub customer: CustomerId,
    /// On what.
    pub product: ProductId,
    /// Since when.
    pub created_at: Timestamp,
}

/// A piece of licence that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its identity.
    pub id: GrantId,
    /// On which agreement.
    pub subscription: SubscriptionId,
    /// Of which plan.
    pub plan: PlanId,
    /// How many.
    pub quantity: i64,
    /// For how many months.
    pub months: i64,
    /// When it was given.
    pub given_at: Timestamp,
    /// The IANA zone in which its months are counted.
    pub zone: String,
    /// Why it was given.
    pub origin: Origin,
}

/// Why a grant was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A document was paid.
    Paid(DocumentId),
    /// Somebody of the seller gave it, for a reason.
    ByHand(String),
}

/// A grant in its place: half-open in time, without a gap or an overlap inside a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Of which agreement.
    pub subscription: SubscriptionId,
    /// The run, from 1; a lapse starts a new one.
    pub run: i64,
    /// The place in the run, from 1.
    pub seq: i64,
    /// Where the run starts.
    pub anchor: Anchor,
    /// How many months after the anchor it ends.
    pub months_to: i64,
    /// Its first instant.
    pub starts_at: Timestamp,
    /// The first instant after it.
    pub ends_at: Timestamp,
    /// The plan.
    pub plan: PlanId,
    /// The quantity.
    pub quantity: i64,
    /// What it comes from.
    pub grant: GrantId,
    /// Whether that was paid for.
    pub paid: bool,
}

/// A customer, and what it has of one product.
#[derive(Clone, Copy, Debug)]
pub struct Holding<'a> {
    /// Whose.
    pub customer: &'a Customer,
    /// Its agreement on the product, where there is one.
    pub subscription: Option<&'a Subscription>,
    /// The newest period of its licence.
    pub last_period: Option<&'a Period>,
}

/// Where a run of `months` starting at `starts_at`, or after `last` while that runs, would end.
///
/// # Errors
/// [`CalendarError::OutOfRange`].
pub fn expiry(
    last: Option<&Period>,
    starts_at: Timestamp,
    zone: TimeZone,
    months: i64,
) -> Result<Timestamp, CalendarError> {
    match last.filter(|period| period.ends_at > starts_at) {
        Some(last) => last.anchor.boundary(add(last.months_to, months)?),
        None => Anchor::new(starts_at, zone).boundary(months),
    }
}

/// Lays one more grant after `last`, the newest period of its agreement.
///
/// # Errors
/// [`CalendarError`], for a date out of range.
pub fn lay(last: Option<&Period>, grant: &Grant) -> Result<Period, CalendarError> {
    let running = last.filter(|period| period.ends_at > grant.given_at);
    let (run, seq, anchor, months_from, starts_at) = match running {
        Some(last) => {
            // A licence is given fewer than 2^63 times: nothing saturates.
            let seq = last.seq.saturating_add(1);
            (last.run, seq, last.anchor.clone(), last.months_to, last.ends_at)
        }
        None => {
            let zone = crate::calendar::zone(&grant.zone)?;
            let run = last.map_or(1, |last| last.run.saturating_add(1));
            (run, 1, Anchor::new(grant.given_at, zone), 0, grant.given_at)
        }
    };
    let months_to = add(months_from, grant.months)?;
    Ok(Period {
        subscription: grant.subscription,
        run,
        seq,
        ends_at: anchor.boundary(months_to)?,
        anchor,
        months_to,
        starts_at,
        plan: grant.plan,
        quantity: grant.quantity,
        grant: grant.id,
        paid: matches!(grant.origin, Origin::Paid(_)),
    })
}

/// The periods of a list of grants, in the order in which they were given.
///
/// # Errors
/// As [`lay`].
pub fn fold(grants: &[Grant]) -> Result<Vec<Period>, CalendarError> {
    let mut periods: Vec<Period> = Vec::with_capacity(grants.len());
    for grant in grants {
        periods.push(lay(periods.last(), grant)?);
    }
    Ok(periods)
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

fn add(months: i64, more: i64) -> Result<i64, CalendarError> {
    months.checked_add(more).ok_or(CalendarError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn grant(plan: u128, months: i64, given_at: &str) -> Grant {
        Grant {
            id: GrantId(Uuid::nil()),
            subscription: SubscriptionId(Uuid::nil()),
            plan: PlanId(Uuid::from_u128(plan)),
            quantity: 1,
            months,
            given_at: given_at.parse().expect("instant"),
            zone: "Europe/Moscow".to_owned(),
            origin: Origin::ByHand("test".to_owned()),
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("instant")
    }

    #[test]
    fn a_renewal_keeps_the_anchor() {
        let periods =
            fold(&[grant(1, 1, "2026-01-31T10:00:00Z"), grant(1, 1, "2026-02-20T08:00:00Z")])
                .expect("in range");
        let ends: Vec<_> = periods.iter().map(|p| p.ends_at).collect();
        assert_eq!(ends, [at("2026-02-28T10:00:00Z"), at("2026-03-31T10:00:00Z")]);
        let licence = licence_at(&periods, at("2026-02-21T00:00:00Z")).expect("runs");
        assert_eq!(licence.expires_at, at("2026-03-31T10:00:00Z"));
    }

    #[test]
    fn after_a_lapse_a_new_run_starts_when_it_is_given() {
        let periods =
            fold(&[grant(1, 1, "2026-01-31T10:00:00Z"), grant(1, 1, "2026-03-05T12:00:00Z")])
                .expect("in range");
        assert_eq!(periods[1].run, 2);
        assert_eq!(periods[1].ends_at, at("2026-04-05T12:00:00Z"));
        assert_eq!(licence_at(&periods, at("2026-03-01T00:00:00Z")), None);
    }

    #[test]
    fn another_plan_follows_and_does_not_prolong() {
        let periods =
            fold(&[grant(1, 1, "2026-01-10T10:00:00Z"), grant(2, 1, "2026-01-15T10:00:00Z")])
                .expect("in range");
        let licence = licence_at(&periods, at("2026-01-20T00:00:00Z")).expect("runs");
        assert_eq!(licence.plan, PlanId(Uuid::from_u128(1)));
        assert_eq!(licence.expires_at, at("2026-02-10T10:00:00Z"));
    }

    proptest! {
        #[test]
        fn periods_of_a_run_tile_time(
            gaps in prop::collection::vec((0_i64..4_000_000, 1_i64..13), 1..20)
        ) {
            let mut now = 1_700_000_000_i64;
            let grants: Vec<Grant> = gaps.iter().map(|(gap, months)| {
                now += gap;
                Grant {
                    given_at: Timestamp::from_second(now).expect("in range"),
                    ..grant(1, *months, "2026-01-01T00:00:00Z")
                }
            }).collect();
            let periods = fold(&grants).expect("in range");
            for pair in periods.windows(2) {
                if pair[0].run == pair[1].run {
                    prop_assert_eq!(pair[0].ends_at, pair[1].starts_at);
                    prop_assert_eq!(pair[0].seq + 1, pair[1].seq);
                } else {
                    prop_assert!(pair[0].ends_at <= pair[1].starts_at);
                }
            }
            for (period, grant) in periods.iter().zip(&grants) {
                prop_assert!(period.starts_at < period.ends_at);
                prop_assert!(period.starts_at >= grant.given_at);
            }
        }
    }
}
