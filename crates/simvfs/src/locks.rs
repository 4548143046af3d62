//! Who holds which lock of a file: SQLite's five states, and the eight slots of its shared memory.

use rusqlite::ffi;
use std::collections::BTreeMap;
use std::ffi::c_int;

/// Names an open file.
pub(crate) type HandleId = u64;

/// How many slots the shared memory of a file has.
const SLOTS: usize = ffi::SQLITE_SHM_NLOCK as usize;

/// The locks of one file. A lock that is not to be had is not waited for.
#[derive(Default)]
pub(crate) struct Locks {
    levels: BTreeMap<HandleId, c_int>,
    slots: [Slot; SLOTS],
}

#[derive(Default)]
struct Slot {
    shared: Vec<HandleId>,
    exclusive: Option<HandleId>,
}

/// Whether a lock was to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locked {
    Held,
    Busy,
}

impl Locks {
    /// Raises a handle's lock of the file. One that must wait for readers to leave keeps new ones
    /// out (PENDING).
    pub(crate) fn raise(&mut self, handle: HandleId, to: c_int) -> Locked {
        let held = self.levels.get(&handle).copied().unwrap_or(ffi::SQLITE_LOCK_NONE);
        if held >= to {
            return Locked::Held;
        }
        let others = self.highest_of_others(handle);
        let (free, waiting) = match to {
            ffi::SQLITE_LOCK_SHARED => (others < ffi::SQLITE_LOCK_PENDING, held),
            ffi::SQLITE_LOCK_RESERVED => (others < ffi::SQLITE_LOCK_RESERVED, held),
            _ if others >= ffi::SQLITE_LOCK_RESERVED => (false, held),
            _ => (others == ffi::SQLITE_LOCK_NONE, ffi::SQLITE_LOCK_PENDING),
        };
        self.levels.insert(handle, if free { to } else { waiting });
        if free { Locked::Held } else { Locked::Busy }
    }

    /// Lowers a handle's lock of the file.
    pub(crate) fn lower(&mut self, handle: HandleId, to: c_int) {
        self.levels.insert(handle, to);
    }

    /// Whether somebody is about to write.
    pub(crate) fn is_reserved(&self) -> bool {
        self.levels.values().any(|level| *level >= ffi::SQLITE_LOCK_RESERVED)
    }

    /// Takes slots of the shared memory, all or none.
    pub(crate) fn take_slots(
        &mut self,
        handle: HandleId,
        slots: std::ops::Range<usize>,
        exclusive: bool,
    ) -> Locked {
        let foreign = |slot: &Slot| {
            let written = slot.exclusive.is_some_and(|holder| holder != handle);
            written || (exclusive && slot.shared.iter().any(|holder| *holder != handle))
        };
        let slots = &mut self.slots[slots];
        if slots.iter().any(foreign) {
            return Locked::Busy;
        }
        for slot in slots {
            if exclusive {
                slot.exclusive = Some(handle);
            } else if !slot.shared.contains(&handle) {
                slot.shared.push(handle);
            }
        }
        Locked::Held
    }

    /// Gives slots back.
    pub(crate) fn free_slots(&mut self, handle: HandleId, slots: std::ops::Range<usize>) {
        for slot in &mut self.slots[slots] {
            slot.shared.retain(|holder| *holder != handle);
            slot.exclusive = slot.exclusive.filter(|holder| *holder != handle);
        }
    }

    /// Gives everything back that a handle holds.
    pub(crate) fn forget(&mut self, handle: HandleId) {
        self.levels.remove(&handle);
        self.free_slots(handle, 0..SLOTS);
    }

    fn highest_of_others(&self, handle: HandleId) -> c_int {
        let others = self.levels.iter().filter(|(holder, _)| **holder != handle);
        others.map(|(_, level)| *level).max().unwrap_or(ffi::SQLITE_LOCK_NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Locked::{Busy, Held};
    use rusqlite::ffi::{
        SQLITE_LOCK_EXCLUSIVE as EXCLUSIVE, SQLITE_LOCK_NONE as NONE,
        SQLITE_LOCK_RESERVED as RESERVED, SQLITE_LOCK_SHARED as SHARED,
    };

    #[test]
    fn readers_share_one_reserves_and_whoever_waits_alone_keeps_new_readers_out() {
        let mut locks = Locks::default();
        assert_eq!([locks.raise(1, SHARED), locks.raise(2, SHARED)], [Held, Held]);
        assert_eq!([locks.raise(1, RESERVED), locks.raise(2, RESERVED)], [Held, Busy]);
        assert_eq!(locks.raise(1, EXCLUSIVE), Busy);
        assert_eq!(locks.raise(3, SHARED), Busy);
        locks.lower(2, NONE);
        assert_eq!(locks.raise(1, EXCLUSIVE), Held);
        locks.forget(1);
        assert!(!locks.is_reserved());
        assert_eq!(locks.raise(3, SHARED), Held);
    }

    #[test]
    fn a_slot_is_shared_or_held_by_one_and_goes_with_its_holder() {
        let mut locks = Locks::default();
        assert_eq!(locks.take_slots(1, 3..4, false), Held);
        assert_eq!(locks.take_slots(2, 3..4, false), Held);
        assert_eq!(locks.take_slots(2, 1..5, true), Busy);
        assert_eq!(locks.take_slots(2, 1..3, true), Held);
        assert_eq!(locks.take_slots(1, 2..3, false), Busy);
        locks.forget(2);
        assert_eq!(locks.take_slots(1, 1..5, true), Held);
    }
}
