//! The disk behind its callbacks: files, names, open handles, and what goes wrong.

use crate::content::{Content, Losses};
use crate::dice::Dice;
use crate::directory::{Directory, Inode};
use crate::disk::Stats;
use crate::fault::{DiskFaultKind, Op, Plan};
use crate::locks::{HandleId, Locks};
use crate::shared_memory::SharedMemory;
use crate::trace::Trace;
use rusqlite::ffi;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::c_int;
use std::sync::Arc;

/// What SQLite is told where something fails.
pub(crate) type Code = c_int;

/// One file that SQLite has open.
pub(crate) struct Open {
    pub(crate) inode: Inode,
    pub(crate) owner: u64,
    /// Its owner was killed, or the power went: nothing that it does has any effect.
    pub(crate) dead: bool,
    pub(crate) read_only: bool,
    /// Its first sync makes its name durable too, as SQLite does it on a real disk.
    pub(crate) syncs_folder: bool,
    /// The name that goes with it, where it is to be deleted at the end.
    pub(crate) deletes: Option<String>,
    pub(crate) shared: Option<Arc<SharedMemory>>,
}

/// Everything that a disk is.
pub(crate) struct State {
    pub(crate) dice: Dice,
    pub(crate) plan: Plan,
    pub(crate) ops: u64,
    pub(crate) clock: i64,
    pub(crate) powered: bool,
    pub(crate) read_only: bool,
    pub(crate) folder: Directory,
    pub(crate) contents: BTreeMap<Inode, Content>,
    pub(crate) locks: BTreeMap<Inode, Locks>,
    pub(crate) shared: BTreeMap<Inode, Arc<SharedMemory>>,
    pub(crate) handles: BTreeMap<HandleId, Open>,
    pub(crate) killed: BTreeSet<u64>,
    /// What stood in shared memory when somebody was killed, until one of the living moves: until
    /// then only the dead can have written there.
    haunted: Vec<(Arc<SharedMemory>, Vec<Vec<u64>>)>,
    pub(crate) names: u64,
    pub(crate) stats: Stats,
    pub(crate) trace: Trace,
}

impl State {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            dice: Dice::new(seed),
            plan: Plan::default(),
            ops: 0,
            clock: 0,
            powered: true,
            read_only: false,
            folder: Directory::default(),
            contents: BTreeMap::new(),
            locks: BTreeMap::new(),
            shared: BTreeMap::new(),
            handles: BTreeMap::new(),
            killed: BTreeSet::new(),
            haunted: Vec::new(),
            names: 0,
            stats: Stats::default(),
            trace: Trace::default(),
        }
    }

    /// A number that names a file or a handle, never given before.
    pub(crate) const fn next_name(&mut self) -> u64 {
        self.names += 1;
        self.names
    }

    /// Counts an operation of an owner, and says what goes wrong with it.
    pub(crate) fn strike(&mut self, op: Op, owner: u64) -> Result<Option<DiskFaultKind>, Code> {
        if !self.powered || self.killed.contains(&owner) {
            return Err(op.error());
        }
        self.exorcise();
        self.ops += 1;
        let struck = self.plan.strike(self.ops, op);
        match struck {
            None => return Ok(None),
            Some(DiskFaultKind::PowerLoss) => return Ok(struck),
            Some(DiskFaultKind::Kill) => {
                self.kill(owner);
                return Err(op.error());
            }
            Some(DiskFaultKind::ReadOnly) => self.read_only = true,
            Some(DiskFaultKind::Io | DiskFaultKind::Full | DiskFaultKind::Short) => {}
        }
        self.stats.errors_injected += 1;
        Ok(struck.filter(|kind| *kind != DiskFaultKind::ReadOnly))
    }

    /// As [`State::strike`], for operations that fail as a whole.
    pub(crate) fn attempt(&mut self, op: Op, owner: u64) -> Result<(), Code> {
        let Some(struck) = self.strike(op, owner)? else { return Ok(()) };
        if struck == DiskFaultKind::PowerLoss {
            self.lose_power();
        }
        Err(op.error())
    }

    /// The handle of that number, where it is alive.
    pub(crate) fn living(&self, handle: HandleId) -> Option<&Open> {
        self.handles.get(&handle).filter(|open| !open.dead && self.powered)
    }

    /// The power goes: every file is what survived of it, and every handle is dead.
    pub(crate) fn lose_power(&mut self) {
        if !self.powered {
            return;
        }
        self.powered = false;
        self.stats.power_losses += 1;
        self.stats.names_lost += self.folder.lose_power(&mut self.dice);
        for content in self.contents.values_mut() {
            let losses = content.lose_power(&mut self.dice);
            self.stats.count(losses);
        }
        for open in self.handles.values_mut() {
            open.dead = true;
        }
        self.locks.clear();
        self.shared.clear();
        self.haunted.clear();
        self.forget_nameless();
        self.trace.add(b"power", &[self.stats.power_losses]);
    }

    /// A process is gone: its handles and its locks with it; what it wrote stays.
    pub(crate) fn kill(&mut self, owner: u64) {
        self.exorcise();
        self.killed.insert(owner);
        let ids: Vec<HandleId> = self.handles.keys().copied().collect();
        for id in ids {
            let Some(open) = self.handles.get_mut(&id) else { continue };
            if open.owner != owner || open.dead {
                continue;
            }
            open.dead = true;
            if let Some(locks) = self.locks.get_mut(&open.inode) {
                locks.forget(id);
            }
            if let Some(shared) = &open.shared {
                self.haunted.push((shared.clone(), shared.copy()));
            }
            let inode = open.inode;
            self.release_shared(inode);
        }
        self.trace.add(b"kill", &[owner]);
    }

    /// Undoes what the dead did to the memory of the living.
    pub(crate) fn exorcise(&mut self) {
        for (shared, copies) in self.haunted.drain(..) {
            shared.restore(&copies);
        }
    }

    /// Lets the shared memory of a file go, once nobody alive has it mapped.
    pub(crate) fn release_shared(&mut self, inode: Inode) {
        let maps = |open: &Open| open.inode == inode && !open.dead && open.shared.is_some();
        if !self.handles.values().any(maps) {
            self.shared.remove(&inode);
        }
    }

    /// Forgets files that nobody has open and that no name leads to any more.
    pub(crate) fn forget_nameless(&mut self) {
        let Self { contents, handles, folder, .. } = self;
        contents.retain(|inode, _| {
            folder.names(*inode) || handles.values().any(|open| open.inode == *inode && !open.dead)
        });
    }
}

impl Stats {
    pub(crate) fn count(&mut self, losses: Losses) {
        self.sectors_torn += losses.torn;
        self.writes_lost += losses.lost;
    }
}

/// What the files of a folder are to SQLite.
pub(crate) const JOURNALS: c_int =
    ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_SUPER_JOURNAL;
