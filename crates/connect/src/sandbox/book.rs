//! What the sandbox knows: its checkouts, what was chosen, what went back, and what it has to tell.

use super::message;
use abono_domain::money::Money;
use abono_engine::payments::{Checkout, Noticed};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Why a payment didn't come that the buyer's bank declined.
pub(super) const DECLINED: &str = "the card was declined";

/// What the buyer can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The payment comes.
    Approve,
    /// It doesn't.
    Decline,
    /// Nothing happens yet.
    Later,
}

impl Choice {
    /// The one of this name, as the page's form sends it.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "approve" => Some(Self::Approve),
            "decline" => Some(Self::Decline),
            "later" => Some(Self::Later),
            _ => None,
        }
    }
}

/// How a checkout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It can be paid.
    Open,
    /// It is paid.
    Paid,
    /// The payment didn't come.
    Declined,
    /// Nobody paid in time.
    Expired,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What is to be paid.
    pub checkout: Checkout,
    /// How it stands.
    pub state: State,
}

/// Why something wasn't done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotDone(pub(super) &'static str);

struct Entry {
    checkout: Checkout,
    state: State,
    refunds: BTreeMap<Uuid, Money>,
    is_disputed: bool,
}

/// What the sandbox knows.
#[derive(Default)]
pub(super) struct Book {
    entries: BTreeMap<Uuid, Entry>,
    /// What is to be told, the oldest first.
    waiting: Vec<Vec<u8>>,
}

/// The id of a checkout's payment.
pub(super) fn payment(key: Uuid) -> String {
    format!("pay_{}", key.simple())
}

fn refund(key: Uuid) -> String {
    format!("ref_{}", key.simple())
}

fn dispute(key: Uuid) -> String {
    format!("dis_{}", key.simple())
}

impl Book {
    pub(super) fn start(&mut self, checkout: Checkout) -> Result<(), NotDone> {
        if checkout.amount.minor <= 0 {
            return Err(NotDone("there is nothing to pay"));
        }
        let key = checkout.key;
        match self.entries.get(&key) {
            Some(known) if known.checkout == checkout => Ok(()),
            Some(_) => Err(NotDone("the key was used for another checkout")),
            None => {
                let (state, refunds) = (State::Open, BTreeMap::new());
                let entry = Entry { checkout, state, refunds, is_disputed: false };
                self.entries.insert(key, entry);
                Ok(())
            }
        }
    }

    pub(super) fn shown(&self, key: Uuid) -> Option<Shown> {
        let Entry { checkout, state, .. } = self.entries.get(&key)?;
        Some(Shown { checkout: checkout.clone(), state: *state })
    }

    pub(super) fn choose(&mut self, key: Uuid, choice: Choice) -> Option<State> {
        let amount = self.entries.get(&key)?.checkout.amount;
        match choice {
            Choice::Approve => {
                let told = Noticed::Paid { reference: payment(key), amount };
                self.close(key, State::Paid, &told)
            }
            Choice::Decline => {
                let told = Noticed::Failed { why: DECLINED.to_owned() };
                self.close(key, State::Declined, &told)
            }
            Choice::Later => self.shown(key).map(|shown| shown.state),
        }
    }

    pub(super) fn expire(&mut self, key: Uuid) -> Option<State> {
        self.close(key, State::Expired, &Noticed::Expired)
    }

    /// Brings an open checkout to its end; gives how it stands then.
    fn close(&mut self, key: Uuid, end: State, told: &Noticed) -> Option<State> {
        let entry = self.entries.get_mut(&key)?;
        if entry.state == State::Open {
            entry.state = end;
            self.waiting.push(message::write(told, key, key));
        }
        self.shown(key).map(|shown| shown.state)
    }

    pub(super) fn give_back(
        &mut self,
        of: &str,
        amount: Money,
        key: Uuid,
    ) -> Result<String, NotDone> {
        let paid =
            |(at, entry): &(&Uuid, &mut Entry)| entry.state == State::Paid && payment(**at) == of;
        let found = self.entries.iter_mut().find(paid);
        let (attempt, entry) = found.ok_or(NotDone("there is no such payment"))?;
        match entry.refunds.get(&key) {
            Some(known) if *known == amount => return Ok(refund(key)),
            Some(_) => return Err(NotDone("the key was used for another refund")),
            None => {}
        }
        let too_much = NotDone("it is more than is left of the payment");
        let before = Money::sum(amount.currency, entry.refunds.values().copied());
        let sum = before.and_then(|sum| sum.plus(amount));
        let left = sum.and_then(|sum| entry.checkout.amount.minus(sum)).map_err(|_| too_much)?;
        if left.minor < 0 || amount.minor <= 0 {
            return Err(too_much);
        }
        entry.refunds.insert(key, amount);
        let (payment, reference) = (of.to_owned(), refund(key));
        let told = Noticed::Refunded { payment, reference: reference.clone(), amount };
        self.waiting.push(message::write(&told, *attempt, key));
        Ok(reference)
    }

    pub(super) fn dispute(&mut self, key: Uuid) -> bool {
        let can = |entry: &&mut Entry| entry.state == State::Paid && !entry.is_disputed;
        let Some(entry) = self.entries.get_mut(&key).filter(can) else { return false };
        entry.is_disputed = true;
        let amount = entry.checkout.amount;
        let told = Noticed::Disputed { payment: payment(key), reference: dispute(key), amount };
        self.waiting.push(message::write(&told, key, key));
        true
    }

    pub(super) fn win_dispute(&mut self, key: Uuid) -> bool {
        let found = self.entries.get(&key).filter(|entry| entry.is_disputed);
        let Some(amount) = found.map(|entry| entry.checkout.amount) else { return false };
        let told = Noticed::DisputeWon { payment: payment(key), reference: dispute(key), amount };
        self.waiting.push(message::write(&told, key, key));
        true
    }

    /// What is to be told, where it is at least so much.
    pub(super) fn tell(&mut self, at_least: usize) -> Vec<Vec<u8>> {
        match self.waiting.len() < at_least {
            true => Vec::new(),
            false => std::mem::take(&mut self.waiting),
        }
    }
}
