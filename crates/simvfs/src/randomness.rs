//! SQLite's own randomness, which is the process's: the salts of a write-ahead log come of it.

use crate::dice::Dice;
use rusqlite::ffi;
use std::cell::Cell;
use std::ffi::{c_char, c_int};

thread_local! {
    static SEED: Cell<u64> = const { Cell::new(0) };
}

/// Makes everything that SQLite draws from now on a function of `seed`. It is the whole process's,
/// so a run that is to be repeated must be alone in its process.
pub fn reset_sqlite_randomness(seed: u64) {
    SEED.set(seed);
    // SAFETY: `find` gives the platform's file system, which lives as long as the process, or null.
    // The copy of it is the default only until one byte was drawn, and lives until it is taken out.
    unsafe {
        ffi::sqlite3_initialize();
        let usual = ffi::sqlite3_vfs_find(std::ptr::null());
        let Some(platform) = usual.as_ref() else { return };
        let mut seeded = *platform;
        seeded.zName = c"abono-seed".as_ptr();
        seeded.pNext = std::ptr::null_mut();
        seeded.xRandomness = Some(fill);
        ffi::sqlite3_vfs_register(&raw mut seeded, 1);
        ffi::sqlite3_randomness(0, std::ptr::null_mut());
        let mut byte = 0u8;
        ffi::sqlite3_randomness(1, (&raw mut byte).cast());
        ffi::sqlite3_vfs_unregister(&raw mut seeded);
        ffi::sqlite3_vfs_register(usual, 1);
    }
}

unsafe extern "C" fn fill(_: *mut ffi::sqlite3_vfs, length: c_int, out: *mut c_char) -> c_int {
    let Ok(bytes) = usize::try_from(length) else { return 0 };
    // SAFETY: SQLite hands in a buffer of that length.
    let buffer = unsafe { std::slice::from_raw_parts_mut(out.cast::<u8>(), bytes) };
    Dice::new(SEED.get()).fill(buffer);
    length
}
