//! Makes a disk known to SQLite, under a name of its own.

use crate::callbacks::{OpenFile, vfs};
use crate::state::State;
use rusqlite::ffi;
use std::ffi::{CString, c_void};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};

/// How long a path may be.
const PATH_MAX: i32 = 512;

static DISKS: AtomicU64 = AtomicU64::new(0);

/// A disk's entry in SQLite's list of file systems; new connections find it until this is dropped.
/// The entry itself stays, some hundred bytes: connections point to it that may live longer.
pub(crate) struct Registration {
    name: &'static str,
    entry: *mut ffi::sqlite3_vfs,
}

// SAFETY: SQLite guards its list by a lock of its own, and nothing else is done with the entry.
unsafe impl Send for Registration {}
// SAFETY: as for Send.
unsafe impl Sync for Registration {}

impl Registration {
    pub(crate) fn new(state: &Arc<Mutex<State>>) -> Self {
        let number = DISKS.fetch_add(1, Ordering::Relaxed);
        let text = CString::new(format!("abono-disk-{number}")).unwrap_or_default();
        let text: &'static std::ffi::CStr = Box::leak(text.into_boxed_c_str());
        let weak: &'static Weak<Mutex<State>> = Box::leak(Box::new(Arc::downgrade(state)));
        let entry = Box::into_raw(Box::new(ffi::sqlite3_vfs {
            szOsFile: i32::try_from(size_of::<OpenFile>()).unwrap_or(i32::MAX),
            mxPathname: PATH_MAX,
            zName: text.as_ptr(),
            pAppData: std::ptr::from_ref(weak).cast_mut().cast::<c_void>(),
            ..vfs()
        }));
        // SAFETY: the entry, its name and its data are leaked, so they outlive every connection.
        unsafe { ffi::sqlite3_vfs_register(entry, 0) };
        Self { name: text.to_str().unwrap_or_default(), entry }
    }

    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        // SAFETY: the entry was registered, once, and stays in memory.
        unsafe { ffi::sqlite3_vfs_unregister(self.entry) };
    }
}
