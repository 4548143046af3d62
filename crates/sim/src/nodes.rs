//! Nodes: engines over one SQLite file, born and killed.

use crate::dice::Dice;
use crate::executor::alone;
use abono_engine::payments::PaymentProvider;
use abono_engine::{Engine, Env, Fault};
use abono_store::{DatabaseUrl, Options, Store};
use jiff::Timestamp;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

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

/// The named points that a node passes.
#[derive(Clone, Default)]
pub(crate) struct Points {
    commits: Arc<AtomicI64>,
    last: Arc<Mutex<Option<&'static str>>>,
}

impl Points {
    /// How many commits are under way.
    pub(crate) fn commits(&self) -> i64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// The last point that was passed since this was asked.
    pub(crate) fn last(&self) -> Option<&'static str> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn pass(&self, point: &'static str) {
        match point {
            "commit.before" => self.commits.fetch_add(1, Ordering::Relaxed),
            "commit.answer" => self.commits.fetch_sub(1, Ordering::Relaxed),
            _ => 0,
        };
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(point);
    }
}

/// After which points what was just answered can get lost.
const CAN_GET_LOST: [&str; 4] =
    ["commit.answer", "commit.lookup", "checkout.after_start", "checkout.after_look_up"];

/// A new node on a file; its buyers pay at the provider, where there is one.
pub(crate) fn boot(
    file: &Path,
    (dice, machine): (&Dice, &Machine),
    lost_per_mille: usize,
    provider: Option<Arc<dyn PaymentProvider>>,
) -> Result<(Arc<Engine>, Points), abono_store::StoreError> {
    let (clock, random) = (machine.clone(), dice.clone());
    let env = Env::new(Box::new(move || clock.now()), Box::new(move |bytes| random.fill(bytes)));
    let env = provider.into_iter().fold(env, Env::with_payment_provider);
    let (luck, points) = (dice.clone(), Points::default());
    let passing = points.clone();
    env.plan_faults(Box::new(move |point| {
        passing.pass(point);
        let lost = CAN_GET_LOST.contains(&point) && luck.per_mille(lost_per_mille);
        if lost { Fault::Lose } else { Fault::Go }
    }));
    let url = DatabaseUrl::Sqlite(file.to_owned());
    let store = alone(Store::open(&url, Options::Simulated))?;
    Ok((Arc::new(Engine::new(env, store)), points))
}
