//! A disk in memory, as those see it who run on it.

use crate::content::Content;
use crate::fault::{DiskFault, Plan};
use crate::register::Registration;
use crate::state::State;
use std::cell::Cell;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A disk in memory on which SQLite keeps its files, a function of its seed. Clones are the same
/// disk.
///
/// What it promises is what a file system with a journal promises, and no more:
/// - What was written is seen by every reader at once, and outlives its process.
/// - What was written and synced outlives a power loss. Of what was not, each sector of 512 bytes
///   is kept, lost or garbage, partly out of order; garbage takes the whole sector, also where only
///   a part of it was written. A truncation is kept or lost.
/// - A new name, and a deletion, are durable once the folder was synced: by the first sync of a
///   journal or log, as SQLite does it, or by a deletion that asks for it. Of those that were not,
///   the first so many survive, in their order.
/// - A sync that failed has kept what it would; reads go on seeing everything, and no later sync
///   makes up for it.
/// - Files that are handed in ([`Disk::put`]) are durable.
/// - Locks and shared memory go with the processes that have them, and with the power.
///
/// One disk is for one thread at a time; any number of nodes may be on it.
#[derive(Clone)]
pub struct Disk {
    state: Arc<Mutex<State>>,
    registration: Arc<Registration>,
}

/// What happened on a disk so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Syncs that succeeded.
    pub syncs: u64,
    /// Times the power went.
    pub power_losses: u64,
    /// Sectors that a power loss, or a sync that failed, left as garbage.
    pub sectors_torn: u64,
    /// Sectors and truncations that were lost in the same ways.
    pub writes_lost: u64,
    /// New names and deletions that were lost.
    pub names_lost: u64,
    /// Errors of the plan that came.
    pub errors_injected: u64,
}

thread_local! {
    static OWNER: Cell<u64> = const { Cell::new(0) };
}

/// To whom files belong that are opened here and now.
pub(crate) fn current_owner() -> u64 {
    OWNER.get()
}

/// Until it is dropped, files that this thread opens belong to one owner.
pub struct AsOwner {
    before: u64,
    /// What it sets is the thread's.
    stays: PhantomData<*const ()>,
}

impl Drop for AsOwner {
    fn drop(&mut self) {
        OWNER.set(self.before);
    }
}

impl Disk {
    /// An empty disk.
    pub fn new(seed: u64) -> Self {
        let state = Arc::new(Mutex::new(State::new(seed)));
        let registration = Arc::new(Registration::new(&state));
        Self { state, registration }
    }

    /// The name under which SQLite opens files on it, as long as a clone of it lives.
    pub fn vfs(&self) -> &'static str {
        self.registration.name()
    }

    /// Puts a file there, durably; what was of that name is gone.
    pub fn put(&self, path: impl AsRef<Path>, bytes: Vec<u8>) {
        let mut state = self.state();
        let inode = state.next_name();
        state.contents.insert(inode, Content::durable(bytes));
        state.folder.link(&path.as_ref().to_string_lossy(), inode);
        state.folder.sync();
    }

    /// What a reader of the file sees now.
    pub fn get(&self, path: impl AsRef<Path>) -> Option<Vec<u8>> {
        let state = self.state();
        let inode = state.folder.find(&path.as_ref().to_string_lossy())?;
        state.contents.get(&inode).map(|content| content.now().to_vec())
    }

    /// How many operations there were so far.
    pub fn ops(&self) -> u64 {
        self.state().ops
    }

    /// What is to go wrong from now on, instead of what was planned before.
    pub fn plan(&self, faults: Vec<DiskFault>) {
        self.state().plan = Plan::new(faults);
    }

    /// The power goes. From here on every operation fails, until [`Disk::restart`].
    pub fn power_loss(&self) {
        self.state().lose_power();
    }

    /// The power comes back, and the disk can be written again. What was open before a power loss
    /// stays dead.
    pub fn restart(&self) {
        let mut state = self.state();
        state.powered = true;
        state.read_only = false;
    }

    /// Kills a process with -9: its locks are gone, and nothing that its connections do later has
    /// any effect, not even what SQLite does when they are closed. What it wrote stays. An owner
    /// that was killed opens nothing any more: whoever is born after it has another number.
    pub fn kill(&self, owner: u64) {
        self.state().kill(owner);
    }

    /// Lets the files that this thread opens belong to `owner`; 0 where nothing is said.
    pub fn as_owner(&self, owner: u64) -> AsOwner {
        AsOwner { before: OWNER.replace(owner), stays: PhantomData }
    }

    /// What happened so far.
    pub fn stats(&self) -> Stats {
        self.state().stats
    }

    /// A hash over every operation so far.
    pub fn trace(&self) -> u64 {
        self.state().trace.hash()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
