//! The committer: joins the batches of concurrent commands into one transaction (group commit).
//!
//! A state machine without input or output: `offer` what came, run `next_group`, tell it
//! `finished`. A thread, a task and the simulator are its shells.

use crate::batch::{Batch, ClaimKey, Verdict};
use crate::db::StoreError;
use std::collections::{BTreeSet, VecDeque};

/// Names a batch to whoever waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// Batches that share one transaction; no two of them claim the same thing.
pub type Group = Vec<(Ticket, Batch)>;

/// What became of a group.
#[derive(Debug)]
pub enum GroupResult {
    /// COMMIT succeeded; `stale` are the places of those that dropped out.
    Committed {
        /// Places in the group.
        stale: BTreeSet<usize>,
    },
    /// Rolled back, because the commands at these places were carried out before.
    AlreadyDone {
        /// Places in the group.
        done: BTreeSet<usize>,
    },
    /// Rolled back.
    Failed(StoreError),
    /// Never begun: the database can't be reached, or is held by another.
    NotBegun(StoreError),
    /// There was no answer to COMMIT, or one that doesn't say whether it is there.
    Unknown(StoreError),
}

/// Joins batches into groups.
#[derive(Default)]
pub struct Committer {
    waiting: VecDeque<(Ticket, Batch)>,
    again: VecDeque<Group>,
}

impl Committer {
    /// How many batches share a transaction at most.
    pub const GROUP_MAX: usize = 256;

    /// Takes a batch in.
    pub fn offer(&mut self, ticket: Ticket, batch: Batch) {
        self.waiting.push_back((ticket, batch));
    }

    /// The next group to run: a part of one that failed, else as many waiting batches as may
    /// share a transaction, oldest first, at most one for anything that is claimed.
    pub fn next_group(&mut self) -> Option<Group> {
        if let Some(group) = self.again.pop_front() {
            return Some(group);
        }
        let mut group = Group::new();
        let mut later = VecDeque::new();
        let mut claimed: BTreeSet<ClaimKey> = BTreeSet::new();
        while group.len() < Self::GROUP_MAX
            && let Some((ticket, batch)) = self.waiting.pop_front()
        {
            if batch.claims.iter().any(|claim| claimed.contains(&claim.key)) {
                later.push_back((ticket, batch));
            } else {
                claimed.extend(batch.claims.iter().map(|claim| claim.key.clone()));
                group.push((ticket, batch));
            }
        }
        later.append(&mut self.waiting);
        self.waiting = later;
        (!group.is_empty()).then_some(group)
    }

    /// Takes a group's result in, and says what is settled by it. A group that failed is halved
    /// and tried again, never run one by one: nine tenths of the rate would be lost.
    pub fn finished(&mut self, group: Group, result: GroupResult) -> Vec<(Ticket, Verdict)> {
        match result {
            GroupResult::Committed { stale } => settle(group, |place| {
                if stale.contains(&place) { Verdict::Stale } else { Verdict::Committed }
            }),
            GroupResult::Unknown(error) => settle(group, |_| Verdict::Unknown(error.clone())),
            GroupResult::AlreadyDone { done } => {
                let mut settled = Vec::new();
                let mut rest = Group::new();
                for (place, (ticket, batch)) in group.into_iter().enumerate() {
                    if done.contains(&place) {
                        settled.push((ticket, Verdict::AlreadyDone));
                    } else {
                        rest.push((ticket, batch));
                    }
                }
                self.try_again(rest);
                settled
            }
            // No part of it would fare better.
            GroupResult::NotBegun(error)
            | GroupResult::Failed(error @ StoreError::Unreachable(_)) => {
                settle(group, |_| Verdict::Failed(error.clone()))
            }
            GroupResult::Failed(error) if group.len() == 1 => {
                settle(group, |_| Verdict::Failed(error.clone()))
            }
            GroupResult::Failed(_) => {
                let mut first = group;
                let second = first.split_off(first.len() / 2);
                self.try_again(first);
                self.try_again(second);
                Vec::new()
            }
        }
    }

    fn try_again(&mut self, group: Group) {
        if !group.is_empty() {
            self.again.push_back(group);
        }
    }
}

fn settle(group: Group, verdict: impl Fn(usize) -> Verdict) -> Vec<(Ticket, Verdict)> {
    group.into_iter().enumerate().map(|(place, (ticket, _))| (ticket, verdict(place))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Claim;
    use crate::nouns::root;
    use abono_domain::ids::{CustomerId, TenantId};
    use jiff::Timestamp;
    use uuid::Uuid;

    fn batch(customer: u128) -> Batch {
        let tenant = TenantId(Uuid::from_u128(1));
        let customer = CustomerId(Uuid::from_u128(customer));
        let version = root::Version { version: 1, last_moment: Timestamp::UNIX_EPOCH };
        let claim: Claim = root::guard_customer(tenant, customer, version, Timestamp::UNIX_EPOCH);
        Batch {
            tenant: tenant.0,
            journal: None,
            claims: vec![claim],
            draws: vec![],
            finish: Box::new(|_| vec![]),
        }
    }

    fn tickets(group: &Group) -> Vec<u64> {
        group.iter().map(|(ticket, _)| ticket.0).collect()
    }

    fn offered(customers: &[u128]) -> Committer {
        let mut committer = Committer::default();
        for (ticket, customer) in (0..).zip(customers) {
            committer.offer(Ticket(ticket), batch(*customer));
        }
        committer
    }

    #[test]
    fn one_aggregate_has_one_batch_in_a_group_and_keeps_its_order() {
        let mut committer = offered(&[1, 2, 1, 3, 1]);
        let group = committer.next_group().expect("a group");
        assert_eq!(tickets(&group), [0, 1, 3]);
        assert_eq!(tickets(&committer.next_group().expect("a group")), [2]);
        assert_eq!(tickets(&committer.next_group().expect("a group")), [4]);
        assert!(committer.next_group().is_none());
    }

    #[test]
    fn a_group_that_failed_is_halved_until_one_is_to_blame() {
        let mut committer = offered(&[1, 2, 3]);
        let error = || GroupResult::Failed(StoreError::Contended("test".to_owned()));
        let group = committer.next_group().expect("a group");
        assert!(committer.finished(group, error()).is_empty());
        let first = committer.next_group().expect("a half");
        assert_eq!(tickets(&first), [0]);
        let settled = committer.finished(first, error());
        assert!(matches!(settled.as_slice(), [(Ticket(0), Verdict::Failed(_))]));
        assert_eq!(tickets(&committer.next_group().expect("a half")), [1, 2]);
    }

    #[test]
    fn a_database_that_cannot_be_reached_fails_the_whole_group_at_once() {
        let mut committer = offered(&[1, 2, 3]);
        let group = committer.next_group().expect("a group");
        let error = StoreError::Unreachable("test".to_owned());
        let settled = committer.finished(group, GroupResult::NotBegun(error));
        assert_eq!(settled.len(), 3);
        assert!(committer.next_group().is_none());
    }

    #[test]
    fn what_was_done_before_leaves_and_the_others_run_again() {
        let mut committer = offered(&[1, 2, 3]);
        let group = committer.next_group().expect("a group");
        let done = GroupResult::AlreadyDone { done: BTreeSet::from([1]) };
        assert_eq!(committer.finished(group, done), [(Ticket(1), Verdict::AlreadyDone)]);
        assert_eq!(tickets(&committer.next_group().expect("the rest")), [0, 2]);
    }
}
