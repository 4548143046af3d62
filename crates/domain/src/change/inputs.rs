//! What a change is measured by, read off the facts.

use super::{ChangeRefusal, ChangeStatus, ChangeView};
use crate::calendar::{CalendarError, days_between};
use crate::catalogue::Wanted;
use crate::ids::{ChangeId, PlanId};
use crate::licence::held_since;
use crate::money::Money;
use crate::quote::{Quote, QuoteRefusal};
use crate::risk::Inputs;
use crate::subscription::{Commitment, Facts};
use jiff::Timestamp;
use jiff::civil::Date;

/// The inputs of a change from one plan to another that takes effect on a day and would credit what
/// its quote says, as they are at `now`; `requested_on` are the days of the other requests.
///
/// # Errors
/// A figure or a date that is out of range.
pub fn inputs(
    facts: &Facts<'_>,
    (before, to): (PlanId, PlanId),
    (effective_on, quote): (Date, Option<&Quote>),
    requested_on: &[Date],
    now: Timestamp,
) -> Result<Inputs, ChangeRefusal> {
    let today = facts.agreement.day(now)?;
    let zero = Money::zero(facts.customer().profile.currency);
    let credits = quote.map_or(&[][..], |quote| &quote.credits);
    let overdue = facts.open_invoices.iter().filter(|view| {
        let document = &view.document;
        document.due_on.is_some_and(|due| due < today) && document.total.currency == zero.currency
    });
    let left = |it: &Commitment| it.days_left(effective_on);
    Ok(Inputs {
        price_before: of_cycle(facts, before, effective_on, now)?.unwrap_or(zero),
        price_after: of_cycle(facts, to, effective_on, now)?.ok_or(QuoteRefusal::PeriodNotSold)?,
        overdue: Money::sum(zero.currency, overdue.map(|view| view.outstanding()))?,
        credit: Money::sum(zero.currency, credits.iter().map(|credit| credit.amount))?,
        tenure_days: days_between(facts.agreement.started_on, today),
        commitment_days: facts.commitments.iter().map(left).max().unwrap_or(0),
        requests: i64::try_from(requested_on.len()).unwrap_or(i64::MAX),
    })
}

impl Facts<'_> {
    /// The days up to `today` on which changes were asked for besides one, oldest first; what was
    /// rejected doesn't count, or asking again would make it worse.
    pub(super) fn requested_on(
        &self,
        besides: Option<ChangeId>,
        today: Date,
    ) -> Result<Vec<Date>, CalendarError> {
        let counts = |it: &&ChangeView| {
            it.state.status != ChangeStatus::Rejected && Some(it.change.id) != besides
        };
        let days = self.changes.iter().filter(counts);
        let days = days.map(|it| self.agreement.day(it.change.requested_at));
        days.filter(|day| day.as_ref().map_or(true, |day| *day <= today)).collect()
    }
}

/// The price of a plan for a whole cycle, before discounts.
fn of_cycle(
    facts: &Facts<'_>,
    plan: PlanId,
    day: Date,
    now: Timestamp,
) -> Result<Option<Money>, ChangeRefusal> {
    let agreement = facts.agreement;
    let product = facts.seller.catalogue.product(agreement.subscription.product);
    let Some(plan) = product.and_then(|product| product.plan(plan)) else { return Ok(None) };
    let since = held_since(facts.holding.periods, plan.id, now);
    let wanted = Wanted {
        currency: facts.customer().profile.currency,
        months: agreement.months,
        quantity: facts.state.quantity,
        day,
        since: since.map(|at| agreement.day(at)).transpose()?,
    };
    let Some(price) = plan.price(&wanted) else { return Ok(None) };
    let priced = price.of(facts.state.quantity).map_err(QuoteRefusal::from)?;
    Ok(Some(priced.amount))
}
