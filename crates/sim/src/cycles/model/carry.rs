//! A change is carried out, replaced, withdrawn or decided about.

use super::ask::Verdict;
use super::{Confirmation, Now, Status, Stop, Subscription, wrong};
use crate::cycles::wall;
use crate::days::DAY;
use crate::run::Marks;
use uuid::Uuid;

impl Subscription {
    /// Whether nothing has to be done before a change with such a turn.
    pub(super) fn is_turn(&self, turn: (i64, i64, Uuid)) -> bool {
        let (at, _, id) = turn;
        let is_first = |it: &super::Change| it.is_scheduled() && it.id != id && it.turn() < turn;
        let is_billed = at <= wall::midnight(self.billed_until);
        !self.changes.iter().any(is_first) && (is_billed || self.is_ended)
    }

    /// The worker does what is due, in order.
    pub(super) fn execute(
        &mut self,
        now: &Now<'_>,
        id: Uuid,
        marks: &mut Marks,
    ) -> Result<(), Stop> {
        let change = self.change(id)?.clone();
        if !change.is_scheduled() || change.due_at > now.at || !self.is_turn(change.turn()) {
            return wrong(format!("it was not the turn of {change:?} of {self:?} at {}", now.at));
        }
        if now.at - change.due_at >= DAY {
            marks.hit("carried out late");
        }
        self.carry_out(now, id, marks)
    }

    /// As of the instant at which it is due.
    pub(super) fn carry_out(
        &mut self,
        now: &Now<'_>,
        id: Uuid,
        marks: &mut Marks,
    ) -> Result<(), Stop> {
        let change = self.change(id)?.clone();
        let day = wall::day(change.due_at);
        if let Some(why) = self.obstacle(now, id, day, marks)? {
            marks.hit(format!("failed: {why}"));
            self.change(id)?.step(now, Status::Failed(why));
            return Ok(());
        }
        if self.begins_cycle(change.due_at) {
            marks.hit("done at the start of a cycle");
        } else {
            let charge = self.charge(now, change.to, day).unwrap_or(0);
            let credit = self.unused(day);
            let (change, at, carried_at) = (id, now.at, None);
            self.confirmations.push(Confirmation { change, at, charge, credit, carried_at });
            self.running = (day, charge);
            marks.hit("done inside a cycle");
        }
        if wall::is_odd(day) || wall::is_odd(day - 1) {
            marks.hit("done on a day when the clocks turn, or the next");
        }
        self.plan = change.to;
        self.history.push((change.to, day));
        self.bind(now, change.to, day);
        self.change(id)?.step(now, Status::Done);
        Ok(())
    }

    /// What stands in the way of a change on its day.
    fn obstacle(
        &mut self,
        now: &Now<'_>,
        id: Uuid,
        day: i64,
        marks: &mut Marks,
    ) -> Result<Option<&'static str>, Stop> {
        let change = self.change(id)?.clone();
        let plans = (self.plan, change.to);
        if self.is_over(day) {
            return Ok(Some("subscription_ended"));
        }
        if now.is_archived(change.to) {
            return Ok(Some("plan_withdrawn"));
        }
        if now.effect(self.plan, change.to).is_none() {
            return Ok(Some("plan_incompatible"));
        }
        if now.price(change.to, self.months).is_none() {
            return Ok(Some("not_sold"));
        }
        // What the rules made of a change from one plan says nothing of one from another.
        let is_other = change.by_rules && change.from != self.plan;
        if day < change.lapses_on && !is_other {
            return Ok(None);
        }
        let accepted = self.assess(now, plans, (Some(id), day)) == Verdict::Accepted;
        marks.hit(if is_other { "measured anew from another plan" } else { "measured anew" });
        let change = self.change(id)?;
        (change.accepted, change.by_rules) = (accepted, true);
        change.lapses_on = day + now.market.risk.valid_days;
        Ok((!accepted).then_some("risk_decision_lapsed"))
    }

    /// Of one day only one change waits.
    pub(super) fn replace(
        &mut self,
        now: &Now<'_>,
        by: Uuid,
        on: i64,
        gives_way: &[Status],
        marks: &mut Marks,
    ) {
        for other in self.changes.iter_mut().filter(|it| it.id != by && it.on == on) {
            if gives_way.contains(&other.status) {
                other.step(now, Status::Replaced);
                marks.hit("replaced");
            }
        }
    }

    pub(super) fn withdraw(
        &mut self,
        now: &Now<'_>,
        id: Uuid,
        marks: &mut Marks,
    ) -> Result<(), Stop> {
        let change = self.change(id)?;
        if !matches!(change.status, Status::Review | Status::Scheduled) {
            return Err(Stop::Declined("it doesn't wait"));
        }
        change.step(now, Status::Withdrawn);
        marks.hit("withdrawn");
        Ok(())
    }

    /// Somebody decides about a change that the rules put to them.
    pub(super) fn decide(
        &mut self,
        now: &Now<'_>,
        id: Uuid,
        approve: bool,
        marks: &mut Marks,
    ) -> Result<(), Stop> {
        let change = self.change(id)?;
        if change.status != Status::Review {
            return Err(Stop::Declined("it is not in review"));
        }
        let lapses_on = now.today() + now.market.risk.valid_days;
        (change.accepted, change.by_rules, change.lapses_on) = (approve, false, lapses_on);
        if !approve {
            change.step(now, Status::Rejected);
            marks.hit("rejected by somebody");
            return Ok(());
        }
        let is_past = change.due_at <= now.at;
        change.due_at = change.due_at.max(now.at);
        change.step(now, Status::Scheduled);
        let (on, turn) = (change.on, change.turn());
        let is_turn = is_past && self.is_turn(turn);
        marks.hit(if is_past { "approved after its day" } else { "approved before its day" });
        self.replace(now, id, on, &[Status::Scheduled, Status::Review], marks);
        if is_turn { self.carry_out(now, id, marks) } else { Ok(()) }
    }
}
