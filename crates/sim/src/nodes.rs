//! Nodes: engines over one SQLite file, born and killed.

use crate::dice::Dice;
use crate::executor::alone;
use abono_engine::{Engine, Env, Fault};
use abono_store::{DatabaseUrl, Options, Store};
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// The machine's clock of a run, shared by all nodes.
#[derive(Clone)]
pub(crate) struct Machine(Arc<AtomicI64>);

impl Machine {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(1_767_225_600_000_000)))
    }

    /// Lets time pass, in microseconds.
    pub(crate) fn pass(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::Relaxed);
    }

    /// Where it stands, in microseconds.
    pub(crate) fn micros(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.micros()).unwrap_or_default()
    }
}

/// How many commits of a node are under way.
#[derive(Clone, Default)]
pub(crate) struct Commits(Arc<AtomicI64>);

impl Commits {
    pub(crate) fn count(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    fn pass(&self, point: &str) {
        match point {
            "commit.before" => self.0.fetch_add(1, Ordering::Relaxed),
            "commit.answer" => self.0.fetch_sub(1, Ordering::Relaxed),
            _ => 0,
        };
    }
}

/// A new node on a file.
pub(crate) fn boot(
    file: &Path,
    dice: &Dice,
    machine: &Machine,
    lost_per_mille: usize,
) -> Result<(Arc<Engine>, Commits), abono_store::StoreError> {
    let (clock, random) = (machine.clone(), dice.clone());
    let env = Env::new(Box::new(move || clock.now()), Box::new(move |bytes| random.fill(bytes)));
    let (luck, commits) = (dice.clone(), Commits::default());
    let passing = commits.clone();
    env.plan_faults(Box::new(move |point| {
        passing.pass(point);
        let can_get_lost = matches!(point, "commit.answer" | "commit.lookup");
        let lost = can_get_lost && luck.per_mille(lost_per_mille);
        if lost { Fault::Lose } else { Fault::Go }
    }));
    let url = DatabaseUrl::Sqlite(file.to_owned());
    let store = alone(Store::open(&url, Options::Simulated))?;
    Ok((Arc::new(Engine::new(env, store)), commits))
}
