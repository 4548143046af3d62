//! What can go wrong on a disk, and when: plain data, so that a list of it can be made smaller.

use rusqlite::ffi;
use std::ffi::c_int;

/// One thing that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskFault {
    /// The ordinal of the disk operation ([`Disk::ops`](crate::Disk::ops)) at which it comes; where
    /// that one can't go wrong in this way, the next one that can.
    pub at: u64,
    /// What goes wrong.
    pub kind: DiskFaultKind,
}

/// How a disk operation goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DiskFaultKind {
    /// The operation fails. A sync that fails may have kept anything of what it had to keep, and
    /// no later sync makes up for it.
    Io,
    /// A write finds no room, and writes nothing.
    Full,
    /// A write finds no room for all of it, and writes a part.
    Short,
    /// From here on nothing can be written, made or deleted, until
    /// [`Disk::restart`](crate::Disk::restart).
    ReadOnly,
    /// The power goes in the midst of the operation. From here on every operation fails, until
    /// [`Disk::restart`](crate::Disk::restart).
    PowerLoss,
    /// The process is killed before the operation, as by [`Disk::kill`](crate::Disk::kill).
    Kill,
}

/// An operation of the disk. Locks are none: they are the system's and not the disk's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Open,
    Delete,
    Access,
    Read,
    Write,
    Truncate,
    Sync,
    Size,
    MapShared,
}

impl Op {
    /// What SQLite is told when it fails.
    pub(crate) const fn error(self) -> c_int {
        match self {
            Self::Open => ffi::SQLITE_CANTOPEN,
            Self::Delete => ffi::SQLITE_IOERR_DELETE,
            Self::Access => ffi::SQLITE_IOERR_ACCESS,
            Self::Read => ffi::SQLITE_IOERR_READ,
            Self::Write => ffi::SQLITE_IOERR_WRITE,
            Self::Truncate => ffi::SQLITE_IOERR_TRUNCATE,
            Self::Sync => ffi::SQLITE_IOERR_FSYNC,
            Self::Size => ffi::SQLITE_IOERR_FSTAT,
            Self::MapShared => ffi::SQLITE_IOERR_SHMMAP,
        }
    }
}

impl DiskFaultKind {
    const fn can_hit(self, op: Op) -> bool {
        match self {
            Self::Io | Self::ReadOnly | Self::PowerLoss | Self::Kill => true,
            Self::Full | Self::Short => matches!(op, Op::Write),
        }
    }
}

/// The faults that are still to come.
#[derive(Default)]
pub(crate) struct Plan(Vec<DiskFault>);

impl Plan {
    pub(crate) const fn new(faults: Vec<DiskFault>) -> Self {
        Self(faults)
    }

    /// What goes wrong with operation number `ordinal`; the oldest in the list that can.
    pub(crate) fn strike(&mut self, ordinal: u64, op: Op) -> Option<DiskFaultKind> {
        let due = |fault: &DiskFault| fault.at <= ordinal && fault.kind.can_hit(op);
        let place = self.0.iter().position(due)?;
        Some(self.0.remove(place).kind)
    }
}
