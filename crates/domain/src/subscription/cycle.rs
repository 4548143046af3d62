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
        let schedule = Schedule::new(&terms).map_err(|error| match error {
            PeriodError::Calendar(error) => error,
            // The day was checked at the start, and there is neither an end nor a list.
            PeriodError::AnchorDay(_)
            | PeriodError::AnchorMonth(_)
            | PeriodError::AnchorWithoutMonths
            | PeriodError::EndBeforeStart { .. }
            | PeriodError::Count(_)
            | PeriodError::TooMany => CalendarError::OutOfRange,
        })?;
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
