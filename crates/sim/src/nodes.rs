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

    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::Relaxed)).unwrap_or_default()
    }
}

/// A new node on a file.
pub(crate) fn boot(
    file: &Path,
    dice: &Dice,
    machine: &Machine,
    lost_per_mille: usize,
) -> Result<Arc<Engine>, abono_store::StoreError> {
    let (clock, random) = (machine.clone(), dice.clone());
    let env = Env::new(Box::new(move || clock.now()), Box::new(move |bytes| random.fill(bytes)));
    let luck = dice.clone();
    env.plan_faults(Box::new(move |point| {
        let can_get_lost = matches!(point, "commit.answer" | "commit.lookup");
        let lost = can_get_lost && luck.per_mille(lost_per_mille);
        if lost { Fault::Lose } else { Fault::Go }
    }));
    let url = DatabaseUrl::Sqlite(file.to_owned());
    let store = alone(Store::open(&url, Options::Simulated))?;
    Ok(Arc::new(Engine::new(env, store)))
}
