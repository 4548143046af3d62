//! What SQLite asks of a disk, one function for each of its callbacks.

use crate::content::Content;
use crate::directory::Inode;
use crate::disk::current_owner;
use crate::fault::{DiskFaultKind, Op};
use crate::locks::{HandleId, Locked, Locks};
use crate::shared_memory::SharedMemory;
use crate::state::{Code, JOURNALS, Open, State};
use rusqlite::ffi;
use std::ffi::c_int;
use std::ops::Range;
use std::sync::Arc;

/// A file that was opened, and whether it can only be read.
pub(crate) struct Opened {
    pub(crate) handle: HandleId,
    pub(crate) read_only: bool,
}

impl State {
    /// Opens a file; one without a name goes when it is closed.
    pub(crate) fn open(&mut self, name: Option<&str>, flags: c_int) -> Result<Opened, Code> {
        let owner = current_owner();
        self.attempt(Op::Open, owner)?;
        let found = name.and_then(|name| self.folder.find(name));
        let may_create = flags & ffi::SQLITE_OPEN_CREATE != 0 && !self.read_only;
        let inode = match found {
            Some(_) if flags & ffi::SQLITE_OPEN_EXCLUSIVE != 0 => return Err(Op::Open.error()),
            Some(inode) => inode,
            None if may_create || name.is_none() => self.create(name),
            None => return Err(Op::Open.error()),
        };
        let read_only = self.read_only || flags & ffi::SQLITE_OPEN_READWRITE == 0;
        let handle = self.next_name();
        let deletes = flags & ffi::SQLITE_OPEN_DELETEONCLOSE != 0;
        let open = Open {
            inode,
            owner,
            dead: false,
            read_only,
            syncs_folder: flags & ffi::SQLITE_OPEN_CREATE != 0 && flags & JOURNALS != 0,
            deletes: name.filter(|_| deletes).map(str::to_owned),
            shared: None,
        };
        self.handles.insert(handle, open);
        self.trace.bytes(name.unwrap_or_default().as_bytes());
        self.trace.add(b"open", &[inode, handle]);
        Ok(Opened { handle, read_only })
    }

    fn create(&mut self, name: Option<&str>) -> Inode {
        let inode = self.next_name();
        self.contents.insert(inode, Content::default());
        if let Some(name) = name {
            self.folder.link(name, inode);
        }
        inode
    }

    pub(crate) fn close(&mut self, handle: HandleId) {
        let Some(open) = self.handles.remove(&handle) else { return };
        self.trace.add(b"close", &[handle]);
        if open.dead {
            return;
        }
        if let Some(locks) = self.locks.get_mut(&open.inode) {
            locks.forget(handle);
        }
        if let Some(name) = open.deletes {
            self.folder.unlink(&name);
        }
        self.release_shared(open.inode);
        self.forget_nameless();
    }

    pub(crate) fn delete(&mut self, name: &str, sync_folder: bool) -> Result<(), Code> {
        self.attempt(Op::Delete, current_owner())?;
        if self.folder.find(name).is_none() {
            return Err(ffi::SQLITE_IOERR_DELETE_NOENT);
        }
        if self.read_only {
            return Err(Op::Delete.error());
        }
        self.folder.unlink(name);
        if sync_folder {
            self.folder.sync();
        }
        self.forget_nameless();
        self.trace.bytes(name.as_bytes());
        self.trace.add(b"delete", &[u64::from(sync_folder)]);
        Ok(())
    }

    /// Whether a file can be had; an empty one doesn't count as being there, as on a real disk.
    pub(crate) fn access(&mut self, name: &str, flags: c_int) -> Result<bool, Code> {
        self.attempt(Op::Access, current_owner())?;
        let content = self.folder.find(name).and_then(|inode| self.contents.get(&inode));
        Ok(match flags {
            ffi::SQLITE_ACCESS_EXISTS => content.is_some_and(|content| !content.now().is_empty()),
            _ => content.is_some() && !self.read_only,
        })
    }

    /// Reads; what lies behind the end is zeros, and SQLite is told.
    pub(crate) fn read(&mut self, handle: HandleId, at: usize, out: &mut [u8]) -> Result<(), Code> {
        let inode = self.begin(Op::Read, handle)?;
        let bytes = self.contents.get(&inode).map_or(&[][..], Content::now);
        let there = bytes.get(at..).unwrap_or_default();
        let length = there.len().min(out.len());
        out[..length].copy_from_slice(&there[..length]);
        out[length..].fill(0);
        self.trace.add(b"read", &[handle, word(at), word(length)]);
        if length == out.len() { Ok(()) } else { Err(ffi::SQLITE_IOERR_SHORT_READ) }
    }

    pub(crate) fn write(&mut self, handle: HandleId, at: usize, bytes: &[u8]) -> Result<(), Code> {
        let (inode, owner) = self.alive(Op::Write, handle)?;
        let struck = self.strike(Op::Write, owner)?;
        let writable = self.writable(Op::Write, handle);
        let (length, answer) = match struck {
            None => (bytes.len(), Ok(())),
            Some(DiskFaultKind::PowerLoss) => (bytes.len(), Err(Op::Write.error())),
            Some(DiskFaultKind::Short) => (self.dice.below(bytes.len()), Err(ffi::SQLITE_FULL)),
            Some(DiskFaultKind::Full) => (0, Err(ffi::SQLITE_FULL)),
            Some(DiskFaultKind::Io | DiskFaultKind::ReadOnly | DiskFaultKind::Kill) => {
                (0, Err(Op::Write.error()))
            }
        };
        let length = if writable.is_ok() { length } else { 0 };
        if let Some(content) = self.contents.get_mut(&inode).filter(|_| length > 0) {
            content.write(at, &bytes[..length]);
        }
        self.trace.add(b"write", &[handle, word(at), word(length)]);
        self.trace.bytes(&bytes[..length]);
        if struck == Some(DiskFaultKind::PowerLoss) {
            self.lose_power();
        }
        writable.and(answer)
    }

