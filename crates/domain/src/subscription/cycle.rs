//! Cycles: which one a day belongs to, and what a plan costs in all of it or in a part.

use super::{Agreement, Facts, SubscriptionRefusal};
use crate::calendar::{Align, CalendarError, Every, Period, PeriodError, Schedule, Terms};
use crate::document::LinePart;
use crate::ids::PlanId;
use crate::licence::{Holding, Placement, Term};
use crate::proration::{DayCount, Measure, Point, ProrationError, Stretch};
use crate::quote::{Lay, Order, Parties, Quote, QuoteRefusal, lay_out};
use jiff::Timestamp;
use jiff::civil::Date;
use std::num::NonZeroU32;

/// A cycle: its own days, and those of the whole one of which the first may be a part.
pub type Cycle = Period;

impl Agreement {
    /// The cycle to which a day belongs.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`], also for a day before its first.
    pub fn cycle_on(&self, day: Date) -> Result<Cycle, CalendarError> {
        let months = u32::try_from(self.months).ok().and_then(NonZeroU32::new);
        let every = Every::Months(months.ok_or(CalendarError::OutOfRange)?);
        let billing_day = u8::try_from(self.billing_day).map_err(|_| CalendarError::OutOfRange)?;
        let align = Align::Anniversary { day: Some(billing_day), month: None };
        let terms = Terms { start: self.started_on, every, align, trial: None, end: None };
        // The day was checked at the start, and there is neither an end nor a list.
        let schedule = Schedule::new(&terms).map_err(PeriodError::of_calendar)?;
        schedule.period_on(day)?.ok_or(CalendarError::OutOfRange)
    }

    /// The part of a cycle from an instant to its end; `None` where that is all of a whole one.
    fn part(
        &self,
        cycle: &Cycle,
        from: Timestamp,
        day_count: DayCount,
    ) -> Result<Option<LinePart>, ProrationError> {
        let zone = self.zone()?;
        let day = zone.to_datetime(from).date();
        if day == cycle.full.from && from == self.midnight(day)? {
            return Ok(None);
        }
        let whole = Stretch::dates(cycle.full.from, cycle.full.to);
        let stretch = Stretch { from: Point::Instant(from), to: whole.to };
        let share = Measure::new(day_count, &zone, whole)?.share(stretch)?;
        // On the first day of a whole cycle, at another time of day, all of its days are left.
        let is_whole = day_count != DayCount::Second && share.days == share.of;
        Ok((!is_whole).then_some(LinePart { from: day, to: cycle.full.to, share, day_count }))
    }
}

impl Facts<'_> {
    /// The company that sells it and who pays for it.
    pub(crate) fn parties(&self) -> Result<Parties<'_>, SubscriptionRefusal> {
        let issuer = self.seller.legal_entity(self.agreement.legal_entity);
        let payer = self.customer().payer(None).ok_or(SubscriptionRefusal::NoPayer)?;
        Ok(Parties {
            seller: self.seller,
            issuer: issuer.ok_or(SubscriptionRefusal::NoIssuer)?,
            country: &payer.identity.country,
            kind: payer.kind,
        })
    }

    /// What a plan costs from an instant to the end of the cycle, as [`cycle_quote`].
    pub(crate) fn quote(
        &self,
        plan: PlanId,
        placed: (&Cycle, Placement),
        holding: Holding<'_>,
        at: Timestamp,
    ) -> Result<Quote, SubscriptionRefusal> {
        let (parties, quantity) = (self.parties()?, self.state.quantity);
        Ok(cycle_quote(self.agreement, (plan, quantity), placed, (parties, holding), at)?)
    }
}

/// What some of a plan cost from an instant to the end of the cycle, and what is credited of what
/// runs then: the holding says that. At the start of a cycle nothing runs.
///
/// # Errors
/// Why it can't be sold like this.
pub fn cycle_quote(
    agreement: &Agreement,
    (plan, quantity): (PlanId, i64),
    (cycle, placement): (&Cycle, Placement),
    (parties, holding): (Parties<'_>, Holding<'_>),
    at: Timestamp,
) -> Result<Quote, QuoteRefusal> {
    let (product, months) = (agreement.subscription.product, agreement.months);
    let order = Order { product, plan, quantity, months };
    let sold = parties.seller.catalogue.product(product).ok_or(QuoteRefusal::UnknownProduct)?;
    let day_count = sold.plan(plan).ok_or(QuoteRefusal::UnknownPlan)?.terms.credit.day_count;
    let ends_at = agreement.midnight(cycle.part.to)?;
    let follows = (placement == Placement::Within).then_some(ends_at);
    let term = Term::Until { months, ends_at, follows };
    let lay = Lay { placement, term, part: agreement.part(cycle, at, day_count)? };
    lay_out(&order, lay, parties, holding, at)
}

