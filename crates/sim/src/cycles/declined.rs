//! What was declined left nothing in the journal; but at one of the moments at which it may have
//! been decided, the model would decline it too.

use super::Cycles;
use super::books::Entry;
use super::model::{Account, Now, Stop};
use super::wish::Wish;
use crate::run::Marks;
use abono_domain::ids::CustomerId;
use uuid::Uuid;

/// What was declined of one customer.
pub(super) struct Declined<'a> {
    trade: &'a Cycles<'a>,
    open: Vec<&'a (Wish, (i64, i64), String)>,
}

impl<'a> Declined<'a> {
    pub(super) fn of(trade: &'a Cycles<'a>, customer: CustomerId) -> Self {
        let own = trade.declined.iter().filter(|(wish, ..)| wish.customer == customer);
        Self { trade, open: own.collect() }
    }

    /// Looks for what the model declines right after an entry, before the next one.
    pub(super) fn look(
        &mut self,
        account: &Account,
        (place, entries): (usize, &[Entry]),
        marks: &mut Marks,
    ) {
        let Some(entry) = entries.get(place) else { return };
        // Who read this entry and not the next one may still have been later than who decided on
        // that, and seen a clock that had moved since; but not later than the one after.
        let after_next = entries.get(place + 2);
        let clocks = self.trade.clocks.iter().copied();
        let until = after_next.map_or(i64::MAX, |after| after.at);
        let mut moments: Vec<i64> =
            clocks.filter(|clock| (entry.at + 1..=until).contains(clock)).collect();
        moments.push(entry.at + 1);
        let (market, published) = (self.trade.market, &self.trade.published);
        self.open.retain(|(wish, (sent_at, answered_at), _)| {
            let may_be = entry.machine_at <= *answered_at
                && after_next.is_none_or(|after| after.machine_at >= *sent_at);
            let (from, to) = (version(published, *sent_at), version(published, *answered_at));
            let mut moments = moments.iter().flat_map(|at| (from..=to).map(|it| (*at, it)));
            let mut why = |(at, version)| why(account, &Now { market, version, at }, wish);
            let found = if may_be { moments.find_map(&mut why) } else { None };
            if let Some(why) = found {
                marks.hit(format!("declined: {why}"));
            }
            found.is_none()
        });
    }

    /// Something that nothing stood in the way of.
    pub(super) fn unfounded(&self) -> Option<String> {
        let (wish, between, why) = self.open.first()?;
        Some(format!("{wish:?} was declined between {between:?} without a reason: {why}"))
    }
}

/// The seller's version that counts at an instant of the machine.
fn version(published: &[i64], at: i64) -> i64 {
    let later = published.iter().filter(|from| **from < at).count();
    i64::try_from(later).unwrap_or(0) + 1
}

/// Why the model would decline it.
fn why(account: &Account, now: &Now<'_>, wish: &Wish) -> Option<&'static str> {
    let mut account = account.clone();
    match account.apply(now, &wish.deed(Uuid::nil(), 0), &mut Marks::default()) {
        Err(Stop::Declined(why)) => Some(why),
        Err(Stop::Wrong(_)) | Ok(()) => None,
    }
}
