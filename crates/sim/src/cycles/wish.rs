//! What clients want of subscriptions: chosen by the dice, turned into commands, and told to the
//! model.

use super::market::Market;
use super::model::{Deed, Order};
use super::wall;
use crate::days::{civil, in_month, months_after, to_date};
use crate::dice::Dice;
use abono_domain::change::decide_risk::DecideRisk;
use abono_domain::change::request::ChangePlan;
use abono_domain::change::withdraw::WithdrawChange;
use abono_domain::ids::{ChangeId, CustomerId, PlanId, SubscriptionId};
use abono_domain::subscription::end::EndSubscription;
use abono_domain::subscription::start::StartSubscription;
use abono_domain::subscription::{LineIdentity, Origin};
use abono_engine::Command;
use uuid::Uuid;

/// What a client wants of a customer.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub(super) customer: CustomerId,
    pub(super) what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Start(Order),
    Change {
        subscription: Uuid,
        to: PlanId,
        on: Option<i64>,
    },
    Withdraw {
        subscription: Uuid,
        change: Uuid,
    },
    Decide {
        subscription: Uuid,
        change: Uuid,
        approve: bool,
    },
    End {
        subscription: Uuid,
    },
    /// One of the customer's invoices, counted from the oldest that is open, and which part of it.
    Pay {
        which: usize,
        part: usize,
    },
}

/// What the clients know.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) subscriptions: Vec<KnownSubscription>,
    pub(super) changes: Vec<KnownChange>,
    /// The changes that were asked for, to be asked for again: of which subscription of whom, to
    /// which plan, on which day.
    pub(super) asked: Vec<(CustomerId, Uuid, PlanId, Option<i64>)>,
}

/// A subscription that was answered, the plan that was answered last, and when it is billed.
#[derive(Clone, Copy, Debug)]
pub(super) struct KnownSubscription {
    pub(super) customer: CustomerId,
    pub(super) id: Uuid,
    pub(super) plan: PlanId,
    pub(super) billing_day: Option<i64>,
}

/// A change, and where it stood when it was answered last.
#[derive(Clone, Debug)]
pub(super) struct KnownChange {
    pub(super) customer: CustomerId,
    pub(super) subscription: Uuid,
    pub(super) id: Uuid,
    pub(super) word: String,
}

/// So many subscriptions are enough for all clients together.
const SUBSCRIPTIONS_MAX: usize = 6;

/// What is wanted next, where the clock shows `today`.
pub(super) fn choose(market: &Market, known: &Known, today: i64, dice: &Dice) -> Wish {
    let any = known.subscriptions.get(dice.below(known.subscriptions.len())).copied();
    let Some(own) = any else { return start(market, dice) };
    let wish = |what| Wish { customer: own.customer, what };
    let other = match dice.below(20) {
        0..=2 if known.subscriptions.len() < SUBSCRIPTIONS_MAX => Some(start(market, dice)),
        3 => withdraw(known, dice),
        4..=7 => decide(known, dice),
        8..=9 => Some(wish(What::Pay { which: dice.below(4), part: dice.below(4) })),
        10 if dice.per_mille(700) => Some(end(known, own, dice)),
        _ => None,
    };
    other.unwrap_or_else(|| change(market, known, own, today, dice))
}

fn start(market: &Market, dice: &Dice) -> Wish {
    let any = dice.below(market.customers.len());
    let customer = market.customers.get(any).copied().unwrap_or(CustomerId(Uuid::nil()));
    let months = [1, 1, 1, 3].get(dice.below(4)).copied().unwrap_or(1);
    let quantity = [1, 1, 2, 3].get(dice.below(4)).copied().unwrap_or(1);
    let days = [None, Some(1), Some(15), Some(28), Some(29), Some(31)];
    let billing_day = days.get(dice.below(days.len())).copied().flatten();
    let plan = any_plan(market, dice);
    Wish { customer, what: What::Start(Order { plan, quantity, months, billing_day }) }
}

fn any_plan(market: &Market, dice: &Dice) -> PlanId {
    let any = market.plans.get(dice.below(market.plans.len()));
    any.map_or(PlanId(Uuid::nil()), |plan| plan.id)
}

/// Mostly one to which the plan may be changed that was answered last.
fn other_plan(market: &Market, plan: PlanId, dice: &Dice) -> PlanId {
    let own = market.plans.iter().find(|it| it.id == plan).filter(|_| dice.per_mille(750));
    let targets = own.map_or(&[][..], |it| it.changes_to.as_slice());
    let target = targets.get(dice.below(targets.len()));
    target.map_or_else(|| any_plan(market, dice), |(to, _)| *to)
}

/// One that stands where one of these words says; now and then any.
fn known_change(known: &Known, words: &[&str], dice: &Dice) -> Option<KnownChange> {
    let fits = |it: &&KnownChange| words.contains(&it.word.as_str());
    let fitting: Vec<_> = known.changes.iter().filter(fits).collect();
    let fitting = fitting.get(dice.below(fitting.len())).copied();
    let any = known.changes.get(dice.below(known.changes.len()));
    if dice.per_mille(50) { any.cloned() } else { fitting.cloned() }
}

fn withdraw(known: &Known, dice: &Dice) -> Option<Wish> {
    let KnownChange { customer, subscription, id: change, .. } =
        known_change(known, &["scheduled", "review"], dice)?;
    Some(Wish { customer, what: What::Withdraw { subscription, change } })
}

