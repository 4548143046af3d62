//! What the provider tells: late, in any order, twice, under another name, or never.

use crate::dice::Dice;
use abono_engine::payments::{Notice, Noticed};
use uuid::Uuid;

/// A message that is told until it is heard.
#[derive(Debug)]
struct Letter {
    /// Which message.
    place: usize,
    /// The machine's time before which it isn't told.
    not_before: i64,
    /// How often it has still to be heard.
    left: usize,
}

/// All that was ever told, and what is on its way.
#[derive(Debug, Default)]
pub(super) struct Mail {
    told: Vec<Notice>,
    letters: Vec<Letter>,
}

/// Longer than any run.
const NEVER: i64 = i64::MAX;

impl Mail {
    /// Has it told, by one message or two.
    pub(super) fn tell(&mut self, attempt: Option<Uuid>, what: &Noticed, now: i64, dice: &Dice) {
        for _ in 0..if dice.per_mille(200) { 2 } else { 1 } {
            let place = self.told.len();
            let event = format!("evt-{place}");
            self.told.push(Notice { event, attempt, external_id: None, what: what.clone() });
            let not_before = match dice.below(10) {
                0..=5 => now,
                6..=8 => now + i64::try_from(dice.below(3_600)).unwrap_or(0) * 1_000_000,
                // Until the run is over.
                _ => NEVER,
            };
            let left = if dice.per_mille(200) { 2 } else { 1 };
            self.letters.push(Letter { place, not_before, left });
        }
    }

    /// A message to tell now; it stays until it is heard, so others may tell it at the same time.
    pub(super) fn next(&self, now: i64, dice: &Dice) -> Option<usize> {
        let due: Vec<&Letter> = self.letters.iter().filter(|it| it.not_before <= now).collect();
        due.get(dice.below(due.len())).map(|letter| letter.place)
    }

    /// What a message says.
    pub(super) fn read(&self, place: usize) -> Option<&Notice> {
        self.told.get(place)
    }

    /// It was heard: so it isn't told again, or once more.
    pub(super) fn heard(&mut self, place: usize) {
        for letter in self.letters.iter_mut().filter(|letter| letter.place == place) {
            letter.left = letter.left.saturating_sub(1);
        }
        self.letters.retain(|letter| letter.left > 0);
    }

    /// It wasn't: it is told again, a little later.
    pub(super) fn unheard(&mut self, place: usize, later: i64) {
        for letter in self.letters.iter_mut().filter(|letter| letter.place == place) {
            letter.not_before = letter.not_before.max(later);
        }
    }

    /// Everything that is on its way, in any order.
    pub(super) fn all(&self, dice: &Dice) -> Vec<usize> {
        let mut all: Vec<usize> = self.letters.iter().map(|letter| letter.place).collect();
        for end in (1..all.len()).rev() {
            all.swap(end, dice.below(end + 1));
        }
        all
    }

    /// What is on its way and about money that came or went, as a finding says it.
    pub(super) fn first(&self) -> Option<&Notice> {
        self.letters.first().and_then(|letter| self.told.get(letter.place))
    }
}
