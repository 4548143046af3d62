//! When a decision is made, and the ids it may use: both are handed in, so that deciding is pure.

use crate::ids::CommandId;
use jiff::Timestamp;
use uuid::Uuid;

/// The business time of one decision, and the source of its new ids.
///
/// `now` is later than every earlier moment of the same aggregate, even when the clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Business time, whole microseconds.
    pub now: Timestamp,
    /// Machine time: for what is agreed between nodes, never for what customers see.
    pub machine: Timestamp,
    /// The execution that decides.
    pub command: CommandId,
}

impl Moment {
    /// The ids of this decision, in order. The same command makes the same ids again, so a second
    /// run of it can't write a second set of rows.
    pub fn ids(self) -> Ids {
        Ids { last: self.command.0.as_u128() }
    }
}

/// Consecutive ids after a command's own, as in UUID v7's monotonic counter (RFC 9562, 6.2).
#[derive(Clone, Debug)]
pub struct Ids {
    last: u128,
}

/// Version and variant bits stand inside the random part; a carry must not change them.
const RANDOM_LOW: u128 = (1 << 62) - 1;

impl Ids {
    /// The next unused id.
    pub fn fresh(&mut self) -> Uuid {
        let low = (self.last & RANDOM_LOW).wrapping_add(1) & RANDOM_LOW;
        self.last = (self.last & !RANDOM_LOW) | low;
        Uuid::from_u128(self.last)
    }
}

/// An instant cut to whole microseconds, the precision that is stored.
pub fn to_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carry_keeps_version_and_variant() {
        let full = Uuid::from_u128(0x0192_0000_0000_7000_bfff_ffff_ffff_ffff);
        let next = Ids { last: full.as_u128() }.fresh();
        assert_eq!(next.get_version_num(), 7);
        assert_eq!(next.get_variant(), uuid::Variant::RFC4122);
    }

    #[test]
    fn one_command_makes_the_same_distinct_ids_every_time() {
        let moment = Moment {
            now: Timestamp::UNIX_EPOCH,
            machine: Timestamp::UNIX_EPOCH,
            command: CommandId(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001)),
        };
        let take = || {
            let mut ids = moment.ids();
            [ids.fresh(), ids.fresh(), ids.fresh()]
        };
        assert_eq!(take(), take());
        assert!(take()[0] < take()[1] && take()[1] < take()[2]);
        assert_ne!(take()[0], moment.command.0);
    }
}
