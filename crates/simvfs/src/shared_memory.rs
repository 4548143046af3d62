//! The memory that all connections of a file share while it has a write-ahead log.

use std::sync::{Mutex, PoisonError};

/// Regions whose addresses stay as long as this lives. Whoever has mapped one keeps this alive, so
/// that a connection which is dead to the disk still writes to memory, and to nobody else's.
#[derive(Default)]
pub(crate) struct SharedMemory(Mutex<Vec<Region>>);

/// One region, of SQLite's choosing: it reads and writes in it as it likes.
struct Region {
    words: *mut u64,
    length: usize,
}

// SAFETY: a region is a plain allocation that belongs to nobody's thread; SQLite orders what its
// connections do in it by its own locks and barriers.
unsafe impl Send for Region {}

impl SharedMemory {
    /// The address of region number `place`; made up to there where `extend` says so, else null.
    pub(crate) fn map(&self, place: usize, bytes: usize, extend: bool) -> *mut u8 {
        let mut regions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while extend && regions.len() <= place {
            regions.push(Region::zeroed(bytes.div_ceil(size_of::<u64>())));
        }
        regions.get(place).map_or(std::ptr::null_mut(), |region| region.words.cast())
    }

    /// What stands in it.
    pub(crate) fn copy(&self) -> Vec<Vec<u64>> {
        let regions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        regions.iter().map(Region::copy).collect()
    }

    /// Puts back what stood in it.
    pub(crate) fn restore(&self, copies: &[Vec<u64>]) {
        let regions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (region, copy) in regions.iter().zip(copies) {
            region.fill(copy);
        }
    }
}

impl Region {
    fn zeroed(length: usize) -> Self {
        let words: Box<[u64]> = vec![0; length].into_boxed_slice();
        Self { words: Box::into_raw(words).cast(), length }
    }

    fn copy(&self) -> Vec<u64> {
        let mut copy = vec![0; self.length];
        // SAFETY: `words` is an allocation of `length` words, and no connection runs meanwhile: all
        // of them run on the thread that is here.
        unsafe { std::ptr::copy_nonoverlapping(self.words, copy.as_mut_ptr(), self.length) };
        copy
    }

    fn fill(&self, copy: &[u64]) {
        let length = self.length.min(copy.len());
        // SAFETY: as in `copy`; the two are different allocations.
        unsafe { std::ptr::copy_nonoverlapping(copy.as_ptr(), self.words, length) };
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        let words = std::ptr::slice_from_raw_parts_mut(self.words, self.length);
        // SAFETY: it came from `Box::into_raw` with this length, and whoever mapped it held the
        // memory alive until now.
        drop(unsafe { Box::from_raw(words) });
    }
}
