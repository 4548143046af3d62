//! A change is asked for.

use super::{Change, Now, Status, Stop, Subscription};
use crate::cycles::wall;
use crate::days::months_after;
use crate::run::Marks;
use abono_domain::ids::PlanId;
use uuid::Uuid;

/// What a request comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A new change.
    New,
    /// It was asked for before.
    Same(Uuid),
}

/// How many changes may wait.
const WAITING_MAX: usize = 24;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    Accepted,
    Review,
    Rejected,
}

impl Subscription {
    pub(crate) fn ask(
        &mut self,
        now: &Now<'_>,
        id: Uuid,
        (to, on): (PlanId, Option<i64>),
        marks: &mut Marks,
    ) -> Result<Asked, Stop> {
        let today = now.today();
        let on = match on {
            Some(day) => day,
            None if to == self.plan || now.effect(self.plan, to) == Some(true) => today,
            None => self.billed_until.max(today),
        };
        if !(today..=months_after(today, 60)).contains(&on) {
            return Err(Stop::Declined("it is no day to come"));
        }
        if let Some(same) = self.same(to, on) {
            return Ok(Asked::Same(same));
        }
        let due_at = wall::midnight(on).max(now.at);
        let before = self.plan_before(on);
        self.check(now, (before, to), (on, due_at))?;
        let verdict = self.assess(now, (before, to), (None, today));
        let risk = &now.market.risk;
        if self.asked(None, (today - risk.recent_days, today)) > risk.recent_changes.review {
            marks.hit("asked for too often");
        }
        let is_turn = self.is_turn((due_at, now.at, id));
        let (status, gives_way): (Status, &[Status]) = match verdict {
            Verdict::Accepted => (Status::Scheduled, &[Status::Scheduled, Status::Review]),
            Verdict::Review => (Status::Review, &[Status::Review]),
            Verdict::Rejected => (Status::Rejected, &[]),
        };
        self.replace(now, id, on, gives_way, marks);
        self.changes.push(Change {
            id,
            from: before,
            to,
            on,
            asked_at: now.at,
            due_at,
            status,
            accepted: verdict == Verdict::Accepted,
            by_rules: true,
            lapses_on: today + now.market.risk.valid_days,
            steps: 1,
            updated_at: now.at,
        });
        match verdict {
            Verdict::Accepted if due_at <= now.at && is_turn => {
                self.carry_out(now, id, marks)?;
                marks.hit("done at once");
            }
            Verdict::Accepted if due_at <= now.at => marks.hit("had to wait for its turn"),
            Verdict::Rejected => marks.hit("rejected by the rules"),
            Verdict::Accepted | Verdict::Review => {}
        }
        Ok(Asked::New)
    }

    /// The same plan on the same day: it waits, or was done and is still in force.
    fn same(&self, to: PlanId, on: i64) -> Option<Uuid> {
        let is_same = |change: &&Change| {
            let counts = match change.status {
                Status::Review | Status::Scheduled => true,
                Status::Done => self.plan == to,
                Status::Withdrawn | Status::Replaced | Status::Rejected | Status::Failed(_) => {
                    false
                }
            };
            counts && (change.to, change.on) == (to, on)
        };
        self.changes.iter().rev().find(is_same).map(|change| change.id)
    }

    /// The plan that will be in force right before a day.
    fn plan_before(&self, day: i64) -> PlanId {
        let earlier = self.changes.iter().filter(|it| it.is_scheduled() && it.on < day);
        earlier.max_by_key(|change| change.turn()).map_or(self.plan, |change| change.to)
    }

    fn check(
        &self,
        now: &Now<'_>,
        (before, to): (PlanId, PlanId),
        (on, due_at): (i64, i64),
    ) -> Result<(), Stop> {
        let is_open = |it: &&Change| matches!(it.status, Status::Review | Status::Scheduled);
        // Where the cycle isn't billed at the plan before it, that has to have a price too.
        let is_billed = self.cycle_on(on).to <= self.billed_until && before == self.plan;
        let needs_before = !self.begins_cycle(due_at) && !is_billed;
        let is_sold = |plan| now.price(plan, self.months).is_some();
        let refusals = [
            (self.is_over(on), "it is over by then"),
            (now.effect(before, to).is_none(), "the plans don't go together"),
            (now.is_archived(to), "it is no longer sold"),
            (self.changes.iter().filter(is_open).count() >= WAITING_MAX, "too many wait"),
            (!is_sold(to) || (needs_before && !is_sold(before)), "it has no price"),
        ];
        match refusals.into_iter().find(|(is_so, _)| *is_so) {
            Some((_, why)) => Err(Stop::Declined(why)),
            None => Ok(()),
        }
    }

    /// How many changes besides one were asked for after a day, up to another; what was rejected
    /// doesn't count.
    fn asked(&self, besides: Option<Uuid>, (after, until): (i64, i64)) -> i64 {
        let others = self.changes.iter().filter(|it| Some(it.id) != besides);
        let days =
            others.filter(|it| it.status != Status::Rejected).map(|it| wall::day(it.asked_at));
        let recent = days.filter(|day| *day > after && *day <= until).count();
        i64::try_from(recent).unwrap_or(i64::MAX)
    }

    /// What the rules make of a change on a day; itself it is no other change.
    pub(super) fn assess(
        &self,
        now: &Now<'_>,
        (before, to): (PlanId, PlanId),
        (besides, today): (Option<Uuid>, i64),
    ) -> Verdict {
        let risk = &now.market.risk;
        let price = |plan| now.price(plan, self.months).unwrap_or(0);
        let (before, after) = (price(before), price(to));
        let rises = |percent: i64| after > before && (after - before) * 100 > percent * before;
        let recent = self.asked(besides, (today - risk.recent_days, today));
        let (rise, count) = (risk.price_rise, risk.recent_changes);
        if rises(rise.rejected) || recent > count.rejected {
            Verdict::Rejected
        } else if rises(rise.review) || recent > count.review {
            Verdict::Review
        } else {
            Verdict::Accepted
        }
    }
}
