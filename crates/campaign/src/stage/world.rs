//! What outlives processes: the disk, the machine's clock, the provider; and what goes wrong there.

use crate::case::{Case, Fault};
use crate::sometimes;
use crate::stage::provider::Provider;
use abono_sim::Dice;
use abono_simvfs::{Disk, DiskFault, DiskFaultKind};
use jiff::Timestamp;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// The books on the disk.
pub(crate) const BOOKS: &str = "abono.db";

/// The machine's clock: true time, and by how much it is wrong.
#[derive(Clone)]
pub(crate) struct Clock {
    micros: Arc<AtomicI64>,
    wrong: Arc<AtomicI64>,
}

impl Clock {
    pub(crate) fn at(seconds: i64) -> Self {
        let micros = Arc::new(AtomicI64::new(seconds * 1_000_000));
        Self { micros, wrong: Arc::default() }
    }

    /// True time.
    pub(crate) fn now(&self) -> i64 {
        self.micros.load(Ordering::Relaxed)
    }

    pub(crate) fn pass(&self, micros: i64) {
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    pub(crate) fn jump(&self, seconds: i64) {
        sometimes!("the clock jumped back", seconds < 0);
        sometimes!("the clock jumped forward", seconds > 0);
        self.wrong.store(seconds * 1_000_000, Ordering::Relaxed);
    }

    /// It is set right.
    pub(crate) fn mend(&self) {
        self.wrong.store(0, Ordering::Relaxed);
    }

    /// What the machine shows.
    pub(crate) fn shown(&self) -> Timestamp {
        let shown = self.now() + self.wrong.load(Ordering::Relaxed);
        Timestamp::from_microsecond(shown).unwrap_or_default()
    }
}

/// Places that are counted, at some of which something goes wrong.
#[derive(Clone, Default)]
pub(crate) struct Counted {
    passed: Arc<AtomicU64>,
    wrong: Arc<BTreeSet<u64>>,
    calm: Arc<AtomicU64>,
}

impl Counted {
    pub(crate) fn at(places: impl IntoIterator<Item = u64>) -> Self {
        Self { wrong: Arc::new(places.into_iter().collect()), ..Self::default() }
    }

    /// Passes one more; says whether something goes wrong there.
    pub(crate) fn strikes(&self) -> bool {
        let place = self.passed.fetch_add(1, Ordering::Relaxed) + 1;
        self.wrong.contains(&place) && self.calm.load(Ordering::Relaxed) == 0
    }

    /// From now on nothing goes wrong.
    pub(crate) fn calm(&self) {
        self.calm.store(1, Ordering::Relaxed);
    }
}

/// What outlives processes.
pub(crate) struct World {
    pub(crate) disk: Disk,
    /// What is to go wrong with it.
    planned: RefCell<Vec<DiskFault>>,
    pub(crate) clock: Clock,
    pub(crate) dice: Dice,
    pub(crate) provider: Arc<Provider>,
    /// Answers to commits, within the program.
    pub(crate) commits: Counted,
    /// Answers to clients.
    pub(crate) answers: Counted,
}

impl World {
    pub(crate) fn new(case: &Case) -> Self {
        let disk = Disk::new(case.seed);
        let disk_fault = |fault: &Fault| {
            let of = |at: u64, kind| Some(DiskFault { at, kind });
            match *fault {
                Fault::Power(at) => of(at, DiskFaultKind::PowerLoss),
                Fault::Io(at) => of(at, DiskFaultKind::Io),
                Fault::Full(at) => of(at, DiskFaultKind::Full),
                Fault::Kill(_)
                | Fault::LostCommit(_)
                | Fault::LostAnswer(_)
                | Fault::Provider(..)
                | Fault::Refusal(_)
                | Fault::Letter(..)
                | Fault::Clock(..)
                | Fault::Stall(..) => None,
            }
        };
        let planned: Vec<DiskFault> = case.faults.iter().filter_map(disk_fault).collect();
        disk.plan(planned.clone());
        let places = |of: fn(&Fault) -> Option<u64>| Counted::at(case.faults.iter().filter_map(of));
        Self {
            planned: RefCell::new(planned),
            disk,
            clock: Clock::at(case.start),
            dice: Dice::new(case.seed),
            provider: Arc::new(Provider::new(&case.faults)),
            commits: places(|it| if let Fault::LostCommit(at) = it { Some(*at) } else { None }),
            answers: places(|it| if let Fault::LostAnswer(at) = it { Some(*at) } else { None }),
        }
    }

    /// Looks at the disk while nothing goes wrong with it; what was planned comes as much later.
    pub(crate) fn look<T>(&self, look: impl FnOnce() -> T) -> T {
        let from = self.disk.ops();
        self.disk.plan(Vec::new());
        let seen = look();
        let took = self.disk.ops() - from;
        let mut planned = self.planned.borrow_mut();
        planned.retain(|fault| fault.at > from);
        planned.iter_mut().for_each(|fault| fault.at += took);
        self.disk.plan(planned.clone());
        seen
    }

    /// From now on nothing goes wrong.
    pub(crate) fn calm(&self) {
        self.planned.borrow_mut().clear();
        self.disk.plan(Vec::new());
        self.commits.calm();
        self.answers.calm();
        self.provider.calm();
        self.clock.mend();
    }
}
