//! The C functions between SQLite and the platform: each asks whether it is to fail, and hands on.

use super::{RealFaultKind, RealFile, RealOp, strike, wait_for_sync};
use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};
use std::ffi::{c_int, c_void};
use std::sync::Once;
use std::sync::atomic::{AtomicPtr, Ordering};

/// What stands before the platform's own part in the memory of an open file.
#[repr(C)]
struct Between {
    base: sqlite3_file,
    file: RealFile,
}

/// The platform's file system.
static PLATFORM: AtomicPtr<sqlite3_vfs> = AtomicPtr::new(std::ptr::null_mut());

/// Makes a file system of ours, over the platform's, the one that is used where none is named.
pub(crate) fn interpose() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: `find` gives the platform's file system, which lives as long as the process. Ours
        // is leaked, and so lives as long; it differs from the copied one in what is set here.
        unsafe {
            ffi::sqlite3_initialize();
            let platform = ffi::sqlite3_vfs_find(std::ptr::null());
            let Some(usual) = platform.as_ref() else { return };
            PLATFORM.store(platform, Ordering::Release);
            let room = c_int::try_from(size_of::<Between>()).unwrap_or(c_int::MAX);
            let ours = Box::leak(Box::new(sqlite3_vfs {
                szOsFile: usual.szOsFile + room,
                zName: c"abono-real".as_ptr(),
                pNext: std::ptr::null_mut(),
                xOpen: Some(open),
                ..*usual
            }));
            ffi::sqlite3_vfs_register(ours, 1);
        }
    });
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// The platform's part of an open file.
///
/// # Safety
/// `file` is one that `open` was handed.
const unsafe fn inner(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: SQLite keeps room for both parts, one behind the other.
    unsafe { file.cast::<Between>().add(1).cast() }
}

/// What the file is.
///
/// # Safety
/// `file` was filled by `open`.
const unsafe fn kind(file: *mut sqlite3_file) -> RealFile {
    // SAFETY: the caller's promise.
    unsafe { (*file.cast::<Between>()).file }
}

/// Hands a call on to the platform's part of a file, which has every function of its kind.
macro_rules! hand_on {
    ($file:expr, $function:ident $(, $argument:expr)*) => {{
        // SAFETY: SQLite hands in an open file, whose platform's part is open too, and arguments
        // that are meant for this function.
        unsafe {
            let inner = inner($file);
            match (*inner).pMethods.as_ref().and_then(|methods| methods.$function) {
                Some(function) => function(inner $(, $argument)*),
                None => ffi::SQLITE_IOERR,
            }
        }
    }};
}

/// Ends a function where its operation is to fail.
macro_rules! unless_struck {
    ($file:expr, $op:expr) => {
        // SAFETY: SQLite hands in an open file.
        if let Some(struck) = strike(unsafe { kind($file) }, $op) {
            return $op.error(struck);
        }
    };
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let kind = RealFile::of(flags);
    // SAFETY: SQLite hands in room for both parts; without methods it doesn't close the file.
    unsafe { (*file).pMethods = std::ptr::null() };
    let flags = match strike(kind, RealOp::Open) {
        None => flags,
        Some(RealFaultKind::ReadOnly) => {
            let writes = ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE;
            (flags & !writes) | ffi::SQLITE_OPEN_READONLY
        }
        Some(struck) => return RealOp::Open.error(struck),
    };
    let platform = PLATFORM.load(Ordering::Acquire);
    // SAFETY: the platform's file system lives as long as the process, its part of the file has
    // room, and the other arguments are SQLite's own.
    let opened = unsafe {
        match platform.as_ref().and_then(|platform| platform.xOpen) {
            Some(open) => open(platform, name, inner(file), flags, out_flags),
            None => ffi::SQLITE_CANTOPEN,
        }
    };
    if opened == ffi::SQLITE_OK {
        let base = sqlite3_file { pMethods: &raw const METHODS };
        // SAFETY: as above.
        unsafe { file.cast::<Between>().write(Between { base, file: kind }) };
    }
    opened
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    hand_on!(file, xClose)
}

unsafe extern "C" fn read(
    file: *mut sqlite3_file,
    out: *mut c_void,
    length: c_int,
    offset: sqlite3_int64,
) -> c_int {
    unless_struck!(file, RealOp::Read);
    hand_on!(file, xRead, out, length, offset)
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    bytes: *const c_void,
    length: c_int,
    offset: sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite hands in an open file.
    let Some(struck) = strike(unsafe { kind(file) }, RealOp::Write) else {
        return hand_on!(file, xWrite, bytes, length, offset);
    };
    if struck == RealFaultKind::Short {
        hand_on!(file, xWrite, bytes, length / 2, offset);
    }
    RealOp::Write.error(struck)
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, length: sqlite3_int64) -> c_int {
    unless_struck!(file, RealOp::Truncate);
    hand_on!(file, xTruncate, length)
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    unless_struck!(file, RealOp::Sync);
    wait_for_sync();
    hand_on!(file, xSync, flags)
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, out: *mut sqlite3_int64) -> c_int {
    hand_on!(file, xFileSize, out)
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    hand_on!(file, xLock, level)
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    hand_on!(file, xUnlock, level)
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, out: *mut c_int) -> c_int {
    hand_on!(file, xCheckReservedLock, out)
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, op: c_int, arg: *mut c_void) -> c_int {
    hand_on!(file, xFileControl, op, arg)
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    hand_on!(file, xSectorSize)
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    hand_on!(file, xDeviceCharacteristics)
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    place: c_int,
    bytes: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    unless_struck!(file, RealOp::MapShared);
    hand_on!(file, xShmMap, place, bytes, extend, out)
}

unsafe extern "C" fn shm_lock(
    file: *mut sqlite3_file,
    first: c_int,
    length: c_int,
    flags: c_int,
) -> c_int {
    hand_on!(file, xShmLock, first, length, flags)
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    // SAFETY: SQLite hands in an open file, whose platform's part is open too.
    unsafe {
        let inner = inner(file);
        if let Some(barrier) = (*inner).pMethods.as_ref().and_then(|all| all.xShmBarrier) {
            barrier(inner);
        }
    }
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, delete: c_int) -> c_int {
    hand_on!(file, xShmUnmap, delete)
}