#[cfg(test)]
mod tests {
    use super::super::{LineIdentity, Origin};
    use super::*;
    use crate::calendar::zone;
    use crate::ids::{CustomerId, LegalEntityId, ProductId, SubscriptionId};
    use crate::licence::Subscription;
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn agreement(started_on: Date, billing_day: i64, months: i64, zone: &str) -> Agreement {
        Agreement {
            subscription: Subscription {
                id: SubscriptionId(Uuid::nil()),
                number: 1,
                customer: CustomerId(Uuid::nil()),
                product: ProductId(Uuid::nil()),
                created_at: Timestamp::UNIX_EPOCH,
                recurring: true,
            },
            plan: PlanId(Uuid::nil()),
            legal_entity: LegalEntityId(Uuid::nil()),
            zone: zone.to_owned(),
            started_on,
            sold_on: started_on,
            months,
            billing_day,
            origin: Origin::New,
            bundle: None,
            line: LineIdentity::default(),
        }
    }

    #[test]
    fn the_first_cycle_is_a_part_by_the_days_of_its_own() {
        let agreement = agreement(date(2026, 2, 10), 31, 1, "Europe/Madrid");
        let cycle = agreement.cycle_on(date(2026, 2, 10)).expect("a cycle");
        assert_eq!((cycle.part.from, cycle.part.to), (date(2026, 2, 10), date(2026, 2, 28)));
        assert_eq!((cycle.full.from, cycle.full.to), (date(2026, 1, 31), date(2026, 2, 28)));
        // At noon of its first day all of that day is charged.
        let noon = "2026-02-10T12:00:00Z".parse().expect("an instant");
        let part = agreement.part(&cycle, noon, DayCount::Actual).expect("in range");
        assert_eq!(part.map(|part| (part.share.days, part.share.of)), Some((18, 28)));
    }

    #[test]
    fn a_whole_cycle_has_no_part_at_whatever_hour_it_starts() {
        let agreement = agreement(date(2026, 2, 1), 1, 1, "Europe/Madrid");
        let cycle = agreement.cycle_on(date(2026, 2, 1)).expect("a cycle");
        for at in ["2026-01-31T23:00:00Z", "2026-02-01T20:00:00Z"] {
            let at = at.parse().expect("an instant");
            assert_eq!(agreement.part(&cycle, at, DayCount::Actual).expect("in range"), None);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        /// Ten years of cycles of any length, from any day, in any zone: no gap, no overlap, each
        /// begins on its billing day or the month's last, at a midnight that comes after the last.
        #[test]
        fn cycles_tile_time(
            start in 0_i32..4_000,
            billing_day in 1_i64..32,
            months in 1_i64..13,
            place in 0_usize..600,
        ) {
            let start = date(2020, 1, 1).checked_add(jiff::Span::new().days(start)).expect("a day");
            let names: Vec<_> = jiff::tz::db().available().map(|it| it.to_string()).collect();
            let name = &names[place % names.len()];
            prop_assume!(zone(name).is_ok());
            let agreement = agreement(start, billing_day, months, name);
            let mut day = start;
            let mut before = None;
            for _ in 0..(120 / months) {
                let cycle = agreement.cycle_on(day).expect("a cycle");
                prop_assert_eq!(cycle.part.from, day);
                prop_assert!(cycle.part.to > day);
                let end = cycle.part.to;
                let last = i64::from(end.days_in_month());
                prop_assert_eq!(i64::from(end.day()), billing_day.min(last));
                let midnight = agreement.midnight(day).expect("in range");
                prop_assert!(before.is_none_or(|before| before < midnight));
                before = Some(midnight);
                day = end;
            }
        }
    }
}
