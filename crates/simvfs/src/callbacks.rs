//! The C functions that SQLite calls: each turns its pointers into one call of the state.

use crate::locks::HandleId;
use crate::operations::Opened;
use crate::state::{Code, State};
use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// What stands in the memory that SQLite keeps for an open file.
#[repr(C)]
pub(crate) struct OpenFile {
    base: sqlite3_file,
    handle: *mut Handle,
}

/// An open file, and the disk that it is on.
struct Handle {
    state: Arc<Mutex<State>>,
    id: HandleId,
}

/// A file system without a name and a disk.
pub(crate) const fn vfs() -> sqlite3_vfs {
    sqlite3_vfs {
        iVersion: 2,
        szOsFile: 0,
        mxPathname: 0,
        pNext: std::ptr::null_mut(),
        zName: std::ptr::null(),
        pAppData: std::ptr::null_mut(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_pathname),
        xDlOpen: None,
        xDlError: None,
        xDlSym: None,
        xDlClose: None,
        xRandomness: Some(randomness),
        xSleep: Some(sleep),
        xCurrentTime: Some(current_time),
        xGetLastError: None,
        xCurrentTimeInt64: Some(current_time_int64),
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    }
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

fn lock_state(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

const fn code(done: Result<(), Code>) -> c_int {
    match done {
        Ok(()) => ffi::SQLITE_OK,
        Err(code) => code,
    }
}

/// A number that SQLite counts in C's types; they are never negative.
fn count(number: impl TryInto<usize>) -> usize {
    number.try_into().unwrap_or(0)
}

/// What SQLite wants to know, in the place where it waits for it.
///
/// # Safety
/// `out` is SQLite's, and can be written.
unsafe fn tell<T>(out: *mut T, answer: Result<T, Code>) -> c_int {
    match answer {
        Ok(value) => {
            // SAFETY: the caller's promise.
            unsafe { out.write(value) };
            ffi::SQLITE_OK
        }
        Err(code) => code,
    }
}

/// The disk of a file system; nothing where it is gone.
///
/// # Safety
/// `vfs` is one that `Registration` made.
unsafe fn disk(vfs: *mut sqlite3_vfs) -> Option<Arc<Mutex<State>>> {
    // SAFETY: `pAppData` of a registered entry is a leaked `Weak`.
    unsafe { (*vfs).pAppData.cast::<Weak<Mutex<State>>>().as_ref() }?.upgrade()
}

/// The handle of an open file.
///
/// # Safety
/// `file` was filled by `open` and not closed yet.
unsafe fn handle<'a>(file: *mut sqlite3_file) -> (MutexGuard<'a, State>, HandleId) {
    // SAFETY: the caller's promise; `close` alone takes the handle back.
    let handle = unsafe { &*(*file.cast::<OpenFile>()).handle };
    (lock_state(&handle.state), handle.id)
}

/// # Safety
/// `name` is null or ends with a zero byte.
unsafe fn text<'a>(name: *const c_char) -> Option<&'a str> {
    // SAFETY: the caller's promise.
    (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) }.to_str().unwrap_or_default())
}

unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let file = file.cast::<OpenFile>();
    // SAFETY: SQLite hands in room of `szOsFile` bytes. Without methods it doesn't close it.
    unsafe { (*file).base.pMethods = std::ptr::null() };
    // SAFETY: SQLite hands in the file system of the connection, and a name or null.
    let (disk, name) = unsafe { (disk(vfs), text(name)) };
    let Some(state) = disk else { return ffi::SQLITE_CANTOPEN };
    let opened = lock_state(&state).open(name, flags);
    let Opened { handle: id, read_only } = match opened {
        Ok(opened) => opened,
        Err(code) => return code,
    };
    let handle = Box::into_raw(Box::new(Handle { state, id }));
    // SAFETY: as above; `out_flags` is null or can be written.
    unsafe {
        file.write(OpenFile { base: sqlite3_file { pMethods: &raw const METHODS }, handle });
        if let Some(out) = out_flags.as_mut() {
            let writes = ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE;
            let reads = (flags & !writes) | ffi::SQLITE_OPEN_READONLY;
            *out = if read_only { reads } else { flags };
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(vfs: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: SQLite hands in the file system of a connection, and a name.
    let (Some(state), Some(name)) = (unsafe { (disk(vfs), text(name)) }) else {
        return ffi::SQLITE_IOERR_DELETE;
    };
    code(lock_state(&state).delete(name, sync != 0))
}

unsafe extern "C" fn access(
    vfs: *mut sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite hands in the file system of a connection, and a name.
    let (Some(state), Some(name)) = (unsafe { (disk(vfs), text(name)) }) else {
        return ffi::SQLITE_IOERR_ACCESS;
    };
    let answer = lock_state(&state).access(name, flags).map(c_int::from);
    // SAFETY: SQLite waits for the answer in `out`.
    unsafe { tell(out, answer) }
}

unsafe extern "C" fn full_pathname(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: SQLite hands in a name.
    let Some(name) = (unsafe { text(name) }) else { return ffi::SQLITE_CANTOPEN };
    if name.len() >= count(room) {
        return ffi::SQLITE_CANTOPEN;
    }
    // SAFETY: `out` has room for `room` bytes, which the name and its zero byte don't exceed.
    unsafe {
        std::ptr::copy_nonoverlapping(name.as_ptr(), out.cast(), name.len());
        out.add(name.len()).write(0);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn randomness(vfs: *mut sqlite3_vfs, length: c_int, out: *mut c_char) -> c_int {
    // SAFETY: SQLite hands in a buffer of that length, and the file system of a connection.
    let (buffer, disk) =
        unsafe { (std::slice::from_raw_parts_mut(out.cast::<u8>(), count(length)), disk(vfs)) };
    if let Some(state) = disk {
        lock_state(&state).dice.fill(buffer);
    }
    length
}

/// Nobody sleeps here: time is what the disk counts.
unsafe extern "C" fn sleep(_: *mut sqlite3_vfs, micros: c_int) -> c_int {
    micros
}

/// Milliseconds of a day, and the Julian day on which time begins here: 2026-01-01.
const DAY: i64 = 86_400_000;
const FIRST_DAY: i64 = 2_461_041;

/// # Safety
/// `vfs` is one that `Registration` made.
unsafe fn millis(vfs: *mut sqlite3_vfs) -> i64 {
    // SAFETY: the caller's promise.
    let Some(state) = (unsafe { disk(vfs) }) else { return 0 };
    let mut state = lock_state(&state);
    state.clock += 1;
    FIRST_DAY * DAY + state.clock
}

unsafe extern "C" fn current_time_int64(vfs: *mut sqlite3_vfs, out: *mut sqlite3_int64) -> c_int {
    // SAFETY: SQLite hands in the file system of a connection, and waits for the answer in `out`.
    unsafe { tell(out, Ok(millis(vfs))) }
}

#[expect(clippy::float_arithmetic, reason = "SQLite wants days as a float")]
unsafe extern "C" fn current_time(vfs: *mut sqlite3_vfs, out: *mut f64) -> c_int {
    // SAFETY: as for `current_time_int64`.
    unsafe { tell(out, Ok(millis(vfs) as f64 / DAY as f64)) }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: `open` filled the file, and SQLite closes it once.
    let handle = unsafe { Box::from_raw((*file.cast::<OpenFile>()).handle) };
    lock_state(&handle.state).close(handle.id);
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut sqlite3_file,
    out: *mut c_void,
    length: c_int,
    offset: sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite hands in an open file and a buffer of that length.
    let ((mut state, id), buffer) =
        unsafe { (handle(file), std::slice::from_raw_parts_mut(out.cast(), count(length))) };
    code(state.read(id, count(offset), buffer))
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    bytes: *const c_void,
    length: c_int,
    offset: sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite hands in an open file and a buffer of that length.
    let ((mut state, id), buffer) =
        unsafe { (handle(file), std::slice::from_raw_parts(bytes.cast(), count(length))) };
    code(state.write(id, count(offset), buffer))
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, length: sqlite3_int64) -> c_int {
    // SAFETY: SQLite hands in an open file.
    let (mut state, id) = unsafe { handle(file) };
    code(state.truncate(id, count(length)))
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, _: c_int) -> c_int {
    // SAFETY: SQLite hands in an open file.
    let (mut state, id) = unsafe { handle(file) };
    code(state.sync(id))
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, out: *mut sqlite3_int64) -> c_int {
    // SAFETY: SQLite hands in an open file.
    let (mut state, id) = unsafe { handle(file) };
    let size = state.size(id).map(|size| i64::try_from(size).unwrap_or(i64::MAX));
    // SAFETY: SQLite waits for the answer in `out`.
    unsafe { tell(out, size) }
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite hands in an open file.
    let (mut state, id) = unsafe { handle(file) };
    code(state.lock(id, level))
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite hands in an open file.
    let (mut state, id) = unsafe { handle(file) };
    state.unlock(id, level);
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: SQLite hands in an open file.
    let (mut state, id) = unsafe { handle(file) };
    let reserved = state.is_reserved(id).map(c_int::from);
    // SAFETY: SQLite waits for the answer in `out`.
    unsafe { tell(out, reserved) }
}

unsafe extern "C" fn file_control(_: *mut sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_: *mut sqlite3_file) -> c_int {
    512
}

/// None: not even that a write leaves its neighbours in the sector alone.
unsafe extern "C" fn device_characteristics(_: *mut sqlite3_file) -> c_int {
    0
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    place: c_int,
    bytes: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: SQLite hands in an open file.
    let (mut state, id) = unsafe { handle(file) };
    let region = state.map_shared(id, (count(place), count(bytes)), extend != 0);
    // SAFETY: SQLite waits for the answer in `out`.
    unsafe { tell(out, region.map(<*mut u8>::cast)) }
}

unsafe extern "C" fn shm_lock(
    file: *mut sqlite3_file,
    first: c_int,
    length: c_int,
    flags: c_int,
) -> c_int {
    // SAFETY: SQLite hands in an open file.
    let (mut state, id) = unsafe { handle(file) };
    code(state.lock_shared(id, count(first)..count(first) + count(length), flags))
}

unsafe extern "C" fn shm_barrier(_: *mut sqlite3_file) {
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, _: c_int) -> c_int {
    // SAFETY: SQLite hands in an open file.
    let (mut state, id) = unsafe { handle(file) };
    state.unmap_shared(id);
    ffi::SQLITE_OK
}
