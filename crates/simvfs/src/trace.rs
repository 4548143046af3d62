//! A hash over everything that was done: two runs that are the same have the same.

/// FNV-1a, 64 bits.
pub(crate) struct Trace(u64);

impl Default for Trace {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Trace {
    pub(crate) fn add(&mut self, word: &[u8], numbers: &[u64]) {
        self.bytes(word);
        for number in numbers {
            self.bytes(&number.to_le_bytes());
        }
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }

    pub(crate) const fn hash(&self) -> u64 {
        self.0
    }
}
