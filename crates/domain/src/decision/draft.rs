//! A decision in the making.

use super::{Change, Claim, Decision, Event, EventKind, Outcome};
use crate::ids::EventId;
use crate::ledger::Purse;
use crate::moment::{Ids, Moment};

/// Gathers the changes of one decision.
#[derive(Clone, Debug)]
pub struct Draft {
    /// When it is made.
    pub moment: Moment,
    /// Its new ids.
    pub ids: Ids,
    changes: Vec<Change>,
    claims: Vec<Claim>,
}

impl Draft {
    /// Nothing decided yet.
    pub fn new(moment: Moment) -> Self {
        Self { ids: moment.ids(), moment, changes: Vec::new(), claims: Vec::new() }
    }

    /// What making a row needs: the moment and the ids.
    pub const fn hand(&mut self) -> (Moment, &mut Ids) {
        (self.moment, &mut self.ids)
    }

    /// Adds a change.
    pub fn push(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// The place of the next change.
    pub const fn place(&self) -> usize {
        self.changes.len()
    }

    /// Adds a change before those from a place on, that refer to it.
    pub fn push_before(&mut self, place: usize, change: Change) {
        self.changes.insert(place.min(self.changes.len()), change);
    }

    /// Adds changes.
    pub fn extend(&mut self, changes: impl IntoIterator<Item = Change>) {
        self.changes.extend(changes);
    }

    /// Adds a value that must not be taken yet.
    pub fn claim(&mut self, claim: Claim) {
        self.claims.push(claim);
    }

    /// Adds something to tell others.
    pub fn event(&mut self, kind: EventKind, subject: uuid::Uuid) {
        let id = EventId(self.ids.fresh());
        self.push(Change::Happened(Event { id, kind, subject, at: self.moment.now }));
    }

    /// Adds the transfers of a purse, and the balances that they change.
    pub fn close(&mut self, purse: Purse) {
        let (transfers, balances) = purse.close();
        self.changes.extend(transfers.into_iter().map(Change::Transferred));
        let set = |(before, balance)| Change::BalanceSet { before, balance };
        self.changes.extend(balances.into_iter().map(set));
    }

    /// The decision.
    pub fn done(self, outcome: Outcome) -> Decision {
        Decision { changes: self.changes, claims: self.claims, outcome }
    }
}
