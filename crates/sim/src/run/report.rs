//! What a run is told, and what it tells in the end.

use super::Marks;
use std::fmt;

/// What a run does.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Fixes everything that is left to chance.
    pub seed: u64,
    /// How many nodes share the books.
    pub nodes: usize,
    /// How many clients there are.
    pub clients: usize,
    /// How many commands each of them gives.
    pub commands: usize,
    /// How often in a thousand steps a node is killed.
    pub kills_per_mille: usize,
    /// How often in a thousand commits the answer is lost.
    pub lost_per_mille: usize,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Steps of tasks.
    pub steps: u64,
    /// Nodes killed.
    pub kills: u64,
    /// Commands that were carried out.
    pub done: u64,
    /// Commands that were refused.
    pub refused: u64,
    /// What else happened.
    pub marks: Marks,
    /// A hash of every step and answer: the same seed gives the same.
    pub trace: u64,
}

impl Passed {
    /// Counts what another run did, too.
    pub fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.kills += other.kills;
        self.done += other.done;
        self.refused += other.refused;
        self.marks.add(&other.marks);
    }
}

/// What a run found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed(pub String);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
