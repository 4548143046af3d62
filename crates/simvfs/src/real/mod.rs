//! The platform's own file system, where a test can count and delay its syncs and let it fail.

mod callbacks;

use rusqlite::ffi;
use std::ffi::c_int;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// One way in which a real file fails, from one of its operations on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RealFault {
    /// Which file.
    pub file: RealFile,
    /// Which of its operations.
    pub op: RealOp,
    /// How it fails.
    pub kind: RealFaultKind,
    /// How many of these operations go well before.
    pub after: u64,
    /// Whether all that follow fail too, until another plan is made.
    pub lasting: bool,
}

/// What a file is to SQLite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RealFile {
    /// The database.
    Main,
    /// Its write-ahead log.
    Log,
    /// Journals and temporary files.
    Other,
}

/// What is done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RealOp {
    /// It is opened.
    Open,
    /// It is read.
    Read,
    /// It is written.
    Write,
    /// It is made durable.
    Sync,
    /// It is cut.
    Truncate,
    /// The memory that its connections share is mapped: the file beside it that ends in `-shm`.
    MapShared,
}

/// How it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RealFaultKind {
    /// The operation fails, and does nothing.
    Io,
    /// There is no room; nothing is written.
    Full,
    /// There is no room for all of it; a half is written.
    Short,
    /// It can't be written; a file is opened for reading only.
    ReadOnly,
}

/// The settings of the process, and what was counted.
#[derive(Default)]
struct Settings {
    plan: Vec<RealFault>,
    delay: Duration,
    syncs: u64,
    struck: u64,
}

static SETTINGS: LazyLock<Mutex<Settings>> = LazyLock::new(Mutex::default);

fn settings() -> MutexGuard<'static, Settings> {
    SETTINGS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The platform's file system, for the whole process: every connection that is opened from now on
/// and names no other is on it.
#[derive(Clone, Copy, Debug)]
pub struct RealDisk(());

impl RealDisk {
    /// Puts it between SQLite and the platform; doing so again changes nothing.
    pub fn interpose() -> Self {
        callbacks::interpose();
        Self(())
    }

    /// How many syncs there were so far.
    pub fn syncs(self) -> u64 {
        settings().syncs
    }

    /// Delays each sync from now on.
    pub fn delay_syncs(self, by: Duration) {
        settings().delay = by;
    }

    /// What is to fail from now on, instead of what was planned before.
    pub fn plan(self, faults: Vec<RealFault>) {
        settings().plan = faults;
    }

    /// How many operations failed because of a plan so far.
    pub fn struck(self) -> u64 {
        settings().struck
    }
}

/// What goes wrong with an operation.
pub(crate) fn strike(file: RealFile, op: RealOp) -> Option<RealFaultKind> {
    let mut settings = settings();
    let place = settings.plan.iter().position(|fault| fault.file == file && fault.op == op)?;
    let fault = settings.plan.get_mut(place)?;
    if fault.after > 0 {
        fault.after -= 1;
        return None;
    }
    let RealFault { kind, lasting, .. } = *fault;
    if !lasting {
        settings.plan.remove(place);
    }
    settings.struck += 1;
    Some(kind)
}

/// Counts a sync, and waits as long as each has to.
pub(crate) fn wait_for_sync() {
    let delay = {
        let mut settings = settings();
        settings.syncs += 1;
        settings.delay
    };
    if !delay.is_zero() {
        std::thread::sleep(delay);
    }
}

impl RealFile {
    pub(crate) const fn of(flags: c_int) -> Self {
        if flags & ffi::SQLITE_OPEN_MAIN_DB != 0 {
            Self::Main
        } else if flags & ffi::SQLITE_OPEN_WAL != 0 {
            Self::Log
        } else {
            Self::Other
        }
    }
}

impl RealOp {
    /// What SQLite is told when it fails in a way.
    pub(crate) const fn error(self, kind: RealFaultKind) -> c_int {
        match (kind, self) {
            (RealFaultKind::Full | RealFaultKind::Short, _) => ffi::SQLITE_FULL,
            (RealFaultKind::ReadOnly, _) => ffi::SQLITE_READONLY,
            (RealFaultKind::Io, Self::Open) => ffi::SQLITE_CANTOPEN,
            (RealFaultKind::Io, Self::Read) => ffi::SQLITE_IOERR_READ,
            (RealFaultKind::Io, Self::Write) => ffi::SQLITE_IOERR_WRITE,
            (RealFaultKind::Io, Self::Sync) => ffi::SQLITE_IOERR_FSYNC,
            (RealFaultKind::Io, Self::Truncate) => ffi::SQLITE_IOERR_TRUNCATE,
            (RealFaultKind::Io, Self::MapShared) => ffi::SQLITE_IOERR_SHMMAP,
        }
    }
}