    pub(crate) fn truncate(&mut self, handle: HandleId, length: usize) -> Result<(), Code> {
        let inode = self.begin(Op::Truncate, handle)?;
        self.writable(Op::Truncate, handle)?;
        if let Some(content) = self.contents.get_mut(&inode) {
            content.truncate(length);
        }
        self.trace.add(b"truncate", &[handle, word(length)]);
        Ok(())
    }

    pub(crate) fn sync(&mut self, handle: HandleId) -> Result<(), Code> {
        let (inode, owner) = self.alive(Op::Sync, handle)?;
        match self.strike(Op::Sync, owner)? {
            None => {}
            Some(DiskFaultKind::PowerLoss) => {
                self.lose_power();
                return Err(Op::Sync.error());
            }
            Some(
                DiskFaultKind::Io
                | DiskFaultKind::Full
                | DiskFaultKind::Short
                | DiskFaultKind::ReadOnly
                | DiskFaultKind::Kill,
            ) => {
                if let Some(content) = self.contents.get_mut(&inode) {
                    let losses = content.sync_in_vain(&mut self.dice);
                    self.stats.count(losses);
                }
                return Err(Op::Sync.error());
            }
        }
        let open = self.handles.get_mut(&handle);
        if open.is_some_and(|open| std::mem::take(&mut open.syncs_folder)) {
            self.folder.sync();
        }
        if let Some(content) = self.contents.get_mut(&inode) {
            content.sync();
        }
        self.stats.syncs += 1;
        self.trace.add(b"sync", &[handle]);
        Ok(())
    }

    pub(crate) fn size(&mut self, handle: HandleId) -> Result<usize, Code> {
        let inode = self.begin(Op::Size, handle)?;
        Ok(self.contents.get(&inode).map_or(0, |content| content.now().len()))
    }

    pub(crate) fn lock(&mut self, handle: HandleId, level: c_int) -> Result<(), Code> {
        let locked = self.locks_of(handle).ok_or(ffi::SQLITE_IOERR_LOCK)?.raise(handle, level);
        self.trace.add(b"lock", &[handle, u64::from(level.unsigned_abs())]);
        if locked == Locked::Held { Ok(()) } else { Err(ffi::SQLITE_BUSY) }
    }

    pub(crate) fn unlock(&mut self, handle: HandleId, level: c_int) {
        if let Some(locks) = self.locks_of(handle) {
            locks.lower(handle, level);
        }
    }

    pub(crate) fn is_reserved(&mut self, handle: HandleId) -> Result<bool, Code> {
        let locks = self.locks_of(handle).ok_or(ffi::SQLITE_IOERR_CHECKRESERVEDLOCK)?;
        Ok(locks.is_reserved())
    }

    /// Region `place` of the file's shared memory; null where it isn't there and isn't to be made.
    pub(crate) fn map_shared(
        &mut self,
        handle: HandleId,
        (place, bytes): (usize, usize),
        extend: bool,
    ) -> Result<*mut u8, Code> {
        let inode = self.begin(Op::MapShared, handle)?;
        let shared = self.shared.entry(inode).or_insert_with(|| Arc::new(SharedMemory::default()));
        let region = shared.map(place, bytes, extend);
        if let Some(open) = self.handles.get_mut(&handle) {
            open.shared = Some(shared.clone());
        }
        Ok(region)
    }

    pub(crate) fn lock_shared(
        &mut self,
        handle: HandleId,
        slots: Range<usize>,
        flags: c_int,
    ) -> Result<(), Code> {
        let exclusive = flags & ffi::SQLITE_SHM_EXCLUSIVE != 0;
        let numbers = [handle, word(slots.start), u64::from(flags.unsigned_abs())];
        self.exorcise();
        let locks = self.locks_of(handle).ok_or(ffi::SQLITE_IOERR_SHMLOCK)?;
        let mut locked = Locked::Held;
        if flags & ffi::SQLITE_SHM_UNLOCK == 0 {
            locked = locks.take_slots(handle, slots, exclusive);
        } else {
            locks.free_slots(handle, slots);
        }
        self.trace.add(b"slots", &numbers);
        if locked == Locked::Held { Ok(()) } else { Err(ffi::SQLITE_BUSY) }
    }

    pub(crate) fn unmap_shared(&mut self, handle: HandleId) {
        let Some(open) = self.handles.get_mut(&handle) else { return };
        let (inode, dead) = (open.inode, open.dead);
        open.shared = None;
        if !dead {
            self.release_shared(inode);
        }
    }

    /// The file of a handle, and its owner, where the handle is alive.
    fn alive(&self, op: Op, handle: HandleId) -> Result<(Inode, u64), Code> {
        self.living(handle).map(|open| (open.inode, open.owner)).ok_or(op.error())
    }

    /// Counts an operation of a handle that fails as a whole, and gives its file.
    fn begin(&mut self, op: Op, handle: HandleId) -> Result<Inode, Code> {
        let (inode, owner) = self.alive(op, handle)?;
        self.attempt(op, owner)?;
        Ok(inode)
    }

    fn writable(&self, op: Op, handle: HandleId) -> Result<(), Code> {
        let open = self.handles.get(&handle);
        let writes = open.is_some_and(|open| !open.read_only && !self.read_only);
        if writes { Ok(()) } else { Err(op.error()) }
    }

    fn locks_of(&mut self, handle: HandleId) -> Option<&mut Locks> {
        let inode = self.living(handle)?.inode;
        Some(self.locks.entry(inode).or_default())
    }
}

fn word(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