fn decide(known: &Known, dice: &Dice) -> Option<Wish> {
    let KnownChange { customer, subscription, id: change, .. } =
        known_change(known, &["review"], dice)?;
    let approve = dice.per_mille(750);
    Some(Wish { customer, what: What::Decide { subscription, change, approve } })
}

/// The end of a subscription: mostly of one of which a change is to come.
fn end(known: &Known, own: KnownSubscription, dice: &Dice) -> Wish {
    let waiting = known_change(known, &["scheduled"], dice).filter(|_| dice.per_mille(800));
    let (customer, subscription) =
        waiting.map_or((own.customer, own.id), |it| (it.customer, it.subscription));
    Wish { customer, what: What::End { subscription } }
}

/// Without a day, today, in the next weeks, where cycles begin, where clocks turn, where what is
/// decided lapses, on no day to come; or what was asked for before, again or on the same day for
/// another plan.
fn change(market: &Market, known: &Known, own: KnownSubscription, today: i64, dice: &Dice) -> Wish {
    let (customer, subscription) = (own.customer, own.id);
    let to = other_plan(market, own.plan, dice);
    let days = |most: usize| i64::try_from(dice.below(most)).unwrap_or(0);
    let on = match dice.below(16) {
        0..=3 => None,
        4 => Some(today),
        5..=7 => Some(today + 1 + days(45)),
        8..=9 => Some(next(today, own.billing_day.unwrap_or(1))),
        10 => Some(clocks_turn(today) + days(2)),
        11 if dice.per_mille(200) => Some(today - 1),
        11 if dice.per_mille(200) => Some(months_after(today, 61)),
        11 => Some(today + market.risk.valid_days - days(2)),
        roll => match known.asked.get(dice.below(known.asked.len())) {
            Some((customer, subscription, other, on)) => {
                let (customer, subscription, on) = (*customer, *subscription, *on);
                let to = if roll > 13 { to } else { *other };
                return Wish { customer, what: What::Change { subscription, to, on } };
            }
            None => None,
        },
    };
    Wish { customer, what: What::Change { subscription, to, on } }
}

/// The next such day of a month.
fn next(today: i64, day: i64) -> i64 {
    let (year, month, _) = civil(today);
    let month = year * 12 + month - 1;
    let this = in_month(month, day);
    if this > today { this } else { in_month(month + 1, day) }
}

/// The next day on which clocks turn.
fn clocks_turn(today: i64) -> i64 {
    let (year, ..) = civil(today);
    let turns = [(year, 3), (year, 10), (year + 1, 3)];
    let mut days = turns.into_iter().map(|(year, month)| wall::last_sunday(year, month));
    days.find(|day| *day >= today).unwrap_or(today)
}

impl Wish {
    /// The command; none for a payment, whose invoice has to be looked up first.
    pub(super) fn command(&self, market: &Market) -> Option<Command> {
        let customer = self.customer;
        Some(match &self.what {
            What::Start(order) => {
                let start = StartSubscription {
                    product: market.product,
                    plan: order.plan,
                    quantity: order.quantity,
                    months: order.months,
                    billing_day: order.billing_day,
                    sold_on: None,
                    origin: Origin::New,
                    bundle: None,
                    line: LineIdentity::default(),
                };
                Command::StartSubscription(customer, Box::new(start))
            }
            What::Change { subscription, to, on } => {
                let subscription = SubscriptionId(*subscription);
                let (plan, on, opinion) = (*to, on.map(to_date), None);
                Command::ChangePlan(customer, ChangePlan { subscription, plan, on, opinion })
            }
            What::Withdraw { subscription, change } => {
                let (subscription, change) = (SubscriptionId(*subscription), ChangeId(*change));
                let withdraw = WithdrawChange { subscription, change, reason: None };
                Command::WithdrawChange(customer, withdraw)
            }
            What::Decide { subscription, change, approve } => {
                let (subscription, change) = (SubscriptionId(*subscription), ChangeId(*change));
                let (approve, by, note) = (*approve, "somebody".to_owned(), None);
                let decide = DecideRisk { subscription, change, approve, by, note };
                Command::DecideRisk(customer, decide)
            }
            What::End { subscription } => {
                let subscription = SubscriptionId(*subscription);
                let end = EndSubscription { subscription, reason: "it is over".to_owned() };
                Command::EndSubscription(customer, end)
            }
            What::Pay { .. } => return None,
        })
    }

    /// What it did, where it was done to `id`; a payment's figure is what came in.
    pub(super) fn deed(&self, id: Uuid, figure: i64) -> Deed {
        match &self.what {
            What::Start(order) => Deed::Started { subscription: id, order: *order },
            What::Change { subscription, to, on } => {
                let (subscription, to, on) = (*subscription, *to, *on);
                Deed::Asked { subscription, change: id, to, on }
            }
            What::Withdraw { subscription, change } => {
                Deed::Withdrawn { subscription: *subscription, change: *change }
            }
            What::Decide { subscription, change, approve } => {
                let (subscription, change) = (*subscription, *change);
                Deed::Decided { subscription, change, approve: *approve }
            }
            What::End { subscription } => Deed::Ending { subscription: *subscription },
            What::Pay { .. } => Deed::Paid { document: id, minor: figure },
        }
    }
}
