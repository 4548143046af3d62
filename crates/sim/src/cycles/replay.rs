//! Tells the model what was done, command by command as the journal has them: what clients were
//! answered, and what the worker did as the books say. Each is in the journal once, and nothing
//! else is.

use super::Cycles;
use super::books::{Books, Entry};
use super::declined::Declined;
use super::model::{Account, Asked, Deed, Now, Stop};
use crate::run::{Failed, Marks};
use abono_domain::change::ChangeStatus;
use abono_domain::ids::CustomerId;
use abono_domain::subscription::Status;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The model of a customer's books, once it was told everything.
pub(super) fn replay(
    trade: &Cycles<'_>,
    customer: CustomerId,
    books: &Books,
    entries: &[Entry],
    marks: &mut Marks,
) -> Result<Account, Failed> {
    let own = trade.again.iter().filter(|(whose, _)| *whose == customer);
    let mut replay = Replay {
        trade,
        account: Account { issued: books.issued(), ..Account::default() },
        deeds: deeds(trade, customer, books)?,
        again: own.map(|(_, deed)| (deed.clone(), false)).collect(),
        spare: 0,
        declined: Declined::of(trade, customer),
        trail: Vec::new(),
    };
    for (place, entry) in entries.iter().enumerate() {
        let done = replay.entry(entry, marks);
        done.map_err(|why| Failed(format!("{customer}: {why}\n{}", replay.trail.join("\n"))))?;
        replay.declined.look(&replay.account, (place, entries), marks);
    }
    let why = replay.left().or_else(|| replay.declined.unfounded());
    match why {
        None => Ok(replay.account),
        Some(why) => Err(Failed(format!("{customer}: {why}\n{}", replay.trail.join("\n")))),
    }
}

struct Replay<'a> {
    trade: &'a Cycles<'a>,
    account: Account,
    /// By when they were done.
    deeds: BTreeMap<i64, Deed>,
    /// Requests for what had been asked for before, and whether there was a moment for each.
    again: Vec<(Deed, bool)>,
    /// How many such moments there were.
    spare: usize,
    declined: Declined<'a>,
    /// What was done, for whoever looks into a failure.
    trail: Vec<String>,
}

/// What was done to a customer's books, by when.
fn deeds(
    trade: &Cycles<'_>,
    customer: CustomerId,
    books: &Books,
) -> Result<BTreeMap<i64, Deed>, Failed> {
    let mut deeds = BTreeMap::new();
    for (_, at, deed) in trade.deeds.iter().filter(|(whose, ..)| *whose == customer) {
        if let Some(other) = deeds.insert(*at, deed.clone()) {
            return Err(Failed(format!("two deeds at one moment: {other:?}, {deed:?}")));
        }
    }
    let mut by_worker: Vec<(i64, Deed)> = Vec::new();
    let issued = books.issued();
    for (subscription, cycle) in books.cycles.iter().filter(|(_, cycle)| cycle.seq > 1) {
        let at = issued.get(&cycle.invoice.0).copied().unwrap_or(0);
        by_worker.push((at, Deed::Billed { subscription: subscription.0 }));
    }
    for view in &books.subscriptions {
        let subscription = view.agreement.subscription.id.0;
        if view.state.status == Status::Ended {
            let at = view.state.updated_at.as_microsecond();
            by_worker.push((at, Deed::Billed { subscription }));
        }
        for it in &view.changes {
            let at = it.state.updated_at.as_microsecond();
            let is_over = matches!(it.state.status, ChangeStatus::Done | ChangeStatus::Failed);
            // What a client's own command did is part of that.
            if is_over && !deeds.contains_key(&at) {
                by_worker.push((at, Deed::Executed { subscription, change: it.change.id.0 }));
            }
        }
    }
    for (at, deed) in by_worker {
        if let Some(other) = deeds.insert(at, deed.clone()) {
            return Err(Failed(format!("two deeds at one moment: {other:?}, {deed:?}")));
        }
    }
    Ok(deeds)
}

impl Replay<'_> {
    fn entry(&mut self, entry: &Entry, marks: &mut Marks) -> Result<(), String> {
        let (market, version, at) = (self.trade.market, entry.version, entry.at);
        let now = Now { market, version, at };
        let deed = self.deeds.remove(&at);
        self.trail.push(format!("{entry:?}: {deed:?}"));
        match deed {
            Some(deed) if command(&deed) == entry.command => {
                if let Deed::Asked { change, .. } = &deed {
                    self.made_by_another(&now, *change);
                }
                self.account.apply(&now, &deed, marks).map_err(|stop| match stop {
                    Stop::Declined(why) => format!("{deed:?} was done at {at}, although {why}"),
                    Stop::Wrong(why) => why,
                })
            }
            Some(deed) => Err(format!("{entry:?} did {deed:?}")),
            None if entry.command == "put_customer" => Ok(()),
            None if entry.command == "change_plan" => {
                marks.hit("asked for twice");
                self.spare += 1;
                self.found_again(&now)
            }
            None if entry.command == "bill_cycle" && self.account.is_held(&now) => {
                marks.hit("held");
                Ok(())
            }
            None => Err(format!("nobody knows what {entry:?} did")),
        }
    }

    /// Which of those that wanted the same was the first, nobody can tell: it may be one that was
    /// answered later.
    fn made_by_another(&mut self, now: &Now<'_>, change: Uuid) {
        for (deed, has_moment) in &mut self.again {
            if let Deed::Asked { change: it, .. } = deed
                && *it == change
            {
                *has_moment |= ask(&self.account, now, deed) == Some(Asked::New);
            }
        }
    }

    /// A request that wrote nothing was one that had been asked for before.
    fn found_again(&mut self, now: &Now<'_>) -> Result<(), String> {
        let mut is_known = false;
        for (deed, has_moment) in &mut self.again {
            let Deed::Asked { change, .. } = *deed else { continue };
            if ask(&self.account, now, deed) == Some(Asked::Same(change)) {
                *has_moment = true;
                is_known = true;
            }
        }
        let why = || format!("a request at {} came to nothing, and was none made twice", now.at);
        is_known.then_some(()).ok_or_else(why)
    }

    /// What was answered, and isn't in the journal.
    fn left(&self) -> Option<String> {
        if let Some((at, deed)) = self.deeds.first_key_value() {
            return Some(format!("{deed:?} of {at} is not in the journal"));
        }
        if let Some((deed, _)) = self.again.iter().find(|(_, has_moment)| !has_moment) {
            return Some(format!("{deed:?} was answered as one made before, and never was"));
        }
        let (answered, journaled) = (self.again.len(), self.spare);
        (answered != journaled).then(|| {
            format!("{answered} requests were answered as made before, the journal has {journaled}")
        })
    }
}

/// What a request would come to.
fn ask(account: &Account, now: &Now<'_>, deed: &Deed) -> Option<Asked> {
    let Deed::Asked { subscription, change, to, on } = deed else { return None };
    let mut own = account.subscriptions.get(subscription)?.clone();
    own.ask(now, *change, (*to, *on), &mut Marks::default()).ok()
}

/// The command that does a deed.
fn command(deed: &Deed) -> &'static str {
    match deed {
        Deed::Started { .. } => "start_subscription",
        Deed::Asked { .. } => "change_plan",
        Deed::Withdrawn { .. } => "withdraw_change",
        Deed::Decided { .. } => "decide_risk",
        Deed::Ending { .. } => "end_subscription",
        Deed::Paid { .. } => "record_payment",
        Deed::Executed { .. } => "execute_change",
        Deed::Billed { .. } => "bill_cycle",
    }
}
