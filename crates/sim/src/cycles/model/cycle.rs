//! Cycles and parts of them, counted by hand.

use super::{Now, Subscription};
use crate::cycles::wall;
use crate::days::{civil, in_month, months_after};
use abono_domain::ids::PlanId;

/// A cycle: its first day, the first of the next, and that of the whole one around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Days {
    pub(super) from: i64,
    pub(super) to: i64,
    whole_from: i64,
}

/// A part of an amount, rounded half away from zero; nothing here is below zero.
pub(super) fn part(amount: i64, days: i64, of: i64) -> i64 {
    let (n, d) = (i128::from(amount) * i128::from(days), i128::from(of));
    i64::try_from((2 * n + d) / (2 * d)).unwrap_or(i64::MAX)
}

impl Subscription {
    /// The cycle to which a day belongs. Months are counted from the one in which it started.
    pub(super) fn cycle_on(&self, day: i64) -> Days {
        let month_of = |day: i64| {
            let (year, month, _) = civil(day);
            year * 12 + month - 1
        };
        let first = month_of(self.started_on);
        let mut month = month_of(day);
        while (month - first).rem_euclid(self.months) != 0
            || in_month(month, self.billing_day) > day
        {
            month -= 1;
        }
        let whole_from = in_month(month, self.billing_day);
        let to = in_month(month + self.months, self.billing_day);
        Days { from: whole_from.max(self.started_on), to, whole_from }
    }

    /// Whether a cycle begins at an instant.
    pub(super) fn begins_cycle(&self, at: i64) -> bool {
        at == wall::midnight(self.cycle_on(wall::day(at)).from)
    }

    /// What a plan costs from a day to the end of its cycle.
    pub(super) fn charge(&self, now: &Now<'_>, plan: PlanId, day: i64) -> Option<i64> {
        let cycle = self.cycle_on(day);
        let price = now.price(plan, self.months)?;
        Some(part(price * self.quantity, cycle.to - day, cycle.to - cycle.whole_from))
    }

    /// What was charged for the days that are left of the cycle.
    pub(super) fn unused(&self, day: i64) -> i64 {
        let (since, charged) = self.running;
        let to = self.cycle_on(day).to;
        part(charged, to - day, to - since)
    }

    /// Binds it, where the plan does.
    pub(super) fn bind(&mut self, now: &Now<'_>, plan: PlanId, day: i64) {
        if let Some(months) = now.binds(plan) {
            self.bound.push((plan, day, months_after(day, months)));
        }
    }
}
